"""A community that talks, for tests."""

from datetime import date

from django.conf import settings
from django.test import Client

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community, Membership, StageChange
from folkmoot.notifications.actions import tell
from folkmoot.notifications.inbox import inbox_of
from folkmoot.people.models import Person

HERE = "/communities/data/threads/"
CAST = {"ada": "lead", "dan": "core", "eve": "wider", "fay": ""}
TOLD: set[int] = set()


def community_of(people: dict[str, Person], slug: str = "data", **fields: str) -> Community:
    """A community of the cast, active since long ago."""
    made = Community.objects.create(slug=slug, name=slug.title(), since=date(2024, 1, 8), **fields)
    StageChange.objects.create(community=made, stage="active", since=made.since)
    Membership.objects.bulk_create(
        Membership(community=made, person=people[name], role=role, since=made.since)
        for name, role in CAST.items()
        if role
    )
    return made


def client_of(person: Person) -> Client:
    """A browser in which they have signed in."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def told() -> dict[str, list[str]]:
    """What everybody has in their inbox by now, each line of the ledger being told of once, as the job does."""
    for entry in Entry.objects.exclude(pk__in=TOLD).order_by("id"):
        TOLD.add(entry.pk)
        tell(entry)
    found = {person.ref: [each.sentence for each in inbox_of(person.pk)] for person in Person.objects.all()}
    return {ref: sentences for ref, sentences in found.items() if sentences}
