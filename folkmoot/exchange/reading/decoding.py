"""From bytes to text: which encoding a CSV file is in, and which files only pose as CSV.

A BOM decides; then strict UTF-8; then UTF-16 by its pattern of zeros; then Windows-1252 and Mac Roman, by
whether the
words that come out look like words. What looks like none of them is refused until the user names the
encoding: a
guess that turns every name of a directory into rubbish is worse than a question.
"""

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from folkmoot.exchange.reading.problems import Unreadable

BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose BOM it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
# Bytes that could not be decoded are kept as lone surrogates or stand as U+FFFD, so that their row can be
# reported.
UNDECODED = re.compile("[\ud800-\udfff\ufffd]")

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
_SAMPLE = 400_000
_PLAUSIBLE = 0.7
_MARKUP = re.compile(
    r"<(!doctype|html|head|body|table|meta|style|script|div|span|p|\?xml|workbook)\b|<\?xml|<!--",
    re.IGNORECASE,
)


def storable(text: str) -> str:
    """`text` as a database takes it and a page shows it: what could not be decoded as U+FFFD, and no zeros."""
    return UNDECODED.sub("\ufffd", text.replace("\x00", ""))


@dataclass(frozen=True)
class Text:
    """Decoded text. `note` says how it was decoded where that was a guess, or is empty."""

    text: str
    encoding: str
    note: str = ""


def decode(data: bytes, encoding: str = "") -> Text:
    """The text of a CSV file. Undecodable bytes stand in it as lone surrogates.

    `encoding` is the one that the user named, if any; a BOM wins over it. Raises Unreadable for what is not
    CSV, is
    empty, or is in an encoding that cannot be told.
    """
    _refuse_other_formats(data)
    decoded = _decode(data, encoding)
    start = decoded.text[:2000].lstrip("\ufeff\x00 \t\r\n")
    if not decoded.text.strip("\ufeff\x00 \t\r\n"):
        raise Unreadable(_("This file is empty: there are no columns and no rows in it."))
    if _MARKUP.match(start):
        raise Unreadable(
            _(
                "This is a web page or XML saved under another name, not CSV. Open it and save it as CSV or "
                ".xlsx."
            )
        )
    if start.startswith(("{\\rtf", '{"', "[{", "{\n", "{\r")):
        raise Unreadable(
            _("This is not CSV: it looks like JSON or a text document. Save it as CSV or .xlsx.")
        )
    return decoded


def _refuse_other_formats(data: bytes) -> None:
    if data.startswith(b"PK\x03\x04"):
        raise Unreadable(
            _(
                "This is a spreadsheet or a .zip under the name of a CSV file: save it as CSV, or give it as "
                ".xlsx or .zip."
            )
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is an old Excel workbook (.xls): save it as CSV or as .xlsx."))
    if data.startswith(
        (b"%PDF", b"\x1f\x8b", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"BZh")
    ):
        raise Unreadable(_("This is not CSV but another kind of file: save the table as CSV or as .xlsx."))


def _decode(data: bytes, named: str) -> Text:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return Text(data[len(bom) :].decode(encoding, _keeping(encoding)), encoding)
    if named:
        return _decode_as(data, named)
    plain = _utf16_without_bom(data)
    if plain:
        note = _("There is no byte order mark; the file was read as %(encoding)s.") % {
            "encoding": plain.upper()
        }
        return Text(data.decode(plain, _keeping(plain)), plain, note)
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data)


def _keeping(encoding: str) -> str:
    """The error handler that keeps what cannot be decoded visible. UTF-16 and 32 have no surrogateescape."""
    return "surrogateescape" if encoding == "utf-8" else "replace"


