"""The shape of what one chooses about notices."""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from folkmoot.notifications.kinds import Kind, kinds_for, reaching
from folkmoot.notifications.models import Choice, Rhythm, When
from folkmoot.people.models import Person

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
REMINDING = [(When.AT_ONCE, _("By e-mail")), (When.NEVER, _("Not at all"))]
# The zones that are places; the others are abbreviations and what is left of old files.
AREAS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


def zones(also: str) -> list[tuple[str, str]]:
    """The time zones one can choose, and the one that was chosen before."""
    places = (name for name in available_timezones() if name.partition("/")[0] in AREAS and "/" in name)
    return [(name, name) for name in sorted({"UTC", also, *places})]


class ChoicesHereForm(forms.Form):
    """How soon for each kind that is not direct, in one community; or as in all of them."""

    SAME = "same"

    def __init__(self, *args: Any, person: Person, community: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Choice.objects.filter(person=person)
        here = dict(mine.filter(community_id=community).values_list("kind", "when"))
        everywhere = dict(mine.filter(community_id=None).values_list("kind", "when"))
        reached = reaching(person)
        for kind in kinds_for(person):
            if not kind.direct and kind.key in reached:
                usual = When(everywhere.get(kind.key, When.WEEKLY)).label
                same = (self.SAME, _("As everywhere: %(when)s") % {"when": str(usual).lower()})
                self.fields[kind.key] = forms.ChoiceField(
                    label=str(kind.title),
                    choices=[same, *When.choices],
                    initial=here.get(kind.key, self.SAME),
                )

    def values(self) -> dict[str, str]:
        """What the action takes."""
        return {kind: "" if when == self.SAME else when for kind, when in self.cleaned_data.items()}


class ChoicesForm(forms.Form):
    """How soon for each kind, in all communities; and when the digest comes."""

    weekday = forms.TypedChoiceField(label=_("Weekly on"), choices=list(WEEKDAYS.items()), coerce=int)
    hour = forms.TypedChoiceField(label=_("At"), choices=HOURS, coerce=int)
    timezone = forms.ChoiceField(label=_("By the clock of"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        rhythm = Rhythm.objects.filter(person=person).first() or Rhythm(person=person)
        chosen = dict(Choice.objects.filter(person=person, community_id=None).values_list("kind", "when"))
        initial = {
            "weekday": rhythm.weekday,
            "hour": rhythm.hour,
            "timezone": rhythm.timezone or settings.TIME_ZONE,
        }
        super().__init__(*args, **kwargs)
        self.initial = initial
        self.fields["timezone"].choices = zones(str(initial["timezone"]))  # type: ignore[attr-defined]
        self.kinds, self.reached = kinds_for(person), reaching(person)
        for kind in self.kinds:
            default = When.AT_ONCE if kind.direct else When.WEEKLY
            when = chosen.get(kind.key, default)
            if kind.is_reminder and when != When.NEVER:
                when = When.AT_ONCE
            self.fields[kind.key] = forms.ChoiceField(
                label=str(kind.title), choices=REMINDING if kind.is_reminder else When.choices, initial=when
            )

    @property
    def of_communities(self) -> Iterator[forms.BoundField]:
        """The fields of what happens in one's communities."""
        return self._those(lambda kind: not kind.direct and kind.key in self.reached)

    @property
    def reminders(self) -> Iterator[forms.BoundField]:
        """The fields of what comes before something begins."""
        return self._those(lambda kind: kind.is_reminder)

    @property
    def direct(self) -> Iterator[forms.BoundField]:
        """The fields of what is about oneself."""
        return self._those(lambda kind: kind.direct and not kind.is_reminder and kind.key in self.reached)

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields of what can reach them once they lead or sponsor a community."""
        return list(self._those(lambda kind: not kind.is_reminder and kind.key not in self.reached))

    def _those(self, wanted: Callable[[Kind], bool]) -> Iterator[forms.BoundField]:
        return (self[kind.key] for kind in self.kinds if wanted(kind))

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        cleaned = dict(self.cleaned_data)
        rhythm = {name: cleaned.pop(name) for name in ("weekday", "hour", "timezone")}
        return {"rhythm": rhythm, "chosen": cleaned}
