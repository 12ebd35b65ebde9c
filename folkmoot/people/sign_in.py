"""How allauth signs in people of the directory: by the one address the directory has for them.

allauth would keep a table of addresses of its own, which people add to. Here the organisation says who has
which address, and may give it to somebody else later; so everything that looks an account up asks the
directory, and allauth's table stays empty.
"""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.people import mail
from folkmoot.people.actions import withdraw_links
from folkmoot.people.models import Person
from folkmoot.people.sessions import person_of_session

LINKS = ("password_reset_url", "signup_url")


def account_of(email: str) -> Person | None:
    """The person who signs in with this address, unless they have left. One statement."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    return person if person and person.is_active else None


def _at_home(url: str) -> str:
    """The same page at the site's own address, where that is set: the host of a request is whatever was asked for."""
    return f"{settings.FOLKMOOT_URL}{urlsplit(url).path}" if settings.FOLKMOOT_URL else url


class Backend(AuthenticationBackend):
    """Signs in by address and password; who has left is signed out with their next request."""

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """The person whose session it is, unless they have left. One statement."""
        person = person_of_session(user_id)
        return person if person and person.is_active else None

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        return self._check_password(account_of(email), password)


class Adapter(DefaultAccountAdapter):
    """allauth's hooks: our letters, our sentences, our directory."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _(
            "This address and password do not match. Try again, or have a code sent to you."
        ),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This is not the code we sent. Check it and try again."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether the organisation has named domains whose addresses may join."""
        return bool(settings.FOLKMOOT_DOMAINS)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send one of the letters of sign-in; where that fails, say so instead of breaking."""
        links = {name: _at_home(url) for name, url in context.items() if name in LINKS}
        context = {**context, **links, "email": email, "open_to": settings.FOLKMOOT_DOMAINS}
        try:
            mail.send(template_prefix, email, context)
        except OSError as error:
            page = render(self.request, "account/mail_failed.html", status=503)
            raise ImmediateHttpResponse(page) from error

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Tell somebody what was changed about their sign-in. What was done stands if the letter fails."""
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except ImmediateHttpResponse:
            return

    def set_password(self, user: Any, password: str) -> None:
        """Set the password; one-time links end with it, and so does waiting after wrong guesses."""
        user.set_password(password)
        user.save(update_fields=["password"])
        withdraw_links(user.pk)
        if user.email:
            self._delete_login_attempts_cached_email(self.request, email=user.email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On from a first password to the first page, from a changed one back to the profile."""
        return "/" if request.path == reverse("account_set_password") else reverse("profile")

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether this is the password of the person who is signed in; guessing is limited as at the door."""
        self.pre_authenticate(self.request, email=user.email or user.ref)
        right = bool(user.check_password(password))
        if right:
            self._rollback_login_failed_rl_usage()
        return right

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's address; those who come through a local socket have none and count as one visitor."""
        return get_client_ip(request) or "local"


class MfaAdapter(DefaultMFAAdapter):
    """allauth's hooks of the second step: our sentences."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the code. Check it and try again."),
    }

    def build_totp_svg(self, url: str) -> str:
        """The picture for the app, on white: cameras cannot read it on a dark page."""
        opening, end, drawing = super().build_totp_svg(url).partition("><")
        return f'{opening}><rect width="100%" height="100%" fill="#fff"/{end}{drawing}'


class ResetTokens(PasswordResetTokenGenerator):
    """Links for a new password, which a sign-in, a new password or a new address ends (Django's own rule)."""
