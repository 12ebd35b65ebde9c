"""Who may be meant while somebody types a name."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from folkmoot.core import clock
from folkmoot.core.text import sort_key, words
from folkmoot.people.models import Person
from folkmoot.people.naming import PROPOSED, named_people, proposed, with_mark

from .world import person, unit


class Proposed(TestCase):
    """Against the obvious reading: look at everybody."""

    @given(
        st.lists(st.text("abÉ '", min_size=1, max_size=6).filter(str.strip), max_size=12),
        st.text("abÉ '.*(", max_size=5),
    )
    def test_every_word_begins_a_word_of_the_name(self, names: list[str], typed: str):
        for number, name in enumerate(names):
            person(name, ref=f"p{number}", email=None, job_title="Abba of abba")
        asked = words(typed)
        meant = [
            each
            for each in Person.objects.all().order_by("pk")
            if len("".join(asked)) > 1
            and all(any(word.startswith(part) for word in words(each.name)) for part in asked)
        ]
        meant.sort(
            key=lambda each: (not sort_key(each.name).startswith(asked[0]), sort_key(each.name), each.pk)
        )
        assert proposed(Person.objects.here(clock.today()), typed) == meant[:PROPOSED]


@pytest.mark.django_db
def test_who_is_here_is_proposed_with_what_finds_them_again():
    library = unit("LIB", "Library Services")
    ada = person("Ada <b>Byron</b>", ref="w1", unit=library, job_title="Conservator")
    other = person("Ada <b>Byron</b>", ref="w2")
    person("Adam Gone", left=clock.today())
    person("Adam Going", left=clock.today() + timedelta(days=1))
    person("Nobody", job_title="Adapter")
    client = Client(headers={"HX-Request": "true"})
    assert client.get("/names/?q=ad").status_code == 401
    client.force_login(ada)
    shown = client.get("/names/?q=ad").content.decode()
    assert shown.count("<li") == 3
    assert "Conservator" in shown
    assert "Library Services" in shown
    assert "<b>" not in shown
    assert named_people(with_mark(other)) == ([other], [])
    assert "(w2)" in shown
    assert client.get("/names/?q=a").content.decode().strip() == ""
    assert client.get("/names/?q=%00").content.decode().strip() == ""
    plain = Client()
    plain.force_login(ada)
    assert plain.get("/names/?q=ad").headers["Location"] == "/people/"


@pytest.mark.django_db
def test_who_may_be_meant_is_asked_for_a_few_only(django_assert_num_queries):
    ada = person("Ada Byron", ref="w1")
    assert named_people("Ada By\nw1\nNobody at all") == (
        [ada],
        [("Ada By", f"Ada Byron ({ada.email})"), ("Nobody at all", "")],
    )
    with django_assert_num_queries(1):
        assert len(named_people("\n".join(f"Ada By {number}" for number in range(400)))[1]) == 400
