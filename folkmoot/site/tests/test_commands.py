"""The command line: its exit codes, its sentences, and what it does to a data folder."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from folkmoot.site.tests.running import copied, folkmoot, free_port, leftovers, up

pytestmark = pytest.mark.process

UNREACHABLE = "postgresql://folkmoot:se%40cret@127.0.0.1:1/folkmoot"


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What was said, if it was one sentence, no traceback, and an exit with 1."""
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_an_address_that_is_none_is_refused_without_repeating_it(tmp_path: Path) -> None:
    for address in (
        "nonsense",
        "mysql://a:secret@b/c",
        "postgresql://a:secret@b:99999/c",
        "postgresql://[b/c",
    ):
        said = one_sentence(folkmoot(tmp_path / "home", "migrate", DATABASE_URL=address))
        assert "DATABASE_URL" in said
        assert "secret" not in said


@pytest.mark.parametrize("command", [["migrate"], ["worker"], ["health", "--json"], ["web"], ["up"]])
def test_a_database_out_of_reach_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    port = ["--port", str(free_port())] if command[0] in ("web", "up") else []
    said = one_sentence(folkmoot(tmp_path / "home", *command, *port, DATABASE_URL=UNREACHABLE))
    assert "cannot be reached" in said
    assert "se@cret" not in said
    assert "se%40cret" not in said


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be written" in one_sentence(folkmoot(tmp_path / "file", "migrate"))
    assert "cannot be written" in one_sentence(folkmoot(tmp_path / "file" / "below", "migrate"))


def test_a_wrong_setting_is_one_sentence(prepared: Path, tmp_path: Path) -> None:
    home = copied(prepared, tmp_path)
    assert "Mars" in one_sentence(folkmoot(home, "migrate", FOLKMOOT_TIME_ZONE="Mars/Olympus"))
    assert "FOLKMOOT_PUBLIC" in one_sentence(folkmoot(home, "migrate", FOLKMOOT_PUBLIC="perhaps"))


@pytest.mark.parametrize(
    "wrong", [["up", "--port", "99999"], ["up", "--port", "many"], ["nonsense"], ["up", "--nonsense"]]
)
def test_wrong_usage_exits_with_two(tmp_path: Path, wrong: list[str]) -> None:
    assert folkmoot(tmp_path / "home", *wrong).returncode == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of a size can only be made by root")
def test_a_full_disk_is_one_sentence_and_room_is_all_it_takes(prepared: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("not allowed to mount here")
    try:
        assert "disk is full" in one_sentence(folkmoot(disk / "home", "migrate"))
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        home = copied(prepared, disk / "home")
        with (disk / "filler").open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, shutil.disk_usage(disk).free)
        assert "disk is full" in one_sentence(folkmoot(home, "migrate"))
        (disk / "filler").unlink()
        assert folkmoot(home, "migrate").returncode == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_command_on_a_fresh_home_migrates_it_and_never_loads_the_demo(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = folkmoot(home, "health", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["communities"] == []
    assert not leftovers(home)


def test_commands_share_the_database_of_a_running_site_and_of_each_other(
    prepared: Path, tmp_path: Path
) -> None:
    home = copied(prepared, tmp_path)
    with up(home) as site:
        assert folkmoot(home, "health", "--json").returncode == 0
        assert site.process.poll() is None
    begun = [
        subprocess.Popen(
            _words("health", "--json"), env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in begun:
        said, complained = process.communicate(timeout=60)
        assert process.returncode == 0, complained
        assert json.loads(said)["communities"] == []
    assert not leftovers(home)


def test_the_doctor_says_what_is_there_and_what_is_not(prepared: Path, tmp_path: Path) -> None:
    home = copied(prepared, tmp_path)
    asked = folkmoot(home, "doctor", "--json")
    told = {check["name"]: check for check in json.loads(asked.stdout)["checks"]}
    assert asked.returncode == 1  # no worker is running
    assert told["database"]["fine"] is True
    assert told["migrations"]["fine"] is True
    assert told["worker"]["fine"] is False
    assert told["home"]["fine"] is True
    unreachable = folkmoot(home, "doctor", "--json", DATABASE_URL=UNREACHABLE)
    told = {check["name"]: check for check in json.loads(unreachable.stdout)["checks"]}
    assert unreachable.returncode == 1
    assert told["database"]["fine"] is False
    assert "Traceback" not in unreachable.stderr


def _words(*arguments: str) -> list[str]:
    import sys

    return [sys.executable, "-m", "folkmoot", *arguments]


def _environment(home: Path) -> dict[str, str]:
    from folkmoot.site.tests.running import surroundings

    return surroundings(home)
