"""`folkmoot health`: communities against the charter, on any day."""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database

if TYPE_CHECKING:
    from folkmoot.communities.models import Community


@app.command()
def health(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; default: today.")
    ] = None,
    community: Annotated[str | None, typer.Option(help="One community, by its slug.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Say where communities stand against the charter."""
    with database():
        from folkmoot.calendar.days import can_be_looked_at, today  # noqa: PLC0415
        from folkmoot.calendar.models import Period  # noqa: PLC0415
        from folkmoot.communities.models import Community  # noqa: PLC0415
        from folkmoot.core.refused import Refused  # noqa: PLC0415
        from folkmoot.health.measuring import measure  # noqa: PLC0415
        from folkmoot.health.output import as_json as plain  # noqa: PLC0415

        day: date = on.date() if on else today()
        if not can_be_looked_at(day):
            raise Refused(f"{day.isoformat()} is too far away to be looked at.")
        among = Community.objects.all()
        if community is not None:
            among = among.filter(slug=community)
            one = among.with_stage(day).first()
            if one is None:
                raise Refused(f"There is no community “{community}”.")
            if not one.is_measured(day):
                raise Refused(_unmeasured(one, day))
        healths = measure(day, among)
        if as_json:
            typer.echo(
                json.dumps(plain(day, healths, Period.objects.term_of_all(day)), ensure_ascii=False, indent=1)
            )
        else:
            _show(day, healths)


def _unmeasured(community: "Community", day: date) -> str:
    """Why there is nothing to say of it on that day."""
    said = f"{day:%-d %B %Y}"
    if day < community.since:
        return f"{community.name} began only after {said}, so there is nothing to measure."
    stage = str(community.stage)
    return f"{community.name} is {stage} on {said}; what is {stage} is not measured."


def _show(day: date, healths: list) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=f"Against the charter, {day:%-d %B %Y}", title_justify="left")
    for heading in ("Community", "Commitment", "Status", "Evidence", "Next step"):
        table.add_column(heading)
    for one in healths:
        for finding in one.findings:
            status = str(finding.status.label)
            table.add_row(
                one.community.name,
                str(finding.commitment.title),
                status,
                finding.evidence,
                finding.step.sentence,
            )
    Console().print(table)
