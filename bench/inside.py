"""What the measurement needs to know from inside: sessions of the cast, statements of a page, an ordinary community."""

import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from folkmoot.calendar.days import today  # noqa: E402
from folkmoot.communities.models import Community, Membership, Role, Stage  # noqa: E402
from folkmoot.people.models import Person  # noqa: E402


def typical_community() -> str:
    """The slug of the largest active community that visitors may see."""
    open_ones = Community.objects.open(today()).filter(stage=Stage.ACTIVE, is_public=True)
    return open_ones.annotate(size=Count("memberships")).order_by("-size")[0].slug


def typical_lead() -> Person:
    """One of its leads."""
    current = Membership.objects.current(today())
    return current.filter(role=Role.LEAD, community__slug=typical_community())[0].person


def cookies() -> dict[str, str]:
    """{who: Cookie header}: a lead of that community, and somebody of the programme team."""
    team = Person.objects.get_queryset().filter(on_programme_team=True)[0]
    return {"lead": _cookie(typical_lead()), "team": _cookie(team)}


def statements(path: str, cookie: str) -> tuple[int, float]:
    """How many statements a page needs, and the ms they took: the least of three readings."""
    client = Client(headers={"cookie": cookie} if cookie else {})
    found = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path, SERVER_NAME="127.0.0.1").status_code == 200, path
        found.append((len(caught), 1000 * sum(float(query["time"]) for query in caught.captured_queries)))
    return min(found)


def _cookie(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["made_at"] = time.time()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
