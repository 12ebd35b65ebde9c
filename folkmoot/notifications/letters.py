"""Letters with what people were told: as HTML and as text, both good to read; and the way out of them.

Unsubscribing is RFC 8058's one click: a POST to an address that is signed, without signing in. Letters about one thing
are one thread: each answers the same Message-ID, which no letter has.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.core.address import site_address
from folkmoot.core.signed import sign_pair, signed_pair
from folkmoot.notifications.actions import DIGEST
from folkmoot.notifications.inbox import Group
from folkmoot.notifications.kinds import Body, kind_of
from folkmoot.notifications.muting import Part, never_opened
from folkmoot.people.models import Person

UNSUBSCRIBE = "folkmoot.notifications.unsubscribe"


@dataclass(frozen=True)
class Line:
    """One thing that happened, with the way to it, what to know of it, and what can be done at once (a word, where)."""

    sentence: str
    url: str
    label: str = ""
    act: str = ""
    facts: Sequence[str] = ()


def letter_at_once(person: Person, groups: Sequence[Group]) -> EmailMultiAlternatives:
    """What somebody wants to hear of at once: one thing, or in one letter the few that came together.

    What can be read in the letter itself follows all lines.
    """
    bodies = [body for group in groups if (body := _body(group))]
    held = {group for body in bodies for group in body.holds}
    groups = [group for group in groups if group.latest.group not in held]
    first, others = groups[0], len(groups) - 1
    lines = [_line(group) for group in groups]
    subject = first.sentence.rstrip(".").split(". ")[0]
    if others:
        more = ngettext("%(subject)s, and %(n)d thing more", "%(subject)s, and %(n)d things more", others)
        subject = more % {"subject": subject, "n": others}
    return _letter(
        person,
        about=",".join(dict.fromkeys(group.latest.kind for group in groups)),
        subject=subject,
        thread=f"{person.pk}/{first.latest.group}",
        number=f"notice.{first.latest.pk}",
        parts=[("", lines)],
        bodies=bodies,
        button={"label": _("Open the inbox"), "url": site_address() + reverse("inbox")}
        if others
        else _button(lines[0]),
        why=_("You are told at once of what is about you."),
    )


def digest_letter(person: Person, groups: Iterable[Group], *, daily: bool) -> EmailMultiAlternatives:
    """Everything that waits, by community."""
    parts: dict[str, list[Line]] = {}
    last = 0
    for group in groups:
        parts.setdefault(group.latest.community_label, []).append(_line(group))
        last = max(last, group.latest.pk)
    everywhere = ", ".join(name for name in parts if name)
    return _letter(
        person,
        about=DIGEST,
        subject=(_("Today: %(where)s") if daily else _("This week: %(where)s"))
        % {"where": everywhere or _("your communities")},
        thread=f"{person.pk}/digest",
        number=f"digest.{person.pk}.{last}",
        parts=list(parts.items()),
        intro=_("Hello %(name)s, this is what you have not seen yet.") % {"name": person.name},
        outro=_muting(never_opened(person.pk)),
        button={"label": _("Open the inbox"), "url": site_address() + reverse("inbox")},
        why=_("You get this once a day.")
        if daily
        else _("You get this once a week, and never an empty one."),
    )


def unsubscribed(token: str) -> tuple[int, str] | None:
    """(person, kind or “digest”) of a signed address; None for one that we never wrote."""
    found = signed_pair(token, purpose=UNSUBSCRIBE)
    return (found[0], str(found[1])) if found else None


def _muting(parts: list[Part]) -> str:
    """What the reader might hear no more of, in a sentence; empty where they open everything."""
    if not parts:
        return ""
    first = parts[0]
    said = {"title": str(first.kind.title), "community": first.community_label}
    return (
        _("You never open “%(title)s” of %(community)s. You can mute it where you choose what you hear of.")
        % said
    )


def _button(line: Line) -> dict[str, str]:
    """What one does with the one thing that a letter is about."""
    if line.act:
        return {"label": line.label, "url": line.act, "other": line.url}
    return {"label": _("Open it"), "url": line.url}


def _line(group: Group) -> Line:
    kind = kind_of(group.latest.kind)
    url = site_address() + reverse("inbox_notice", args=[group.latest.pk])
    if kind is None:
        return Line(group.sentence, url)
    act, facts = kind.act(group.latest), kind.facts(group.latest)
    return Line(
        group.sentence,
        url,
        str(act.label) if act else "",
        site_address() + act.path if act else "",
        facts,
    )


def _body(group: Group) -> Body | None:
    kind = kind_of(group.latest.kind)
    return kind.body(group.latest) if kind else None


def _letter(
    person: Person, *, about: str, subject: str, thread: str, number: str, **context: Any
) -> EmailMultiAlternatives:
    address = site_address()
    token = sign_pair(person.pk, about, purpose=UNSUBSCRIBE)
    way_out = address + reverse("unsubscribe", args=[token])
    subject = " ".join(subject.split())
    context |= {
        "subject": subject,
        "site_name": settings.FOLKMOOT_ORGANISATION or "Folkmoot",
        "choices_url": address + reverse("notice_choices"),
        "unsubscribe_url": way_out,
    }
    host = urlsplit(address).hostname or "localhost"
    root = f"<{hashlib.sha256(thread.encode()).hexdigest()[:24]}.thread@{host}>"
    text = render_to_string("notifications/letters/letter.txt", context)
    letter = EmailMultiAlternatives(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [person.email or ""],
        headers={
            "Message-ID": f"<{number}@{host}>",
            "In-Reply-To": root,
            "References": root,
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(as_html("notifications/letters/letter.html", context), "text/html")
    return letter


def as_html(template: str, context: dict[str, Any]) -> str:
    """A letter as a page, with its style in each element: mail programs read no files."""
    html = render_to_string(template, context)
    return css_inline.inline(html, extra_css=_css(), load_remote_stylesheets=False)


@cache
def _css() -> str:
    return (Path(__file__).parent / "letter.css").read_text()
