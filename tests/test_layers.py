"""A room knows nothing of the rooms above it, also where import-linter cannot look: links, and reverse accessors.

An address belongs to the room whose noun it begins with, whoever draws the page: `/communities/<slug>/` mixes rooms and
is drawn by `portal`, but every room above `communities` may link to it, and `communities` itself.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tools.house_rules import ROOMS

ROOT = Path(__file__).resolve().parent.parent / "folkmoot"
# The longest beginning counts. "" and "programme/" stand in the navigation of every page: they are everybody's.
OWNERS = {
    "": "core", "programme/": "core", "programme/charter/": "charter", "programme/import/": "exchange",
    "programme/export/": "exchange", "inbox/": "notifications", "unsubscribe/": "notifications",
    "accounts/": "people", "people/": "people", "photos/": "people", "profile/": "people", "welcome/": "people",
    "communities/": "communities", "events/": "events", "calendars/": "events", "actions/": "meetings",
    "polls/": "meetings", "briefings/": "portal",
    "programme/calendar/": "calendar", "demo/": "demo",
    "styleguide": "ui", "readyz": "site",
}  # fmt: skip
_IN_TEMPLATE = re.compile(r"{%\s*url\s+[\"']([\w:]+)[\"']")
_ASKING = {"reverse", "reverse_lazy", "redirect", "resolve_url"}


def addresses() -> dict[str, str]:
    """{name: path} of every address of the site."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, str]]:
        for each in patterns:
            path = before + str(each.pattern).lstrip("^")
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, path)
            elif each.name:
                yield each.name, path

    return dict(walk(get_resolver().url_patterns, ""))


def owner(path: str) -> str:
    return OWNERS[max((start for start in OWNERS if path.startswith(start)), key=len)]


def lies_above(one: str, other: str) -> bool:
    return ROOMS.index(one) < ROOMS.index(other)


def sources(ending: str) -> Iterator[tuple[str, Path, str]]:
    """(room, file, text) of what is shipped."""
    for path in sorted(ROOT.rglob(f"*{ending}")):
        room = path.relative_to(ROOT).parts[0]
        if room in ROOMS and "tests" not in path.parts and "migrations" not in path.parts:
            yield room, path.relative_to(ROOT), path.read_text()


def links_in_python(text: str) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    named = (
        call.args[0]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in _ASKING and call.args
    )
    return {arg.value for arg in named if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def links() -> Iterator[tuple[str, Path, str]]:
    """(room, file, name of the address it links to)."""
    for ending in (".html", ".txt"):
        for room, path, text in sources(ending):
            yield from ((room, path, name) for name in _IN_TEMPLATE.findall(text))
    for room, path, text in sources(".py"):
        yield from ((room, path, name) for name in links_in_python(text))


def test_no_room_links_to_an_address_of_a_room_above():
    known = addresses()
    found = [(room, path, name) for room, path, name in links() if name in known]
    assert len(found) > 100
    assert [each for each in found if lies_above(owner(known[each[2]]), each[0])] == []


def reverse_accessors() -> dict[str, set[str]]:
    """{accessor: the rooms that give it to a model of a room below}."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        parts = model.__module__.split(".")
        if parts[0] != "folkmoot":
            continue
        for relation in model._meta.related_objects:
            giver = relation.related_model.__module__.split(".")
            name = relation.get_accessor_name()
            if name and giver[0] == "folkmoot" and lies_above(giver[1], parts[1]):
                found.setdefault(name, set()).add(giver[1])
    return found


def words_in_python(text: str) -> set[str]:
    """Attributes, keywords and the parts of lookups in strings."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            found |= set(node.arg.split("__"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            found |= set(node.value.split("__"))
    return found


def words_in_template(text: str) -> set[str]:
    said = " ".join(re.findall(r"{[{%].*?[}%]}", text, re.S))
    return set(re.findall(r"\.(\w+)", said))


def uses_from_below(accessors: dict[str, set[str]]) -> list[tuple[Path, str]]:
    found = []
    for ending, words in ((".py", words_in_python), (".html", words_in_template)):
        for room, path, text in sources(ending):
            for name in words(text) & accessors.keys():
                if all(lies_above(giver, room) for giver in accessors[name]):
                    found.append((path, name))
    return found


def test_no_room_uses_an_accessor_that_a_room_above_gives_its_models():
    given = reverse_accessors()
    assert "memberships" in given
    assert uses_from_below(given) == []


@pytest.mark.parametrize(
    "text",
    ["person.memberships.all()", "filter(memberships__role='lead')", "order_by('memberships__since')"],
)
def test_an_accessor_is_seen_in_python(text: str):
    assert "memberships" in words_in_python(text)


def test_an_accessor_and_a_link_are_seen_in_a_template_and_in_python():
    assert "memberships" in words_in_template("{% for each in person.memberships.all %}")
    assert _IN_TEMPLATE.findall("<a href=\"{% url 'community' slug %}\">") == ["community"]
    assert links_in_python("redirect('community', slug)") == {"community"}
    assert lies_above("portal", "people")
    assert owner("programme/charter/new/") == "charter"
