"""`folkmoot up`, with real processes: starting, ending, and surviving whatever is killed."""

import os
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from folkmoot.core.postgres import Cluster
from folkmoot.site.tests.running import Up, eventually, folkmoot, free_port, leftovers, surroundings, up

pytestmark = pytest.mark.process


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of that home."""
    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", str(prepared), str(copy)], check=True)
    yield copy
    assert eventually(lambda: not leftovers(copy)), leftovers(copy)
    shutil.rmtree(copy)


def alive(site: Up) -> bool:
    try:
        with urllib.request.urlopen(f"{site.address}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def ready(site: Up) -> bool:
    try:
        with urllib.request.urlopen(f"{site.address}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def remember(site: Up, word: str) -> None:
    with psycopg.connect(Cluster(site.home / "postgres").url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS remembered (word text)")
        connection.execute("INSERT INTO remembered VALUES (%s)", [word])


def remembered(site: Up) -> list[str]:
    with psycopg.connect(Cluster(site.home / "postgres").url) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM remembered ORDER BY word")]


def test_a_second_start_keeps_the_data_and_changes_nothing(home: Path) -> None:
    with up(home) as site:
        remember(site, "kept")
    with up(home) as site:
        assert remembered(site) == ["kept"]


def test_ctrl_c_ends_all_it_has_started_within_five_seconds(home: Path) -> None:
    with up(home) as site:
        assert site.stop(signal.SIGINT) < 5
        assert site.process.returncode == 0
        assert not leftovers(home)


def test_a_second_up_on_one_home_says_so_and_ends(home: Path) -> None:
    with up(home):
        second = folkmoot(home, "up", "--port", str(free_port()))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "already" in second.stderr


def test_a_port_in_use_is_one_sentence(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = folkmoot(home, "up", "--port", str(other.getsockname()[1]))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "in use" in refused.stderr


def test_sigint_works_even_where_the_shell_has_switched_it_off(home: Path) -> None:
    """A script's background processes inherit an ignored SIGINT."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        site = Up(home)
    finally:
        signal.signal(signal.SIGINT, before)
    assert site.stop(signal.SIGINT) < 5


def test_after_killing_all_its_processes_the_next_start_recovers(home: Path) -> None:
    site = Up(home)
    remember(site, "committed")
    for pid in [site.process.pid, *site.parts().values()]:
        os.kill(pid, signal.SIGKILL)
    site.process.wait()
    with up(home, "--port", str(site.port)) as again:
        again.port, again.address = site.port, site.address
        assert remembered(again) == ["committed"]
        assert alive(again)


def test_after_killing_the_supervisor_nothing_is_left_and_the_next_start_recovers(home: Path) -> None:
    site = Up(home)
    remember(site, "committed")
    site.process.kill()
    site.process.wait()
    with up(home, "--port", str(site.port)) as again:
        assert remembered(again) == ["committed"]


def test_a_part_that_is_killed_is_started_again(home: Path) -> None:
    with up(home) as site:
        site.wait_for_line("^(Open|Sign in)")
        assert eventually(lambda: ready(site), 30)
        for name in ("worker", "web", "postgres"):
            before = site.parts()
            assert set(before) == {"web", "worker", "postgres"}
            os.kill(before[name], signal.SIGKILL)
            assert eventually(
                lambda name=name, before=before: site.parts().get(name, before[name]) != before[name]
            )
            assert eventually(lambda: alive(site) and ready(site), 20)


def test_a_stale_pid_file_that_names_another_program_is_not_believed(home: Path) -> None:
    site = Up(home)
    for pid in [site.process.pid, *site.parts().values()]:
        os.kill(pid, signal.SIGKILL)
    site.process.wait()
    stale = home / "postgres" / "postmaster.pid"
    lines = stale.read_text().splitlines()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        stale.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with up(home) as again:
            assert alive(again)
        assert stranger.poll() is None
        stranger.kill()


def test_a_database_newer_than_the_code_is_one_sentence(home: Path) -> None:
    with up(home) as site, psycopg.connect(Cluster(home / "postgres").url) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', now())"
        )
        del site
    refused = folkmoot(home, "up", "--port", str(free_port()))
    assert refused.returncode == 1
    assert "newer" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_database_of_an_older_version_is_brought_up_to_date_before_it_is_served(home: Path) -> None:
    assert folkmoot(home, "manage", "migrate", "events", "0008").returncode == 0
    with up(home) as site, psycopg.connect(Cluster(home / "postgres").url) as connection:
        assert site.said.startswith(
            "The database is of an older version of Folkmoot; it is being brought up to date.\n"
        )
        assert "folkmoot migrate" not in site.said
        connection.execute("SELECT uid FROM events_event")


@pytest.mark.parametrize("locale", ["C", "xx_YY.UTF-8"])
def test_it_runs_under_any_locale_and_folds_letters_the_same(home: Path, locale: str) -> None:
    with up(home, LC_ALL=locale, LANG=locale), psycopg.connect(Cluster(home / "postgres").url) as connection:
        [(same, words)] = connection.execute(
            "SELECT 'É' ~* 'é', to_tsvector('simple', 'café—Über')::text"
        ).fetchall()
    assert same
    assert words == "'café':1 'über':2"


def test_a_home_of_two_hundred_characters_with_spaces_will_do(prepared: Path, tmp_path: Path) -> None:
    home = tmp_path / ("a home with spaces, " + "é" * 60 + " and more" * 12)[:130]
    home = home / ("x" * 60)
    home.parent.mkdir()
    subprocess.run(["cp", "-a", str(prepared), str(home)], check=True)
    assert len(str(home)) > 200
    with up(home) as site:
        assert alive(site)


def test_an_interrupted_first_start_is_begun_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    begun = subprocess.Popen(
        [*_command(), "migrate"],
        env=surroundings(home),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert eventually(lambda: list(home.glob("postgres.new*")))
    begun.kill()
    begun.wait()
    done = folkmoot(home, "migrate")
    assert done.returncode == 0, done.stderr
    assert not list(home.glob("postgres.new*"))


def _command() -> list[str]:
    import sys

    return [sys.executable, "-m", "folkmoot"]
