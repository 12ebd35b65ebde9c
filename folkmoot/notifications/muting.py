"""What somebody is told again and again and never opens: whole parts of it, which they may want to hear no more of."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q

from folkmoot.core import clock
from folkmoot.notifications.kinds import Kind, kind_of
from folkmoot.notifications.models import Choice, Notice, When

LEAST, WITHIN = 8, timedelta(days=60)


@dataclass(frozen=True)
class Part:
    """One kind of notice in one community, of which so many came and none was read."""

    kind: Kind
    community: int
    community_label: str
    number: int


def never_opened(person: int) -> list[Part]:
    """What that person might mute, the most first: what came often in two months and was never read. Two statements.

    What is direct is not counted, and nothing that they have chosen already.
    """
    chosen = Choice.objects.filter(person=person, when=When.NEVER).values_list("kind", "community_id")
    never = set(chosen)
    told = Notice.objects.filter(person=person, at__gt=clock.now() - WITHIN, community_id__isnull=False)
    counted = (
        told.order_by()
        .values_list("kind", "community_id")
        .annotate(
            label=Max("community_label"),
            number=Count("pk"),
            read=Count("pk", filter=Q(read_at__isnull=False)),
        )
        .filter(number__gte=LEAST, read=0)
        .order_by("-number", "kind", "community_id")
    )
    parts = [
        Part(kind, community, label, number)
        for key, community, label, number, _read in counted
        if (kind := kind_of(key)) and not {(key, community), (key, None)} & never
    ]
    return [part for part in parts if not part.kind.direct]
