"""The ledger keeps what happened, also when its subject is gone."""

import pytest

from folkmoot.activity.actions import record
from folkmoot.activity.models import Entry
from folkmoot.people.models import Person, Unit

pytestmark = pytest.mark.django_db


def test_a_line_outlives_its_subject():
    somebody = Person.objects.create(ref="1", name="Ada")
    unit = Unit.objects.create(code="u", name="Library")
    record("renamed", by=somebody, about=unit, data={"from": "Books"})
    unit.delete()
    line = Entry.objects.get()
    assert (line.verb, line.by_label, line.about_type, line.about_label) == (
        "renamed",
        "Ada",
        "people.unit",
        "Library",
    )
    assert line.data == {"from": "Books"}
    assert str(line) == "Ada renamed Library"


def test_what_nobody_did_by_hand_has_no_author():
    record("imported", by=None)
    assert (Entry.objects.get().by_id, Entry.objects.get().by_label) == (None, "")
