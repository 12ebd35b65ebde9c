"""Memberships: known by community, person, role and first day."""

import random
from datetime import date, timedelta

import pytest
import time_machine

from folkmoot.calendar.days import today
from folkmoot.communities.actions import change_role, end_membership, join
from folkmoot.communities.models import Community, Membership
from folkmoot.exchange.tests.importing import (
    COMMUNITIES,
    PEOPLE,
    UNITS,
    memberships,
    outcomes,
    rejections,
    why,
)
from folkmoot.people.models import Person

HEADER = "community,person,role,since,until\n"
RD = "research-data"


def imported(desk, rows, **options):
    return desk.imports(memberships=HEADER + rows, **options)


def member(ref):
    return Membership.objects.current(today()).get(person__ref=ref)


def test_people_are_named_by_id_or_address(desk):
    desk.imports_all()
    assert memberships() == [
        ("old-ways", "000003", "wider", "2020-01-01", "2022-06-30"),
        (RD, "000001", "lead", "2024-01-08", ""),
        (RD, "000002", "core", "2024-02-01", "2025-01-31"),
    ]
    again = imported(desk, f"{RD},ADA@uni.example,lead,2024-01-08,\n{RD},000002,core,2024-02-01,2025-01-31\n")
    assert outcomes(again, "memberships") == {"unchanged": 2}


def test_an_unknown_reference_is_refused_with_the_nearest(desk):
    desk.imports_all()
    rows = f"research-dat,000001,wider,,\n{RD},1,wider,,\n{RD},ada@uni.exmaple,wider,,\n"
    rows += f"{RD},000001,led,,\n{RD},,core,,\n"
    report = imported(desk, rows)
    assert rejections(report) == [
        ("memberships.csv", 2, "community"), ("memberships.csv", 3, "person"), ("memberships.csv", 4, "person"),
        ("memberships.csv", 5, "role"), ("memberships.csv", 6, "person"),
    ]  # fmt: skip
    for near in ("“research-data”", "“000001”", "“ada@uni.example”", "“lead”"):
        assert f"nearest is {near}" in why(report)


def test_a_day_that_is_none_and_days_out_of_order_are_refused(desk):
    desk.imports_all()
    report = imported(
        desk,
        f"{RD},000003,core,soon,\n{RD},000003,core,2025-02-01,2025-01-01\n{RD},000003,core,03/04/2025,\n",
    )
    assert rejections(report) == [
        ("memberships.csv", 2, "since"), ("memberships.csv", 3, "until"), ("memberships.csv", 4, "since"),
    ]  # fmt: skip


def test_days_within_days_of_the_same_role_say_nothing_new(desk):
    desk.imports_all()
    report = imported(
        desk, f"{RD},000001,lead,2024-06-01,2024-07-01\n{RD},000002,core,2024-02-02,2024-03-01\n"
    )
    assert outcomes(report, "memberships") == {"unchanged": 2}
    assert len(memberships()) == 3


def test_other_overlaps_are_refused_and_said(desk):
    desk.imports_all()
    rows = f"{RD},000001,core,2025-01-01,\n{RD},000001,lead,2023-01-01,\n{RD},000002,wider,2025-01-31,\n"
    report = imported(desk, rows, skip_bad_rows=True)
    assert rejections(report) == [("memberships.csv", line, "since") for line in (2, 3, 4)]
    assert "lead since 8 January 2024 (on record here)" in why(report)
    assert "core member from 1 February 2024 to 31 January 2025" in why(report)


def test_a_sponsorship_stands_beside_a_seat(desk):
    desk.imports_all()
    report = imported(
        desk,
        f"{RD},000001,sponsor,2024-01-08,\n{RD},000001,sponsor,2025-01-08,\n{RD},000002,wider,2025-02-01,\n",
    )
    assert outcomes(report, "memberships") == {"created": 2, "unchanged": 1}


