"""Arriving by a one-time link."""

from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from folkmoot.core.refused import Refused
from folkmoot.people import mail
from folkmoot.people.actions import follow_link
from folkmoot.people.forms import FirstAccountForm
from folkmoot.people.models import SignInLink
from folkmoot.ui.forms import refuse


@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """`/welcome/<token>/`: looking changes nothing, as mail scanners look too; the button signs in."""
    link = SignInLink.objects.with_token(token).first()
    if link is None or (link.person and not link.person.is_active):
        return render(request, "people/welcome_over.html", status=410)
    form = None if link.person else FirstAccountForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            person = follow_link(token=token, **(form.cleaned_data if form else {}))
        except Refused as refusal:
            if form is None:
                return render(request, "people/welcome_over.html", status=410)
            refuse(form, refusal)
        else:
            logout(request)
            onward = reverse("account_set_password") if request.POST.get("then") == "password" else "/"
            return perform_login(request, person, redirect_url=onward)
    context = {"link": link, "form": form, "mail_is_sent": mail.is_configured()}
    return render(request, "people/welcome.html", context, status=422 if form and form.errors else 200)
