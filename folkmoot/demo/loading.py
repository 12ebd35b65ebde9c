"""Loading the invented programme into an empty database, and knowing that it was.

History is written in bulk, as it would stand, and not acted out: nothing here goes through the actions.
"""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.activity.models import Entry
from folkmoot.calendar.days import today as this_day
from folkmoot.calendar.days import zone
from folkmoot.calendar.models import Calendar, Period
from folkmoot.charter.models import Version
from folkmoot.communities.models import (
    ActiveDay,
    Community,
    Invitation,
    JoinRequest,
    Membership,
    PracticeArea,
    StageChange,
)
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.demo.copying import copy, number
from folkmoot.demo.invention import (
    SEED,
    Block,
    InventedCommunity,
    InventedEvent,
    InventedPerson,
    Programme,
    invent,
)
from folkmoot.demo.meetings import write_meetings
from folkmoot.demo.models import DemoProgramme
from folkmoot.discussions.models import Post, Thread
from folkmoot.events.models import Attendance, Event, Hosting, Speaker
from folkmoot.people.models import Person, Unit

ASK_AGAIN = 20.0  # seconds until the database is asked again


class Known:
    """What this process knows; the command line may load the demo, or put a backup in its place."""

    is_demo = False
    asked_at = float("-inf")


def is_demo() -> bool:
    """Whether this is the demo, as of the last twenty seconds. At most one statement, and none for most of the time."""
    if time.monotonic() - Known.asked_at > ASK_AGAIN:
        Known.is_demo = DemoProgramme.objects.exists()
        Known.asked_at = time.monotonic()
    return Known.is_demo


def ask_again() -> None:
    """Forget what is known, for processes that change the database under themselves: loading, and tests."""
    Known.is_demo, Known.asked_at = False, float("-inf")


def ensure_demo() -> bool:
    """Load the demo into a database that holds nothing yet, else do nothing. Whether it was loaded."""
    if not _is_empty():
        return False
    load_demo()
    return True


@transaction.atomic
def load_demo(
    *,
    today: date | None = None,
    scale: int = 1,
    seed: int = SEED,
    tell: Callable[[int], None] = lambda loaded: None,
) -> DemoProgramme:
    """Write `scale` × 2,000 people and their communities, as they stand on `today`, all or nothing.

    `tell` is called with the number of people after each block. Refused where there is a programme already,
    and for a scale that cannot be.
    """
    with connection.cursor() as cursor:
        # Two that load at once: the second waits, and finds the programme of the first.
        cursor.execute("LOCK TABLE demo_demoprogramme IN EXCLUSIVE MODE")
    if not _is_empty():
        raise Refused(_("The demo is loaded into an empty programme only; this one has content already."))
    try:
        programme = invent(seed, today or this_day(), scale)
    except ValueError as error:
        raise Refused(_("The scale is a whole number from 1 to 400."), "scale") from error
    _load(programme, tell)
    transaction.on_commit(ask_again)
    demo = DemoProgramme.objects.create(seed=seed, scale=scale, day=programme.today)
    record("demo_loaded", by=None, about=demo, data={"seed": seed, "scale": scale})
    return demo


def _is_empty() -> bool:
    """No people, units, communities, and the charter as it was set up."""
    models = (DemoProgramme, Person, Unit, Community, PracticeArea, Event, Period)
    changed = Version.objects.exclude(thresholds={}).exists()
    return not changed and not any(model._default_manager.exists() for model in models)