def test_rows_of_one_file_exclude_each_other_too(desk):
    desk.imports_all()
    rows = f"{RD},000003,core,2021-01-01,2021-06-30\n{RD},000003,core,2020-01-01,2022-12-31\n"
    rows += f"{RD},000003,wider,2022-12-31,\n"
    report = imported(desk, rows, skip_bad_rows=True)
    assert outcomes(report, "memberships") == {"created": 1, "unchanged": 1}
    assert rejections(report) == [("memberships.csv", 4, "since")]
    assert "(line 3)" in why(report)


def test_the_same_first_day_twice_in_a_file_settles(desk):
    desk.imports_all()
    rows = f"{RD},000003,core,2020-01-01,2020-06-30\n{RD},000003,core,2020-01-01,2021-06-30\n"
    assert outcomes(imported(desk, rows), "memberships") == {"created": 1, "unchanged": 1}
    assert outcomes(imported(desk, rows), "memberships") == {"unchanged": 2}
    assert (RD, "000003", "core", "2020-01-01", "2021-06-30") in memberships()


def test_a_row_without_a_first_day_begins_when_it_is_first_imported(desk):
    desk.imports_all()
    with time_machine.travel("2026-11-20 12:00"):
        assert outcomes(imported(desk, f"{RD},000003,core,,\n"), "memberships") == {"created": 1}
    with time_machine.travel("2026-11-23 12:00"):
        assert outcomes(imported(desk, f"{RD},000003,core,,\n"), "memberships") == {"unchanged": 1}
    assert (RD, "000003", "core", "2026-11-20", "") in memberships()


def test_a_row_without_a_first_day_of_somebody_who_is_in_says_nothing_new(desk):
    desk.imports_all()
    assert outcomes(imported(desk, f"{RD},000001,lead,,\n"), "memberships") == {"unchanged": 1}
    end_membership(by=Person.objects.get(ref="000002"), membership=member("000001"))
    assert outcomes(imported(desk, f"{RD},000001,lead,,\n"), "memberships") == {"kept": 1}


def test_a_last_day_that_the_file_changes_is_written(desk):
    desk.imports_all()
    report = imported(desk, f"{RD},000001,lead,2024-01-08,2026-12-31\n{RD},000002,core,2024-02-01,\n")
    assert outcomes(report, "memberships") == {"updated": 2}
    assert memberships()[1:] == [
        (RD, "000001", "lead", "2024-01-08", "2026-12-31"), (RD, "000002", "core", "2024-02-01", ""),
    ]  # fmt: skip


def test_a_hand_over_in_the_file_ends_one_role_and_begins_the_next(desk):
    desk.imports_all()
    rows = f"{RD},000001,core,2025-03-01,\n{RD},000001,lead,2024-01-08,2025-02-28\n"
    assert outcomes(imported(desk, rows), "memberships") == {"updated": 1, "created": 1}
    report = imported(desk, f"{RD},000001,lead,2024-01-08,2025-03-31\n{RD},000001,core,2025-03-01,\n")
    assert rejections(report) == [("memberships.csv", 2, "since")]


def test_what_was_ended_here_is_left_alone(desk):
    desk.imports_all()
    end_membership(by=Person.objects.get(ref="000002"), membership=member("000001"))
    before = memberships()
    report = desk.imports_all()
    assert outcomes(report, "memberships") == {"unchanged": 2, "kept": 1}
    later = imported(desk, f"{RD},000001,lead,2024-01-08,2027-01-01\n")
    assert outcomes(later, "memberships") == {"kept": 1}
    assert memberships() == before


def test_what_was_removed_or_changed_here_is_left_alone(desk):
    desk.imports_all()
    rows = f"{RD},000003,wider,2025-01-01,\n"
    imported(desk, rows)
    change_role(by=Person.objects.get(ref="000001"), membership=member("000003"), role="core")
    assert outcomes(imported(desk, rows), "memberships") == {"kept": 1}
    Membership.objects.filter(person__ref="000003", community__slug=RD).delete()
    assert outcomes(imported(desk, rows), "memberships") == {"kept": 1}
    assert not Membership.objects.filter(person__ref="000003", community__slug=RD).exists()


