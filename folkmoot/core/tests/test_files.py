"""Files are taken by what is in them, and sent as downloads."""

import io
import zipfile

import pytest

from folkmoot.core.files import MOST_BYTES, taken
from folkmoot.core.refused import Refused

PDF, PNG = b"%PDF-1.7\n...", b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def archive(*names: str, **contents: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name in names:
            packed.writestr(name, contents.get(name, "x"))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("minutes.pdf", PDF, "application/pdf"),
        ("Photo.PNG", PNG, "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0" + b"x" * 9, "image/jpeg"),
        ("list.csv", "Zoë;1".encode("utf-16"), "text/csv"),
        ("list.csv", b"Zo\xeb;1", "text/csv"),
        ("notes.md", b"# Notes", "text/markdown"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), "application/vnd.openxml"),
        (
            "a.ods",
            archive("mimetype", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "application/vnd.oasis",
        ),
    ],
)
def test_what_is_taken(name: str, content: bytes, kind: str):
    file = taken(name, content)
    assert file.kind.startswith(kind)
    assert (file.size, bytes(file.content)) == (len(content), content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload=alert(1)>"),
        ("run.exe", b"MZ\x90\x00"),
        ("minutes.pdf", b"<script>alert(1)</script>"),
        ("picture.png", PDF),
        ("notes.txt", b"MZ\x90\x00\x03"),
        ("minutes.pdf.html", PDF),
        ("a.docm", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.docx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("a.docx", b"PK\x03\x04 no archive"),
        ("a.zip", archive("a.txt")),
        ("", b"x"),
        ("empty.txt", b""),
        ("large.txt", b"x" * (MOST_BYTES + 1)),
    ],
)
def test_what_is_not_taken_gets_a_sentence(name: str, content: bytes):
    with pytest.raises(Refused) as refused:
        taken(name, content)
    assert refused.value.field == "attachments"
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\notes.txt", "notes.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ("gnp.\u202etxt.txt", "gnp.txt.txt"),
        ("Zoë’s plan.txt", "Zoë’s plan.txt"),
        ("x" * 400 + ".txt", "x" * 120 + ".txt"),
        (".txt.txt", "txt.txt"),
    ],
)
def test_a_name_is_only_words(given: str, kept: str):
    assert taken(given, b"hello").name == kept
