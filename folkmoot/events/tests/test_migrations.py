"""Data of before is taken over."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from folkmoot.activity.models import Entry
from folkmoot.events.models import Answer, Event
from folkmoot.people.models import Person

STARTS = datetime(2027, 3, 11, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_what_somebody_was_invited_to_keeps_the_name_that_their_calendar_knows(settings):
    settings.FOLKMOOT_URL = "https://moot.example"
    executor = MigrationExecutor(connection)
    executor.migrate([("events", "0008_guests")])
    old = executor.loader.project_state([("events", "0008_guests")]).apps
    made = [
        old.get_model("events", "Event").objects.create(
            ref=f"e{n}", kind="talk", title="T", starts_at=STARTS, ends_at=STARTS, timezone="UTC"
        )
        for n in range(2)
    ]
    person = Person.objects.create(ref="w1", name="Ada")
    answers = old.get_model("events", "Answer").objects
    answers.create(event=made[0], person_id=person.pk, said="going", invited=3)
    answers.create(event=made[1], person_id=person.pk, said="going")
    last = Entry.objects.create(verb="event_corrected", at=STARTS).pk
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert list(Answer.objects.order_by("event").values_list("heard", flat=True)) == [last, 0]
    invited, new = (Event.objects.get(pk=event.pk).uid for event in made)
    assert invited == f"event-{made[0].pk}@moot.example"
    assert len(new) == 36
