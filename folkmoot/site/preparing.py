"""What happens once before a home serves: static files, the demo, and the first sign-in."""

import shutil

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from folkmoot.demo.loading import ensure_demo, is_demo
from folkmoot.people.actions import first_account_link, the_team_can_sign_in
from folkmoot.site.home import home, static_root


def prepare(*, demo: bool) -> None:
    """Collect static files where they have changed, load the demo into a home that is new, and mark it as prepared."""
    collect_static()
    mark = home() / "prepared"
    if demo and not mark.exists():
        ensure_demo()
    mark.touch()


def collect_static() -> None:
    """Collect, hash and compress static files into the folder of their stamp; earlier ones are removed."""
    if static_root().exists():
        return
    final = static_root()
    making = final.with_name(f"{final.name}.new")
    shutil.rmtree(making, ignore_errors=True)
    settings.STATIC_ROOT = making
    call_command("collectstatic", verbosity=0, interactive=False)
    settings.STATIC_ROOT = final
    for old in final.parent.iterdir():
        if old != making:
            shutil.rmtree(old, ignore_errors=True)
    making.rename(final)


def how_to_sign_in(address: str) -> str:
    """What follows “ready”."""
    if is_demo():
        return _("Sign in as one of the demo's people: %(address)s/demo/") % {"address": address}
    link = first_account_link(address)
    if link:
        return _("Open this link once to make the first programme-team account: %(link)s") % {"link": link}
    line = _("Sign in: %(address)s/accounts/login/") % {"address": address}
    if the_team_can_sign_in():
        return line
    return (
        line
        + "\n"
        + _(
            "Nobody of the programme team has a password, and no mail is sent: `folkmoot invite` makes them a link."
        )
    )
