"""The stages of a community, each change dated."""

from datetime import date, timedelta

import pytest

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities import actions
from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused

from .world import LONG_AGO, community, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def olu():
    return person("Olu Bankole", on_programme_team=True)


def stages(of: Community) -> list[tuple[str, int]]:
    """(stage, days from today) of every change since long ago."""
    return [(change.stage, (change.since - today()).days) for change in of.stages.filter(since__gt=LONG_AGO)]


def test_a_stage_holds_from_its_day_until_the_next(olu):
    data = community("Data", "forming")
    actions.change_stage(by=olu, community=data, stage="active", on=today() - 10 * DAY)
    assert [data.stage_on(today() + n * DAY) for n in (-11, -10, 0)] == ["forming", "active", "active"]
    assert Entry.objects.latest("id").data == {
        "from": "forming", "to": "active", "on": (today() - 10 * DAY).isoformat()
    }  # fmt: skip


def test_closing_keeps_the_community_as_it_was_through_its_last_day(olu):
    data = community("Data")
    actions.change_stage(by=olu, community=data, stage="closed")
    data.refresh_from_db()
    assert data.until == today()
    assert [data.stage_on(today() + n * DAY) for n in (0, 1)] == ["active", "closed"]
    assert list(Community.objects.measured(today())) == [data]
    assert not Community.objects.measured(today() + DAY).exists()


def test_closing_twice_changes_nothing(olu):
    data = community("Data")
    assert actions.change_stage(by=olu, community=data, stage="closed")
    assert actions.change_stage(by=olu, community=data, stage="closed") is None
    assert Entry.objects.count() == 1


def test_no_community_closes_at_the_end_of_time(olu):
    with pytest.raises(Refused, match="earlier day") as refused:
        actions.change_stage(by=olu, community=community("Data"), stage="closed", on=date.max)
    assert refused.value.field == "on"


def test_reopening_clears_the_last_day_and_leaves_the_gap(olu):
    data = community("Data")
    actions.change_stage(by=olu, community=data, stage="closed", on=today() - 30 * DAY)
    actions.change_stage(by=olu, community=data, stage="active")
    data.refresh_from_db()
    assert data.until is None
    assert [data.stage_on(today() + n * DAY) for n in (-30, -29, -1, 0)] == [
        "active",
        "closed",
        "closed",
        "active",
    ]


def test_a_planned_closure_is_called_off_by_setting_the_stage_that_holds(olu):
    data = community("Data")
    actions.change_stage(by=olu, community=data, stage="closed", on=today() + 30 * DAY)
    assert actions.change_stage(by=olu, community=data, stage="active")
    data.refresh_from_db()
    assert data.until is None
    assert data.stage_on(today() + 60 * DAY) == "active"


def test_later_changes_are_dropped(olu):
    data = community("Data")
    actions.change_stage(by=olu, community=data, stage="resting", on=today() + 30 * DAY)
    actions.change_stage(by=olu, community=data, stage="resting", on=today() + 10 * DAY)
    assert stages(data) == [("resting", 10)]


def test_a_stage_before_the_beginning_is_refused_beside_the_day(olu):
    data = community("Data")
    with pytest.raises(Refused, match="began on 6 January 2020") as refused:
        actions.change_stage(by=olu, community=data, stage="active", on=LONG_AGO - DAY)
    assert refused.value.field == "on"


def test_before_its_first_stage_a_community_is_proposed_and_after_its_last_day_closed():
    data = community("Data", until=today() - DAY)
    assert [data.stage_on(on) for on in (LONG_AGO - DAY, LONG_AGO, today() - DAY, today())] == [
        "proposed", "active", "active", "closed"
    ]  # fmt: skip


@pytest.mark.parametrize("stage", ["proposed", "forming", "active", "resting", "closed"])
def test_is_measured_says_what_the_query_says(stage):
    for name, fields in {"Now": {}, "Over": {"until": today() - DAY}, "Last day": {"until": today()}}.items():
        made = community(name, stage, **fields)
        assert made.is_measured(today()) == Community.objects.measured(today()).filter(pk=made.pk).exists()
