"""The shape of what is typed about meetings."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from folkmoot.calendar.days import is_skipped, zone
from folkmoot.core.meanwhile import marks
from folkmoot.events.actions import YEARS
from folkmoot.meetings.actions.polls import MOST
from folkmoot.meetings.arranging import LENGTH, OFFERED, Offer
from folkmoot.meetings.models import Action, Ask, Item
from folkmoot.people.models import Person, PersonQuerySet
from folkmoot.ui.forms import DayInput, SeenField, TimeInput


class ItemForm(forms.Form):
    """Something to speak of."""

    title = forms.CharField(label=_("What to speak of"), max_length=200)
    owner = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none(), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=600)

    def __init__(self, *args: Any, people: PersonQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "owner", people)


class ItemCorrectionForm(ItemForm):
    """An item as it stands on the agenda, to be changed."""

    seen = SeenField()


def of_item(item: Item) -> dict[str, Any]:
    """What the form shows of an item."""
    shown = {"title": item.title, "owner": item.owner_id, "minutes": item.minutes}
    return shown | {"seen": marks(item, shown)}


class SuggestionForm(forms.Form):
    """Something that a member would like to speak of."""

    title = forms.CharField(label=_("What to speak of"), max_length=200)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=600)


class ActionForm(forms.Form):
    """Who does what by when."""

    text = forms.CharField(label=_("What is to be done"), max_length=500)
    owner = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none(), required=False)
    due = forms.DateField(label=_("By"), widget=DayInput, required=False)

    def __init__(self, *args: Any, people: PersonQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "owner", people)


class ActionCorrectionForm(ActionForm):
    """An action as it was given, to be changed."""

    seen = SeenField()


def of_action(action: Action) -> dict[str, Any]:
    """What the form shows of an action."""
    shown = {"text": action.text, "owner": action.owner_id, "due": action.due}
    return shown | {"seen": marks(action, shown)}


class TypingForm(forms.Form):
    """What is written under an item, with the marks of what was shown, and what the same page `sent` last."""

    text = forms.CharField(required=False, max_length=50_000, strip=False)
    seen = SeenField()
    sent = forms.CharField(required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        """Lines end as they are kept."""
        said = self.cleaned_data
        return said | {name: said[name].replace("\r\n", "\n") for name in ("text", "sent") if name in said}


class WritingForm(TypingForm):
    """And what was decided and given to whom, all of it saved at once.

    `keep` says what becomes of what two wrote at the same time: mine, theirs or both.
    """

    decision = forms.CharField(label=_("Decided"), required=False, max_length=2000)
    action = forms.CharField(label=_("To do"), required=False, max_length=500)
    owner = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none(), required=False)
    due = forms.DateField(label=_("By"), widget=DayInput, required=False)
    now = SeenField()
    keep = forms.ChoiceField(required=False, choices=[(each, each) for each in ("mine", "theirs", "both")])

    def __init__(self, *args: Any, people: PersonQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "owner", people)


class PublishForm(forms.Form):
    """Who was there, when the minutes go out."""

    attended = forms.ModelMultipleChoiceField(
        label=_("Who was there"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"form": "writing"}),
    )

    def __init__(self, *args: Any, people: PersonQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "attended", people)


class AskForm(forms.Form):
    """What leads want of their sponsor."""

    kind = forms.ChoiceField(label=_("What you want"), choices=Ask.Kind.choices)
    text = forms.CharField(label=_("In a sentence"), max_length=1000)


class AskAnswerForm(forms.Form):
    """The sponsor's word, and what it `was` on the page that was answered."""

    ask = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=Ask.Answer.choices)
    was = forms.ChoiceField(choices=Ask.Answer.choices, required=False)
    note = forms.CharField(required=False)


class TimeForm(forms.Form):
    """A time that is offered; left empty, it is not."""

    day = forms.DateField(label=_("Day"), widget=DayInput, required=False)
    starts = forms.TimeField(label=_("From"), widget=TimeInput, required=False)
    ends = forms.TimeField(label=_("To"), widget=TimeInput, required=False)

    def clean(self) -> dict[str, Any]:
        """A day needs an hour; the time ends after it begins, in a year that is meant, at hours the clocks have."""
        cleaned = super().clean() or self.cleaned_data
        day, starts, ends = (cleaned.get(name) for name in ("day", "starts", "ends"))
        if day is None or self.errors:
            return cleaned
        if day.year not in YEARS:
            self.add_error("day", gettext("Check the year: %(year)d.") % {"year": day.year})
        elif starts is None:
            self.add_error("starts", gettext("From when?"))
        elif ends == starts:
            self.add_error("ends", gettext("It ends when it begins. Give a later time."))
        elif ends and ends < starts:
            self.add_error("ends", gettext("It ends before it begins."))
        else:
            for name in ("starts", "ends"):
                if cleaned[name] and is_skipped(datetime.combine(day, cleaned[name]), zone()):
                    self.add_error(name, gettext("The clocks skip this hour on that day. Choose another."))
        return cleaned

    def time(self) -> tuple[datetime, datetime] | None:
        """From and to; an hour where no end is given."""
        day, starts, ends = (self.cleaned_data.get(name) for name in ("day", "starts", "ends"))
        if day is None or starts is None:
            return None
        begin = datetime.combine(day, starts, tzinfo=zone())
        return begin, datetime.combine(day, ends, tzinfo=zone()) if ends else begin.astimezone(UTC) + LENGTH


Times = forms.formset_factory(TimeForm, extra=0, min_num=OFFERED, max_num=MOST, absolute_max=MOST)


def of_offers(offers: list[Offer]) -> list[dict[str, Any]]:
    """What the forms show of the times that fit."""
    found = []
    for offer in offers:
        starts, ends = offer.starts_at.astimezone(zone()), offer.ends_at.astimezone(zone())
        found.append({"day": starts.date(), "starts": starts.time(), "ends": ends.time()})
    return found


class WhereForm(forms.Form):
    """Where one meets."""

    place = forms.CharField(label=_("Place"), required=False, max_length=300)
    online_url = forms.URLField(label=_("Link"), required=False, max_length=2000, assume_scheme="https")


def choose_among(form: forms.Form, name: str, people: PersonQuerySet) -> None:
    """Offer these people in a field of the form."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = people.order_by("sort_name", "id")


def ask_once(many: Iterable[forms.Form], name: str, people: PersonQuerySet) -> None:
    """Offer these people in that field of many forms. One statement, where each would ask again."""
    offered = [
        ("", "---------"),
        *((person.pk, str(person)) for person in people.order_by("sort_name", "id")),
    ]
    for form in many:
        field = form.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.choices = offered
