"""The shape of what is typed when an event is planned, recorded or corrected."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from folkmoot.calendar.days import is_skipped, today
from folkmoot.communities.models import Community
from folkmoot.core import clock
from folkmoot.core.meanwhile import marks
from folkmoot.core.numbers import as_id
from folkmoot.core.richtext import LONGEST as LONGEST_HTML
from folkmoot.core.richtext import as_kept
from folkmoot.events.actions import LONGEST, YEARS, Scope
from folkmoot.events.models import LEARNING, MEETINGS, Audience, Event, Kind, Status, is_minted, mint_ref
from folkmoot.events.people import speakers_named
from folkmoot.events.recurrence import Every
from folkmoot.people.forms import NamesInput
from folkmoot.people.models import Person
from folkmoot.people.naming import named_people, say_unknown, with_mark
from folkmoot.ui.forms import DayInput, RichInput, SeenField, ShownField, TimeInput

LUNCH = (time(12, 30), time(13, 30))
MEETING = (time(10, 0), time(11, 0))
SOCIAL = (time(17, 0), time(18, 30))
WORKSHOP = (time(14, 0), time(16, 0))
RECORDED = [
    (kind.value, kind.label) for kind in (Kind.SPONSOR_MEETING, Kind.CORE_MEETING, *LEARNING, Kind.SOCIAL)
]


# A meeting is a community's own.
OF_PROGRAMME = [each for each in RECORDED if each[0] not in MEETINGS]


def usual_times(kind: str) -> tuple[time, time]:
    """When such an event usually is."""
    if kind == Kind.WORKSHOP:
        return WORKSHOP
    if kind in LEARNING:
        return LUNCH
    return SOCIAL if kind == Kind.SOCIAL else MEETING


class EventForm(forms.Form):
    """“We met on…”, or an event to come: what, when, where and who.

    `people` are those who can be ticked; others are named, one a line.
    """

    kind = forms.ChoiceField(label=_("What"), choices=RECORDED)
    day = forms.DateField(label=_("Day"), widget=DayInput)
    starts = forms.TimeField(label=_("From"), widget=TimeInput)
    ends = forms.TimeField(label=_("To"), widget=TimeInput)
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False, help_text=_("Where it ends on another day.")
    )
    # How many nights it lasts where no last day is given: of one that is to be as another one was.
    nights = forms.IntegerField(required=False, min_value=0, max_value=LONGEST.days, widget=forms.HiddenInput)
    attended = forms.ModelMultipleChoiceField(
        label=_("Who was there"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of what is over. On the day people are checked in."),
    )
    others = forms.CharField(
        label=_("Others who were there"),
        required=False,
        max_length=20_000,
        widget=NamesInput(attrs={"rows": 3}),
        help_text=_("One a line: a name, an e-mail address or an id of the directory."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What came of it. For those who read the community's findings."),
    )  # fmt: skip
    title = forms.CharField(
        label=_("Title"), required=False, max_length=200, help_text=_("Left empty, it is called by its kind.")
    )
    summary = forms.CharField(
        label=_("What it is about"), required=False, max_length=8000, widget=RichInput(attrs={"rows": 4})
    )
    html = forms.CharField(required=False, max_length=LONGEST_HTML)
    place = forms.CharField(label=_("Place"), required=False, max_length=300)
    online_url = forms.URLField(label=_("Link"), required=False, max_length=2000, assume_scheme="https")
    joining = forms.CharField(
        label=_("Joining notes"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("How to find the room, what to bring, a passcode. For those who may come."),
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty means no limit."),
    )
    audience = forms.ChoiceField(label=_("Who may come"), choices=Audience.choices, required=False)
    speakers = forms.CharField(
        label=_("Speakers"),
        required=False,
        max_length=20_000,
        widget=NamesInput(attrs={"rows": 2}),
        help_text=_(
            "One a line: a name, an e-mail address or an id of the directory; others are guests by name."
        ),
    )
    hosts = forms.ModelMultipleChoiceField(
        label=_("Together with"), queryset=Community.objects.none(), required=False
    )
    every = forms.ChoiceField(
        label=_("Again"), choices=[("", _("Once only")), *Every.choices], required=False
    )
    until = forms.DateField(label=_("Until"), widget=DayInput, required=False)
    leave_out = forms.BooleanField(
        label=_("Leave out days on which nobody is there"), required=False, initial=True
    )
    # The event's own id, so that a form that is sent twice records it once.
    ref = forms.CharField(required=False, widget=forms.HiddenInput, initial=mint_ref)

    def __init__(self, *args: Any, people: Any, hosts: Any, kinds: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds or RECORDED
        self._offer("kind", self.kinds)
        self._choose("attended", people)
        widget = self.fields["summary"].widget
        if isinstance(widget, RichInput):
            widget.html = self["html"].value() or ""
        self._choose("hosts", hosts)
        if not hosts.exists():
            del self.fields["hosts"]

    def _choose(self, name: str, among: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = among

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def as_another(self, kind: str, ticked: list[int]) -> dict[str, Any]:
        """What was typed, for an event of that kind; with its usual times, and who is usually there."""
        typed = {name: self[name].value() for name in self.fields}
        starts, ends = usual_times(kind)
        return typed | {"kind": kind, "starts": starts, "ends": ends, "attended": ticked}

    def zone(self) -> ZoneInfo:
        """The zone of the wall clock that is typed."""
        return ZoneInfo(settings.TIME_ZONE)

    def clean_ref(self) -> str:
        """One that was minted here, or none."""
        ref: str = self.cleaned_data["ref"]
        return ref if is_minted(ref) else ""

    def clean(self) -> dict[str, Any]:
        """Names become people; a name that is not known is said."""
        cleaned = super().clean() or self.cleaned_data
        people, unknown = named_people(cleaned.get("others", ""))
        for line, near in unknown:
            self.add_error("others", say_unknown(line, near))
        cleaned["attended"] = {*(cleaned.get("attended") or []), *people}
        cleaned["speakers"] = speakers_named(cleaned.get("speakers", ""))
        if cleaned.get("every") and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", gettext("Until when? Give the last day."))
        self._clean_times(cleaned)
        return cleaned

    def _clean_times(self, cleaned: dict[str, Any]) -> None:
        """It ends after it begins, in a year that is meant and at an hour that the clocks have."""
        if not {"day", "starts", "ends"} <= cleaned.keys():
            return
        day, last = cleaned["day"], self._last_day(cleaned)
        if day.year not in YEARS:
            self.add_error("day", gettext("Check the year: %(year)d.") % {"year": day.year})
        elif not day <= last <= day + LONGEST:
            self.add_error("last_day", gettext("It ends before it begins, or lasts more than a year."))
        elif (last, cleaned["ends"]) == (day, cleaned["starts"]):
            self.add_error("ends", gettext("It ends when it begins. Give a later time."))
        elif (last, cleaned["ends"]) < (day, cleaned["starts"]):
            sentence = gettext(
                "It ends before it begins. If it goes on past midnight, give its last day too."
            )
            self.add_error("ends", sentence)
        else:
            for name, on in (("starts", day), ("ends", last)):
                if is_skipped(datetime.combine(on, cleaned[name]), self.zone()):
                    self.add_error(name, gettext("The clocks skip this hour on that day. Choose another."))

    def _last_day(self, cleaned: dict[str, Any]) -> date:
        last: date = cleaned.get("last_day") or cleaned["day"] + timedelta(days=cleaned.get("nights") or 0)
        return last

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        cleaned = dict(self.cleaned_data)
        cleaned.pop("others")
        cleaned["summary"], cleaned["summary_html"] = as_kept(cleaned["summary"], cleaned.pop("html"))
        cleaned["audience"] = cleaned["audience"] or Audience.STAFF.value
        if not cleaned.get("every"):
            for name in ("every", "until", "leave_out"):
                cleaned.pop(name, None)
        last = self._last_day(cleaned)
        del cleaned["last_day"], cleaned["nights"]
        day = cleaned.pop("day")
        starts_at = datetime.combine(day, cleaned.pop("starts"), tzinfo=self.zone())
        ends_at = datetime.combine(last, cleaned.pop("ends"), tzinfo=self.zone())
        return {**cleaned, "starts_at": starts_at, "ends_at": ends_at, "timezone": self.zone().key}


# What nobody overwrites unseen.
MARKED = (
    "title", "summary", "place", "online_url", "joining", "note", "kind", "status", "starts_at", "ends_at", "capacity",
    "audience",
)  # fmt: skip


class CorrectionForm(EventForm):
    """An event as it was recorded, to be corrected."""

    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    scope = forms.ChoiceField(
        label=_("Change"), choices=Scope.choices, required=False, initial=Scope.THIS, widget=forms.RadioSelect
    )
    seen = SeenField()
    shown = ShownField()

    field_order = ["kind", "title", "day", "starts", "ends", "status"]
    # Where it is said that what an action calls so was changed meanwhile.
    said_at = {"starts_at": "day", "ends_at": "ends"}

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        self.event = event
        self._speakers: Any = None
        super().__init__(*args, **kwargs)
        for name in ("ref", "every", "until", "leave_out", *(() if event.series_id else ("scope",))):
            del self.fields[name]
        offered = {event.status, Status.SCHEDULED} | (
            {Status.HELD} if event.starts_at <= clock.now() else set()
        )
        self._offer("status", [choice for choice in Status.choices if choice[0] in offered])
        if len(offered) == 1:
            del self.fields["status"]
        self.initial["seen"] = marks(event, MARKED)

    def zone(self) -> ZoneInfo:
        """That of the event."""
        return self.event.zone

    def clean_shown(self) -> dict[str, set[int]] | None:
        """Who was ticked as present, and which communities held it, when the form was shown."""
        shown = self.cleaned_data["shown"]
        if shown is None:
            return None
        self._speakers = shown.get("speakers")
        return {name: _ids(shown.get(name)) for name in ("attended", "hosts")}

    def values(self) -> dict[str, Any]:
        """What `change_event` takes."""
        values = super().values()
        values["title"] = values["title"] or str(Kind(values["kind"]).label)
        # Who left them as they were does not undo what somebody else made of them.
        if (self["speakers"].value() or "").split() == str(self._speakers).split():
            values["speakers"] = None
        return values


def _ids(given: Any) -> set[int]:
    """The ids in a list, whatever somebody sent."""
    return {number for each in given if (number := as_id(str(each)))} if isinstance(given, list) else set()


def of_event(event: Event) -> dict[str, Any]:
    """What the form shows of an event. Three statements."""
    speakers = "\n".join(
        with_mark(speaker.person) if speaker.person else speaker.name
        for speaker in event.speakers.select_related("person")
    )
    parts = {
        "attended": list(event.attendances.values_list("person", flat=True)),
        "hosts": list(
            event.hostings.exclude(community=event.community_id).values_list("community", flat=True)
        ),
    }
    return {
        **parts,
        "shown": parts | {"speakers": speakers},
        "kind": event.kind,
        "title": event.title,
        "summary": event.summary,
        "html": event.summary_html,
        "day": event.starts.date(),
        "starts": event.starts.time(),
        "ends": event.ends.time(),
        "last_day": event.ends.date() if event.ends.date() != event.starts.date() else None,
        "status": event.status,
        "place": event.place,
        "online_url": event.online_url,
        "joining": event.joining,
        "note": event.note,
        "capacity": event.capacity,
        "audience": event.audience,
        "speakers": speakers,
    }


def to_begin_with(kind: str, attended: list[int]) -> dict[str, Any]:
    """What the form shows first."""
    starts, ends = usual_times(kind)
    return {"kind": kind, "day": today(), "starts": starts, "ends": ends, "attended": attended}


def again(event: Event) -> dict[str, Any]:
    """What the form shows of an event that is to take place once more: all but its day, its note and who was there."""
    nights = (event.ends.date() - event.starts.date()).days
    shown = of_event(event) | {"day": None, "nights": nights, "note": "", "attended": [], "ref": mint_ref()}
    return {name: value for name, value in shown.items() if name not in {"status", "last_day", "shown"}}
