"""Beginning, changing and ending memberships.

What is done today to a membership ends the old one yesterday; one begun today is removed; the ledger keeps
both (CHARTER.md, Days).
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.charter.models import Version
from folkmoot.communities.models import (
    Community,
    Invitation,
    JoinRequest,
    Membership,
    MembershipQuerySet,
    Role,
    Stage,
)
from folkmoot.core import clock
from folkmoot.core.dates import say_day
from folkmoot.core.refused import Refused
from folkmoot.notifications.actions import settle_notices
from folkmoot.people.models import Person


@transaction.atomic
def join(*, by: Person, community: Community) -> Membership:
    """`by` becomes a member of a community that anyone may join, or that invited them.

    Refuses where one has to ask or to be invited, where the community is closed, and who is a member already.
    """
    community = locked(community)
    if seat_of(community, by) is not None:
        raise Refused(_("You are a member already."))
    invitation = Invitation.objects.open().filter(community=community, person=by).first()
    if invitation is None and community.joining == Community.Joining.REQUEST:
        raise Refused(_("This community is joined by request: ask, and a lead will answer."))
    if invitation is None and community.joining == Community.Joining.INVITATION:
        raise Refused(_("This community is joined by invitation. One of its leads can invite you."))
    role = invitation.role if invitation else Role.WIDER
    return begin(by=by, community=community, person=by, role=role, verb="joined")


@transaction.atomic
def step_up(*, by: Person, community: Community) -> Membership:
    """A wider member becomes a core member, by their own choice."""
    return _change_own_seat(by, locked(community), was=Role.WIDER, to=Role.CORE, verb="stepped_up")


@transaction.atomic
def step_back(*, by: Person, community: Community) -> Membership:
    """A core member becomes a wider member, by their own choice."""
    return _change_own_seat(by, locked(community), was=Role.CORE, to=Role.WIDER, verb="stepped_back")


@transaction.atomic
def step_down(*, by: Person, community: Community) -> Membership:
    """A lead becomes a core member, by their own choice. The page warns first, see `leads_left_without`."""
    return _change_own_seat(by, locked(community), was=Role.LEAD, to=Role.CORE, verb="stepped_down")


@transaction.atomic
def leave(*, by: Person, community: Community) -> None:
    """`by` gives up their seat, and any they were to take later. The page warns leads first."""
    community = locked(community, closed_too=True)
    seats = list(_not_ended(community, by).seats())
    if not seats:
        raise Refused(_("You are not a member of this community."))
    for seat in seats:
        finish(by=by, membership=seat, verb="left")


@transaction.atomic
def add_member(*, by: Person, community: Community, person: Person, role: str = Role.WIDER) -> Membership:
    """A lead or the programme team makes `person` a core or wider member.

    Refuses who is a member already: see `change_role`.
    """
    _check_seat_to_give(role)
    community = locked(community)
    seat = seat_of(community, person)
    if seat is not None:
        words = {"name": person.name, "role": str(seat.get_role_display()).lower()}
        raise Refused(_("%(name)s is a member already: %(role)s.") % words, "person")
    return begin(by=by, community=community, person=person, role=role, verb="added")


@transaction.atomic
def change_role(*, by: Person, membership: Membership, role: str) -> Membership:
    """A lead or the programme team makes a member core or wider; a lead gives up that post by it.

    Changing to the role they hold already changes nothing.
    """
    _check_seat_to_give(role)
    community = locked(membership.community)
    seat = (
        Membership.objects.current(today()).seats().select_related("person").filter(pk=membership.pk).first()
    )
    if seat is None:
        raise Refused(_("That membership has ended or changed meanwhile. Here is how it stands now."))
    if seat.role == role:
        return seat
    until = None if seat.role == Role.LEAD else seat.until
    return begin(by=by, community=community, person=seat.person, role=role, until=until, verb="role_changed")


@transaction.atomic
def appoint_lead(
    *, by: Person, community: Community, person: Person, since: date | None = None, until: date | None = None
) -> Membership:
    """Make `person` a lead from `since` (default: today) until the end of their term, if it has one.

    Appointing a lead again renews the term, or sets its end.
    """
    return begin(
        by=by,
        community=locked(community),
        person=person,
        role=Role.LEAD,
        since=since,
        until=until,
        verb="appointed",
    )


@transaction.atomic
def appoint_sponsor(
    *, by: Person, community: Community, person: Person, since: date | None = None, until: date | None = None
) -> Membership:
    """The programme team makes `person` the sponsor. Who sponsors already keeps their days unless ended."""
    return begin(
        by=by,
        community=locked(community),
        person=person,
        role=Role.SPONSOR,
        since=since,
        until=until,
        verb="appointed",
    )


@transaction.atomic
def give_role(
    *,
    by: Person,
    community: Community,
    person: Person,
    role: str,
    since: date | None = None,
    until: date | None = None,
) -> Membership:
    """Give `person` that role: leads and sponsors are appointed for their days, core and wider begin today.

    Refuses days for core and wider members, who come and go as they like.
    """
    if role == Role.LEAD:
        return appoint_lead(by=by, community=community, person=person, since=since, until=until)
    if role == Role.SPONSOR:
        return appoint_sponsor(by=by, community=community, person=person, since=since, until=until)
    if until is not None or (since is not None and since != today()):
        field = "until" if until is not None else "since"
        raise Refused(_("Days are for leads and sponsors; members begin today, without an end."), field)
    seat = seat_of(community, person)
    if seat is None:
        return add_member(by=by, community=community, person=person, role=role)
    return change_role(by=by, membership=seat, role=role)


@transaction.atomic
def end_membership(*, by: Person, membership: Membership) -> None:
    """A lead or the programme team ends somebody's membership today, or calls off one that was to begin."""
    locked_community = locked(membership.community, closed_too=True)
    found = Membership.objects.not_ended(today()).filter(pk=membership.pk).select_related("person").first()
    if found is None:
        raise Refused(_("That membership has ended already."))
    found.community = locked_community
    finish(by=by, membership=found, verb="removed")


