"""`folkmoot backup` and `restore`, with real processes: while others write, into a fresh home, onto another server."""

import json
import os
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from folkmoot.core.postgres import Cluster, shared_cluster
from folkmoot.core.postgres.dumps import Digest, digests
from folkmoot.site.tests.running import Up, eventually, folkmoot, up

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo, and a photo in it."""
    home = tmp_path_factory.mktemp("programme") / "home"
    done(command(home, "demo"))
    with shared_cluster(home) as cluster, psycopg.connect(cluster.url) as connection:
        connection.execute("INSERT INTO people_photo SELECT 'key', '\\x0001ff', min(id) FROM people_person")
    return home


@pytest.fixture(scope="module")
def file(programme: Path) -> Path:
    """A backup of it."""
    file = programme.parent / "a backup.folkmoot"
    done(command(programme, "backup", str(file)))
    return file


@pytest.fixture
def external() -> Iterator[str]:
    """The address of an empty database on the server of these tests, whichever that is."""
    ours = os.environ["DATABASE_URL"]
    name = f"keeping_{uuid4().hex[:12]}"
    with psycopg.connect(ours, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield urlsplit(ours)._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def command(home: Path, *arguments: str, server: str = "") -> subprocess.CompletedProcess[str]:
    """A command on a home that has its own key."""
    return folkmoot(home, *arguments, DATABASE_URL=server, FOLKMOOT_SECRET_KEY="")


def done(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def refused(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 1, ended.stdout
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


def state(home: Path) -> dict[str, Digest]:
    with shared_cluster(home) as cluster, psycopg.connect(cluster.url) as connection:
        return digests(connection)


def page(site: Up, path: str) -> str:
    with urllib.request.urlopen(f"{site.address}{path}", timeout=20) as answer:
        return answer.read().decode()


def ready(site: Up) -> bool:
    try:
        return bool(page(site, "/readyz"))
    except urllib.error.HTTPError:
        return False


def test_a_fresh_home_has_all_of_it_again(programme: Path, file: Path, tmp_path: Path):
    assert file.stat().st_mode & 0o777 == 0o600
    said = done(command(tmp_path / "new", "restore", str(file)))
    assert "2,000 people" in said
    assert "signing key" not in said
    assert state(tmp_path / "new") == state(programme)
    assert state(programme)["public.people_photo"].rows == 1
    assert (tmp_path / "new" / "secret_key").read_text() == (programme / "secret_key").read_text()
    assert not [left for left in (tmp_path / "new").iterdir() if left.name.startswith((".", "restoring"))]
    with up(tmp_path / "new", FOLKMOOT_SECRET_KEY="") as site:
        assert "programme" in page(site, "/")
        # It was not the first start of a new home, which would load the demo.
    # The jobs of these minutes may have told people something.
    assert (
        state(tmp_path / "new")["public.people_person"].rows == state(programme)["public.people_person"].rows
    )


def test_what_is_written_meanwhile_is_wholly_in_it_or_not_at_all(programme: Path, tmp_path: Path):
    """Pairs of rows, each pair in one transaction, by somebody who never pauses."""
    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", str(programme), str(copy)], check=True)
    with up(copy, FOLKMOOT_SECRET_KEY=""):
        url = Cluster(copy / "postgres").url
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE one (n int PRIMARY KEY); CREATE TABLE two (n int PRIMARY KEY)")
        over = threading.Event()
        written = []

        def write() -> None:
            with psycopg.connect(url, autocommit=True) as connection:
                while not over.is_set():
                    with connection.transaction():
                        connection.execute("INSERT INTO one SELECT count(*) FROM one")
                        connection.execute("INSERT INTO two SELECT count(*) FROM two")
                    written.append(1)

        writer = threading.Thread(target=write)
        writer.start()
        assert eventually(lambda: written)
        said = json.loads(done(command(copy, "backup", str(tmp_path / "b"), "--json")))
        over.set()
        writer.join()
    pairs = said["tables"]["public.one"]
    assert 0 < pairs < len(written)
    assert said["tables"]["public.two"] == pairs
    done(command(tmp_path / "new", "restore", str(tmp_path / "b")))
    found = state(tmp_path / "new")
    assert (found["public.one"].rows, found["public.two"].rows) == (pairs, pairs)


def test_restored_while_serving_pages_go_on_with_what_was_restored(
    programme: Path, file: Path, tmp_path: Path
):
    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", str(programme), str(copy)], check=True)
    with up(copy, FOLKMOOT_SECRET_KEY="") as site:
        with psycopg.connect(Cluster(copy / "postgres").url) as connection:
            connection.execute("UPDATE communities_community SET name = 'Spoiled'")
        for _ in range(5):  # as often as it takes until statements are prepared
            assert "Spoiled" in page(site, "/communities/")
        assert "2,000 people" in refused(command(copy, "restore", str(file)))
        assert "Spoiled" in page(site, "/communities/")
        stop = threading.Event()
        answers: list[int] = []

        def read() -> None:
            while not stop.is_set():
                try:
                    page(site, "/communities/")
                    answers.append(200)
                except urllib.error.HTTPError as error:
                    answers.append(error.code)

        reader = threading.Thread(target=read)
        reader.start()
        done(command(copy, "restore", str(file), "--replace"))
        stop.set()
        reader.join()
        for _ in range(5):
            assert "Spoiled" not in page(site, "/communities/")
        assert answers.count(200) >= len(answers) - 4, answers  # no more than one for each thread
        assert eventually(lambda: ready(site))
        assert set(site.parts()) == {"web", "worker", "postgres"}
    assert state(copy)["public.communities_community"] == state(programme)["public.communities_community"]


@pytest.mark.external
def test_from_the_embedded_engine_to_a_server_and_back(
    programme: Path, file: Path, tmp_path: Path, external: str
):
    done(command(tmp_path / "there", "restore", str(file), server=external))
    expected = state(programme)
    with psycopg.connect(external) as connection:
        assert digests(connection) == expected
    assert "2,000 people" in refused(command(tmp_path / "there", "restore", str(file), server=external))
    done(command(tmp_path / "there", "restore", str(file), "--replace", server=external))
    done(command(tmp_path / "there", "backup", str(tmp_path / "back"), server=external))
    done(command(tmp_path / "home", "restore", str(tmp_path / "back")))
    assert state(tmp_path / "home") == expected
    assert "its own tools" in refused(command(tmp_path / "there", "upgrade", server=external))


def test_what_is_no_backup_or_damaged_changes_nothing(programme: Path, file: Path, tmp_path: Path):
    home = tmp_path / "new"
    (tmp_path / "text").write_text("not a backup")
    (tmp_path / "empty").touch()
    content = bytearray(file.read_bytes())
    (tmp_path / "short").write_bytes(content[: len(content) // 2])
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged").write_bytes(content)
    for name, sentence in {
        "text": "no backup",
        "empty": "no backup",
        "short": "cut short",
        "damaged": "damaged",
    }.items():
        assert sentence in refused(command(home, "restore", str(tmp_path / name)))
    assert command(home, "restore", str(tmp_path / "nothing")).returncode == 2
    assert "already" in refused(command(programme, "backup", str(file)))
    assert "cannot be written" in refused(command(programme, "backup", str(tmp_path / "nowhere" / "x")))


def test_a_backup_of_a_newer_version_changes_nothing(programme: Path, tmp_path: Path):
    copy = tmp_path / "home"
    subprocess.run(["cp", "-a", str(programme), str(copy)], check=True)
    with shared_cluster(copy) as cluster, psycopg.connect(cluster.url) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', now())"
        )
    done(command(copy, "backup", str(tmp_path / "b")))
    assert "newer" in refused(command(tmp_path / "new", "restore", str(tmp_path / "b")))
    assert state(tmp_path / "new") == {}


def test_upgrade_of_data_that_is_ours_says_so(programme: Path):
    assert "already" in done(command(programme, "upgrade"))
