"""Whatever people do, on whatever days: nobody holds two seats, and the past stays as it was."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today, zone
from folkmoot.communities import actions
from folkmoot.communities.models import Membership
from folkmoot.core.refused import Refused

from .world import LONG_AGO, community, days_of, person

DAY = timedelta(days=1)
SPAN = 40
VERBS = ["join", "step_up", "step_back", "step_down", "leave", "core", "wider", "lead", "sponsor", "end"]
steps = st.lists(
    st.tuples(
        st.integers(0, 5),  # days that pass before it
        st.sampled_from(VERBS),
        st.integers(-3, 12),  # when an appointment begins, from that day
        st.one_of(st.none(), st.integers(0, 15)),  # how long it lasts
    ),
    min_size=1,
    max_size=12,
)


def act(verb: str, by, of, begin: int, length: int | None) -> None:
    """One step; refused is fine."""
    since = today() + begin * DAY
    until = None if length is None else since + length * DAY
    if verb in {"core", "wider"}:
        actions.give_role(by=by, community=of, person=by, role=verb)
    elif verb in {"lead", "sponsor"}:
        actions.give_role(by=by, community=of, person=by, role=verb, since=since, until=until)
    elif verb == "end":
        held = Membership.objects.filter(community=of).order_by("since").last()
        if held:
            actions.end_membership(by=by, membership=held)
    else:
        getattr(actions, verb)(by=by, community=of)


def roles_by_day(who, of) -> dict[int, list[str]]:
    """{day from the start: the roles held on it}, read slowly."""
    held = days_of(who, of)
    return {
        n: sorted(
            role for role, since, until in held
            if since <= LONG_AGO + n * DAY and (until is None or until >= LONG_AGO + n * DAY)
        )
        for n in range(SPAN * 3)
    }  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_nobody_holds_two_seats_and_the_past_stays_as_it_was(steps, request):
    number = Entry.objects.count(), Membership.objects.count()
    who, of = person(f"Ada {number} {id(steps)}", email=None), community(f"Data {id(steps)}")
    start = datetime.combine(LONG_AGO, time(12), tzinfo=zone())
    try:
        passed = 0
        for days, verb, begin, length in steps:
            passed += days
            with time_machine.travel(start + passed * DAY, tick=False):
                before, lines = roles_by_day(who, of), Entry.objects.count()
                try:
                    act(verb, who, of, begin, length)
                    refused = False
                except Refused:
                    refused = True
                after = roles_by_day(who, of)
                recorded = begin < 0 and verb in {"lead", "sponsor"} and not refused
                for n, roles in after.items():
                    seats = [role for role in roles if role != "sponsor"]
                    assert len(seats) <= 1
                    assert len(roles) - len(seats) <= 1
                    if n < passed and not recorded:
                        assert roles == before[n]
                    if n < passed and recorded:
                        assert set(before[n]) <= set(roles), "what was on record stays on record"
                if refused:
                    assert after == before
                    assert Entry.objects.count() == lines
                elif after != before:
                    assert Entry.objects.count() > lines
    finally:
        Membership.objects.filter(person=who).delete()
        of.delete()
        who.delete()
