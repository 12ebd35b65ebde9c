"""Posts for templates."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString

from folkmoot.people.models import Person
from folkmoot.ui.faces import face

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=4096)
def said(text: str) -> SafeString:
    """What a post says, with paragraphs and links; everything else in it is only text."""
    return SafeString(linebreaks(urlize(text, nofollow=True, autoescape=True)))


@register.simple_tag
def author(person: Person, number: int) -> SafeString:
    """Who wrote a post: their face, and their name as the post's label."""
    return format_html(
        '{}<strong id="by-{}"><a href="{}">{}</a></strong>',
        face(person),
        number,
        person.get_absolute_url(),
        person.name,
    )
