"""What every page shows around its content: navigation, the viewer, a banner. Plain values only."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from folkmoot.core.address import own_path
from folkmoot.demo.loading import is_demo
from folkmoot.people.models import Person

_ENTRANCES = ("/accounts/", "/demo/", "/welcome/")


def site(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page. No statement beyond the session's own."""
    viewer = getattr(request, "user", None)
    person = viewer if isinstance(viewer, Person) else None
    entries = [
        (_("Home"), reverse("home")),
        (_("Communities"), reverse("communities")),
        (_("Events"), reverse("events")),
    ]
    if person:
        entries.append((_("People"), reverse("people")))
    if person and person.on_programme_team:
        entries.append((_("Programme"), reverse("programme")))
    return {
        "site_name": settings.FOLKMOOT_ORGANISATION or "Folkmoot",
        "site_nav": [
            {"label": label, "url": url, "current": _is_current(request.path, url)} for label, url in entries
        ],
        "site_search": _search(request, person),
        "viewer": _viewer(person) if person else None,
        "sign_in_url": "" if person else _sign_in_url(request),
        "banner": _demo_banner(request),
        "footer_links": [{"label": _("The charter"), "url": reverse("charter")}] if person else [],
    }


def _demo_banner(request: HttpRequest) -> dict[str, str] | None:
    if not is_demo():
        return None
    text = _("This is an invented programme, to look around in.")
    going = urlencode({"next": request.GET["next"]}) if request.GET.get("next") else ""
    url = f"{reverse('demo')}?{going}" if going else reverse("demo")
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    action = (
        _("Look around as somebody else")
        if signed_in
        else _("Look around as one of six people, with one click")
    )
    return {"text": text, "url": url, "action": action}


def _sign_in_url(request: HttpRequest) -> str:
    """To sign in, and from there back here; from the pages of signing in on to where one wanted to go before."""
    url = reverse("account_login")
    is_entrance = request.path.startswith(_ENTRANCES)
    back = own_path(request.GET.get("next", "") if is_entrance else request.get_full_path())
    return f"{url}?{urlencode({'next': back})}" if back not in {"", "/"} else url


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _search(request: HttpRequest, person: Person | None) -> dict[str, str]:
    if person:
        url, label, placeholder = reverse("people"), _("Search people"), _("People")
    else:
        url, label, placeholder = reverse("communities"), _("Search communities"), _("Communities")
    value = request.GET.get("q", "") if request.path == url else ""
    return {"label": label, "placeholder": placeholder, "url": url, "value": value}


def _viewer(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "photo_url": person.photo_url,
        "profile_url": reverse("profile"),
        "inbox_url": reverse("inbox"),
        "has_news": person.has_news,
        "sign_out_url": reverse("account_logout"),
        "links": [
            {"label": _("My actions"), "url": reverse("actions")},
            {"label": _("Calendars"), "url": reverse("calendars")},
        ],
    }
