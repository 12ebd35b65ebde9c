"""What templates of the directory need beyond the design system."""

from django import template

register = template.Library()


@register.filter
def indented(name: str, depth: int) -> str:
    """A name set in by its depth in a tree, for the options of a select, which know no other means."""
    return "\u2003" * depth + name
