"""Joining with an address of the organisation's own domains, shown to be one's own by a code.

Nobody is written into the directory before the code is right. Somebody who is in it already is simply signed
in, so the pages are the same for both and tell nobody who has an account.
"""

from dataclasses import asdict, dataclass, replace

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from folkmoot.core import clock
from folkmoot.people.actions import arrive
from folkmoot.people.forms import ArrivalForm, CodeForm

KEY = "folkmoot_arrival"
LIVES = 15 * 60
TRIES = 3


@dataclass(frozen=True)
class Arrival:
    """Somebody on their way in, kept in their session."""

    email: str
    name: str
    code: str
    at: float
    tries: int
    onward: str

    @staticmethod
    def of(request: HttpRequest) -> "Arrival | None":
        """Who is on their way in this session, while their code lives."""
        kept = request.session.get(KEY)
        arrival = Arrival(**kept) if kept else None
        return arrival if arrival and clock.now().timestamp() - arrival.at <= LIVES else None

    def keep(self, request: HttpRequest) -> None:
        """Remember in the session."""
        request.session[KEY] = asdict(self)


@never_cache
@rate_limit(action="signup")
def signup(request: HttpRequest) -> HttpResponse:
    """`/accounts/signup/`: name and address; a code goes there. Closed where no domains are named."""
    if request.user.is_authenticated:
        return redirect("/")
    if not settings.FOLKMOOT_DOMAINS:
        return render(request, "account/signup_closed.html", status=403)
    form = ArrivalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="request_login_code", key=email):
            return ratelimit.respond_429(request)
        code = get_adapter().generate_login_code()
        get_adapter().send_mail("account/email/arrival_code", email, {"code": code})
        Arrival(email, form.cleaned_data["name"], code, clock.now().timestamp(), 0, _onward(request)).keep(
            request
        )
        return redirect("account_signup_confirm")
    status = 422 if form.errors else 200
    return render(request, "account/signup.html", {"form": form, "next": _onward(request)}, status=status)


@never_cache
def signup_confirm(request: HttpRequest) -> HttpResponse:
    """`/accounts/signup/confirm/`: the code. Three wrong ones and it is void."""
    arrival = Arrival.of(request)
    if arrival is None:
        return redirect("account_signup")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if compare_user_code(actual=form.cleaned_data["code"], expected=arrival.code):
            del request.session[KEY]
            person = arrive(email=arrival.email, name=arrival.name)
            return perform_login(request, person, email=arrival.email, redirect_url=arrival.onward)
        arrival = replace(arrival, tries=arrival.tries + 1)
        if arrival.tries >= TRIES:
            del request.session[KEY]
            messages.error(request, _("That was not the code, three times. Please ask for a new one."))
            return redirect("account_signup")
        arrival.keep(request)
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
    context = {"form": form, "email": arrival.email}
    return render(request, "account/signup_confirm.html", context, status=422 if form.errors else 200)


def _onward(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that is one of our own pages."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else ""
