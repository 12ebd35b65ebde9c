"""Founding a community, its page, and the stages it goes through."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, PracticeArea, Stage, StageChange
from folkmoot.core.dates import say_day
from folkmoot.core.live import shut
from folkmoot.core.meanwhile import refuse_if_changed
from folkmoot.core.refused import Refused
from folkmoot.core.text import fold
from folkmoot.people.models import Person

EDITABLE = {
    "name", "summary", "practice_area", "space_kind", "space_url", "joining", "inside", "calendar", "is_public",
}  # fmt: skip


@transaction.atomic
def create_community(
    *,
    by: Person | None,
    slug: str,
    name: str,
    stage: str = Stage.FORMING,
    since: date | None = None,
    new_area: str = "",
    **fields: Any,
) -> Community:
    """Found a community in a stage, from the day `since` (default: today). Refuses a slug that is taken.

    `new_area` names its practice area, which is made if there is none of that name.
    """
    since = since or today()
    if slug == "new":
        raise Refused(_("“new” cannot be the address of a community; choose another."), "slug")
    taken = _("The address “%(slug)s” is taken; choose another.") % {"slug": slug}
    if Community.objects.filter(slug=slug).exists():
        raise Refused(taken, "slug")
    if new_area.strip():
        fields["practice_area"] = _area_named(new_area, by)
    community = Community(slug=slug, name=name, since=since, **fields)
    _check(community)
    try:
        with transaction.atomic():
            community.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(taken, "slug") from error
    StageChange.objects.create(community=community, stage=stage, since=since)
    record("community_created", by=by, about=community, community=community, data={"stage": str(stage)})
    return community


@transaction.atomic
def edit_community(
    *,
    by: Person,
    community: Community,
    new_area: str = "",
    seen: dict[str, str] | None = None,
    **changes: Any,
) -> Community:
    """Change the page of a community; the ledger keeps the names of what changed.

    `new_area` names its practice area, which is made if there is none of that name.
    Refuses what no page could show: an empty name, a link that is none; and to overwrite what changed since it
    was `seen` (the marks of `core.meanwhile`).
    """
    unknown = set(changes) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    community = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if new_area.strip():
        changes["practice_area"] = _area_named(new_area, by)
    refuse_if_changed(community, seen, changes)
    changed = sorted(name for name, value in changes.items() if getattr(community, name) != value)
    if changed:
        for name in changed:
            setattr(community, name, changes[name])
        _check(community, changed)
        community.save()
        record("community_edited", by=by, about=community, community=community, data={"changed": changed})
        if "inside" in changed:
            shut(community.inside_door)
    return community


@transaction.atomic
def change_stage(
    *, by: Person, community: Community, stage: str, on: date | None = None
) -> StageChange | None:
    """Put the community into `stage` from the day `on` (default: today); later changes on record are dropped.

    `on` is the last day of a community that closes: its stage is closed from the day after. Returns None
    where that is how things stand already. Refuses a day before the community began.
    """
    on = on or today()
    community = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if on < community.since:
        day = say_day(community.since, today())
        raise Refused(
            _("The community began on %(day)s; choose that day or a later one.") % {"day": day}, "on"
        )
    if on == date.max:
        raise Refused(_("Choose an earlier day."), "on")
    begins = on + timedelta(days=1) if stage == Stage.CLOSED else on
    was = community.stage_on(on)
    later = community.stages.filter(since__gt=begins)
    ends_later = community.until is not None and community.until >= begins
    if community.stage_on(begins) == stage and not ends_later and not later.exists():
        return None
    community.until = on if stage == Stage.CLOSED else None
    community.save(update_fields=["until"])
    community.stages.filter(since__gte=begins).delete()
    change = StageChange.objects.create(community=community, stage=stage, since=begins)
    data = {"from": was, "to": str(stage), "on": begins.isoformat()}
    record("stage_changed", by=by, about=community, community=community, data=data)
    return change


def _area_named(name: str, by: Person | None) -> PracticeArea:
    """The practice area of that name, whatever its case and accents, made if there is none yet."""
    name = " ".join(name.split())[:200]
    areas = list(PracticeArea.objects.all())
    for area in areas:
        if fold(area.name) == fold(name):
            return area
    # Names that differ may give one slug: “C” and “C++”.
    slug = wanted = slugify(fold(name))[:90] or "area"
    number = 1
    while slug in {area.slug for area in areas}:
        number += 1
        slug = f"{wanted}-{number}"
    area = PracticeArea.objects.create(slug=slug, name=name)
    record("practice_area_created", by=by, about=area)
    return area


def _check(community: Community, changed: list[str] | None = None) -> None:
    """Refuse with the first thing that is wrong with the page, or with what is `changed`, beside its field.

    An import may have brought a link that this form would not take; it is no reason to refuse another purpose.
    """
    own = {field.name for field in community._meta.fields}
    left_out = {"practice_area", "calendar"} | (own - set(changed) if changed is not None else set())
    try:
        community.clean_fields(exclude=left_out)
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise Refused(sentences[0], field) from error
