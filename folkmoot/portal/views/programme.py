"""The programme on one page: every community against the charter, worst first with the reason."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.charter.commitments import commitments
from folkmoot.charter.models import Version
from folkmoot.exchange.writing import csv_response
from folkmoot.health.findings import CommunityHealth, Status
from folkmoot.health.measuring import measure
from folkmoot.health.output import as_rows
from folkmoot.people.access import programme_team_only
from folkmoot.portal.days import asked_day
from folkmoot.portal.figures import figures


@programme_team_only
def programme(request: HttpRequest) -> HttpResponse:
    """`/programme/`"""
    on, understood = asked_day(request)
    healths = measure(on)
    status = _asked_status(request)
    version = Version.objects.in_force(on)
    context = {
        "on": on,
        "today": today(),
        "understood": understood,
        "healths": _with_status(healths, status),
        "status": status,
        "statuses": [
            (each, each.label, sum(health.count(each) > 0 for health in healths)) for each in Status
        ],
        "query": _query(on, status),
        "columns": [(each, version.in_short(each)) for each in commitments()],
        "figures": figures(on, healths),
    }
    return render(request, "portal/programme.html", context)


@programme_team_only
def programme_csv(request: HttpRequest) -> HttpResponse:
    """`/programme/board.csv`: what the board shows, one row a community and commitment."""
    on, _understood = asked_day(request)
    shown = _with_status(measure(on), _asked_status(request))
    return csv_response(_("programme-%(on)s.csv") % {"on": on.isoformat()}, as_rows(shown))


def _asked_status(request: HttpRequest) -> str:
    asked = request.GET.get("status", "")
    return asked if asked in Status.values else ""


def _query(on: date, status: str) -> str:
    asked = {"on": on.isoformat() if on != today() else "", "status": status}
    return urlencode({name: value for name, value in asked.items() if value})


def _with_status(healths: list[CommunityHealth], status: str) -> list[CommunityHealth]:
    return [health for health in healths if not status or health.count(Status(status))]
