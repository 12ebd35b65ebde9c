"""Founding communities, editing their pages, and the figures of who is here."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities import actions
from folkmoot.communities.models import Community, Figures, Membership, PracticeArea
from folkmoot.core.refused import Refused

from .world import belongs, community, person, unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def olu():
    return person("Olu Bankole", on_programme_team=True)


def test_founding_sets_the_first_stage_and_one_line_in_the_ledger(olu):
    data = actions.create_community(by=olu, slug="data", name="Data and Insight")
    assert (data.stage_on(today()), data.since) == ("forming", today())
    assert [entry.verb for entry in Entry.objects.all()] == ["community_created"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"slug": "taken", "name": "Another"}, "slug"),
        ({"slug": "new", "name": "New"}, "slug"),
        ({"slug": "", "name": "Nothing"}, "slug"),
        ({"slug": "a b", "name": "Spaces"}, "slug"),
        ({"slug": "blank", "name": ""}, "name"),
        ({"slug": "long", "name": "n" * 201}, "name"),
        ({"slug": "link", "name": "Link", "space_url": "javascript:alert(1)"}, "space_url"),
        ({"slug": "kind", "name": "Kind", "space_kind": "fax"}, "space_kind"),
    ],
)
def test_a_page_that_cannot_be_is_refused_beside_its_field(olu, given, field):
    community("Taken")
    with pytest.raises(Refused) as refused:
        actions.create_community(by=olu, **given)
    assert refused.value.field == field
    assert Community.objects.count() == 1


def test_the_database_knows_no_community_called_new():
    with pytest.raises(IntegrityError), transaction.atomic():
        Community.objects.create(slug="new", name="New", since=today())


def test_editing_says_what_changed_and_says_nothing_when_nothing_did(olu):
    data = community("Data")
    actions.edit_community(by=olu, community=data, name="Data", summary="Numbers for people.")
    actions.edit_community(by=olu, community=data, name="Data", summary="Numbers for people.")
    assert [entry.data for entry in Entry.objects.all()] == [{"changed": ["summary"]}]
    assert Community.objects.matching("numb peop").get() == data


def test_a_new_practice_area_is_made_once_and_names_that_differ_are_two(olu):
    names = ("C", "C++", " c++ ", "Économie", "economie", "漢字", "仮名")
    for n, name in enumerate(names):
        actions.create_community(by=olu, slug=f"c{n}", name="A", new_area=name)
    made = Community.objects.order_by("id").values_list("practice_area__name", flat=True)
    assert list(made) == ["C", "C++", "C++", "Économie", "Économie", "漢字", "仮名"]
    assert [area.slug for area in PracticeArea.objects.order_by("id")] == [
        "c", "c-2", "economie", "area", "area-2",
    ]  # fmt: skip
    assert Entry.objects.filter(verb="practice_area_created").count() == 5


def test_a_practice_area_is_not_left_behind_by_a_page_that_is_refused(olu):
    with pytest.raises(Refused):
        actions.edit_community(by=olu, community=community("Data"), name="", new_area="Planning")
    assert not PracticeArea.objects.exists()


def test_editing_refuses_an_empty_name_and_unknown_fields(olu):
    data = community("Data")
    with pytest.raises(Refused) as refused:
        actions.edit_community(by=olu, community=data, name="")
    assert refused.value.field == "name"
    with pytest.raises(TypeError):
        actions.edit_community(by=olu, community=data, slug="other")


@pytest.mark.parametrize("text", ["dat", "  DÂTA insi ", "planning", "nümbers", "o'brien"])
def test_finding_is_by_prefix_without_accents_in_name_purpose_and_area(text):
    area = PracticeArea.objects.create(slug="planning", name="Planning and Analysis")
    wanted = community("Data and Insight", practice_area=area, summary="Numbers for O’Brien")
    community("Events")
    assert list(Community.objects.matching(text)) == [wanted]


@pytest.mark.parametrize("text", ["", "  ", "!!", "'"])
def test_finding_nothing_finds_all(text):
    community("Data")
    assert Community.objects.matching(text).count() == 1


@pytest.mark.parametrize("text", ["zzz", "a' & b", "data | events", "data:*'", "\\", "() <-> !"])
def test_finding_takes_any_text_as_words(text):
    community("Data")
    assert Community.objects.matching(text).count() in {0, 1}


def test_a_link_that_no_browser_should_follow_is_not_linked():
    assert community("A", space_url="https://teams.example/x").space_link
    assert not community("B", space_url="javascript:alert(1)").space_link


def test_figures_count_people_once_and_say_who_came_this_week():
    data = community("Data")
    laws, estates = unit("Laws"), unit("Estates", "central")
    both = person("Both Roles", unit=laws)
    belongs(both, data, "core")
    belongs(both, data, "sponsor")
    belongs(person("New Comer", unit=estates), data, "wider", since=today() - 6 * DAY)
    belongs(person("Not Quite", unit=estates), data, "wider", since=today() - 7 * DAY)
    stepped = person("Stepped Up")
    belongs(stepped, data, "wider", until=today() - DAY)
    belongs(stepped, data, "core", since=today())
    belongs(person("Gone Already", unit=laws), data, "wider", until=today() - DAY)
    belongs(person("Coming Soon", unit=laws), data, "lead", since=today() + DAY)
    belongs(person("Elsewhere", unit=laws), community("Events"), "lead")
    assert Membership.objects.figures(today(), data) == Figures(
        people=4, units=2, leads=0, sponsors=1, core=2, wider=2, central=2, academic=1, joined_this_week=1
    )
    assert Membership.objects.sizes(today(), [data.pk]) == {data.pk: 4}


@pytest.mark.parametrize(
    ("central", "academic", "share"),
    [
        (39, 61, 61),
        (4, 61, None),
        (61, 4, None),
        (0, 5, 100),
        (5, 0, 0),
        (0, 4, None),
        (0, 0, None),
        (5, 5, 50),
    ],
)
def test_groups_under_five_are_not_broken_down(central, academic, share):
    figures = Figures(central + academic, 1, 0, 0, 0, 0, central, academic, 0)
    assert figures.academic_share == share
    assert figures.central_share == (None if share is None else 100 - share)
    assert figures.may_be_broken_down == (central + academic >= 5)


@pytest.mark.parametrize(
    ("summary", "line", "more"),
    [
        ("", "", ""),
        ("Numbers for people.", "Numbers for people.", ""),
        ("Numbers.\n\nLunch on Thursdays.", "Numbers.", "Lunch on Thursdays."),
        ("One. " + "x" * 330 + ". Three.", "One.", "x" * 330 + ". Three."),
    ],
)
def test_the_purpose_stands_once_in_a_line_and_the_rest_below(summary, line, more):
    found = Community(summary=summary)
    assert (found.purpose_line, found.more_about) == (line, more)


def test_a_sentence_too_long_for_the_line_is_cut_and_stands_in_full_below():
    found = Community(summary="word " * 100)
    assert found.purpose_line.endswith("…")
    assert found.more_about == found.summary.strip()
