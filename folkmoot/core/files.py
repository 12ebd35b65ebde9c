"""Files that people give: taken by what is in them, kept with the data, sent as downloads beside the page's threads.

A page that may show a file to somebody sends them to an address that is signed for a minute; what is sent there was
found to be of a harmless kind, and says of itself that it is a download whatever the browser thinks of it.
"""

import asyncio
import io
import re
import zipfile
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qs, urlencode

import psycopg
from django.core import signing
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from folkmoot.core.asgi import Scope, Send, answer_plainly, database_address
from folkmoot.core.models import StoredFile
from folkmoot.core.refused import Refused

PATH = "/files/"
MOST_BYTES = 10 * 1024 * 1024
_SALT = "folkmoot.core.files"
_OLDEST = 60  # seconds
_PART = 256 * 1024
_AT_ONCE = 8  # downloads that read from the database
_SLOWEST = 30.0  # seconds for a part
_LONGEST_NAME = 120
# Control and direction characters, and what file systems take amiss.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]')
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPEN = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_TEXT = {"txt": "text/plain", "csv": "text/csv", "md": "text/markdown"}
_BEGINS = (
    (b"%PDF-", {"pdf": "application/pdf"}),
    (b"\x89PNG\r\n\x1a\n", {"png": "image/png"}),
    (b"\xff\xd8\xff", {"jpg": "image/jpeg", "jpeg": "image/jpeg"}),
    (b"GIF87a", {"gif": "image/gif"}),
    (b"GIF89a", {"gif": "image/gif"}),
)
ENDINGS = sorted(
    {*_OFFICE, *_OPEN, *_TEXT, *(ending for _begin, kinds in _BEGINS for ending in kinds), "webp"}
)


def taken(name: str, content: bytes) -> StoredFile:
    """The file, not yet saved. Refuses what is too large, of another kind than is taken, or not what its name says."""
    name = _NOT_IN_NAMES.sub("", PurePath(name.replace("\\", "/")).name).strip(" .")
    ending = PurePath(name).suffix[1:].lower()
    if not content:
        raise Refused(_("“%(name)s” is empty.") % {"name": name}, "attachments")
    if len(content) > MOST_BYTES:
        raise Refused(
            _("“%(name)s” is larger than 10 MB. Link to it instead.") % {"name": name}, "attachments"
        )
    kind = _kinds(content).get(ending)
    if kind is None:
        raise Refused(
            _("“%(name)s” is no file of a kind that is taken: %(kinds)s.")
            % {"name": name or "?", "kinds": ", ".join(ENDINGS)},
            "attachments",
        )
    stem = PurePath(name).stem[:_LONGEST_NAME].strip() or "file"
    return StoredFile(name=f"{stem}.{ending}", kind=kind, size=len(content), content=content)


def _kinds(content: bytes) -> dict[str, str]:
    """{ending: media type} that the content may have."""
    for begin, kinds in _BEGINS:
        if content.startswith(begin):
            return kinds
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return {"webp": "image/webp"}
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    return _TEXT if _is_text(content) else {}


def _packed(content: bytes) -> dict[str, str]:
    """Documents are archives; macros are not taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return {}
            if "[Content_Types].xml" in names:
                parts = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
                return {
                    ending: _OFFICE[ending]
                    for part, ending in parts.items()
                    if any(name.startswith(part) for name in names)
                }
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                said = archive.read("mimetype").decode("ascii", "replace").strip()
                return {ending: kind for ending, kind in _OPEN.items() if kind == said}
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, ValueError):
        pass
    return {}


def _is_text(content: bytes) -> bool:
    codec = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return "\x00" not in text and "\ufffd" not in text


def file_url(file: str) -> str:
    """Where that file (a key) can be had for a minute, by whoever has the address."""
    return f"{PATH}?{urlencode({'t': signing.dumps(file, salt=_SALT)})}"


class Files:
    """Sends files to those who have an address that was signed for them."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def answer(self, scope: Scope, send: Send) -> None:
        """Answer one request: the file as a download, or why not."""
        if scope["method"] not in {"GET", "HEAD"}:
            await answer_plainly(send, 405, b"Files are only to be had here.")
            return
        token = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0]
        try:
            key = signing.loads(token, salt=_SALT, max_age=_OLDEST)
        except signing.BadSignature:
            await answer_plainly(
                send, 403, b"This address is too old. Go back to the page and open the file from there."
            )
            return
        async with self._turns:
            try:
                asked = await psycopg.AsyncConnection.connect(**database_address(), autocommit=True)
            except (psycopg.Error, OSError):
                await answer_plainly(send, 503, b"The file cannot be read just now. Try again.")
                return
            async with asked:
                await self._send(asked, key, send, only_head=scope["method"] == "HEAD")

    async def _send(
        self, asked: psycopg.AsyncConnection[Any], key: str, send: Send, *, only_head: bool
    ) -> None:
        found = await asked.execute("SELECT name, kind, size FROM core_storedfile WHERE key = %s", [key])
        row = await found.fetchone()
        if row is None:
            await answer_plainly(send, 404, b"This file is gone.")
            return
        name, kind, size = row
        await send({"type": "http.response.start", "status": 200, "headers": _headers(name, kind, size)})
        at = 0 if not only_head else size
        while at < size:
            part = await asked.execute(
                "SELECT substring(content FROM %s FOR %s) FROM core_storedfile WHERE key = %s",
                [at + 1, _PART, key],
            )
            content = (await part.fetchone() or (b"",))[0]
            if not content:
                break  # removed meanwhile: the reader sees a download that is cut short
            at += len(content)
            piece = send({"type": "http.response.body", "body": bytes(content), "more_body": True})
            try:
                await asyncio.wait_for(piece, _SLOWEST)
            except TimeoutError:
                return  # a reader who takes nothing gives their turn to the next
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _headers(name: str, kind: str, size: int) -> list[tuple[bytes, bytes]]:
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    said = {
        "content-type": kind,
        "content-length": str(size),
        "content-disposition": disposition,
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "cache-control": "private, no-store",
    }
    return [(name.encode(), value.encode("latin-1", "replace")) for name, value in said.items()]
