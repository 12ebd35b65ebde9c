"""What leads and their sponsor want of each other: told with the way to the briefing."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership, Role
from folkmoot.communities.notices import leads_of, name_of, sponsors_one
from folkmoot.events.models import Event
from folkmoot.meetings.access import briefing_token
from folkmoot.meetings.models import Ask, BriefingLink
from folkmoot.meetings.notices import kind_about
from folkmoot.notifications.kinds import Act, only_reaches, register
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person


def _the_one(entry: Entry) -> QuerySet[Person]:
    return Person.objects.get_queryset().filter(pk=entry.data["person"])


def _sponsors(entry: Entry) -> QuerySet[Person]:
    held = Membership.objects.current(today()).filter(community=entry.community_id, role=Role.SPONSOR)
    return Person.objects.get_queryset().filter(pk__in=held.values("person"))


def _briefing(entry: Entry) -> str:
    slug = Community.objects.values_list("slug", flat=True).get(pk=entry.community_id or 0)
    return reverse("community_briefing", args=[slug])


def _what_waits(entry: Entry) -> str:
    """When the meeting is, which is the subject of the letter, and then what is wanted before it."""
    event = Event.objects.get(pk=entry.about_id or 0)
    said = _("Briefing before your meeting on %(day)s, with %(community)s.") % {
        "day": f"{event.starts:%A %-d %B, %H:%M}",
        "community": name_of(entry),
    }
    waiting = Ask.objects.open().filter(community=entry.community_id).count()
    asked = ngettext("One ask waits for your answer.", "%(n)d asks wait for your answer.", waiting)
    return f"{said} {asked % {'n': waiting}}" if waiting else str(said)


def _read_it(notice: Notice) -> Act | None:
    number = Entry.objects.get(pk=notice.entry).data["link"]
    link = BriefingLink.objects.filter(pk=number, withdrawn_at=None, person=notice.person_id).first()
    if link is None:
        return None
    return Act(_("Read the briefing"), reverse("briefing_open", args=[briefing_token(link)]))


only_reaches(_sponsors, sponsors_one)
register(
    kind_about(
        "sponsor_asked", "sponsor_asked", _("A community asks something of you as its sponsor"),
        _("%(who)s asks of you: “%(about)s”."), _sponsors, _briefing,
    ),
    kind_about(
        "sponsor_answered", "sponsor_answered", _("Your sponsor has answered"),
        _("%(who)s answered “%(about)s”."), leads_of, _briefing,
    ),
    kind_about(
        "sponsor_answered_anew", "sponsor_answered_anew", _("Your sponsor has changed an answer"),
        _("%(who)s changed the answer to “%(about)s”: look at it again."), leads_of, _briefing,
    ),
    kind_about(
        "briefing_ready", "briefing_ready", _("The briefing before a meeting with your community"),
        "%(about)s", _the_one, _briefing, about=_what_waits, act=_read_it,
    ),
)  # fmt: skip
