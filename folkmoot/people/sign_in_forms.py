"""allauth's forms in this house's words, looking accounts up in the directory."""

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.people.sign_in import account_of

ADDRESS = _("E-mail")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
AGAIN = _("The same password again")
CODE = _("Code")


class InOurWords:
    """Labels of this house above the fields, and no placeholders in them."""

    labels: Mapping[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make allauth's form, then name its fields."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, account.LoginForm):
    """Address and password."""

    labels = {"login": ADDRESS, "password": PASSWORD}


class CodeForm(InOurWords, account.RequestLoginCodeForm):
    """The address to which a code goes."""

    labels = {"email": ADDRESS}

    def clean_email(self) -> str:
        """The address as the directory has it; whether anybody has it is not shown.

        Folded first: no way of writing it is counted by itself, and no look-alike of it is written to.
        """
        email: str = self.cleaned_data["email"].strip().lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = account_of(email)
        return email


class ForgottenForm(InOurWords, account.ResetPasswordForm):
    """The address to which a link for a new password goes."""

    labels = {"email": ADDRESS}

    def clean_email(self) -> str:
        """The address as the directory has it; whether anybody has it is not shown.

        Folded first: no way of writing it is counted by itself, and no look-alike of it is written to.
        """
        email: str = self.cleaned_data["email"].strip().lower()
        person = account_of(email)
        self.users = [person] if person else []
        return email


class ConfirmCodeForm(InOurWords, account.ConfirmLoginCodeForm):
    """The code that was sent."""

    labels = {"code": CODE}


class ResetKeyForm(InOurWords, account.ResetPasswordKeyForm):
    """A new password, after a link."""

    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    """A new password, for who knows the old one."""

    labels = {"oldpassword": _("Current password"), "password1": NEW_PASSWORD, "password2": AGAIN}


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    """A first password."""

    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    labels = {"password": PASSWORD}


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    """A code of the authenticator app, or a recovery code."""

    labels = {"code": CODE}


class MfaReauthenticateForm(InOurWords, mfa.ReauthenticateForm):
    """The same, before something that matters."""

    labels = {"code": CODE}


class ActivateTotpForm(InOurWords, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    labels = {"code": _("Code shown by the app")}
