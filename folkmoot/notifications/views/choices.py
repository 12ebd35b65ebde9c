"""Choosing what one hears of, and the one click out of a letter."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from folkmoot.notifications.actions import choose, choose_all, unsubscribe
from folkmoot.notifications.forms import ChoicesForm
from folkmoot.notifications.letters import unsubscribed
from folkmoot.notifications.models import When
from folkmoot.notifications.muting import never_opened
from folkmoot.people.access import me, signed_in
from folkmoot.people.models import Person


@signed_in
def choices(request: HttpRequest) -> HttpResponse:
    """`/inbox/choices/`: how soon one hears of what by e-mail, and when the digest comes."""
    form = ChoicesForm(request.POST or None, person=me(request))
    if request.method == "POST" and form.is_valid():
        choose_all(by=me(request), **form.values())
        messages.success(request, _("Your choices are kept."))
        return redirect("notice_choices")
    context = {"form": form, "parts": never_opened(me(request).pk)}
    return render(request, "notifications/choices.html", context, status=422 if form.is_bound else 200)


@signed_in
def mutes(request: HttpRequest) -> HttpResponse:
    """`/inbox/mutes/`: the button that mutes one kind in one community, which is suggested where it is never opened."""
    if request.method == "POST":
        for part in never_opened(me(request).pk):
            if request.POST.get("part") == f"{part.kind.key}:{part.community}":
                choose(by=me(request), kind=part.kind.key, when=When.NEVER, community=part.community)
                messages.success(
                    request, _("You hear no more of that. Everything stays in your inbox, as read.")
                )
    return redirect("notice_choices")


@csrf_exempt
def unsubscribing(request: HttpRequest, token: str) -> HttpResponse:
    """`/unsubscribe/<signed>/`: a button for people; a mail program's POST does it at once (RFC 8058)."""
    signed = unsubscribed(token)
    if signed is None:
        raise Http404
    pk, about = signed
    if request.method == "POST":
        unsubscribe(by=get_object_or_404(Person, pk=pk), about=about)
    return render(request, "notifications/unsubscribe.html", {"is_done": request.method == "POST"})
