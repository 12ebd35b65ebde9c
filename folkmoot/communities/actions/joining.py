"""Asking to join, answering, and inviting."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import line, record, record_all
from folkmoot.calendar.days import today
from folkmoot.communities.actions.memberships import (
    begin,
    invitation_settled,
    locked,
    request_settled,
    seat_of,
)
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership, Role
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person


@transaction.atomic
def ask_to_join(*, by: Person, community: Community, message: str = "") -> JoinRequest:
    """`by` asks to join; a lead will answer. Asking twice returns the request that waits already."""
    community = locked(community)
    if community.joining != Community.Joining.REQUEST:
        raise Refused(_("This community is not joined by request."))
    if seat_of(community, by) is not None:
        raise Refused(_("You are a member already."))
    if Invitation.objects.open().filter(community=community, person=by).exists():
        raise Refused(_("You have been invited, so you may join at once."))
    waiting = JoinRequest.objects.waiting().filter(community=community, person=by).first()
    if waiting is not None:
        return waiting
    request = JoinRequest.objects.create(community=community, person=by, message=message.strip()[:1000])
    record("asked_to_join", by=by, about=request, community=community)
    return request


@transaction.atomic
def withdraw_request(*, by: Person, community: Community) -> None:
    """`by` no longer wants to join. Withdrawing twice is fine."""
    community = locked(community, closed_too=True)
    for request in JoinRequest.objects.waiting().filter(community=community, person=by):
        _settle(request, by, JoinRequest.Answer.WITHDRAWN, "")
        record("withdrew_request", by=by, about=request, community=community)


@transaction.atomic
def answer_request(*, by: Person, request: JoinRequest, accept: bool, note: str = "") -> Membership | None:
    """A lead accepts, which returns the new membership, or declines. Refuses what was answered already."""
    community = locked(request.community)
    request = JoinRequest.objects.select_related("person", "community").get(pk=request.pk)
    if request.answer == JoinRequest.Answer.WITHDRAWN:
        raise Refused(_("%(name)s has withdrawn that request.") % {"name": request.person.name})
    if request.answered_at is not None:
        raise Refused(_("That request has been answered already."))
    answer = JoinRequest.Answer.ACCEPTED if accept else JoinRequest.Answer.DECLINED
    _settle(request, by, answer, note.strip()[:1000])
    if accept:
        return begin(by=by, community=community, person=request.person, role=Role.WIDER, verb="accepted")
    record("declined", by=by, about=request.person, community=community)
    return None


@dataclass(frozen=True)
class InvitationResult:
    """What came of one address; a sentence says it to a person.

    `outcome` is invited, member, asked, waiting, unknown, left or invalid.
    """

    address: str
    outcome: str
    sentence: str
    person: Person | None = None


MOST_ADDRESSES = 500


def addresses_in(text: str) -> list[str]:
    """The addresses in a list as people paste it: by line, comma or semicolon, with or without “Name <…>”."""
    # A name in quotes may hold commas: “"Doe, Jane" <jane@…>”, as Outlook copies it.
    text = re.sub(r'"[^"\n]*"(?=\s*<)', " ", text)
    parts = [part.strip() for part in re.split(r"[\n\r,;]+", text) if part.strip()]
    found: list[str] = []
    for part in parts:
        bracketed = re.findall(r"<([^<>]*)>", part)
        found += bracketed or (part.split() if part.count("@") > 1 else [part])
    return list(
        dict.fromkeys(address.strip().removeprefix("mailto:").lower() for address in found if address.strip())
    )


@transaction.atomic
def invite_people(
    *, by: Person, community: Community, addresses: Iterable[str], role: str = Role.WIDER
) -> list[InvitationResult]:
    """Invite people of the directory by address, in a role; one result an address, in the order given.

    As many statements for five hundred addresses as for one.
    """
    if role not in {Role.CORE, Role.WIDER}:
        raise Refused(_("People are invited as core or wider members."), "role")
    community = locked(community)
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))
    if not wanted:
        raise Refused(_("Give at least one address."), "addresses")
    if len(wanted) > MOST_ADDRESSES:
        raise Refused(
            _("That is more than %(most)d addresses at once.") % {"most": MOST_ADDRESSES}, "addresses"
        )
    people = {person.email: person for person in Person.objects.get_queryset().filter(email__in=wanted)}
    known = _known(community, [person.pk for person in people.values()])
    results = [_result(address, people.get(address), known) for address in wanted]
    fresh = [result.person for result in results if result.outcome == "invited" and result.person]
    Invitation.objects.bulk_create(
        Invitation(community=community, person=person, role=role, invited_by=by) for person in fresh
    )
    data = {"role": str(role)}
    record_all(line("invited", by=by, about=person, community=community, data=data) for person in fresh)
    return results


@transaction.atomic
def withdraw_invitation(*, by: Person, invitation: Invitation) -> None:
    """A lead takes an invitation back. Refuses one that has been answered."""
    community = locked(invitation.community, closed_too=True)
    found = Invitation.objects.open().filter(pk=invitation.pk).select_related("person").first()
    if found is None:
        raise Refused(_("That invitation has been answered or withdrawn already."))
    found.closed_at = clock.now()
    found.save(update_fields=["closed_at"])
    invitation_settled(community, found.person_id)
    record("invitation_withdrawn", by=by, about=found.person, community=community, data={"role": found.role})


@transaction.atomic
def decline_invitation(*, by: Person, community: Community) -> None:
    """`by` would rather not. Declining twice is fine."""
    if Invitation.objects.open().filter(community=community, person=by).update(closed_at=clock.now()):
        invitation_settled(community, by.pk)
        record("invitation_declined", by=by, about=by, community=community)


def _known(community: Community, people: list[int]) -> dict[int, str]:
    """{person id: member, asked or waiting} of these people, the first that applies."""
    members = Membership.objects.current(today()).seats().filter(community=community, person__in=people)
    asked = JoinRequest.objects.waiting().filter(community=community, person__in=people)
    invited = Invitation.objects.open().filter(community=community, person__in=people)
    return {
        **dict.fromkeys(invited.values_list("person_id", flat=True), "waiting"),
        **dict.fromkeys(asked.values_list("person_id", flat=True), "asked"),
        **dict.fromkeys(members.values_list("person_id", flat=True), "member"),
    }


def _result(address: str, person: Person | None, known: dict[int, str]) -> InvitationResult:
    if person is None:
        try:
            validate_email(address)
        except ValidationError:
            return InvitationResult(address, "invalid", _("This is not an e-mail address."))
        return InvitationResult(address, "unknown", _("Nobody in the directory has this address."))
    outcome = known.get(person.pk, "invited")
    if person.left is not None and person.left <= today():
        outcome = "left"
    sentences = {
        "left": _("%(name)s has left the organisation."),
        "member": _("%(name)s is a member already."),
        "asked": _("%(name)s has asked to join: answer that request."),
        "waiting": _("%(name)s has been invited before and has not answered yet."),
        "invited": _("%(name)s is invited."),
    }
    return InvitationResult(address, outcome, sentences[outcome] % {"name": person.name}, person)


def _settle(request: JoinRequest, by: Person, answer: str, note: str) -> None:
    request.answered_at = clock.now()
    request.answered_by = by
    request.answer = answer
    request.note = note
    request.save(update_fields=["answered_at", "answered_by", "answer", "note"])
    request_settled(request.community, request.pk)
