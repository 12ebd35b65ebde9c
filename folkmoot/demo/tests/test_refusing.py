"""What the invented programme is loaded into, and what it is kept out of."""

from datetime import date

import pytest

from folkmoot.charter.models import Version
from folkmoot.core.refused import Refused
from folkmoot.demo.invention import cast
from folkmoot.demo.loading import ensure_demo, is_demo, load_demo
from folkmoot.demo.models import DemoProgramme
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def test_a_programme_that_is_there_is_refused_and_left_alone():
    Person.objects.create(ref="ada", name="Ada Adeyemi")
    with pytest.raises(Refused):
        load_demo(today=TODAY)
    assert not ensure_demo()
    assert Person.objects.get_queryset().count() == 1
    assert not is_demo()


def test_a_changed_charter_is_not_overwritten():
    Version.objects.update(thresholds={"leads": {"least": 3}})
    assert not ensure_demo()
    with pytest.raises(Refused):
        load_demo(today=TODAY)


def test_the_demo_is_loaded_once():
    assert ensure_demo()
    assert not ensure_demo()
    with pytest.raises(Refused):
        load_demo(today=TODAY)
    assert DemoProgramme.objects.count() == 1


def test_a_scale_that_cannot_be_is_refused_in_a_sentence():
    with pytest.raises(Refused) as refused:
        load_demo(scale=0)
    assert refused.value.field == "scale"
    assert not DemoProgramme.objects.exists()


def test_a_process_learns_that_it_became_a_demo_and_then_asks_no_more(
    django_assert_num_queries, django_capture_on_commit_callbacks
):
    assert not is_demo()
    with django_assert_num_queries(0):
        assert not is_demo()
    with django_capture_on_commit_callbacks(execute=True):
        load_demo(today=TODAY)
    assert is_demo()
    with django_assert_num_queries(0):
        assert is_demo()


def test_loading_takes_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(75):
        load_demo(today=TODAY)


def test_without_the_demo_there_is_no_page_and_no_way_in(client):
    who = cast()[0]
    Person.objects.create(ref=who.ref, name=who.name, on_programme_team=True)
    assert client.get("/demo/").status_code == 404
    for member in cast():
        assert client.post(f"/demo/{member.key}/session/").status_code == 404
    assert "_auth_user_id" not in client.session
