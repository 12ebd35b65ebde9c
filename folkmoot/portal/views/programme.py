"""The programme on one page: every community against the charter, worst first with the reason."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.calendar.models import Period
from folkmoot.charter.commitments import Commitment, commitments
from folkmoot.charter.models import Version
from folkmoot.exchange.writing import csv_response
from folkmoot.health.findings import CommunityHealth, Finding, Status
from folkmoot.health.measuring import measure, strips
from folkmoot.health.output import as_rows
from folkmoot.people.access import programme_team_only
from folkmoot.portal.days import asked_day
from folkmoot.portal.figures import figures
from folkmoot.portal.history import history

PAGE = 50


@dataclass(frozen=True)
class Board:
    """What the board is asked for: a day, one status, one commitment, two years of history, from where on."""

    on: date
    understood: bool = True
    status: str = ""
    commitment: str = ""
    history: bool = False
    after: str = ""

    @classmethod
    def asked(cls, request: HttpRequest) -> "Board":
        """That of the query; what makes no sense is left out."""
        on, understood = asked_day(request)
        status, commitment = request.GET.get("status", ""), request.GET.get("commitment", "")
        return cls(
            on=on,
            understood=understood,
            status=status if status in Status.values else "",
            commitment=commitment if commitment in {each.key for each in commitments()} else "",
            history=bool(request.GET.get("history")),
            after=request.GET.get("after", "")[:100],
        )

    def query(self, **changes: str) -> str:
        """The same board as a query string, with other values for some of its parts."""
        asked = {
            "on": self.on.isoformat() if self.on != today() else "",
            "status": self.status,
            "commitment": self.commitment,
            "history": "1" if self.history else "",
        }
        return urlencode({name: value for name, value in (asked | changes).items() if value})

    def among(self, healths: list[CommunityHealth]) -> list[CommunityHealth]:
        """Those with a finding of that status, of that commitment where one is asked for."""
        return [health for health in healths if not self.status or self._shows(health)]

    def _shows(self, health: CommunityHealth) -> bool:
        return any(
            finding.status == self.status and self.commitment in ("", finding.commitment.key)
            for finding in health.findings
        )

    def page(self, healths: list[CommunityHealth]) -> tuple[list[CommunityHealth], str]:
        """The next fifty, and after whom the page after them begins (empty: there is none)."""
        begin = next((n for n, one in enumerate(healths, 1) if one.community.slug == self.after), 0)
        shown = healths[begin : begin + PAGE]
        return shown, shown[-1].community.slug if len(healths) > begin + PAGE else ""


@programme_team_only
def programme(request: HttpRequest) -> HttpResponse:
    """`/programme/`: by need, fifty a page."""
    board = Board.asked(request)
    healths = measure(board.on)
    shown, following = board.page(board.among(healths))
    version = Version.objects.in_force(board.on)
    columns = [each for each in commitments() if board.commitment in ("", each.key)]
    term = Period.objects.term_of_all(board.on)
    context = {
        "board": board,
        "on": board.on,
        "today": today(),
        "term": term if term and term.covers(board.on) else None,
        "week": term.week(board.on) if term else 0,
        "rows": _rows(board, shown, columns),
        "following": board.query(after=following) if following else "",
        "statuses": _statuses(board, healths),
        "columns": [(each, version.in_short(each)) for each in columns],
        "commitments": [(each.key, each.title) for each in commitments()],
        "figures": figures(board.on, healths),
    }
    return render(request, "portal/programme.html", context)


@programme_team_only
def programme_csv(request: HttpRequest) -> HttpResponse:
    """`/programme/board.csv`: what the board shows, all of its pages, one row a community and commitment."""
    board = Board.asked(request)
    rows = as_rows(board.among(measure(board.on)), board.commitment)
    return csv_response(_("programme-%(on)s.csv") % {"on": board.on.isoformat()}, rows)


def _statuses(board: Board, healths: list[CommunityHealth]) -> list[tuple[str, str]]:
    """(status, its name and how many communities show it)."""
    counted = [(each, len(replace(board, status=each.value).among(healths))) for each in Status]
    return [(each.value, f"{each.label} ({number:,})") for each, number in counted]


def _rows(
    board: Board, shown: list[CommunityHealth], columns: list[Commitment]
) -> list[tuple[CommunityHealth, list[tuple[Finding, SafeString]]]]:
    """Each community with its findings of these columns, and how each stood over two years where that is asked for."""
    ids = [health.community.pk for health in shown]
    found = strips(board.on, ids) if board.history else {}
    keys = {each.key for each in columns}
    return [
        (
            health,
            [
                (finding, history(found.get(health.community.pk, {}).get(finding.commitment.key)))
                for finding in health.findings
                if finding.commitment.key in keys
            ],
        )
        for health in shown
    ]
