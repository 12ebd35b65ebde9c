"""Who belongs to a community, and what leads do about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.charter.models import Version
from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.actions import end_membership, give_role
from folkmoot.communities.forms import RoleForm
from folkmoot.communities.models import (
    Figures,
    Invitation,
    JoinRequest,
    Membership,
    MembershipQuerySet,
    Role,
)
from folkmoot.communities.views.header import header, say_no, unconfirmed
from folkmoot.core.dates import say_day
from folkmoot.core.paging import KeyPage, first_page, page_by_key
from folkmoot.core.refused import Refused
from folkmoot.core.statements import statement
from folkmoot.people.access import me
from folkmoot.people.models import Person
from folkmoot.ui.forms import refuse

PAGE = 50
KEYS = ["role_order", "person__sort_name", "id"]
MOST_FOUND = 20
manages = of_community(may=lambda standing: standing.can_manage_members)


@dataclass(frozen=True)
class Addresses:
    """E-mail addresses to copy, sorted: those of leads and core members, and of everyone."""

    core: list[str]
    everyone: list[str]

    @classmethod
    def of(cls, standing: Standing) -> "Addresses":
        """Of the current members who have an address and are still here. One statement."""
        held = _addresses(standing.community.pk, standing.on)
        core = [email for role, email in held if role in {Role.LEAD, Role.CORE}]
        return cls(
            core=list(dict.fromkeys(core)), everyone=list(dict.fromkeys(email for _role, email in held))
        )


@of_community()
def members(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/members/`"""
    find = _words(request)
    page = _page(request, standing, find)
    context = header(standing, "members")
    context |= {"page": page, "find": find, "query": urlencode({"q": find}) if find else ""}
    context["groups"] = _groups(page.items, context["figures"])
    if standing.can_manage_members:
        context |= _for_leads(standing)
    return render(request, "communities/members.html", context)