def _load(programme: Programme, tell: Callable[[int], None]) -> None:
    units = _units(programme)
    Version.objects.all().delete()
    copy([Version(since=v.since, thresholds=v.thresholds, note=v.note) for v in programme.charter])
    calendar = Calendar.objects.organisations()
    copy(
        [
            Period(calendar=calendar, name=p.name, kind=p.kind, start=p.start, end=p.end)
            for p in programme.periods
        ]
    )
    Calendar.objects.filter(pk=calendar.pk).update(holidays="GB-ENG")
    areas: dict[str, PracticeArea] = {}
    for blocks, block in enumerate(programme.blocks(), start=1):
        _areas(block, areas)
        _Loader(block, units, areas).load()
        tell(blocks * len(block.people))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_unit, people_person, communities_community, communities_membership")
        cursor.execute(
            "ANALYZE communities_stagechange, communities_activeday, activity_entry, calendar_period"
        )
        cursor.execute("ANALYZE discussions_thread, discussions_post")
        cursor.execute(
            "ANALYZE events_event, events_hosting, events_speaker, events_attendance, events_answer"
        )
        cursor.execute("ANALYZE meetings_item, meetings_action, meetings_decision, meetings_ask")


def _units(programme: Programme) -> dict[str, Unit]:
    """The units by code, written."""
    units: dict[str, Unit] = {}
    for invented in programme.units:
        unit = Unit(code=invented.code, name=invented.name, stated_kind=invented.kind, kind=invented.kind)
        unit.set_keys()
        units[invented.code] = unit
    number(list(units.values()))
    for invented in programme.units:
        units[invented.code].parent = units.get(invented.parent)
    copy(list(units.values()))
    return units


def _areas(block: Block, known: dict[str, PracticeArea]) -> None:
    names = dict.fromkeys(community.area for community in block.communities)
    new = [PracticeArea(slug=slugify(name), name=name) for name in names if name not in known]
    for area in new:
        area.set_keys()
    known.update((area.name, area) for area in copy(new))