def _decode_as(data: bytes, named: str) -> Text:
    try:
        codec = codecs.lookup(re.sub(r"\s+", "_", named.strip()))
        # Codecs such as hex and zip turn bytes into bytes; they are no encodings of text.
        if not getattr(codec, "_is_text_encoding", True) or codec.name in {
            "idna",
            "punycode",
            "unicode_escape",
        }:
            raise LookupError
        codec.decode(b"", "strict")
    except (LookupError, ValueError) as error:
        raise Unreadable(
            _("There is no encoding called “%(name)s”. Examples: utf-8, windows-1252, mac_roman, shift_jis.")
            % {"name": named}
        ) from error
    try:
        return Text(data.decode(codec.name, "surrogateescape").lstrip("\ufeff"), codec.name)
    except (UnicodeDecodeError, UnicodeError) as error:
        raise Unreadable(
            _("This file cannot be read as %(encoding)s. Name another encoding, or save it as UTF-8.")
            % {"encoding": codec.name}
        ) from error


def _utf16_without_bom(data: bytes) -> str:
    """utf-16-le or utf-16-be where every other byte of the beginning is almost always zero."""
    sample = data[:4000]
    if len(sample) < 8 or len(data) % 2:
        return ""
    half = len(sample) // 2
    zeros = {"utf-16-le": sample[1::2].count(0) / half, "utf-16-be": sample[0::2].count(0) / half}
    for encoding, other in (("utf-16-le", "utf-16-be"), ("utf-16-be", "utf-16-le")):
        if zeros[encoding] > 0.6 and zeros[other] < 0.1:
            return encoding
    return ""


def _not_utf8(data: bytes) -> Text:
    """Broken UTF-8 where most of it is sound, else the likelier of the two encodings of Western
    spreadsheets."""
    sample = data[:_SAMPLE] if _ABOVE_ASCII.search(data[:_SAMPLE]) else data
    sound = len(_MULTIBYTE.findall(sample))
    broken = len(_ABOVE_ASCII.findall(_MULTIBYTE.sub(b"", sample)))
    if sound >= broken and sound:
        return Text(data.decode("utf-8", "surrogateescape"), "utf-8")
    readings: list[tuple[float, Text]] = []
    for encoding, label in (("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        note = _(
            "This file is not UTF-8; it was read as %(encoding)s. Should names look wrong, name the encoding "
            "it is in."
        ) % {"encoding": label}
        score = _plausibility(text[: _SAMPLE if sample is not data else len(text)])
        readings.append((score + _habit(data, encoding), Text(text, encoding, note)))
    best = max(readings, key=lambda reading: reading[0], default=(0.0, Text("", "")))
    if best[0] < _PLAUSIBLE:
        raise Unreadable(
            _(
                "This file is neither UTF-8 nor another encoding that can be told from its letters. Save it "
                "as “CSV UTF-8”, "
                "or name its encoding (for example --encoding shift_jis)."
            )
        )
    return best[1]


def _habit(data: bytes, encoding: str) -> float:
    """A slight preference: a Mac of that age ends its lines with a bare CR, Windows never does."""
    bare_cr = b"\r" in data and b"\n" not in data
    return 0.05 if bare_cr == (encoding == "mac_roman") else 0.0


_TYPOGRAPHIC = set("‘’‚“”„–—…•«»‹›€£§©®™°±²³·½¼¾¡¿\u00a0ºª")


def _plausibility(text: str) -> float:
    """The share of characters above ASCII that stand where such a character stands in Western words."""
    padded = f" {text} "
    good = total = 0
    for match in re.finditer(r"[^\x00-\x7f]", padded):
        at = match.start()
        total += 1
        good += _fits(padded[at - 1], match[0], padded[at + 1])
    return good / total if total else 1.0


def _fits(before: str, here: str, after: str) -> bool:
    if here.isalpha() and here not in "ªºƒΩπ":
        beside_ascii = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
        alone = before in " '\"" and after in " '\"" and here in "àÀéèóÓíÍøØåÅöÖœæ"
        # A capital stands at the beginning of a word or among capitals: “ZoÎ” is not a word.
        shouted = here.isupper() and before.isalpha() and before.islower()
        return (beside_ascii or alone) and not shouted
    if here in "’‘":
        return before.isalnum() or after.isalnum()
    if here not in _TYPOGRAPHIC or ("\x80" <= here <= "\x9f"):
        return False
    # Signs stand between words or beside digits, not inside a word.
    return not (before.isalpha() and after.isalpha())
