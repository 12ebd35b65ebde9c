"""The sponsor's briefing: for leads and sponsor, on paper, and by a link from a letter without signing in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.calendar.days import today
from folkmoot.communities.access import FOR_LEADS, Standing, of_community
from folkmoot.communities.models import Community, Membership, MembershipQuerySet, Role
from folkmoot.communities.views.header import header
from folkmoot.core import clock
from folkmoot.core.numbers import as_id
from folkmoot.core.refused import Refused
from folkmoot.events.models import Event
from folkmoot.meetings.access import briefing_by_token
from folkmoot.meetings.actions import answer_ask, ask_sponsor, open_briefing, withdraw_ask, withdraw_briefing
from folkmoot.meetings.forms import AskAnswerForm, AskForm
from folkmoot.meetings.models import Ask, BriefingLink, sponsor_meetings
from folkmoot.people.access import me
from folkmoot.people.models import Person
from folkmoot.portal.briefing import briefing_of
from folkmoot.portal.paper import as_pdf
from folkmoot.portal.sending import BEFORE, still_waiting
from folkmoot.ui.forms import refuse

FOR_ITS_READERS = gettext_lazy(
    "A briefing is for the sponsor and the leads of its community, and the programme team."
)


@of_community(may=lambda standing: standing.can_record_events, reason=FOR_ITS_READERS, locks=False)
def briefing(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/briefing/`: a POST of those who look after the community asks the sponsor something."""
    community = standing.community
    form = AskForm(request.POST or None)
    if request.method == "POST" and not standing.can_edit:
        raise PermissionDenied(str(FOR_LEADS))
    if request.method == "POST" and form.is_valid():
        try:
            ask_sponsor(by=me(request), community=community, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("It stands in the briefing until it is answered."))
            return redirect("community_briefing", community.slug)
    found = briefing_of(community, standing.on)
    context = header(standing, "briefing") | {
        "briefing": found,
        "form": form,
        "links": (links := _links(standing, found.meeting)),
        "goes_out": "" if links else _goes_out(standing, found.meeting),
        "answers": Ask.Answer.choices,
        "may_answer": standing.is_sponsor,
    }
    return render(request, "portal/briefing.html", context, status=422 if form.is_bound else 200)


@of_community(may=lambda standing: standing.can_record_events, reason=FOR_ITS_READERS)
def paper(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/briefing.pdf`"""
    return _pdf(standing.community)


@of_community(
    may=lambda standing: standing.is_sponsor, reason=gettext_lazy("The sponsor answers these."), locks=False
)
def ask_answer(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/asks/answer/`: a POST is the sponsor's word on what is asked."""
    if request.method == "POST":
        _answer(request, standing.community, me(request))
    return redirect("community_briefing", standing.community.slug)


@of_community(may=lambda standing: standing.can_edit, locks=False)
def ask_removal(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`/communities/<slug>/asks/<id>/removal/`: a POST takes it back."""
    found = get_object_or_404(Ask, community=standing.community, pk=pk)
    if request.method == "POST":
        try:
            withdraw_ask(by=me(request), ask=found)
        except Refused as refused:
            messages.error(request, refused.sentence)
    return redirect("community_briefing", standing.community.slug)


@of_community(may=lambda standing: standing.can_edit, locks=False)
def link(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/briefing/link/`: a POST sends the sponsor the link now or again, or withdraws one."""
    community, number = standing.community, as_id(request.POST.get("withdraw"))
    if request.method == "POST" and number is not None:
        links = BriefingLink.objects.select_related("event", "community").filter(community=community)
        withdraw_briefing(by=me(request), link=get_object_or_404(links, pk=number))
        messages.success(request, _("The link opens nothing any more."))
    elif request.method == "POST":
        _send(request, standing, again=as_id(request.POST.get("again")))
    return redirect("community_briefing", community.slug)


def opened(request: HttpRequest, token: str) -> HttpResponse:
    """`/briefings/<token>/`: the same page for the sponsor, without signing in; a POST answers an ask."""
    found = briefing_by_token(token)
    if found is None:
        return _no_more(request)
    if request.method == "POST":
        _answer(request, found.community, found.person)
        return redirect("briefing_open", token)
    context = {
        "briefing": briefing_of(found.community, today()),
        "link": found,
        "token": token,
        "answers": Ask.Answer.choices,
        "may_answer": True,
    }
    response = render(request, "portal/briefing_opened.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def opened_paper(request: HttpRequest, token: str) -> HttpResponse:
    """`/briefings/<token>/briefing.pdf`"""
    found = briefing_by_token(token)
    return _pdf(found.community) if found else _no_more(request)


def _pdf(community: Community) -> HttpResponse:
    response = HttpResponse(as_pdf(briefing_of(community, today())), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="briefing-{community.slug}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _no_more(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/no_more.html", status=410)


def _answer(request: HttpRequest, community: Community, person: Person) -> None:
    form = AskAnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say yes, no, or let us talk about it."))
        return
    said = form.cleaned_data
    ask = get_object_or_404(Ask, community=community, pk=said["ask"])
    try:
        answer_ask(by=person, ask=ask, answer=said["answer"], note=said["note"], was=said["was"])
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Thank you: the leads are told."))


def _send(request: HttpRequest, standing: Standing, *, again: int | None = None) -> None:
    """The briefing before the next meeting, to the sponsor: to each, or to whom the link `again` is."""
    community, meeting = (
        standing.community,
        sponsor_meetings(standing.community.pk).coming(clock.now()).first(),
    )
    if meeting is None:
        messages.error(request, _("No meeting with the sponsor is booked; book one first."))
        return
    held = _sponsors(standing).select_related("person")
    if again is not None:
        held = held.filter(person__in=meeting.briefing_links.filter(pk=again).values("person"))
    if not (sponsors := [each.person for each in held]):
        messages.error(request, _("This community has no sponsor yet, to whom it could be sent."))
        return
    try:
        for sponsor in sponsors:
            open_briefing(by=me(request), event=meeting, community=community, person=sponsor)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("It is on its way to the sponsor."))


def _sponsors(standing: Standing) -> MembershipQuerySet:
    return Membership.objects.current(standing.on).filter(community=standing.community, role=Role.SPONSOR)


def _links(standing: Standing, meeting: Event | None) -> list[BriefingLink]:
    """Those that open the briefing before this meeting, for who looks after them."""
    if meeting is None or not standing.can_edit:
        return []
    links = meeting.briefing_links.open(clock.now()).filter(person__in=_sponsors(standing).values("person"))
    return list(links.select_related("person"))


def _goes_out(standing: Standing, meeting: Event | None) -> str:
    """Whether and when it goes out by itself, to a sponsor who has no link; for who looks after that."""
    if not standing.can_edit:
        return ""
    if meeting is not None and not _sponsors(standing).exists():
        return _("This community has no sponsor yet, to whom it could be sent.")
    if meeting is not None and not still_waiting(meeting).exists():
        return _("It was withdrawn, so it does not go out by itself any more.")
    if meeting is not None and meeting.starts_at <= clock.now() + BEFORE:
        return _("It goes out by itself within the hour, if the meeting has not begun by then.")
    return _(
        "It goes out by itself two days before the meeting, with a link that opens it without signing in."
    )
