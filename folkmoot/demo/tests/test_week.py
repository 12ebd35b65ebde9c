"""A week of the cast's life, and the letters that it gives them; each is kept beside this file.

`SNAPSHOTS=write bin/test folkmoot/demo/tests/test_week.py` writes them anew: read what has changed before it is kept.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from folkmoot.activity.models import Entry
from folkmoot.communities.actions import ask_to_join, join
from folkmoot.communities.models import Community
from folkmoot.demo.invention.data import toml
from folkmoot.demo.loading import load_demo
from folkmoot.discussions.actions import accept_answer, read_thread, reply, start_thread
from folkmoot.events.actions import record_event
from folkmoot.health.telling import tell_of_findings
from folkmoot.notifications import mailing
from folkmoot.notifications.actions import read_notices, tell
from folkmoot.people.models import Person

HERE = Path(__file__).parent / "letters"
MONDAY = datetime(2026, 6, 8, 8, 0, tzinfo=UTC)  # nine in London
CAST = ("newcomer", "wider", "core", "lead", "sponsor", "programme")


@pytest.fixture(scope="module")
def week(django_db_setup, django_db_blocker) -> Iterator[dict[str, list[str]]]:
    """{face of the cast: their letters}, the week told from Monday to Monday."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(MONDAY, tick=False) as clock:
            load_demo(today=MONDAY.date())
            yield _live(clock)
        transaction.set_rollback(True)


def _live(clock: time_machine.Traveller) -> dict[str, list[str]]:
    people = {
        one["key"]: Person.objects.get_queryset().get(name=one["name"]) for one in toml("cast")["member"]
    }
    events, advice = (
        Community.objects.get(slug=slug) for slug in ("events-management", "accessible-by-design")
    )
    last = Entry.objects.order_by("-id")[0].pk

    def at(day: int, hour: int) -> None:
        """Go on to that hour; the worker tells of what was done until then, and the charter speaks in the morning."""
        nonlocal last
        entries = list(Entry.objects.filter(pk__gt=last).order_by("id"))
        for entry in entries:
            tell(entry)
            last = entry.pk
        for entry in entries:
            for notice in mailing.due_at_once(entry.pk):
                mailing.mail_at_once(notice)
        clock.move_to(MONDAY + timedelta(days=day, hours=hour))

    at(0, 1)
    tell_of_findings(MONDAY.date())
    question = start_thread(
        by=people["core"], community=events, kind="question", title="Who lends us a lectern?",
        text=f"Ours is broken. @{people['lead'].name}, do you know?",
    )  # fmt: skip
    at(1, 2)
    answer = reply(by=people["lead"], thread=question, text="The chapel does.")
    ask_to_join(by=people["wider"], community=events)
    at(2, 3)
    accept_answer(by=people["core"], thread=question, post=answer)
    start_thread(
        by=people["lead"], community=events, kind="announcement", title="The new checklist", text="Is here."
    )
    at(3, 1)
    join(by=people["newcomer"], community=advice)
    starts = MONDAY + timedelta(days=9, hours=4)
    record_event(
        by=people["lead"], community=events, kind="lunch_and_learn", title="Rigging for beginners",
        starts_at=starts, ends_at=starts + timedelta(hours=1), timezone="Europe/London",
    )  # fmt: skip
    at(4, 5)
    # What somebody has read on the site stands in no letter.
    read_thread(by=people["core"], thread=question, number=2)
    read_notices(by=Person.objects.get_queryset().get(pk=people["core"].pk))
    at(7, 1)
    for person in mailing.due_for_digest(MONDAY + timedelta(days=7, hours=1)):
        if person in {one.pk for one in people.values()}:
            mailing.mail_digest(person)
    sent = {key: [letter for letter in mail.outbox if letter.to == [people[key].email]] for key in CAST}
    return {key: [_told(letter) for letter in letters] for key, letters in sent.items()}


def _told(letter: mail.EmailMessage) -> str:
    """Subject and text, without what is signed or numbered anew each time."""
    text = re.sub(r"/unsubscribe/[^\s/]+/", "/unsubscribe/…/", str(letter.body))
    return f"Subject: {letter.subject}\n\n" + re.sub(r"/inbox/\d+/", "/inbox/…/", text).strip()


@pytest.mark.parametrize("key", CAST)
def test_the_letters_of_a_week_are_those_that_were_read_and_kept(week: dict[str, list[str]], key: str):
    said = "\n\n=====\n\n".join(week[key]) + "\n" if week[key] else "No letter.\n"
    kept = HERE / f"{key}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        HERE.mkdir(exist_ok=True)
        kept.write_text(said)
    assert said == kept.read_text()
