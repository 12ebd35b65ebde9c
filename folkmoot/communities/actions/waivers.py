"""Waiving a commitment for a community: by the programme team, for a reason and until a day."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.charter.commitments import commitments
from folkmoot.communities.models import Community, Waiver
from folkmoot.core.dates import say_day
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person

LONGEST = timedelta(days=3 * 366)


@transaction.atomic
def waive(
    *, by: Person, community: Community, commitment: str, reason: str, until: date, since: date | None = None
) -> Waiver:
    """Do not hold `community` to `commitment` from `since` (default: today) until the day `until`.

    Refuses what is waived on one of these days already, a last day that has passed, and more than three years.
    """
    since = since or today()
    reason = reason.strip()
    if commitment not in {each.key for each in commitments()}:
        raise Refused(_("There is no such commitment."), "commitment")
    if not reason:
        raise Refused(_("Say why: it stands beside the finding."), "reason")
    if until < max(since, today()):
        raise Refused(_("The last day lies before the first, or has passed."), "until")
    if until - since > LONGEST:
        raise Refused(_("A waiver lasts three years at most."), "until")
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    others = Waiver.objects.filter(community=community, commitment=commitment)
    other = others.filter(since__lte=until, until__gte=since).first()
    if other:
        raise Refused(
            _("It is waived until %(day)s already.") % {"day": say_day(other.until, today())}, "commitment"
        )
    waiver = Waiver.objects.create(
        community=community, commitment=commitment, reason=reason, since=since, until=until, given_by=by
    )
    record("waived", by=by, about=community, community=community, data=_said(waiver))
    return waiver


@transaction.atomic
def end_waiver(*, by: Person, waiver: Waiver) -> None:
    """Hold the community to it again from today: it ended yesterday; one of today is removed, the ledger keeps it."""
    Community.objects.select_for_update(of=("self",)).get(pk=waiver.community_id)
    waiver = Waiver.objects.select_related("community").get(pk=waiver.pk)
    if waiver.until < today():
        raise Refused(_("It has ended already."))
    record("waiver_ended", by=by, about=waiver.community, community=waiver.community, data=_said(waiver))
    if waiver.since >= today():
        waiver.delete()
    else:
        waiver.until = today() - timedelta(days=1)
        waiver.save(update_fields=["until"])


def _said(waiver: Waiver) -> dict[str, str]:
    return {
        "commitment": waiver.commitment,
        "reason": waiver.reason,
        "since": waiver.since.isoformat(),
        "until": waiver.until.isoformat(),
    }
