"""What the charter says to leads, and to the programme team only where leads have not acted in a week."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from folkmoot.activity.models import Entry
from folkmoot.communities.notices import leads_of, name_of
from folkmoot.health.telling import LEFT, VERBS
from folkmoot.notifications.kinds import Kind, register
from folkmoot.people.models import Person


def _team(entry: Entry) -> QuerySet[Person]:
    return Person.objects.get_queryset().filter(on_programme_team=True)


register(
    Kind(
        key="commitment",
        title=_("Something your community promised falls due, or was missed"),
        verbs=frozenset(VERBS.values()),
        recipients=leads_of,
        words=_("%(community)s: %(about)s"),
        url=lambda entry: str(entry.data["url"]),
        where=name_of,
        about=lambda entry: str(entry.data["said"]),
        group=lambda entry: f"commitment:{entry.community_id}:{entry.data['commitment']}",
    ),
    Kind(
        key="commitment_left",
        title=_("For the programme team: leads have not acted for a week"),
        verbs=frozenset({LEFT}),
        recipients=_team,
        words=_("%(community)s, for a week: %(about)s"),
        url=lambda entry: str(entry.data["url"]),
        where=name_of,
        about=lambda entry: str(entry.data["said"]),
        group=lambda entry: f"commitment_left:{entry.community_id}:{entry.data['commitment']}",
        direct=False,
        is_for_team=True,
    ),
)
