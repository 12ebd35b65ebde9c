"""What the style guide shows: invented people and communities, and a form with every kind of field."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from folkmoot.core import clock
from folkmoot.ui.components import community_card, person_row
from folkmoot.ui.icons import PATHS

PEOPLE = (
    ("Grace Mensah", _("Events Manager"), _("Faculty of Engineering")),
    ("Hana Yıldız", _("Conference Officer"), _("The Bartlett")),
    ("Luis Romero", _("Partnerships Lead"), _("Innovation and Enterprise")),
    ("Priya Nair", _("Communications Officer"), _("Faculty of Laws")),
    ("Tom Bevan", _("Graduation Coordinator"), _("Student and Registry Services")),
    ("Deborah Achebe", _("Director"), _("Student Experience")),
)
SLUGS = (
    "events-management",
    "data-and-insight",
    "internal-communications",
    "widening-participation",
    "research-technicians",
    "project-delivery",
    "finance-partners",
    "digital-accessibility",
    "lab-safety",
    "student-support",
    "procurement",
    "web-editors",
    "sustainability",
    "executive-assistants",
    "learning-design",
    "alumni-relations",
)
CARDS: tuple[dict[str, Any], ...] = (
    {
        "slug": "events-management",
        "name": "Events Management",
        "summary": _(
            "Everyone who plans, runs or supports events, from open days to conferences. We share suppliers, "
            "checklists and hard lessons, and make running events here easier each term."
        ),
        "area": _("Communications and events"),
        "members": 214,
        "role": _("Lead"),
    },
    {
        "slug": "data-and-insight",
        "name": "Data and Insight",
        "summary": _(
            "People who turn numbers into decisions: reporting, analysis, and the definitions between."
        ),
        "area": _("Data"),
        "members": 131,
    },
    {
        "slug": "research-technicians",
        "name": "Research Technicians",
        "area": _("Research support"),
        "members": 42,
        "stage": _("Forming"),
    },
)
COLUMNS = (
    (_("Leads"), "2–4"),
    (_("Sponsor"), ""),
    (_("Sponsor met"), _("6 weeks")),
    (_("Core meeting"), _("each term")),
    (_("Learning events"), _("each term")),
    (_("Projects"), ""),
    (_("Online space"), ""),
)
BOARD: tuple[tuple[str, Any, tuple[tuple[str, Any], ...]], ...] = (
    (
        "Data and Insight",
        _("One lead since 3 March; sponsor left in July"),
        (
            ("missed", _("1 lead")),
            ("missed", _("Vacant")),
            ("missed", _("19 wks ago")),
            ("due_soon", _("by 11 Dec")),
            ("met", "2"),
            ("met", _("1 live")),
            ("met", _("today")),
        ),
    ),
    (
        "Events Management",
        _("Next: sponsor meeting by 4 December"),
        (
            ("met", _("3 leads")),
            ("met", _("In post")),
            ("due_soon", _("by 4 Dec")),
            ("met", _("3 Dec booked")),
            ("met", "2"),
            ("met", _("2 live")),
            ("met", _("today")),
        ),
    ),
    (
        "Research Technicians",
        _("Forming: clocks start on 1 January"),
        (
            ("met", _("2 leads")),
            ("met", _("In post")),
            ("not_yet", _("not yet")),
            ("not_yet", _("not yet")),
            ("not_yet", _("not yet")),
            ("waived", _("waived")),
            ("met", _("5 d ago")),
        ),
    ),
)
STATUS_LABELS = {
    "met": _("Met"),
    "due_soon": _("Due soon"),
    "missed": _("Missed"),
    "not_yet": _("Not yet"),
    "waived": _("Waived"),
}


class ExampleStatus(str):
    """A status that brings its words along, as those of the product do."""

    @property
    def label(self) -> str:
        """The words."""
        return str(STATUS_LABELS[self])


class ExampleForm(forms.Form):
    """Every kind of field."""

    # The style guide shows mistakes without being taken to them.
    stays_unfocused = True

    name = forms.CharField(label=_("Name"), help_text=_("As you wish it to be shown."))
    email = forms.EmailField(label=_("E-mail"))
    purpose = forms.CharField(label=_("Purpose"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    area = forms.ChoiceField(
        label=_("Practice area"),
        choices=[("", _("Choose one")), ("data", _("Data")), ("events", _("Events"))],
    )
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    joining = forms.ChoiceField(
        label=_("Who may join"),
        choices=[
            ("open", _("Anyone")),
            ("request", _("Anyone who asks")),
            ("invitation", _("Those invited")),
        ],
        widget=forms.RadioSelect,
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills"),
        choices=[("plan", _("Planning")), ("host", _("Hosting")), ("write", _("Writing"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    photo = forms.FileField(label=_("Photo"), required=False, help_text=_("JPEG, PNG or WebP, up to 10 MB."))
    digest = forms.BooleanField(label=_("Send me a weekly digest"), required=False)


def example() -> dict[str, Any]:
    """The context of the style guide."""
    today = clock.today()
    later = datetime.combine(today + timedelta(days=3), datetime.min.time(), timezone.get_default_timezone())
    people = [SimpleNamespace(name=name, job=job, unit=unit) for name, job, unit in PEOPLE]
    return {
        "people": people,
        "rows": _rows(people),
        "cards": [community_card(url="#card", heading="h3", **card) for card in CARDS],
        "slugs": SLUGS,
        "icons": list(PATHS),
        "columns": COLUMNS,
        "board": [
            (name, why, [(ExampleStatus(s), words, COLUMNS[i][0]) for i, (s, words) in enumerate(cells)])
            for name, why, cells in BOARD
        ],
        "statuses": [ExampleStatus(status) for status in STATUS_LABELS],
        "today": today,
        "last_year": date(today.year - 1, 12, 4),
        "start": later + timedelta(hours=12, minutes=30),
        "end": later + timedelta(hours=13, minutes=30),
        "lately": clock.now() - timedelta(minutes=20),
        "form": ExampleForm(auto_id="empty_%s"),
        "wrong": ExampleForm({"name": "Grace Mensah", "email": "grace"}, auto_id="wrong_%s"),
        "page": SimpleNamespace(previous="b", next="a"),
    }


def _rows(people: list[SimpleNamespace]) -> list[SafeString]:
    chips: list[list[Any]] = [
        [(_("Lead"), "met")],
        [],
        [(_("until 4 December"), "soon"), _("Core member")],
        [],
        [],
        [],
    ]
    return [
        person_row(person, url="#person", title=person.job, unit=person.unit, chips=extra)
        for person, extra in zip(people, chips, strict=True)
    ][:3]
