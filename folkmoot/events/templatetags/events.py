"""Rows of events for templates."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from folkmoot.core import clock
from folkmoot.events.models import Event, Said, Status
from folkmoot.ui.components import chip

register = template.Library()
_MARKED = {status: format_html(' class="{}"', status.value) for status in (Status.CANCELLED, Status.DRAFT)}


@register.simple_tag
def event_titles(events: Iterable[Event]) -> SafeString:
    """List items that lead to the events, of meetings with whose they are (`host`). A month has a hundred of them.

    Of what is cancelled, or a draft still, they say so.
    """
    return format_html_join("", '<li{}><a href="{}">{}</a>{}{}</li>', (_item(event) for event in events))


@register.simple_tag
def answer_of(event: Event, said: str, may_answer: bool, here: str, token: str) -> SafeString:
    """In a list: what the reader has answered, or the one click to come, where they may."""
    if said and said != Said.ASKED:
        return chip(Said(said).label, "met" if said == Said.GOING else "")
    if not may_answer:
        return chip(Said(said).label) if said else SafeString("")
    return format_html(
        '{}<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="next" value="{}"><button class="button quiet small" name="said" value="going">'
        '{}<span class="visually-hidden">: {}</span></button></form>',
        chip(Said(said).label, "soon") if said else "",
        reverse("event_answer", args=[event.pk]),
        token,
        here,
        _("I am coming"),
        event.title,
    )


@register.filter
def is_history(event: Event) -> bool:
    """Whether to change it is to correct what took place; a draft never did."""
    return event.status != Status.DRAFT and event.is_over(clock.now())


def _item(event: Event) -> tuple[str, str, str, str, str]:
    host, status = getattr(event, "host", None), Status(event.status)
    return (
        _MARKED.get(status, ""),
        event.get_absolute_url(),
        event.title,
        format_html(" <small>{}</small>", host) if host and event.is_meeting else "",
        format_html(" <small>{}</small>", status.label) if status in _MARKED else "",
    )
