"""The organisation's units."""

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.core.refused import Refused
from folkmoot.people.models import Person, Unit

AT_ONCE = 1000


@transaction.atomic
def rename_unit(*, by: Person | None, unit: Unit, name: str) -> Unit:
    """Give the unit another name; its people are found by the new one. Refuses an empty name."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("A unit needs a name."), "name")
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if unit.name == name:
        return unit
    was, unit.name = unit.name, name
    unit.save()
    rekey_people_of([unit.pk])
    record("unit_renamed", by=by, about=unit, data={"from": was, "to": name})
    return unit


def rekey_people_of(units: list[int]) -> None:
    """Recompute the search keys of the people of these units, after the units' names have changed."""
    people = list(Person.objects.filter(unit__in=units).select_related("unit"))
    for person in people:
        person.set_keys()
    Person.objects.bulk_update(people, ["search_key"], batch_size=AT_ONCE)
