"""Rows of events for templates."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from folkmoot.events.models import Event, Status

register = template.Library()
_CANCELLED = format_html(' class="{}"', "cancelled")


@register.simple_tag
def event_titles(events: Iterable[Event]) -> SafeString:
    """List items that lead to the events, of meetings with whose they are (`host`). A month has a hundred of them."""
    return format_html_join("", '<li{}><a href="{}">{}</a>{}</li>', (_item(event) for event in events))


def _item(event: Event) -> tuple[str, str, str, str]:
    host = getattr(event, "host", None)
    return (
        _CANCELLED if event.status == Status.CANCELLED else "",
        event.get_absolute_url(),
        event.title,
        format_html(" <small>{}</small>", host) if host and event.is_meeting else "",
    )