class _Loader:
    """Writes one block."""

    def __init__(self, block: Block, units: dict[str, Unit], areas: dict[str, PracticeArea]) -> None:
        self.block, self.units, self.areas = block, units, areas
        self.people: dict[str, Person] = {}
        self.communities: dict[str, Community] = {}
        self.requests: dict[tuple[str, str], JoinRequest] = {}
        self.events: dict[str, Event] = {}
        self.no_password = make_password(None)
        self.known_since = clock.now() - timedelta(days=365)  # nobody is new

    def load(self) -> None:
        """All of it, in the order of its foreign keys."""
        self.people = {one.ref: one for one in copy([self._person(p) for p in self.block.people])}
        self.communities = {
            one.slug: one for one in copy([self._community(c) for c in self.block.communities])
        }
        copy(
            [
                StageChange(community=self.communities[community.slug], stage=stage, since=since)
                for community in self.block.communities
                for stage, since in community.stages
            ]
        )
        copy(
            [
                ActiveDay(community=self.communities[community.slug], day=day)
                for community in self.block.communities
                for day in community.active_days
            ]
        )
        copy(
            [
                Membership(
                    community=self.communities[m.community],
                    person=self.people[m.person],
                    role=m.role,
                    since=m.since,
                    until=m.until,
                )
                for m in self.block.memberships
            ]
        )
        self._requests()
        self._invitations()
        self._events()
        write_meetings(self.block, self.events, self.people, self.communities, _at)
        self._threads()
        copy(self._entries())

    def _person(self, invented: InventedPerson) -> Person:
        person = Person(
            ref=invented.ref,
            name=invented.name,
            email=invented.email,
            job_title=invented.job_title,
            unit=self.units[invented.unit],
            skills_offered=invented.skills_offered,
            skills_wanted=invented.skills_wanted,
            pronouns=invented.pronouns,
            about=invented.about,
            left=invented.left,
            on_programme_team=invented.on_programme_team,
            password=self.no_password,
            created_at=self.known_since,
        )
        person.set_keys()
        return person

    def _community(self, invented: InventedCommunity) -> Community:
        community = Community(
            slug=invented.slug,
            name=invented.name,
            practice_area=self.areas[invented.area],
            summary=invented.purpose,
            since=invented.since,
            until=invented.until,
            space_kind=invented.space_kind,
            space_url=invented.space_url,
            joining=invented.joining,
            inside=invented.inside,
        )
        community.set_keys()
        return community

    def _requests(self) -> None:
        self.requests = {
            (request.community, request.person): JoinRequest(
                community=self.communities[request.community],
                person=self.people[request.person],
                message=request.message,
                asked_at=_at(request.asked, request.minute),
                answered_at=_at(request.answered, request.minute) if request.answered else None,
                answered_by=self.people.get(request.answered_by),
                answer=request.answer,
            )
            for request in self.block.requests
        }
        copy(list(self.requests.values()))

    def _invitations(self) -> None:
        copy(
            [
                Invitation(
                    community=self.communities[invitation.community],
                    person=self.people[invitation.person],
                    role=invitation.role,
                    invited_by=self.people[invitation.invited_by],
                    invited_at=_at(invitation.invited, 11 * 60),
                )
                for invitation in self.block.invitations
            ]
        )

    def _events(self) -> None:
        events = [self._event(invented) for invented in self.block.events]
        copy(events)
        self.events = {event.ref: event for event in events}
        both = list(zip(events, self.block.events, strict=True))
        copy(
            [
                Hosting(event=event, community=self.communities[slug])
                for event, each in both
                for slug in (each.community, *each.hosts)
            ]
        )
        copy(
            [
                Speaker(event=event, person=self.people[ref], place=place)
                for event, each in both
                for place, ref in enumerate(each.speakers)
            ]
        )
        copy(
            [
                Attendance(event=event, person=self.people[ref])
                for event, each in both
                for ref in each.attended
            ]
        )

    def _event(self, invented: InventedEvent) -> Event:
        starts_at = _at(invented.day, invented.minute)
        return Event(
            ref=invented.ref,
            kind=invented.kind,
            title=invented.title,
            summary=invented.summary,
            community=self.communities[invented.community],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=invented.minutes),
            timezone=settings.TIME_ZONE,
            place=invented.place,
            online_url=invented.online_url,
            status=invented.status,
        )

    def _threads(self) -> None:
        threads: list[Thread] = []
        posts: list[Post] = []
        answers: list[tuple[Thread, Post]] = []
        for invented in self.block.threads:
            first, last = invented.posts[0], invented.posts[-1]
            thread = Thread(
                community=self.communities[invented.community],
                kind=invented.kind,
                title=invented.title,
                by=self.people[first.by],
                started_at=_at(first.day, first.minute),
                posts=len(invented.posts),
                last_at=_at(last.day, last.minute),
                last_by=self.people[last.by],
            )
            written = [
                Post(
                    thread=thread,
                    community=thread.community,
                    number=number,
                    by=self.people[post.by],
                    at=_at(post.day, post.minute),
                    text=post.text,
                    once=f"demo:{thread.community.pk}:{len(threads)}:{number}",
                )
                for number, post in enumerate(invented.posts, start=1)
            ]
            threads.append(thread)
            posts += written
            if invented.answer:
                answers.append((thread, written[invented.answer - 1]))
        copy(threads)
        for post in posts:
            post.thread_id = post.thread.pk
        copy(posts)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE discussions_thread SET answer_id = answered.post "
                "FROM unnest(%s::bigint[], %s::bigint[]) answered(thread, post) WHERE id = answered.thread",
                [[thread.pk for thread, _post in answers], [post.pk for _thread, post in answers]],
            )

    def _entries(self) -> list[Entry]:
        entries = []
        for happening in self.block.happenings:
            community, by = self.communities[happening.community], self.people[happening.by]
            about: JoinRequest | Person | Community = self.people.get(happening.person) or community
            if happening.verb == "asked_to_join":
                about = self.requests[happening.community, happening.person]
            entries.append(
                Entry(
                    at=_at(happening.day, happening.minute),
                    verb=happening.verb,
                    by_id=by.pk,
                    by_label=by.name,
                    about_type=about._meta.label_lower,
                    about_id=about.pk,
                    about_label=str(about),
                    community_id=community.pk,
                    data=happening.data,
                )
            )
        return entries


def _at(day: date, minute: int) -> datetime:
    """A moment of the working day, in the organisation's zone."""
    return datetime.combine(day, time_of_day(minute // 60, minute % 60), tzinfo=zone())
