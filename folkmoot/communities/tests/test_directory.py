"""The directory: what it lists, for whom, in which order, and with how many statements."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from folkmoot.communities.models import PracticeArea

from .world import belongs, community, person, statements

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="/communities/([^/"?]+)/"')


def signed_in(who) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def listed(client: Client, query: str = "") -> list[str]:
    """The slugs that the page links to, in order, each once."""
    return list(dict.fromkeys(LINK.findall(client.get(f"/communities/{query}").content.decode())))


def test_visitors_get_exactly_the_public_communities_that_are_not_closed_by_name():
    for name, stage, fields in [
        ("Écriture", "active", {}),
        ("data", "forming", {}),
        ("Events", "resting", {}),
        ("Apprentices", "proposed", {}),
        ("Closed", "closed", {}),
        ("Hidden", "active", {"is_public": False}),
    ]:
        community(name, stage, slug=name.lower().replace("é", "e"), **fields)
    assert listed(Client()) == ["apprentices", "data", "ecriture", "events"]
    assert listed(Client(), "?stage=closed&mine=1") == ["apprentices", "data", "ecriture", "events"]


def test_new_is_linked_for_the_programme_team_only():
    community("Data")
    assert listed(signed_in(person("Nadia New"))) == ["data"]
    assert listed(signed_in(person("Olu Bankole", on_programme_team=True))) == ["new", "data"]


def test_staff_find_closed_communities_only_by_the_filter():
    community("Data")
    community("Closed", "closed")
    client = signed_in(person("Nadia New"))
    assert listed(client) == ["data"]
    assert listed(client, "?stage=closed") == ["closed"]
    assert listed(client, "?stage=nonsense") == ["data"]


def test_mine_are_those_of_any_role_held_today():
    ada = person("Ada Adeyemi")
    belongs(ada, community("Data"), "sponsor")
    belongs(ada, community("Events"), "wider")
    belongs(ada, community("Past"), "lead", until=community("Past Two").since)
    client = signed_in(ada)
    assert listed(client, "?mine=1") == ["data", "events"]
    page = client.get("/communities/").content.decode()
    assert page.count("Wider member") == page.count("Sponsor") == 1


def test_area_and_words_narrow_the_list_and_nonsense_finds_nothing():
    planning = PracticeArea.objects.create(slug="planning", name="Planning")
    community("Data", practice_area=planning)
    community("Events", summary="From open days to conferences")
    assert listed(Client(), "?area=planning") == ["data"]
    assert listed(Client(), "?q=plan") == ["data"]
    assert listed(Client(), "?q=confer open") == ["events"]
    assert listed(Client(), "?area=nowhere") == listed(Client(), "?q=zzz") == []
    assert listed(Client(), "?q=%00&area=%00&after=%00") == ["data", "events"]


def test_the_area_of_a_hidden_community_is_not_named_to_visitors():
    community(
        "Hidden", is_public=False, practice_area=PracticeArea.objects.create(slug="s", name="Secret work")
    )
    community("Data")
    assert "Secret work" not in Client().get("/communities/").content.decode()
    assert "Secret work" in signed_in(person("Nadia New")).get("/communities/").content.decode()


def test_pages_of_forty_eight_follow_by_key_and_keep_the_filters():
    for n in range(100):
        community(f"Community {n:03}", summary="same")
    seen, url = [], "/communities/?q=same"
    while url:
        page = Client().get(url).content.decode()
        seen.append(LINK.findall(page))
        found = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        url = "/communities/" + found[1].replace("&amp;", "&") if found else ""
    assert [len(set(slugs)) for slugs in seen] == [48, 48, 4]
    assert len({slug for slugs in seen for slug in slugs}) == 100


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_fifty_communities_cost_as_many_statements_as_one(who):
    ada = person("Ada Adeyemi")
    client = Client() if who == "visitor" else signed_in(ada)
    counts = []
    for batch in (range(1), range(1, 50)):
        for n in batch:
            area = PracticeArea.objects.create(slug=f"a{n}", name=f"Area {n}")
            belongs(ada, community(f"Community {n}", practice_area=area), "core")
        with CaptureQueriesContext(connection) as caught:
            client.get("/communities/")
        counts.append(statements(caught))
    assert counts[0] == counts[1] <= (6 if who == "visitor" else 9)


def test_an_empty_directory_says_what_comes_first():
    assert "no communities yet" in Client().get("/communities/").content.decode()
