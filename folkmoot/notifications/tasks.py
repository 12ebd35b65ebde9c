"""Telling people, beside the web server."""

from procrastinate.contrib.django import app

from folkmoot.activity.models import Entry
from folkmoot.notifications.actions import tell


@app.task(name="notifications.fan_out", lock="notifications.fan_out", retry=5)
def fan_out(*, entry: int) -> None:
    """Tell everybody whom a line of the ledger concerns. One line after the other, so that order is kept."""
    found = Entry.objects.filter(pk=entry).first()
    if found is not None:
        tell(found)
