"""`folkmoot invite`: a one-time link by which somebody signs in."""

import json
from typing import Annotated

import typer

from folkmoot.site.cli.frame import app
from folkmoot.site.starting import database


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Their e-mail address.")],
    team: Annotated[bool, typer.Option("--team", help="Put them on the programme team as well.")] = False,
    name: Annotated[str, typer.Option(help="Their name, if the directory does not know them.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Make or find a person, and print a link that signs them in once, within seven days."""
    with database():
        from django.conf import settings  # noqa: PLC0415

        from folkmoot.people.actions import invite as invite_person  # noqa: PLC0415
        from folkmoot.site.home import last_address  # noqa: PLC0415

        base_url = settings.FOLKMOOT_URL or last_address()
        invited = invite_person(by=None, email=email, name=name, team=team, base_url=base_url)
        if as_json:
            person = invited.person
            told = {
                "id": person.ref,
                "name": person.name,
                "email": person.email,
                "on_programme_team": person.on_programme_team,
                "created": invited.created,
                "mailed": invited.mailed,
                "url": invited.url,
            }
            typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
            return
        known = "is new" if invited.created else "was known"
        typer.echo(f"{invited.person.name} ({invited.person.email}) {known}.")
        if invited.person.on_programme_team:
            typer.echo("They are on the programme team.")
        typer.echo(f"This link signs them in once, within seven days:\n{invited.url}")
        typer.echo("It was mailed to them." if invited.mailed else "It was not mailed; please pass it on.")
        if not settings.FOLKMOOT_URL:
            typer.echo("If Folkmoot runs elsewhere, put its own address in front, or set FOLKMOOT_URL.")
