"""Changing the charter: a new dated version, never a change of what judged the past unless one says so."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.charter.commitments import commitments
from folkmoot.charter.models import MeasuredFrom, Version
from folkmoot.core.meanwhile import Changed
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person


@transaction.atomic
def set_charter(
    *,
    by: Person,
    since: date,
    thresholds: dict[str, dict[str, int]],
    note: str = "",
    seen: dict[str, str] | None = None,
) -> Version:
    """Write the version that is in force from the day `since`; one of that day is replaced, the ledger keeps both.

    `thresholds` is {commitment: {threshold: whole number}}. Refuses numbers out of range, a least above a most,
    and to overrule on that day a version that changed since it was `seen` (the marks of `core.meanwhile`).
    """
    for commitment in commitments():
        stated = thresholds.get(commitment.key, {})
        for threshold in commitment.thresholds:
            number = stated.get(threshold.key, threshold.default)
            if not threshold.least <= number <= threshold.most:
                raise Refused(
                    _("“%(label)s” takes a whole number from %(least)d to %(most)d.")
                    % {"label": threshold.label, "least": threshold.least, "most": threshold.most},
                    f"{commitment.key}.{threshold.key}",
                )
        if stated.get("least", 0) > stated.get("most", 1_000_000):
            raise Refused(_("The fewest cannot be more than the most."), f"{commitment.key}.least")
    # All of them, so that versions are written one after the other whatever their days.
    list(Version.objects.select_for_update().order_by("pk"))
    _check_seen(seen, since, thresholds, note)
    held = Version.objects.in_force(since)
    if held.pk is not None and held.numbers() == _numbers(thresholds) and not note.strip():
        raise Refused(_("These are the numbers in force on that day already; nothing was written."))
    before = Version.objects.filter(since=since).first()
    version, _created = Version.objects.update_or_create(
        since=since, defaults={"thresholds": thresholds, "note": note}
    )
    data = {
        "since": since.isoformat(),
        "thresholds": thresholds,
        "replaced": before.thresholds if before else None,
    }
    record("charter_set", by=by, about=version, data=data)
    return version


@transaction.atomic
def withdraw_version(*, by: Person, version: Version) -> None:
    """Take a version out, as if it had never been written; the one before it is in force again. The ledger keeps it.

    Refuses to take out the only one.
    """
    versions = list(Version.objects.select_for_update().order_by("pk"))
    if version not in versions:
        raise Refused(_("It has been withdrawn already."))
    if len(versions) == 1:
        raise Refused(_("The programme needs a charter: write another version first."))
    data = {"since": version.since.isoformat(), "thresholds": version.thresholds, "note": version.note}
    record("charter_withdrawn", by=by, about=version, data=data)
    version.delete()


def _numbers(thresholds: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """What a version of these thresholds would say of every commitment."""
    return Version(thresholds=thresholds).numbers()


@transaction.atomic
def measure_from(*, by: Person, day: date | None) -> None:
    """Measure the programme from `day`; None: from the day of the first version. The ledger keeps both.

    Clocks of meetings and terms never start before it; leads and sponsors are always measured.
    """
    list(Version.objects.select_for_update().order_by("pk"))
    before = MeasuredFrom.objects.first()
    if (before.day if before else None) == day:
        return
    if day is None:
        MeasuredFrom.objects.all().delete()
    else:
        MeasuredFrom.objects.update_or_create(pk=1, defaults={"day": day})
    data = {"day": day and day.isoformat(), "was": before and before.day.isoformat()}
    record("measured_from", by=by, data=data)


def _check_seen(
    seen: dict[str, str] | None, since: date, thresholds: dict[str, dict[str, int]], note: str
) -> None:
    """Refuse where the version of that day is new or other than it was seen, and says other than this one."""
    held, fresh = Version.objects.in_force(since), Version.objects.marks()
    day = held.since.isoformat()
    if seen is None or held.pk is None or seen.get(day) == fresh[day]:
        return
    now = {
        f"{each.key}.{threshold.key}": str(held.value(each.key, threshold.key))
        for each in commitments()
        for threshold in each.thresholds
        if held.value(each.key, threshold.key)
        != thresholds.get(each.key, {}).get(threshold.key, threshold.default)
    }
    if held.since == since and held.note != note:
        now["note"] = held.note
    if now:
        raise Changed(now, fresh)
