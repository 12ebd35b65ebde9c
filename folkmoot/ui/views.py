"""The style guide: every component of the site on one page, with example content."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from folkmoot.ui.example import example

THEMES = ("light", "dark")


def styleguide(request: HttpRequest) -> HttpResponse:
    """`/styleguide`; `?theme=light` and `?theme=dark` show it in that theme whatever the device prefers."""
    asked = request.GET.get("theme", "")
    return render(request, "ui/styleguide.html", {**example(), "theme": asked if asked in THEMES else ""})