def leads_left_without(community: Community, person: Person) -> int | None:
    """How many leads would stay in post if `person` left today, where that is fewer than the charter's least.

    None where nothing is wrong with it. Two statements.
    """
    day = today()
    leads = set(
        Membership.objects.current(day)
        .leads()
        .filter(community=community)
        .values_list("person_id", flat=True)
    )
    left = len(leads - {person.pk})
    least = Version.objects.in_force(day).value("leads", "least")
    return left if person.pk in leads and left < least else None


def locked(community: Community, *, closed_too: bool = False) -> Community:
    """The community, locked for the transaction, so that its memberships change one after the other."""
    Community.objects.select_for_update().only("pk").get(pk=community.pk)
    community = Community.objects.with_stage(today()).get(pk=community.pk)
    if community.stage == Stage.CLOSED and not closed_too:
        raise Refused(_("%(name)s is closed.") % {"name": community.name})
    return community


def seat_of(community: Community, person: Person) -> Membership | None:
    """The seat (lead, core or wider) that `person` holds today, if any."""
    return Membership.objects.current(today()).seats().filter(community=community, person=person).first()


def begin(
    *,
    by: Person | None,
    community: Community,
    person: Person,
    role: str,
    verb: str,
    since: date | None = None,
    until: date | None = None,
) -> Membership:
    """Give `person` a role from `since` (default: today), ending the seat they hold the day before.

    What they were to take later within these days is called off. A seat that is theirs today closes their
    waiting request and open invitation. Refuses days out of order or before the community, days already past
    that would change what is on record, people who have left, and a role that is held already on these days.
    """
    since = since or today()
    _check_days(community, person, since, until)
    same_kind = Membership.objects.filter(community=community, person=person)
    same_kind = same_kind.sponsors() if role == Role.SPONSOR else same_kind.seats()
    overlapping = list(same_kind.overlapping(since, until).order_by("since"))
    for held in overlapping:
        if held.role == role and held.covers(since) and held.until == until:
            words = {"name": person.name, "role": Role(role).label.lower()}
            raise Refused(_("%(name)s has this role here already: %(role)s.") % words, "person")
    if overlapping and since < today():
        raise Refused(
            _("%(name)s belonged here then; begin today or later.") % {"name": person.name}, "since"
        )
    ended = [_as_data(held) for held in overlapping]
    for held in overlapping:
        _make_room(held, since)
    membership = Membership.objects.create(
        community=community, person=person, role=role, since=since, until=until
    )
    if role != Role.SPONSOR and membership.covers(today()):
        _close_what_waits(by, community, person)
    data = _as_data(membership) | {"was": overlapping[0].role if overlapping else "", "ended": ended}
    record(verb, by=by, about=person, community=community, data=data)
    return membership


