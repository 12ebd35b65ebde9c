"""Who may be meant while somebody types a name."""

from datetime import timedelta
from time import process_time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from folkmoot.core import clock
from folkmoot.core.text import sort_key, words
from folkmoot.people.models import Person
from folkmoot.people.naming import PROPOSED, find_people, named_people, people_of, proposed, with_mark

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


def _lines(most: int) -> st.SearchStrategy[str]:
    """Text as the directory holds it, in one line."""
    return (
        st.text("ab1 ()@é", min_size=1, max_size=most).map(lambda text: " ".join(text.split())).filter(bool)
    )


class Marked(TestCase):
    """Whatever ids and names look like, who is named with their mark is found."""

    @given(st.lists(st.tuples(_lines(8), _lines(5)), min_size=1, max_size=5, unique_by=lambda each: each[1]))
    def test_who_is_named_with_their_mark_is_found(self, given_: list[tuple[str, str]]):
        people = [person(name, ref=ref, email=None) for name, ref in given_]
        marks = [with_mark(each) for each in people]
        whole = {each.ref: each for each in people}
        with self.assertNumQueries(1):
            found = find_people(marks)
        for mark, each in zip(marks, people, strict=True):
            # “Ada (b) (1)” is Ada of the id “b) (1” as well as Ada (b) of the id “1”: nobody rather than the wrong one.
            alike = marks.count(mark) > 1
            if mark in whole or not alike:
                assert found[mark] == whole.get(mark, each)
            else:
                assert mark not in found or sort_key(found[mark].name) == sort_key(mark)


@pytest.mark.django_db
def test_all_of_a_name_is_an_id_before_its_brackets_are():
    odd, one = person("Odd", ref="x(1)"), person("One", ref="1")
    assert find_people(["x(1)", "One (1)", "Odd (x(1))", "odd(x(1))", "whoever (1)"]) == {
        "x(1)": odd, "One (1)": one, "Odd (x(1))": odd, "odd(x(1))": odd, "whoever (1)": one,
    }  # fmt: skip
    assert find_people(["()", "Odd (nobody)", ")", "(", "1)"]) == {}
    assert find_people(["X (ONE@example.org)"]) == {}
    one.email = "one@example.org"
    one.save()
    assert find_people(["X (ONE@example.org)", "One@Example.org"]) == {
        "X (ONE@example.org)": one,
        "One@Example.org": one,
    }


@pytest.mark.django_db
def test_a_name_that_others_typed_is_only_a_name(django_assert_num_queries):
    ada = person("Ada Byron", ref="w1", email="a@uni.example")
    ann = person("Ann Lee", ref="Ada", email="b@uni.example")
    person("Twice", ref="w2")
    person("Twice", ref="w3")
    typed = ["ADA  byron", "w1", "Ada", "X (w1)", "X (b@uni.example)", "b@uni.example", "Twice", "Ann Lee"]
    with django_assert_num_queries(1):
        assert people_of(["a@uni.example", "A@UNI.example", "c@uni.example"], typed) == (
            {"a@uni.example": ada, "A@UNI.example": ada},
            {"ADA  byron": ada, "Ann Lee": ann},
        )


@pytest.mark.django_db
@pytest.mark.parametrize("line", ["(" * 50_000 + ")", " (" * 50_000 + ")", "x" * 100_000 + " (w1)"])
def test_no_name_takes_long(line: str):
    begun = process_time()
    find_people([f"{line[:-1]}{number})" for number in range(20)])
    assert process_time() - begun < 2


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


@pytest.mark.django_db
def test_a_report_may_put_the_family_name_first():
    ada, jun = person("Ada Byron", ref="w1"), person("Byron, Jun", ref="w2")
    person("Ada Lovelace", ref="w3")
    person("Lovelace Ada", ref="w4")
    assert people_of([], ["Byron, Ada", "Byron Ada", "Byron, Jun", ", Ada", "Lovelace, Ada"])[1] == {
        "Byron, Ada": ada,
        "Byron, Jun": jun,
    }
