"""The base page, the error pages and the style guide: what they weigh, what they leave out, what they need."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from folkmoot.ui import bundle, views
from folkmoot.ui.example import example
from folkmoot.ui.finders import BundleFinder

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
VIEWER = {"name": "Hana Yıldız", "profile_url": "/profile/", "sign_out_url": "/out/"}
NAV = [
    {"label": "Home", "url": "/", "current": False},
    {"label": "People", "url": "/people/", "current": True},
]


@pytest.fixture(autouse=True)
def _static_files_as_they_are():
    with override_settings(STORAGES=PLAIN):
        yield


def page(**context: object) -> str:
    return render_to_string("ui/base.html", context)


def styleguide() -> str:
    return render_to_string("ui/styleguide.html", example())


def test_the_stylesheet_declares_its_layers_first_and_holds_every_component():
    made = bundle.stylesheet()
    assert made.startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert made.count("{") == made.count("}")
    assert "/*" not in made
    names = [path.stem for path in (bundle.ROOM / "styles").glob("*.css")]
    assert len(names) > 25
    assert ".health" in made
    assert ".toast" in made


def test_every_colour_is_a_token_so_that_both_themes_are_complete():
    for path in (bundle.ROOM / "styles").glob("*.css"):
        if path.stem not in {"tokens", "face", "dialog"}:
            assert not re.search(r"#[0-9a-f]{3,8}\b|oklch\(\s*\d", path.read_text()), path.name


def test_the_script_registers_every_behaviour_that_a_template_asks_for():
    script = bundle.script()
    asked: set[str] = set()
    for path in Path(bundle.ROOM).rglob("*"):
        if path.suffix in {".html", ".py"} and "tests" not in path.parts:
            for names in re.findall(r'data-behaviour="([a-z ]+)"', path.read_text()):
                asked.update(names.split())
    assert asked
    for name in asked - {"name"}:
        assert f'behaviour("{name}"' in script


def test_styles_and_script_together_fit_in_eleven_kilobytes_compressed():
    both = [bundle.stylesheet(), bundle.script()]
    assert sum(len(gzip.compress(each.encode())) for each in both) < 11 * 1024


def test_the_finder_gives_both_bundles_and_nothing_else():
    finder = BundleFinder()
    assert Path(finder.find("ui/ui.css")).read_text() == bundle.stylesheet()
    assert finder.find("ui/ui.js", find_all=True)
    assert finder.find("ui/other.css") == []
    assert {path for path, _storage in finder.list(None)} == {"ui/ui.css", "ui/ui.js"}
    assert finders.find("ui/ui.css")


def test_the_base_page_needs_nothing():
    html = page()
    assert "<main" in html
    assert "Skip to the content" in html
    assert 'lang="en-gb"' in html
    assert "<nav" not in html


def test_the_base_page_marks_where_one_is_and_lets_one_sign_out_by_post():
    html = page(site_nav=NAV, viewer=VIEWER)
    assert '<a href="/people/" aria-current="page">People</a>' in html
    assert html.count("aria-current") == 1
    assert re.search(r'<form method="post" action="/out/">', html)
    assert "Account of Hana Yıldız" in html


def test_a_visitor_is_offered_to_sign_in():
    assert 'href="/in/"' in page(sign_in_url="/in/")
    assert 'href="/in/"' not in page(sign_in_url="/in/", viewer=VIEWER)


def test_messages_are_shown_and_escaped():
    class Message:
        level_tag = "success"

        def __str__(self) -> str:
            return "<b>Joined</b>"

    html = page(messages=[Message()])
    assert "&lt;b&gt;Joined" in html
    assert 'class="toast success"' in html


def test_no_page_has_an_inline_style_or_script():
    pages = [
        page(site_nav=NAV, viewer=VIEWER, banner={"text": "Demo", "url": "/demo/", "action": "Change"}),
        styleguide(),
        *(
            render_to_string(name)
            for name in ("400.html", "403.html", "404.html", "500.html", "403_csrf.html")
        ),
        render_to_string("ui/htmx.html"),
    ]
    for html in pages:
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_an_error_page_needs_no_context_and_has_one_heading(name: str):
    html = render_to_string(name)
    assert html.count("<h1") == 1
    assert "Go to the first page" in html


def test_a_refusal_says_its_reason():
    assert "Only leads may invite." in render_to_string("403.html", {"exception": "Only leads may invite."})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("theme", "shown"), [("dark", "theme-dark"), ("light", "theme-light"), ("x", 'class=""')]
)
def test_the_style_guide_can_be_seen_in_either_theme(theme: str, shown: str):
    request = RequestFactory().get("/styleguide", {"theme": theme})
    html = views.styleguide(request).content.decode()
    assert shown in html.split("<head>")[0]
    assert html.count("<h1") == 1


def test_the_style_guide_has_no_id_twice():
    html = styleguide()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
