"""The real web server: what goes through it, what is left open, and how it ends."""

import http.client
import json
import re
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError

import psycopg
import pytest

from folkmoot.core.live import CHANNEL, live_url
from folkmoot.core.postgres import Cluster
from folkmoot.site.tests.running import Up, copied, eventually, up

pytestmark = pytest.mark.process

SIGN_IN = "/accounts/login/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with up(copied(prepared, tmp_path_factory.mktemp("served"))) as running:
        yield running


class Visitor:
    """A browser of sorts, that keeps its cookies."""

    def __init__(self, site: Up) -> None:
        self.site = site
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.site.address + path, timeout=20) as answer:
            return answer.read().decode()

    def post(self, path: str, body: bytes | Iterator[bytes], kind: str) -> tuple[int, str]:
        request = urllib.request.Request(self.site.address + path, body, {"Content-Type": kind})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def token(self) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(SIGN_IN))
        assert found
        return found[1]


def status(site: Up, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def stream(site: Up, *topics: str, doors: tuple[str, ...] = ()) -> socket.socket:
    """An open stream, past its first bytes."""
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=20)
    connection.sendall(f"GET {live_url(*topics, doors=doors)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert b"200" in connection.recv(12)
    assert eventually(lambda: b"retry" in connection.recv(4096))
    return connection


def test_it_says_that_it_is_alive_and_that_it_is_ready(site: Up) -> None:
    assert status(site, "/healthz") == 200
    assert eventually(lambda: status(site, "/readyz") == 200)
    told = json.loads(Visitor(site).get("/readyz"))
    assert told["ready"] is True
    assert set(told["checks"]) == {"database", "migrations", "worker"}


def test_a_form_is_posted(site: Up) -> None:
    visitor = Visitor(site)
    body = f"csrfmiddlewaretoken={visitor.token()}&login=nobody%40example.org&password=wrong"
    code, page = visitor.post(SIGN_IN, body.encode(), FORM)
    assert code == 200
    assert "nobody@example.org" in page


def test_a_form_whose_length_is_not_said_beforehand_is_read(site: Up) -> None:
    visitor = Visitor(site)
    body = f"csrfmiddlewaretoken={visitor.token()}&login=piecemeal%40example.org&password=wrong"
    code, page = visitor.post(SIGN_IN, iter([body[:40].encode(), body[40:].encode()]), FORM)
    assert code == 200
    assert "piecemeal@example.org" in page


def test_twenty_megabytes_are_uploaded_to_their_last_byte(site: Up) -> None:
    """The field that is given back stands behind the file, so it was all read."""
    visitor = Visitor(site)
    fields = {
        "csrfmiddlewaretoken": visitor.token(),
        "file": "x" * 20_000_000,
        "password": "wrong",
        "login": "late@example.org",
    }
    parts = []
    for name, value in fields.items():
        named = f'Content-Disposition: form-data; name="{name}"' + (
            '; filename="big.csv"' if name == "file" else ""
        )
        parts.append(f"--edge\r\n{named}\r\n\r\n{value}\r\n")
    code, page = visitor.post(
        SIGN_IN, ("".join(parts) + "--edge--\r\n").encode(), "multipart/form-data; boundary=edge"
    )
    assert code == 200
    assert "late@example.org" in page


def test_one_connection_carries_many_requests(site: Up) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.connect()
    first = connection.sock
    for _ in range(5):
        connection.request("GET", SIGN_IN)
        assert connection.getresponse().read()
    assert connection.sock is first
    connection.close()


def test_letters_in_an_address_that_nobody_encoded_do_not_break_it(site: Up) -> None:
    for path in (b"/communities/?q=\xc3\xa9", b"/communities/?q=\xff", b"/caf\xc3\xa9/", b"/%ff/?%ff"):
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            answer = connection.recv(12)
            assert answer.startswith(b"HTTP/1.1 ")
            assert int(answer[9:12]) < 500


def test_an_unknown_host_is_refused(site: Up) -> None:
    assert status(site, SIGN_IN, Host="elsewhere.example") == 400


def test_readers_who_leave_in_the_middle_take_no_thread_with_them(site: Up) -> None:
    page = Visitor(site).get(SIGN_IN)
    style = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert style
    for _ in range(12):
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
            connection.sendall(f"GET {style[1]} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    for _ in range(12):
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
            head = f"POST {SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            connection.sendall(f"{head}Content-Length: 1000000\r\n\r\nhalf=".encode())
            time.sleep(0.02)
    assert status(site, SIGN_IN) == 200


def test_slow_uploads_take_no_thread_from_pages(site: Up) -> None:
    head = (
        f"POST {SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    slow = [socket.create_connection(("127.0.0.1", site.port), timeout=20) for _ in range(8)]
    for connection in slow:
        connection.sendall(f"{head}Content-Length: 1000000\r\n\r\nhalf=".encode())
    assert status(site, SIGN_IN) == 200
    for connection in slow:
        connection.close()


def resident(process: int) -> int:
    """MB of memory that a process holds."""
    said = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"^VmRSS:\s+(\d+)", said, re.M)[0]) // 1024


def test_large_bodies_that_wait_for_their_end_fill_no_memory(site: Up) -> None:
    web = site.parts()["web"]
    before = resident(web)
    half = bytes(30 * 1024 * 1024)
    head = f"POST {SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {2 * len(half)}\r\n\r\n"
    large = [socket.create_connection(("127.0.0.1", site.port), timeout=20) for _ in range(6)]
    for connection in large:
        connection.sendall(head.encode())
        connection.sendall(half)
    assert status(site, SIGN_IN) == 200
    assert resident(web) - before < 90
    for connection in large:
        connection.close()


def test_what_is_too_large_is_refused(site: Up) -> None:
    code, said = Visitor(site).post(SIGN_IN, bytes(65 * 1024 * 1024), "application/octet-stream")
    assert code == 413
    assert "64 MB" in said


def test_what_is_committed_reaches_an_open_page_and_what_is_rolled_back_does_not(site: Up) -> None:
    database = Cluster(site.home / "postgres").url
    notify = f"SELECT pg_notify('{CHANNEL}', %s)"
    with stream(site, "events") as page:
        time.sleep(0.5)
        with psycopg.connect(database) as connection:
            connection.execute(notify, [json.dumps({"topic": "events", "id": 1})])
            connection.rollback()
            connection.execute(notify, [json.dumps({"topic": "others", "id": 2})])
            connection.execute(notify, [json.dumps({"topic": "events", "id": 3})])
        told = b""
        while b"}" not in told:
            told += page.recv(4096)
    assert b'"id": 3' in told
    assert b'"id": 1' not in told
    assert b'"id": 2' not in told


def test_a_stream_without_a_signed_address_is_refused(site: Up) -> None:
    assert status(site, "/live/") == 403
    assert status(site, live_url("events")[:-2] + "xx") == 403


def test_a_shut_door_closes_its_streams_and_opens_none_to_those_who_came_before(site: Up) -> None:
    database = Cluster(site.home / "postgres").url
    with stream(site, "a", doors=("d1",)) as shut_out, stream(site, "a", doors=("d2",)) as other:
        time.sleep(0.5)
        early = live_url("a", doors=["d1"])
        with psycopg.connect(database) as connection:
            now = time.time()
            connection.execute("INSERT INTO core_shutdoor VALUES ('d1', to_timestamp(%s))", [now])
            said = json.dumps({"shut": "d1", "at": now})
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, said])
        told = b""
        while part := shut_out.recv(4096):
            told += part
            if b"0\r\n\r\n" in told:
                break
        assert b"event: closed" in told
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as again:
            again.sendall(f"GET {early} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            told = b""
            while b"event: closed" not in told:
                told += again.recv(4096)
        with psycopg.connect(database) as connection:
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topic": "a", "id": 7})])
        told = b""
        while b"}" not in told:
            told += other.recv(4096)
        assert b'"id": 7' in told
        assert b"closed" not in told


def test_open_streams_take_no_thread_from_pages(site: Up) -> None:
    pages = [stream(site, "events") for _ in range(20)]
    assert status(site, SIGN_IN) == 200
    for page in pages:
        page.close()


def test_ctrl_c_ends_it_all_within_five_seconds_with_open_streams_and_a_slow_reader(
    prepared: Path, tmp_path: Path
) -> None:
    with up(copied(prepared, tmp_path)) as site:
        pages = [stream(site, "events") for _ in range(3)]
        slow = socket.create_connection(("127.0.0.1", site.port))
        slow.sendall(
            f"POST {SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf".encode()
        )
        ends: list[bytes] = []
        reading = threading.Thread(target=lambda: ends.append(pages[0].recv(4096)))
        reading.start()
        assert site.stop() < 5
        assert site.process.returncode == 0
        reading.join(5)
        assert ends
        for page in [*pages, slow]:
            page.close()
