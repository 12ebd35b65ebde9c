"""A few words to build a small world with."""

from datetime import date, timedelta

from django.conf import settings
from django.test import Client
from django.test.utils import CaptureQueriesContext

from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.people.models import Person, Unit

LONG_AGO = date(2020, 1, 6)
YESTERDAY = timedelta(days=-1)


def statements(caught: CaptureQueriesContext) -> int:
    """How many were sent, but for the one that asks every twenty seconds whether this is the demo."""
    return sum("demo_demoprogramme" not in query["sql"] for query in caught)


def unit(name: str, kind: str = "academic") -> Unit:
    """A unit of a kind, made once."""
    values = {"name": name, "stated_kind": kind, "kind": kind}
    return Unit.objects.get_or_create(code=name.lower().replace(" ", "-"), defaults=values)[0]


def person(name: str, **fields) -> Person:
    """Somebody of the directory, with an address."""
    ref = name.lower().replace(" ", ".")
    return Person.objects.create(**({"ref": ref, "name": name, "email": f"{ref}@example.org"} | fields))


def community(name: str, stage: str = "active", **fields) -> Community:
    """A community in a stage since long ago."""
    slug = name.lower().replace(" ", "-")
    made = Community.objects.create(**({"slug": slug, "name": name, "since": LONG_AGO} | fields))
    StageChange.objects.create(community=made, stage=stage, since=LONG_AGO)
    return Community.objects.with_stage(today()).get(pk=made.pk)


def belongs(
    who: Person, to: Community, role: str = "wider", since: date = LONG_AGO, until: date | None = None
):
    """A membership, as an import would write it."""
    return Membership.objects.create(community=to, person=who, role=role, since=since, until=until)


def days_of(who: Person, of: Community) -> list[tuple[str, date, date | None]]:
    """(role, since, until) of somebody's memberships, in order."""
    found = Membership.objects.filter(person=who, community=of).order_by("since", "role")
    return list(found.values_list("role", "since", "until"))


def signed_in(who) -> Client:
    """A browser in which they have signed in."""
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def text(answer) -> str:
    """The page that came."""
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()
