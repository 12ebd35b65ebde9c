"""Cleaning one cell: entities, spaces, invisible characters, and what no column may hold."""

import html
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from folkmoot.exchange.reading.columns import Column, Kind
from folkmoot.exchange.reading.decoding import UNDECODED

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,;@()/+|-]*(?: [A-Za-z0-9_.,;@()/+|-]+)*")
_LONGEST_FLAG = 32  # the black flag and the tags after it, as Unicode bounds them
_JOINERS = "\u200c\u200d"
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# The apostrophe before what a spreadsheet would run, as our own exports write it.
_NEUTRALISED = re.compile("'[=+@\t\r＝＋－＠-]")
_ERROR_VALUE = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)\Z")
_MOJIBAKE = re.compile("[ÂÃÄÅÎÏÐÑØÙâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_RUN = re.compile(r"[^\x00-\x7f]+")
# Letters of UTF-8 from their last byte to their first, to be matched from the end of a run.
_ENDS_IN_UTF8 = re.compile(
    rb"(?:[\x80-\xbf][\xc2-\xdf]|[\x80-\xbf](?:[\xa0-\xbf]\xe0|[\x80-\xbf][\xe1-\xec\xee\xef]|[\x80-\x9f]\xed)"
    rb"|[\x80-\xbf]{2}(?:[\x90-\xbf]\xf0|[\x80-\xbf][\xf1-\xf3]|[\x80-\x8f]\xf4))*+"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BARE_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#:].*)?\Z")
LINK_SCHEMES = {"http", "https", "mailto"}


@dataclass
class Cell:
    """A cleaned cell: its text, a sentence if it cannot be used, and sentences worth a warning."""

    text: str
    problem: str = ""
    warnings: tuple[str, ...] = ()


def is_plain(raw: str, column: Column) -> bool:
    """Whether `clean` would leave `raw` as it is and find nothing wrong with it; cheap, and true of most cells."""
    return not raw or (
        len(raw) <= column.limit and column.kind is not Kind.LINK and _PLAIN.fullmatch(raw) is not None
    )


def clean(raw: str, column: Column) -> Cell:
    """`raw` as the column holds it. Nothing is cut: what is too long, broken or no link has a `problem`."""
    if is_plain(raw, column):
        return Cell(raw)
    if _NEUTRALISED.match(raw):
        raw = raw[1:]
    if UNDECODED.search(raw):
        return Cell(
            raw,
            _("Some letters of this cell are broken. If many are, name the encoding that the file is in."),
        )
    if _looks_double_encoded(raw):
        # Its seemingly invisible characters are halves of letters: a repair needs them.
        text, warnings = (
            _CONTROL.sub("", raw),
            [
                _(
                    "Some letters look damaged, as when UTF-8 is read as Windows-1252 (“Ã©” for “é”). They "
                    "are kept as they are."
                )
            ],
        )
    else:
        text, warnings = _readable(raw, column)
    text = _folded_lines(text) if column.kind is Kind.PROSE else " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    if column.kind in {Kind.CODE, Kind.DAY, Kind.MOMENT, Kind.EMAIL}:
        text = _unwrapped(text)
    return Cell(text, _problem(text, column), tuple(dict.fromkeys(warnings)))


def _readable(raw: str, column: Column) -> tuple[str, list[str]]:
    """`raw` without invisible characters and, in words and links, with entities as characters; and what was
    done."""
    text, warnings = _visible(raw)
    if column.kind in {Kind.NAME, Kind.PROSE, Kind.LINK}:
        text, more = _visible(_decoded(text, only_ampersands=column.kind is Kind.LINK))
        warnings += more
    return text, warnings


def _problem(text: str, column: Column) -> str:
    if _ERROR_VALUE.match(text):
        return _("The spreadsheet shows an error in this cell.")
    if len(text) > column.limit:
        return _("This is %(length)s characters long; at most %(limit)s fit, and nothing is cut off.") % {
            "length": f"{len(text):,}",
            "limit": f"{column.limit:,}",
        }
    if column.kind is Kind.LINK and text:
        return _link_problem(text)
    return ""


def _link_problem(text: str) -> str:
    scheme = _SCHEME.match(text)
    if scheme is None or (
        _BARE_HOST.match(text) and scheme[1].lower() not in LINK_SCHEMES and "." in scheme[1]
    ):
        if _BARE_HOST.match(text):
            return ""
        return _("This is not a link: it should begin with https:// or http://.")
    if scheme[1].lower() not in LINK_SCHEMES:
        return _("Links of the kind “%(scheme)s:” are not taken; use https://, http:// or mailto:.") % {
            "scheme": scheme[1].lower()
        }
    rest = text[scheme.end() :]
    sound = "@" in rest if scheme[1].lower() == "mailto" else rest.startswith("//") and len(rest) > 2
    if not sound or re.search(r"[\s<>\"\\]", text):
        return _("This is not a link that a browser could open.")
    return ""


def _visible(raw: str) -> tuple[str, list[str]]:
    """`raw` without control and invisible characters, with a sentence for what was taken out."""
    warnings = []
    text = raw
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
        warnings.append(_("Control characters were taken out."))
    if _INVISIBLE.search(text):
        kept = "".join(c for at, c in enumerate(text) if not _INVISIBLE.match(c) or _is_needed(text, at))
        if kept != text:
            text = kept
            warnings.append(_("Invisible characters were taken out."))
    return text, warnings


def _is_needed(text: str, at: int) -> bool:
    """Whether the invisible character there is part of how its script or emoji is written."""
    if "\U000e0020" <= text[at] <= "\U000e007f":  # the tags of the flags of England, Scotland and Wales
        return bool(re.search("\U0001f3f4[\U000e0020-\U000e007f]*\\Z", text[max(0, at - _LONGEST_FLAG) : at]))
    if text[at] not in _JOINERS or at == 0 or at + 1 == len(text):
        return False
    before, after = text[at - 1], text[at + 1]
    if _needs_joiners(before):
        return _needs_joiners(after) or after.isspace()
    return text[at] == "\u200d" and _is_emoji(before) and _is_emoji(after)


def _needs_joiners(char: str) -> bool:
    return "\u0600" <= char <= "\u0dff" or "\u1000" <= char <= "\u109f" or "\u1780" <= char <= "\u18af"


def _is_emoji(char: str) -> bool:
    return (
        unicodedata.category(char) in {"So", "Sk"}
        or char in "\ufe0f♀♂"
        or "\U0001f000" <= char <= "\U0001faff"
    )


def _decoded(text: str, *, only_ampersands: bool) -> str:
    """`text` with HTML entities as characters; entities of entities are decoded once more."""
    if only_ampersands:
        return text.replace("&amp;", "&")
    for _time in range(2):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def _folded_lines(text: str) -> str:
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|\r|\n", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _looks_double_encoded(text: str) -> bool:
    """Whether letters from a damaged one to the end of its run are UTF-8, read as something else. Takes linear time."""
    for match in _RUN.finditer(text):
        run = match[0]
        if not _MOJIBAKE.search(run):
            continue
        for encoding in ("cp1252", "latin-1"):
            # What the encoding lacks becomes “?”, which ends what is sound, as in UTF-8 it stands alone.
            sound = _ENDS_IN_UTF8.match(run.encode(encoding, "replace")[::-1])
            if sound and _MOJIBAKE.search(run, len(run) - sound.end()):
                return True
    return False


def _unwrapped(text: str) -> str:
    """What people and programs wrap around an identifier: ="000123", '000123, <a@b.c>, mailto:a@b.c."""
    wrapped = re.fullmatch(r'="([^"]*)"|"([^"]*)"|<([^<>]*)>', text)
    if wrapped:
        text = next(group for group in wrapped.groups() if group is not None).strip()
    if re.match(r"'\d", text):
        text = text[1:]
    return text[7:].strip() if text[:7].lower() == "mailto:" else text
