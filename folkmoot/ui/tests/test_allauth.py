"""allauth's building blocks come out as the site's own components."""

import re

import pytest
from django.template import Context, Origin, Template
from django.test import override_settings

from folkmoot.ui.example import ExampleForm

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def rendered(source: str, **context: object) -> str:
    # allauth asks a template for its name.
    template = Template("{% load allauth %}" + source, origin=Origin("test.html", template_name="test.html"))
    with override_settings(STORAGES=PLAIN):
        return template.render(Context(context))


@pytest.mark.parametrize(
    ("tags", "classes"),
    [
        ("primary", "button"),
        ("secondary,panel", "button quiet"),
        ("outline,primary", "button quiet"),
        ("danger,delete", "button danger"),
    ],
)
def test_a_button_looks_as_its_tags_say(tags: str, classes: str):
    html = rendered(f'{{% element button type="submit" tags="{tags}" name="a" %}}Go{{% endelement %}}')
    assert f'<button class="{classes}" name="a" type="submit">' in html


def test_a_button_that_leads_somewhere_is_a_link():
    assert rendered('{% element button href="/x/" %}Go{% endelement %}').startswith('<a href="/x/"')


def test_a_form_is_rendered_by_our_fields_with_its_actions_below():
    source = (
        '{% element form form=form method="post" action="/x/" %}{% slot body %}'
        "{% element fields form=form %}{% endelement %}{% endslot %}"
        "{% slot actions %}{% element button %}Send{% endelement %}{% endslot %}{% endelement %}"
    )
    html = rendered(source, form=ExampleForm({"email": "x"}))
    assert '<form class="stack" method="post" action="/x/" enctype="multipart/form-data">' in html
    assert 'class="notice error"' in html
    assert html.index("id_email") < html.index("Send")


def test_a_field_by_itself_is_labelled_and_described():
    source = (
        '{% element field id="secret" type="text" value="ab" disabled=True %}'
        "{% slot label %}Secret{% endslot %}{% slot help_text %}Keep it.{% endslot %}{% endelement %}"
    )
    html = rendered(source)
    assert '<label for="secret">Secret</label>' in html
    assert re.search(
        r'<input type="text" id="secret"[^>]* disabled[^>]*aria-describedby="secret_helptext"', html
    )
    assert 'id="secret_helptext"' in html


def test_codes_to_keep_stand_in_a_text_area():
    source = (
        '{% element field id="codes" type="textarea" rows=2 readonly=True %}{% slot label %}Codes{% endslot %}'
        "{% slot value %}one\ntwo{% endslot %}{% endelement %}"
    )
    assert re.search(
        r'<textarea id="codes"[^>]* readonly[^>]* rows="2">one\ntwo</textarea>', rendered(source)
    )


def test_a_panel_has_its_heading_and_its_actions():
    source = (
        "{% element panel %}{% slot title %}Codes{% endslot %}{% slot body %}Eight left.{% endslot %}"
        "{% slot actions %}<b>one</b>{% endslot %}{% slot actions %}<b>two</b>{% endslot %}{% endelement %}"
    )
    html = rendered(source)
    assert re.search(r"<h2>\s*Codes\s*</h2>", html)
    assert "Eight left." in html
    assert "<b>one</b><b>two</b>" in html


@pytest.mark.parametrize("layout", ["base", "entrance", "manage"])
def test_a_page_of_allauth_stands_in_the_sites_own_page(layout: str):
    source = (
        f'{{% extends "allauth/layouts/{layout}.html" %}}{{% block head_title %}}Two steps{{% endblock %}}'
        "{% block content %}<h1>Here</h1>{% endblock %}"
    )
    with override_settings(STORAGES=PLAIN):
        html = Template(source).render(Context())
    assert "<title>Two steps · Folkmoot</title>" in html
    assert html.index('<main id="main"') < html.index("<h1>Here</h1>") < html.index("</main>")
    assert "Skip to the content" in html
