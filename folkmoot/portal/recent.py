"""What happened lately in a community, worded for people. It says who came, never who went or was refused."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.communities.models import Community, Stage

NAMED = 3
# Of the latest entries of the ledger, those of one kind and day (or month) are one line. An appointment to come is for
# leads only, a renewal is no news, and what was taken back on its own day never was: no membership covers that day.
# Somebody who joined twice on one day is named once.
_RECENT = """
WITH latest AS (
    SELECT id, at, about_id, about_label, date_trunc(%(grain)s, at AT TIME ZONE %(zone)s) AS day,
           CASE WHEN verb IN ('joined', 'accepted', 'added') THEN 'joined'
                WHEN verb = 'stepped_up' THEN 'core'
                WHEN verb = 'community_created' THEN 'founded'
                WHEN verb = 'stage_changed' AND data->>'to' = ANY (%(stages)s) THEN 'stage'
                WHEN verb = 'appointed' AND data->>'role' IN ('lead', 'sponsor')
                     AND COALESCE(data->>'was', '') <> data->>'role'
                     AND COALESCE(data->>'since', '') <= (at AT TIME ZONE %(zone)s)::date::text THEN data->>'role'
           END AS kind,
           CASE WHEN verb = 'stage_changed' THEN data->>'to' ELSE '' END AS stage
    FROM activity_entry
    WHERE community_id = %(community)s AND verb IN (
        'joined', 'accepted', 'added', 'appointed', 'stepped_up', 'stage_changed', 'community_created')
    ORDER BY id DESC LIMIT 60
),
each_once AS (
    SELECT kind, stage, day, about_id, max(id) AS id, max(at) AS at,
           (array_agg(about_label ORDER BY id DESC))[1] AS label
    FROM latest WHERE kind IS NOT NULL AND (kind IN ('founded', 'stage') OR EXISTS (
        SELECT FROM communities_membership held
        WHERE held.community_id = %(community)s AND held.person_id = latest.about_id
          AND (kind = 'joined' OR held.role = kind)
          AND held.since <= (latest.at AT TIME ZONE %(zone)s)::date
          AND (held.until IS NULL OR held.until >= (latest.at AT TIME ZONE %(zone)s)::date)))
    GROUP BY kind, stage, day, about_id
)
SELECT kind, max(at), stage, count(about_id), (array_agg(label ORDER BY id DESC))[1:%(named)s]
FROM each_once GROUP BY kind, stage, day ORDER BY max(id) DESC LIMIT 6
"""


@dataclass(frozen=True)
class Happening:
    """One line: what happened, when last, to how many people, and the names of the first few."""

    kind: str
    at: datetime
    stage: str
    count: int
    names: list[str]

    def counted(self) -> str:
        """The sentence without names, for visitors."""
        match self.kind:
            case "joined":
                words = ngettext("One person joined.", "%(count)d people joined.", self.count)
            case "lead":
                words = ngettext("A lead was appointed.", "%(count)d leads were appointed.", self.count)
            case "sponsor":
                words = ngettext("A sponsor was appointed.", "%(count)d sponsors were appointed.", self.count)
            case "core":
                words = ngettext(
                    "A member stepped up to the core.",
                    "%(count)d members stepped up to the core.",
                    self.count,
                )
            case _:
                return self.said()
        return words % {"count": self.count}

    def said(self) -> str:
        """What follows the names, or the whole sentence where nobody is named."""
        match self.kind:
            case "joined":
                return _("joined.")
            case "lead":
                return _("became a lead.") if self.count == 1 else _("became leads.")
            case "sponsor":
                return _("became the sponsor.")
            case "core":
                return _("stepped up to the core.")
            case "founded":
                return _("The community was founded.")
            case _:
                return _("The community is now %(stage)s.") % {"stage": str(Stage(self.stage).label).lower()}

    @property
    def named(self) -> list[str]:
        """The names of the first few people; nobody is named where it happened to the community."""
        return [] if self.kind in {"stage", "founded"} else self.names

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return max(self.count - NAMED, 0)


def recently(community: Community, *, by_month: bool = False) -> list[Happening]:
    """The latest happenings, newest first; those of one kind and day (or month) are one line. One statement."""
    asked = {
        "community": community.pk,
        "grain": "month" if by_month else "day",
        "zone": settings.TIME_ZONE,
        "stages": Stage.values,
        "named": NAMED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, asked)
        return [Happening(*row) for row in cursor.fetchall()]
