"""Saying that a community's online space is alive, where Folkmoot cannot see it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities.models import ActiveDay, Community
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person


@transaction.atomic
def attest_active(*, by: Person, community: Community, day: date) -> None:
    """The space was active on `day`. Saying it again changes nothing. Refuses days ahead, and before the community."""
    if day > today():
        raise Refused(_("That day is still to come."), "day")
    if day < community.since:
        raise Refused(_("The community was not there yet on that day."), "day")
    _said, new = ActiveDay.objects.get_or_create(community=community, day=day, defaults={"by": by})
    if new:
        record("space_active", by=by, about=community, community=community, data={"day": day.isoformat()})