def finish(*, by: Person | None, membership: Membership, verb: str) -> None:
    """End a membership today: its last day is yesterday; one begun today, or later, is removed."""
    data = _as_data(membership)
    community, person = membership.community, membership.person
    _make_room(membership, today())
    record(verb, by=by, about=person, community=community, data=data)


def _make_room(membership: Membership, since: date) -> None:
    if membership.since >= since:
        membership.delete()
    else:
        membership.until = since - timedelta(days=1)
        membership.save(update_fields=["until"])


def _as_data(membership: Membership) -> dict[str, Any]:
    return {
        "role": str(membership.role),
        "since": membership.since.isoformat(),
        "until": membership.until.isoformat() if membership.until else None,
    }


def _close_what_waits(by: Person | None, community: Community, person: Person) -> None:
    now = clock.now()
    waiting = JoinRequest.objects.waiting().filter(community=community, person=person)
    for request in waiting:
        request_settled(community, request.pk)
    waiting.update(answered_at=now, answered_by=by, answer=JoinRequest.Answer.ACCEPTED)
    if Invitation.objects.open().filter(community=community, person=person).update(closed_at=now):
        invitation_settled(community, person.pk)


def request_settled(community: Community, request: int) -> None:
    """It waits in the inboxes of the leads no longer."""
    leads = Membership.objects.current(today()).leads().filter(community=community)
    page = reverse("community_request", args=[community.slug, request])
    settle_notices(leads.values("person"), kind="asked_to_join", url=page)


def invitation_settled(community: Community, person: int) -> None:
    """It waits in their inbox no longer."""
    settle_notices([person], kind="invited", community_id=community.pk)


def _not_ended(community: Community, person: Person) -> MembershipQuerySet:
    return (
        Membership.objects.not_ended(today())
        .filter(community=community, person=person)
        .select_related("community", "person")
    )


def _check_seat_to_give(role: str) -> None:
    if role not in {Role.CORE, Role.WIDER}:
        raise Refused(_("Leads and sponsors are appointed, not added."), "role")


def _check_days(community: Community, person: Person, since: date, until: date | None) -> None:
    if since < community.since:
        words = {"name": community.name, "day": say_day(community.since, today())}
        if community.since > today():
            raise Refused(_("%(name)s begins on %(day)s; nobody belongs to it before.") % words, "since")
        raise Refused(_("%(name)s began on %(day)s; nobody belonged to it before.") % words, "since")
    if until is not None and until < since:
        raise Refused(_("The last day lies before the first."), "until")
    if person.left is not None and person.left <= since:
        raise Refused(_("%(name)s has left the organisation.") % {"name": person.name}, "person")


def _change_own_seat(by: Person, community: Community, *, was: str, to: str, verb: str) -> Membership:
    seat = seat_of(community, by)
    if seat is not None and seat.role == to:
        return seat
    if seat is None or seat.role != was:
        raise Refused(_("You are not a %(role)s of this community.") % {"role": Role(was).label.lower()})
    until = None if was == Role.LEAD else seat.until
    return begin(by=by, community=community, person=by, role=to, until=until, verb=verb)
