"""What the measurement needs to know from inside one home, as JSON: its pages with their statements, sessions.

`FOLKMOOT_HOME=… python -m bench.inside`, while the site runs.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.pages import Page, pages  # noqa: E402
from folkmoot.calendar.days import today  # noqa: E402
from folkmoot.communities.models import Community, Membership, Role, Stage  # noqa: E402
from folkmoot.core import clock  # noqa: E402
from folkmoot.discussions.actions import reply, start_thread  # noqa: E402
from folkmoot.discussions.models import Thread  # noqa: E402
from folkmoot.events.actions import feeds_of, invite, record_event  # noqa: E402
from folkmoot.events.models import LEARNING, Event  # noqa: E402
from folkmoot.people.models import Person  # noqa: E402

TWENTY = "Twenty posts"


def typical_community() -> Community:
    """The largest active community that visitors may see, of the first two thousand people."""
    open_ones = Community.objects.open(today()).filter(stage=Stage.ACTIVE, is_public=True, pk__lte=24)
    return open_ones.annotate(size=Count("memberships")).order_by("-size")[0]


def typical_lead() -> Person:
    """One of its leads."""
    current = Membership.objects.current(today())
    return current.filter(role=Role.LEAD, community=typical_community())[0].person


def typical_event() -> Event:
    """The latest learning event that it held."""
    events = Event.objects.hosted_by(typical_community().pk).past(clock.now())
    return events.filter(kind__in=LEARNING).exclude(status="cancelled")[0]


def typical_thread() -> str:
    """The path of a thread of twenty posts in that community, written if there is none."""
    community, lead = typical_community(), typical_lead()
    thread = Thread.objects.filter(community=community, title=TWENTY).first()
    if thread is None:
        words = (
            "What a post says, in the length that people write: three lines or so, and then they stop. " * 3
        )
        thread = start_thread(by=lead, community=community, kind="conversation", title=TWENTY, text=words)
        for _post in range(19):
            reply(by=lead, thread=thread, text=words)
    return thread.get_absolute_url()


FULL = "Two hundred answers"


def event_of(title: str, people: list[Person], **fields: int) -> Event:
    """An event to come in that community, whom these people answered; made if there is none."""
    community, lead = typical_community(), typical_lead()
    event = Event.objects.filter(community=community, title=title).first()
    if event is None:
        starts = clock.now() + timedelta(days=20)
        event = record_event(
            by=lead, community=community, kind="talk", title=title, starts_at=starts,
            ends_at=starts + timedelta(hours=1), timezone="Europe/London", **fields,
        )  # fmt: skip
        invite(by=lead, event=event, people=[], coming=[person.pk for person in people])
    return event


def answerers(number: int) -> dict[str, object]:
    """Who answers, and what: an event without an end of places, and three of fifty."""
    people = list(
        Person.objects.here(today()).filter(on_programme_team=False).order_by("pk")[20 : 20 + number]
    )
    alone = event_of("Alone", [])
    full = {name: event_of(name.title(), []) for name in ("spread", "crowd", "rush")}
    Event.objects.filter(pk__in=[event.pk for event in full.values()]).update(capacity=50)
    return {
        "people": [_cookie(person) for person in people],
        "alone": reverse("event_answer", args=[alone.pk]),
        **{
            name: {"pk": event.pk, "path": reverse("event_answer", args=[event.pk])}
            for name, event in full.items()
        },
    }


def every_page() -> list[Page]:
    """The pages to measure in this programme."""
    full = event_of(FULL, list(Person.objects.here(today()).order_by("pk")[:200]))
    _mine, programme, *_others = feeds_of(by=typical_lead())
    return pages(
        typical_community().slug,
        typical_lead().get_absolute_url(),
        typical_event().get_absolute_url(),
        f"{today():%Y-%m}",
        typical_thread(),
        full.get_absolute_url(),
        reverse("calendar_feed", args=[programme.secret]),
    )


def cookies() -> dict[str, str]:
    """{who: Cookie header}: a lead of that community, and somebody of the programme team."""
    team = Person.objects.get_queryset().filter(on_programme_team=True)[0]
    return {"lead": _cookie(typical_lead()), "team": _cookie(team)}


def statements(path: str, cookie: str, etag: str = "") -> tuple[int, float]:
    """How many statements a page needs, and the ms they took: the least of three readings."""
    client = Client(headers={"cookie": cookie} if cookie else {})
    headers, expected = ({"If-None-Match": etag}, 304) if etag else ({}, 200)
    found = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path, SERVER_NAME="127.0.0.1", headers=headers).status_code == expected, path
        found.append((len(caught), 1000 * sum(float(query["time"]) for query in caught.captured_queries)))
    return min(found)


def _cookie(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["made_at"] = time.time()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def writers(number: int) -> dict[str, object]:
    """Who may write: communities that anyone may join, people who never did, and the programme team."""
    open_ones = Community.objects.open(today()).filter(stage=Stage.ACTIVE, joining=Community.Joining.OPEN)
    strangers = Person.objects.here(today()).exclude(memberships__community__in=open_ones)
    people = strangers.filter(on_programme_team=False).order_by("pk")[:number]
    return {
        "communities": list(open_ones.values_list("slug", flat=True)),
        "people": [{"ref": one.ref, "pk": one.pk, "cookie": _cookie(one)} for one in people],
        "team": cookies()["team"],
    }


def main() -> None:
    """Print it; with `--writers N` or `--answerers N`, only who writes or answers."""
    if sys.argv[1:2] == ["--writers"]:
        json.dump(writers(int(sys.argv[2])), sys.stdout)
        return
    if sys.argv[1:2] == ["--answerers"]:
        json.dump(answerers(int(sys.argv[2])), sys.stdout)
        return
    who, found = cookies(), []
    for page in every_page():
        packed = {"Accept-Encoding": "gzip"}  # as calendars ask, and are told a weak one
        first = Client().get(page.path, SERVER_NAME="127.0.0.1", headers=packed) if page.unchanged else {}
        etag = first.get("ETag", "")
        count, ms = statements(page.path, who.get(page.who, ""), etag)
        said = {"statements": count, "sql_ms": ms, "cookie": who.get(page.who, ""), "etag": etag}
        found.append(asdict(page) | said)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
