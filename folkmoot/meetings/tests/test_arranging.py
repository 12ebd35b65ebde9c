"""Arranging a meeting: however one comes to the page, it looks by the day on which the charter asks for it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from folkmoot.calendar.actions import add_period
from folkmoot.calendar.days import zone
from folkmoot.calendar.models import Calendar
from folkmoot.communities.models import Community, StageChange
from folkmoot.discussions.tests.world import client_of
from folkmoot.events.actions import record_event
from folkmoot.health.measuring import measure
from folkmoot.meetings.arranging import Offer
from folkmoot.meetings.tests.world import poll_of
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 11, 10, tzinfo=UTC)  # a Monday
SPONSOR, CORE = (f"/communities/data/arranging/{kind}_meeting/" for kind in ("sponsor", "core"))


@pytest.fixture(autouse=True)
def _now(people: dict[str, Person]) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def meet(people: dict[str, Person], community: Community, kind: str, ago: int) -> None:
    starts = NOW - timedelta(days=ago)
    record_event(
        by=people["ada"], community=community, kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=1),
        timezone="Europe/London", attended=[people["ada"], people["sam"]],
    )  # fmt: skip


def days_in_january(page: Any) -> list[int]:
    offers: list[Offer] = page.context["offers"]
    return [(offer.starts_at.astimezone(zone()).date() - date(2026, 12, 31)).days for offer in offers]


def test_every_way_leads_to_times_by_the_day_on_which_it_is_due(people: dict[str, Person], data: Community):
    meet(people, data, "sponsor_meeting", 38)
    ada, soon = client_of(people["ada"]), [13, 14, 15]
    step = measure(NOW.date())[0].finding("sponsor_meeting").step.url
    assert step == f"{SPONSOR}?by=2027-01-15"
    for address in (step, SPONSOR, f"{SPONSOR}?by=soon"):
        assert days_in_january(ada.get(address)) == soon
    given_up = ada.post(f"/polls/{poll_of(people, data).pk}/end/", follow=True)
    assert days_in_january(given_up) == soon
    assert min(days_in_january(ada.get(f"{SPONSOR}?by=2027-03-01"))) > 15, "whoever names a day means it"


def test_a_core_meeting_is_hurried_into_a_term_that_has_had_none_only(
    people: dict[str, Person], data: Community
):
    calendar = Calendar.objects.organisations()
    calendar.periods.all().delete()
    start, end = date(2026, 10, 12), date(2027, 1, 19)
    add_period(by=None, calendar=calendar, name="Autumn", kind="term", start=start, end=end)
    ada = client_of(people["ada"])
    assert len(days_in_january(ada.get(CORE))) == 3
    meet(people, data, "core_meeting", 20)
    assert days_in_january(ada.get(CORE)) == [18, 19], "people have a week to answer"


def test_where_nothing_is_measured_nothing_is_due(people: dict[str, Person], data: Community):
    meet(people, data, "sponsor_meeting", 38)
    StageChange.objects.update(stage="proposed")
    assert min(days_in_january(client_of(people["ada"]).get(SPONSOR))) > 15


def test_it_costs_the_same_whatever_was_held(people: dict[str, Person], data: Community):
    ada, counted = client_of(people["ada"]), []
    for number in (1, 50):
        for ago in range(number):
            meet(people, data, "sponsor_meeting", 38 + ago)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert ada.get(SPONSOR).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1] < 24
