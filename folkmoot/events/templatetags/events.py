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
    """List items that lead to the events. A month has a hundred of them, so they are written in one go."""
    return format_html_join(
        "",
        '<li{}><a href="{}">{}</a></li>',
        (
            (_CANCELLED if event.status == Status.CANCELLED else "", event.get_absolute_url(), event.title)
            for event in events
        ),
    )