@manages
def new_member(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/members/new/`: find somebody of the directory to add or appoint."""
    find = _words(request)
    found = _found(standing, find) if find else []
    context = header(standing) | {"find": find, "found": found, "more": len(found) == MOST_FOUND}
    return render(request, "communities/new_member.html", context)


@manages
def member(request: HttpRequest, standing: Standing, person: int) -> HttpResponse:
    """`…/members/<person>/`: somebody's roles here, and another role for them."""
    found = Person.objects.get_queryset().select_related("unit").filter(pk=person).first()
    if found is None:
        raise Http404
    history = list(Membership.objects.filter(community=standing.community, person=found).order_by("-since"))
    held = next((each for each in history if each.covers(standing.on)), None)
    shown = {"role": held.role if held else Role.WIDER, "until": held.until if held else None}
    form = RoleForm(request.POST or None, roles=standing.roles_to_give, initial=shown)
    consequence = None
    if request.method == "POST" and form.is_valid():
        if held and _is_held(history, standing.on, **form.cleaned_data):
            messages.info(request, _("That is how it stands already; nothing was changed."))
            return redirect("community_members", standing.community.slug)
        if form.cleaned_data["role"] in {Role.CORE, Role.WIDER}:
            consequence = unconfirmed(request, standing, found)
        if consequence is None and _gave_role(request, standing, found, form):
            return redirect("community_members", standing.community.slug)
    context = {"person": found, "form": form, "history": history, "consequence": consequence}
    return render(request, "communities/member.html", header(standing) | context)


@manages
def end_member(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/memberships/<id>/end/`: what it means to end it, and ending it."""
    memberships = Membership.objects.filter(community=standing.community).select_related(
        "person", "community"
    )
    membership = memberships.filter(pk=pk).first()
    if membership is None or not standing.may_end(membership):
        messages.info(request, _("That membership has ended already, or it is the programme team's to end."))
        return redirect("community_members", standing.community.slug)
    begun = membership.since <= standing.on
    leads = begun and membership.role == Role.LEAD
    left = unconfirmed(request, standing, membership.person) if leads else None
    if request.method == "POST" and left is None:
        _end(request, membership)
        return redirect("community_members", standing.community.slug)
    context = {"membership": membership, "begun": begun, "leads_left": left}
    return render(request, "communities/end_member.html", header(standing) | context)


def _end(request: HttpRequest, membership: Membership) -> None:
    try:
        end_membership(by=me(request), membership=membership)
    except Refused as refused:
        say_no(request, refused)
    else:
        messages.success(request, _("%(name)s: the membership has ended.") % {"name": membership.person.name})


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:200]


def _found(standing: Standing, find: str) -> list[tuple[Person, str]]:
    """The first people of the directory that match, each with their role here if any. Two statements."""
    here = Person.objects.here(standing.on).matching(find).select_related("unit")
    people = list(here.order_by("sort_name", "id")[:MOST_FOUND])
    held = Membership.objects.current(standing.on).filter(community=standing.community, person__in=people)
    roles = {person: str(Role(role).label) for person, role in held.values_list("person_id", "role")}
    return [(person, roles.get(person.pk, "")) for person in people]


def _is_held(history: list[Membership], on: date, role: str, since: date | None, until: date | None) -> bool:
    """Whether that role is held today for just these days; where no first day is asked for, since whenever."""
    return any(
        each.covers(on) and each.role == role and each.until == until and since in (None, each.since)
        for each in history
    )


def _gave_role(request: HttpRequest, standing: Standing, person: Person, form: RoleForm) -> bool:
    try:
        given = give_role(by=me(request), community=standing.community, person=person, **form.cleaned_data)
    except Refused as refused:
        refuse(form, refused)
        return False
    said = {
        "name": person.name,
        "role": given.get_role_display().lower(),
        "day": say_day(given.since, standing.on),
    }
    _warn_of_number(request, standing, given)
    if given.since > standing.on:
        messages.success(request, _("New role for %(name)s from %(day)s: %(role)s.") % said)
    else:
        messages.success(request, _("New role for %(name)s: %(role)s.") % said)
    return True


def _warn_of_number(request: HttpRequest, standing: Standing, given: Membership) -> None:
    """Say at once where there are now more leads or sponsors than the charter asks for."""
    if given.role not in {Role.LEAD, Role.SPONSOR}:
        return
    held = Membership.objects.current(standing.on).filter(community=standing.community, role=given.role)
    number = held.count()
    most = 1 if given.role == Role.SPONSOR else Version.objects.in_force(standing.on).value("leads", "most")
    if number > most:
        said = {
            "number": number,
            "role": _("sponsors") if given.role == Role.SPONSOR else _("leads"),
            "most": most,
        }
        messages.warning(
            request,
            _(
                "There are %(number)d %(role)s now, and the charter asks for %(most)d at most. End one of the terms."
            )
            % said,
        )


def _groups(rows: list[Membership], figures: Figures) -> list[tuple[str, int, list[Membership]]]:
    """The page's rows under the headings of their roles, in order, with how many there are in all."""
    headings = {
        Role.LEAD: (_("Leads"), figures.leads),
        Role.SPONSOR: (_("Sponsor"), figures.sponsors),
        Role.CORE: (_("Core members"), figures.core),
        Role.WIDER: (_("Wider members"), figures.wider),
    }
    grouped = [(*headings[role], [row for row in rows if row.role == role]) for role in headings]
    return [group for group in grouped if group[2]]


def _for_leads(standing: Standing) -> dict[str, Any]:
    """What waits, what is to come, and addresses. Four statements."""
    community, on = standing.community.pk, standing.on
    return {
        "requests": _requests(community),
        "invitations": _invitations(community),
        "changes": _coming_changes(community, on),
        "addresses": Addresses.of(standing),
    }


def _coming_changes(community: int, on: date) -> list[tuple[date, bool, Membership]]:
    """(day, whether it begins, membership) of appointments to come and terms that end, by day."""
    dated = _dated(community, on)
    begin = [(held.since, True, held) for held in dated if held.since > on]
    end = [(held.until, False, held) for held in dated if held.until is not None]
    return sorted(begin + end, key=lambda change: (change[0], change[1], change[2].pk))[:PAGE]


def _page(request: HttpRequest, standing: Standing, find: str) -> KeyPage[Membership]:
    """One page of the members; the one that most people open is asked for by a statement that is ready."""
    community, on = standing.community.pk, standing.shown_on
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if not (find or after or before):
        return first_page(_first(community, on), KEYS, size=PAGE)
    found = _in_order(community, on).matching(find)
    return page_by_key(found, KEYS, after=after, before=before, size=PAGE)


def _in_order(community: int, on: date) -> MembershipQuerySet:
    current = Membership.objects.current(on).filter(community=community)
    return current.in_role_order().select_related("person__unit")


@statement
def _first(community: int, on: date) -> MembershipQuerySet:
    return _in_order(community, on).order_by(*KEYS)[: PAGE + 1]


@statement
def _dated(community: int, on: date) -> MembershipQuerySet:
    return Membership.objects.dated_after(on).filter(community=community).select_related("person")


@statement
def _requests(community: int) -> QuerySet[JoinRequest]:
    waiting = JoinRequest.objects.waiting().filter(community=community)
    return waiting.select_related("person__unit").order_by("asked_at")[:PAGE]


@statement
def _invitations(community: int) -> QuerySet[Invitation]:
    invited = Invitation.objects.open().filter(community=community)
    return invited.select_related("person", "invited_by").order_by("-invited_at")[:PAGE]


@statement
def _addresses(community: int, on: date) -> QuerySet[Membership, tuple[str, str | None]]:
    current = Membership.objects.current(on).filter(community=community, person__email__isnull=False)
    here = current.filter(person__in=Person.objects.here(on))
    return here.order_by("person__email").values_list("role", "person__email")
