"""The components as template tags: `{% load ui %}`. README.md of this room says how each is called."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils.safestring import SafeString

from folkmoot.ui import components, dates, faces
from folkmoot.ui.components import chip, health_cell, share_bar, status_chip
from folkmoot.ui.dates import ago, date_box, day, when
from folkmoot.ui.emblem import emblem
from folkmoot.ui.faces import face
from folkmoot.ui.icons import MARK, icon

__all__ = [
    "ago",
    "chip",
    "date_box",
    "day",
    "emblem",
    "face",
    "health_cell",
    "icon",
    "share_bar",
    "status_chip",
    "when",
]

register = template.Library()

for tag in (
    icon,
    emblem,
    face,
    faces.faces,
    chip,
    status_chip,
    health_cell,
    share_bar,
    day,
    when,
    ago,
    date_box,
    components.community_card,
    components.person_row,
    components.progress,
    components.strip,
    components.options,
    components.empty_state,
    components.copy_button,
    components.pages,
):
    register.simple_tag(tag)

register.filter("day", dates.day)
register.filter("initials", faces.initials)
register.filter("hue", faces.hue)


@register.simple_tag
def mark() -> SafeString:
    """The logo's sign."""
    return MARK


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A field of a form with its label, help and error."""
    return SafeString(bound.as_field_group())


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form that was sent, with a link to each field; nothing if all is well."""
    return {"form": form}


@register.simple_tag(takes_context=True)
def current(context: Context, url: str) -> SafeString:
    """`aria-current="page"` where `url` is the page that is shown."""
    request = context.get("request")
    return (
        SafeString(' aria-current="page"') if request is not None and request.path == url else SafeString("")
    )