def test_what_was_ended_here_before_it_was_ever_imported_is_left_alone(desk):
    desk.imports_all()
    community, person = Community.objects.get(slug=RD), Person.objects.get(ref="000003")
    Membership.objects.create(
        community=community, person=person, role="wider", since=date(2025, 1, 1), until=date(2025, 2, 1)
    )
    assert outcomes(imported(desk, f"{RD},000003,wider,2025-01-01,\n"), "memberships") == {"kept": 1}


def test_who_joined_here_is_not_joined_twice(desk):
    desk.imports_all()
    join(by=Person.objects.get(ref="000003"), community=Community.objects.get(slug=RD))
    assert outcomes(imported(desk, f"{RD},000003,wider,,\n"), "memberships") == {"unchanged": 1}
    earlier = (today() - timedelta(days=9)).isoformat()
    assert rejections(imported(desk, f"{RD},000003,wider,{earlier},\n")) == [("memberships.csv", 2, "since")]


def test_memberships_outside_the_days_of_their_community_are_taken_as_they_are(desk):
    desk.imports_all()
    assert outcomes(imported(desk, "old-ways,000001,lead,2015-01-01,\n"), "memberships") == {"created": 1}


def test_people_whose_own_row_was_rejected_are_named_as_such(desk):
    report = desk.imports(
        communities="slug,name\na,A\n", people="id,name,email\n1,,x@x.org\n2,Bo,b@x.org\n",
        memberships=HEADER + "a,1,lead,,\na,b@x.org,core,,\n", skip_bad_rows=True,
    )  # fmt: skip
    assert rejections(report) == [("people.csv", 2, "name"), ("memberships.csv", 2, "person")]
    assert "was itself rejected (line 2)" in why(report)


def _some_rows(chance: random.Random, count: int) -> list[list[str]]:
    rows = []
    for _row in range(count):
        first = date(2024, 1, 1) + timedelta(days=chance.randrange(0, 60))
        last = first + timedelta(days=chance.randrange(0, 40)) if chance.random() < 0.7 else None
        who, role = (
            chance.choice(["000001", "000002", "000003"]),
            chance.choice(["lead", "sponsor", "core", "wider"]),
        )
        rows.append([RD, who, role, first.isoformat(), last.isoformat() if last else ""])
    return rows


@pytest.mark.parametrize("seed", range(20))
def test_any_file_imports_without_breaking_the_rules_and_then_says_nothing_new(desk, seed):
    chance = random.Random(seed)
    desk.imports(people=PEOPLE, units=UNITS, communities=COMMUNITIES)
    rows = _some_rows(chance, 14)
    for _time in range(3):
        imported(desk, "".join(",".join(row) + "\n" for row in rows), skip_bad_rows=True)
        before = memberships()
        again = outcomes(
            imported(desk, "".join(",".join(row) + "\n" for row in rows), skip_bad_rows=True), "memberships"
        )
        assert not {"created", "updated"} & set(again), again
        assert memberships() == before
        for row in chance.sample(rows, 4):  # the file changes some last days, and people end some here
            row[4] = "" if chance.random() < 0.5 else "2024-12-31"
        for held in chance.sample(list(Membership.objects.all()), 1):
            Membership.objects.filter(pk=held.pk).update(until=held.since)


def test_a_row_that_said_nothing_new_and_then_says_other_days_is_refused(desk):
    desk.imports_all()
    imported(desk, f"{RD},000002,core,2024-03-01,2024-06-30\n")
    report = imported(desk, f"{RD},000002,core,2024-03-01,2025-06-30\n")
    assert not report.committed
    assert "overlap" in report.rejected[0].problem
