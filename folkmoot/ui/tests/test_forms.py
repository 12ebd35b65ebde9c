"""Forms tie label, help and error to the field, and give back what was typed."""

import re

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from folkmoot.core.meanwhile import Changed
from folkmoot.core.refused import Refused
from folkmoot.ui.example import ExampleForm
from folkmoot.ui.forms import SeenField, refuse


def sent() -> ExampleForm:
    return ExampleForm({"name": "Grace Mensah", "email": 'gr"ace'}, auto_id="id_%s")


def test_the_error_and_the_help_are_read_with_the_field():
    html = str(sent())
    (email,) = re.findall(r'<input type="email"[^>]*>', html)
    assert 'aria-invalid="true"' in email
    assert 'aria-describedby="id_email_error"' in email
    assert '<div class="error" id="id_email_error"><p>Enter a valid email address.</p></div>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html


def test_what_was_typed_comes_back_escaped():
    html = str(sent())
    assert 'value="Grace Mensah"' in html
    assert 'value="gr&quot;ace"' in html


def test_every_id_that_a_field_is_described_by_exists():
    html = str(sent())
    for named in re.findall(r'aria-describedby="([^"]+)"', html):
        for one in named.split():
            assert html.count(f'id="{one}"') == 1


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = str(ExampleForm())
    assert re.search(r'<fieldset class="field">\s*<legend>Who may join</legend>', html)


def test_what_may_be_left_empty_says_so_and_what_may_not_does_not():
    html = str(ExampleForm())
    assert re.search(r'Purpose <span class="optional">\(optional\)</span>', html)
    assert '<label for="id_name">Name</label>' in html


def test_the_summary_names_every_mistake_and_leads_to_it():
    html = str(sent())
    assert "3 things need another look. Nothing you typed is lost." in html
    assert 'href="#id_email"' in html
    assert 'href="#id_joining_0"' in html
    assert 'id="id_joining_0"' in html


def test_a_form_that_was_not_sent_has_no_summary():
    assert "notice" not in str(ExampleForm())


def test_the_field_tag_renders_one_field_and_the_errors_tag_the_summary():
    form = sent()
    html = Template("{% load ui %}{% form_errors f %}{% field f.email %}").render(Context({"f": form}))
    assert html.count("Enter a valid email address.") == 2
    assert "Practice area" in html
    assert "<select" not in html


def test_a_mistake_of_the_whole_form_is_said_above_it():
    form = sent()
    form.add_error(None, "The term ends before it begins.")
    assert "<li>The term ends before it begins.</li>" in str(form)


def test_a_refusal_is_said_beside_its_field_or_above_a_form_that_has_no_such_field():
    form = sent()
    refuse(form, Refused("That name is taken.", "name"))
    refuse(form, Refused("Not on a Sunday.", "day"))
    refuse(form, Refused("The community is closed."))
    assert form.errors["name"] == ["That name is taken."]
    assert form.non_field_errors() == ["Not on a Sunday.", "The community is closed."]


class Marked(forms.Form):
    seen = SeenField()


@pytest.mark.parametrize(
    "sent", ["[" * 100_000, "7" * 5_000, '{"a": ' + "7" * 5_000 + "}", "{", "[1]", "null", ""]
)
def test_marks_that_nobody_could_have_sent_are_none(sent: str):
    form = Marked({"seen": sent})
    assert form.is_valid()
    assert form.cleaned_data["seen"] is None
    assert 'type="hidden"' in str(form["seen"])


def test_every_tick_comes_back_where_something_changed_meanwhile():
    class Ticked(Marked):
        name = forms.CharField()
        days = forms.MultipleChoiceField(choices=[(each, each) for each in "abc"])

    form = Ticked(QueryDict("name=Ada&days=a&days=c&seen={}"))
    assert form.is_valid()
    refuse(form, Changed({"name": "Grace"}, {"name": "0123abc"}))
    assert form["days"].value() == ["a", "c"]
    assert form["seen"].value() == '{"name": "0123abc"}'
    assert form.errors["name"] == ["Changed meanwhile, to: “Grace”."]


def test_marks_come_back_as_they_were_shown():
    form = Marked({"seen": '{"name": "0123abc", "day": 7}'})
    assert form.is_valid()
    assert form.cleaned_data["seen"] == {"name": "0123abc"}
    assert "0123abc" in str(form["seen"])
