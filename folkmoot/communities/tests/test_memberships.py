"""Joining, stepping up and back, appointing, ending: what is written and refused, what the database holds."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities import actions
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership
from folkmoot.core.meanwhile import Changed, marks
from folkmoot.core.refused import Refused

from .world import LONG_AGO, belongs, community, days_of, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ada():
    return person("Ada Adeyemi")


@pytest.fixture
def grace():
    return person("Grace Mensah")


@pytest.fixture
def data(grace):
    made = community("Data")
    belongs(grace, made, "lead")
    return made


def last_entry() -> Entry:
    return Entry.objects.latest("id")


def test_joining_an_open_community_makes_a_wider_member_today(ada, data):
    actions.join(by=ada, community=data)
    assert days_of(ada, data) == [("wider", today(), None)]
    assert (last_entry().verb, last_entry().about_id, last_entry().community_id) == (
        "joined",
        ada.pk,
        data.pk,
    )


def test_joining_twice_is_refused_kindly_and_writes_nothing(ada, data):
    actions.join(by=ada, community=data)
    with pytest.raises(Refused, match="member already"):
        actions.join(by=ada, community=data)
    assert Entry.objects.count() == Membership.objects.filter(person=ada).count() == 1


@pytest.mark.parametrize(("joining", "says"), [("request", "by request"), ("invitation", "by invitation")])
def test_joining_is_refused_where_one_has_to_ask_or_be_invited(ada, joining, says):
    with pytest.raises(Refused, match=says):
        actions.join(by=ada, community=community("Data", joining=joining))


def test_an_invited_person_joins_in_the_role_of_the_invitation(ada, grace):
    data = community("Data", joining="invitation")
    Invitation.objects.create(community=data, person=ada, role="core", invited_by=grace)
    assert actions.join(by=ada, community=data).role == "core"
    assert not Invitation.objects.open().exists()


@pytest.mark.parametrize("verb", [actions.join, actions.step_up, actions.step_back])
def test_a_closed_community_takes_no_members(ada, verb):
    closed = community("Data", "closed")
    with pytest.raises(Refused, match="Data is closed"):
        verb(by=ada, community=closed)


def test_somebody_may_leave_even_a_closed_community(ada):
    closed = community("Data", "closed")
    belongs(ada, closed)
    actions.leave(by=ada, community=closed)
    assert days_of(ada, closed) == [("wider", LONG_AGO, today() - DAY)]


def test_what_is_done_today_ends_the_old_membership_yesterday_and_the_ledger_keeps_both(ada, data):
    belongs(ada, data, "wider")
    actions.step_up(by=ada, community=data)
    assert days_of(ada, data) == [("wider", LONG_AGO, today() - DAY), ("core", today(), None)]
    assert last_entry().data["ended"] == [{"role": "wider", "since": LONG_AGO.isoformat(), "until": None}]
    assert last_entry().data["role"] == "core"


def test_what_began_today_is_removed_and_the_ledger_keeps_both(ada, data):
    actions.join(by=ada, community=data)
    actions.step_up(by=ada, community=data)
    assert days_of(ada, data) == [("core", today(), None)]
    actions.leave(by=ada, community=data)
    assert days_of(ada, data) == []
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == [
        "joined",
        "stepped_up",
        "left",
    ]
    assert last_entry().data == {"role": "core", "since": today().isoformat(), "until": None}


def test_stepping_up_and_back_is_ones_own_choice_and_twice_is_fine(ada, data):
    actions.join(by=ada, community=data)
    assert actions.step_up(by=ada, community=data) == actions.step_up(by=ada, community=data)
    assert actions.step_back(by=ada, community=data).role == "wider"
    assert Entry.objects.filter(verb="stepped_up").count() == 1


def test_who_is_no_member_cannot_step_up_and_a_lead_does_not_step_back(ada, grace, data):
    with pytest.raises(Refused, match="not a wider member"):
        actions.step_up(by=ada, community=data)
    with pytest.raises(Refused, match="not a core member"):
        actions.step_back(by=grace, community=data)


def test_a_lead_who_steps_down_stays_as_a_core_member_without_an_end(ada, data):
    belongs(ada, data, "lead", until=today() + 30 * DAY)
    actions.step_down(by=ada, community=data)
    assert days_of(ada, data) == [("lead", LONG_AGO, today() - DAY), ("core", today(), None)]


def test_leaving_gives_up_what_was_to_come_too(ada, data):
    belongs(ada, data, "core", until=today() + 9 * DAY)
    belongs(ada, data, "lead", since=today() + 10 * DAY)
    actions.leave(by=ada, community=data)
    assert days_of(ada, data) == [("core", LONG_AGO, today() - DAY)]
    with pytest.raises(Refused, match="not a member"):
        actions.leave(by=ada, community=data)


def test_leaving_keeps_a_sponsor_the_sponsor(ada, data):
    belongs(ada, data, "sponsor")
    belongs(ada, data, "core")
    actions.leave(by=ada, community=data)
    assert ("sponsor", LONG_AGO, None) in days_of(ada, data)


def test_a_lead_is_appointed_for_a_term_that_begins_later_and_stays_core_until_then(ada, grace, data):
    belongs(ada, data, "core")
    begin, end = today() + 40 * DAY, today() + 400 * DAY
    actions.appoint_lead(by=grace, community=data, person=ada, since=begin, until=end)
    assert days_of(ada, data) == [("core", LONG_AGO, begin - DAY), ("lead", begin, end)]


def test_appointing_a_lead_again_renews_the_term_from_today(ada, grace, data):
    belongs(ada, data, "lead", until=today() + 5 * DAY)
    actions.appoint_lead(by=grace, community=data, person=ada, until=today() + 365 * DAY)
    assert days_of(ada, data) == [
        ("lead", LONG_AGO, today() - DAY),
        ("lead", today(), today() + 365 * DAY),
    ]


def test_appointing_what_somebody_holds_already_is_refused(ada, grace, data):
    belongs(ada, data, "lead")
    with pytest.raises(Refused, match="Ada Adeyemi has this role here already: lead"):
        actions.appoint_lead(by=grace, community=data, person=ada)


def test_an_appointment_never_changes_days_that_are_past(ada, grace, data):
    belongs(ada, data, "core")
    with pytest.raises(Refused, match="begin today or later") as refused:
        actions.appoint_lead(by=grace, community=data, person=ada, since=today() - 10 * DAY)
    assert refused.value.field == "since"
    assert days_of(ada, data) == [("core", LONG_AGO, None)]


def test_an_appointment_forgotten_until_now_may_be_recorded_where_nothing_stood(ada, grace, data):
    actions.appoint_lead(by=grace, community=data, person=ada, since=today() - 10 * DAY)
    assert days_of(ada, data) == [("lead", today() - 10 * DAY, None)]


def test_days_out_of_order_are_refused_beside_the_field(ada, grace, data):
    with pytest.raises(Refused) as refused:
        actions.appoint_lead(by=grace, community=data, person=ada, until=today() - DAY)
    assert refused.value.field == "until"


def test_nobody_belongs_to_a_community_before_it_began(ada, grace, data):
    with pytest.raises(Refused, match="Data began on 6 January 2020") as refused:
        actions.appoint_lead(by=grace, community=data, person=ada, since=LONG_AGO - DAY)
    assert refused.value.field == "since"
    assert days_of(ada, data) == []
    assert actions.appoint_lead(by=grace, community=data, person=ada, since=LONG_AGO)


def test_a_community_that_begins_later_takes_members_from_its_first_day(ada, grace):
    later = community("Later", "proposed", since=today() + 9 * DAY)
    with pytest.raises(Refused, match="begins on"):
        actions.join(by=ada, community=later)
    with pytest.raises(Refused, match="begins on"):
        actions.appoint_lead(by=grace, community=later, person=ada)
    assert actions.appoint_lead(by=grace, community=later, person=ada, since=later.since)


def test_somebody_who_has_left_the_organisation_is_not_appointed(grace, data):
    gone = person("Gone Person", left=today())
    with pytest.raises(Refused, match="has left"):
        actions.appoint_lead(by=grace, community=data, person=gone)
    staying = person("Staying Person", left=today() + DAY)
    assert actions.appoint_lead(by=grace, community=data, person=staying)


def test_a_sponsor_may_hold_a_seat_besides(ada, grace, data):
    belongs(ada, data, "core")
    actions.appoint_sponsor(by=grace, community=data, person=ada)
    assert days_of(ada, data) == [("core", LONG_AGO, None), ("sponsor", today(), None)]


def test_leads_add_members_and_move_them_between_core_and_wider(ada, grace, data):
    actions.add_member(by=grace, community=data, person=ada)
    with pytest.raises(Refused, match="member already: wider member"):
        actions.add_member(by=grace, community=data, person=ada, role="core")
    actions.give_role(by=grace, community=data, person=ada, role="core")
    assert days_of(ada, data) == [("core", today(), None)]
    assert last_entry().verb == "role_changed"


@pytest.mark.parametrize("role", ["lead", "sponsor"])
def test_leads_and_sponsors_are_appointed_not_added(ada, grace, data, role):
    with pytest.raises(Refused):
        actions.add_member(by=grace, community=data, person=ada, role=role)


def test_days_are_refused_for_members(ada, grace, data):
    for days, field in (({"until": today()}, "until"), ({"since": today() + DAY}, "since")):
        with pytest.raises(Refused) as refused:
            actions.give_role(by=grace, community=data, person=ada, role="wider", **days)
        assert refused.value.field == field


def test_adding_somebody_who_asked_answers_their_request(ada, grace):
    data = community("Data", joining="request")
    actions.ask_to_join(by=ada, community=data)
    actions.add_member(by=grace, community=data, person=ada)
    asked = JoinRequest.objects.get()
    assert (asked.answer, asked.answered_by) == ("accepted", grace)


def test_ending_a_membership_that_has_ended_meanwhile_is_refused_kindly(ada, grace, data):
    held = belongs(ada, data)
    actions.end_membership(by=grace, membership=held)
    assert days_of(ada, data) == [("wider", LONG_AGO, today() - DAY)]
    with pytest.raises(Refused, match="ended already"):
        actions.end_membership(by=grace, membership=held)


def test_calling_off_an_appointment_to_come_removes_it(ada, grace, data):
    held = belongs(ada, data, "lead", since=today() + DAY)
    actions.end_membership(by=grace, membership=held)
    assert days_of(ada, data) == []
    assert last_entry().data["since"] == (today() + DAY).isoformat()


def test_a_lead_is_warned_only_when_fewer_than_the_charter_asks_would_stay(ada, grace, data):
    assert actions.leads_left_without(data, grace) == 0
    belongs(ada, data, "lead")
    assert actions.leads_left_without(data, grace) == 1
    belongs(person("Luis Romero"), data, "lead")
    assert actions.leads_left_without(data, grace) is None
    assert actions.leads_left_without(data, person("Nobody Here")) is None


def test_the_database_holds_one_seat_a_person_and_the_sponsor_apart(ada, data):
    belongs(ada, data, "core", until=today())
    for role in ("lead", "core", "wider"):
        with pytest.raises(IntegrityError, match="one_seat"), transaction.atomic():
            belongs(ada, data, role, since=today())
    belongs(ada, data, "sponsor")
    with pytest.raises(IntegrityError, match="one_sponsorship"), transaction.atomic():
        belongs(ada, data, "sponsor", since=today(), until=today())
    belongs(ada, data, "lead", since=today() + DAY)
    belongs(ada, community("Events"), "core")
    belongs(person("Ben Okafor"), data, "core")


def test_the_database_refuses_days_out_of_order(ada, data):
    with pytest.raises(IntegrityError), transaction.atomic():
        belongs(ada, data, "core", since=today(), until=today() - DAY)


def test_the_database_holds_one_open_invitation_and_one_waiting_request(ada, data):
    for make in (
        lambda: Invitation.objects.create(community=data, person=ada),
        lambda: JoinRequest.objects.create(community=data, person=ada),
    ):
        make()
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(community=data, person=person("Ben Okafor"), role="lead")


def at_once(*verbs):
    """Run these in threads that start together, each on its own connection; outcomes, errors included."""
    barrier, outcomes = threading.Barrier(len(verbs)), []

    def run(verb):
        try:
            barrier.wait()
            outcomes.append(verb())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_joins_at_once_one_holds_and_one_is_refused(ada, data):
    outcomes = at_once(*[lambda: actions.join(by=ada, community=data)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Membership"] + ["Refused"] * 3
    assert days_of(ada, data) == [("wider", today(), None)]
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_join_and_an_appointment_at_once_leave_one_seat(ada, grace, data):
    outcomes = at_once(
        lambda: actions.join(by=ada, community=data),
        lambda: actions.appoint_lead(by=grace, community=data, person=ada),
        lambda: actions.give_role(by=grace, community=data, person=ada, role="core"),
    )
    assert all(isinstance(outcome, Membership | Refused) for outcome in outcomes), outcomes
    assert Membership.objects.filter(person=ada).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_leads_answering_one_request_at_once_answer_it_once(ada, grace):
    data = community("Data", joining="request")
    asked = actions.ask_to_join(by=ada, community=data)
    outcomes = at_once(
        lambda: actions.answer_request(by=grace, request=asked, accept=True),
        lambda: actions.answer_request(by=grace, request=asked, accept=False),
    )
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    asked.refresh_from_db()
    assert Membership.objects.filter(person=ada).count() == (1 if asked.answer == "accepted" else 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_holds_and_the_other_is_refused_with_what_it_says_now(grace, data):
    seen = marks(data, ["name", "summary"])
    outcomes = at_once(
        *[
            lambda word=word: actions.edit_community(
                by=grace, community=data, seen=seen, name="Data", summary=word
            )
            for word in ("One", "Two")
        ]
    )
    (kept,) = [outcome for outcome in outcomes if isinstance(outcome, Community)]
    (refused,) = [outcome for outcome in outcomes if isinstance(outcome, Changed)]
    assert refused.now == {"summary": kept.summary}
    assert Community.objects.get().summary == kept.summary
