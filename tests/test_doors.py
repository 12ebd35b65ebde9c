"""Every URL of the site × everybody of the cast, with the answer each gets to a plain GET.

A URL that is not in the table fails the first test: nobody adds a page without saying who may see it.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from folkmoot.calendar.actions import add_period
from folkmoot.calendar.days import today
from folkmoot.calendar.models import Calendar
from folkmoot.charter.models import Version
from folkmoot.communities.actions import waive
from folkmoot.communities.models import Community, Invitation, JoinRequest, Membership, Role
from folkmoot.core import clock
from folkmoot.core.files import taken
from folkmoot.demo.invention import cast
from folkmoot.demo.loading import ask_again, load_demo
from folkmoot.discussions.actions import report_post, start_thread
from folkmoot.events.actions import Named, ask_host, feeds_of, keep_material, record_event, take_report
from folkmoot.exchange.models import ExportRun, ImportRun
from folkmoot.meetings.actions import add_item, ask_sponsor, decide, give_action, open_poll
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

EVERYONE = ("visitor", "newcomer", "wider", "core", "lead", "sponsor", "programme")
IN = 302  # sent to sign in, or on
A = dict.fromkeys(EVERYONE, 200)
STAFF = {**A, "visitor": IN}
TEAM = {**dict.fromkeys(EVERYONE, 403), "visitor": IN, "programme": 200}
LEADS = {**TEAM, "lead": 200}
INSIDE = {**STAFF, "newcomer": 403}  # the community of the table talks among its members
FINDINGS = {**LEADS, "core": 200, "sponsor": 200}
RECORDS = {**LEADS, "sponsor": 200}
# A sponsor meeting: seen by core members, run by leads and sponsor.
RUNS = {
    **dict.fromkeys(EVERYONE, 404),
    "visitor": IN,
    "core": 403,
    "lead": 200,
    "sponsor": 200,
    "programme": 200,
}
RUNS_POST = {who: IN if status == 200 else status for who, status in RUNS.items()}


def to_all(status: int) -> dict[str, int]:
    """The same answer for everybody."""
    return dict.fromkeys(EVERYONE, status)


# name of the URL: (its arguments, who gets what). A name that the world below defines stands for its value.
DOORS: dict[str, tuple[tuple[str, ...], dict[str, int]]] = {
    "home": ((), A),
    "people": ((), STAFF),
    "names": ((), to_all(IN)),
    "person": (("ref",), STAFF),
    "profile": ((), STAFF),
    "profile_photo": ((), to_all(IN)),
    "photo": (("nosuchphoto",), {**to_all(404), "visitor": IN}),
    "welcome": (("nosuchlink",), to_all(410)),
    "account_login": ((), {**to_all(IN), "visitor": 200}),
    "account_request_login_code": ((), {**to_all(IN), "visitor": 200}),
    "account_confirm_login_code": ((), to_all(IN)),
    "account_logout": ((), {**A, "visitor": IN}),
    "account_inactive": ((), A),
    "account_signup": ((), {**to_all(IN), "visitor": 403}),
    "account_signup_confirm": ((), to_all(IN)),
    "account_reauthenticate": ((), {**to_all(403), "visitor": IN}),  # nothing yet to confirm oneself with
    "account_change_password": ((), to_all(IN)),
    "account_set_password": ((), STAFF),
    "account_reset_password": ((), A),
    "account_reset_password_done": ((), A),
    "account_reset_password_from_key_done": ((), A),
    "account_reset_password_from_key": (("1", "nosuchkey"), A),
    "mfa_index": ((), STAFF),
    "mfa_authenticate": ((), to_all(IN)),
    "mfa_reauthenticate": ((), {**to_all(403), "visitor": IN}),
    "mfa_activate_totp": ((), STAFF),
    "mfa_deactivate_totp": ((), {**to_all(404), "visitor": IN}),
    "mfa_view_recovery_codes": ((), {**to_all(404), "visitor": IN}),
    "mfa_generate_recovery_codes": ((), STAFF),
    "mfa_download_recovery_codes": ((), {**to_all(404), "visitor": IN}),
    "communities": ((), A),
    "community_new": ((), TEAM),
    "community": (("slug",), A),
    "community_charter": (("slug",), FINDINGS),
    "community_members": (("slug",), STAFF),
    "community_new_member": (("slug",), LEADS),
    "community_member": (("slug", "member"), LEADS),
    "community_end_member": (("slug", "membership"), LEADS),
    "community_membership": (("slug",), STAFF),
    "community_membership_end": (("slug",), {**to_all(IN), "wider": 200, "core": 200, "lead": 200}),
    "community_request": (("slug", "request"), LEADS),
    "community_invitations": (("slug",), LEADS),
    "community_invitation": (("slug", "invitation"), {**TEAM, "lead": IN, "programme": IN}),
    "community_edit": (("slug",), LEADS),
    "community_stage": (("slug",), TEAM),
    "community_notices": (("slug",), STAFF),
    "community_space": (("slug",), LEADS),
    "events": ((), A),
    "programme_new_event": ((), TEAM),
    "event": (("event", "event slug"), A),
    "event_edit": (("event",), {**LEADS, "sponsor": 200}),
    "event_answer": (("event",), to_all(IN)),
    "event_answers": (("event",), {**LEADS, "sponsor": 200}),
    "event_file": (("event",), A),
    "event_hosts": (("event",), RECORDS),
    "event_invitations": (("event",), RECORDS),
    "event_attendance": (("event",), RECORDS),
    "event_code": (("event",), RECORDS),
    "event_check_in": (("event", "nosuchcode"), {**to_all(404), "visitor": IN}),
    "event_unsettled": (("event", "unsettled"), RECORDS),
    "event_feedback": (("event",), {**RECORDS, "core": 200}),
    "event_material": (("event",), RECORDS),
    "event_slides": (("event", "slides"), to_all(IN)),
    "event_report": (("event",), RECORDS),
    "calendar_import": (("slug",), RECORDS),
    "host_request": (("slug", "host request"), LEADS),
    "host_removal": (("slug", "event"), {**TEAM, "lead": IN, "programme": IN}),
    "calendars": ((), STAFF),
    "calendar_feed": (("secret",), A),
    "event_thread": (("event",), INSIDE),
    "event_cancellation": (("event",), {**LEADS, "sponsor": 200}),
    "meeting_agenda": (("meeting",), RUNS),
    "agenda_order": (("meeting",), RUNS_POST),
    "agenda_item": (("meeting", "item"), RUNS),
    "agenda_place": (("meeting", "item"), RUNS_POST),
    "agenda_acceptance": (("meeting", "item"), RUNS_POST),
    "agenda_removal": (("meeting", "item"), RUNS_POST),
    "meeting_minutes": (("meeting",), RUNS),
    "minutes_edit": (("meeting",), RUNS),
    "minutes_item": (("meeting", "item"), RUNS_POST),
    "decision_removal": (("meeting", "decision"), RUNS_POST),
    "actions": ((), STAFF),
    "action": (("action",), {**to_all(404), **LEADS, "newcomer": 404, "wider": 404, "sponsor": 200}),
    "action_completion": (
        ("action",),
        {**to_all(404), "visitor": IN, "core": 403} | dict.fromkeys(("lead", "sponsor", "programme"), IN),
    ),
    "action_done": (("no signature",), to_all(410)),
    "community_actions": (("slug",), FINDINGS),
    "arranging": (("slug", "core_meeting"), {**LEADS, "sponsor": 200}),
    "poll": (("poll",), {**LEADS, "sponsor": 200}),
    "poll_booking": (("poll",), {**TEAM, **dict.fromkeys(("lead", "sponsor", "programme"), IN)}),
    "poll_end": (("poll",), {**TEAM, **dict.fromkeys(("lead", "sponsor", "programme"), IN)}),
    "poll_answer": (("no signature",), to_all(410)),
    "event_answer_by_letter": (("no signature",), to_all(410)),
    "community_briefing": (("slug",), {**LEADS, "sponsor": 200}),
    "community_briefing_paper": (("slug",), {**LEADS, "sponsor": 200}),
    "community_briefing_link": (("slug",), {**TEAM, "lead": IN, "programme": IN}),
    "community_ask_answer": (("slug",), {**TEAM, "sponsor": IN, "programme": 403}),
    "community_ask_removal": (("slug", "ask"), {**TEAM, "lead": IN, "programme": IN}),
    "briefing_open": (("no signature",), to_all(410)),
    "briefing_open_paper": (("no signature",), to_all(410)),
    "community_events": (("slug",), A),
    "community_new_event": (("slug",), {**LEADS, "sponsor": 200}),
    "event_drafts": (("slug",), {**LEADS, "sponsor": 200}),
    "channel": (("slug",), LEADS),
    "channel_trial": (("slug",), {**LEADS, "lead": IN, "programme": IN}),
    "channel_removal": (("slug",), {**LEADS, "lead": IN, "programme": IN}),
    "threads": (("slug",), INSIDE),
    "new_thread": (("slug",), INSIDE),
    "thread": (("slug", "thread"), INSIDE),
    "thread_posts": (("slug", "thread"), to_all(IN) | {"newcomer": 403}),
    "thread_lock": (("slug", "thread"), {**to_all(403), "visitor": IN, "lead": IN, "programme": IN}),
    "thread_following": (("slug", "thread"), to_all(IN) | {"newcomer": 403}),
    "thread_answer": (
        ("slug", "thread"),
        {**to_all(403), "visitor": IN, "lead": IN, "programme": IN, "core": IN},
    ),
    "post_edit": (("slug", "thread", "1"), {**to_all(403), "visitor": IN, "core": 200}),
    "likely_threads": (("slug",), to_all(IN) | {"newcomer": 403}),
    "mentionable": (("slug",), to_all(IN) | {"newcomer": 403}),
    "thread_draft": (("slug",), to_all(IN) | {"newcomer": 403}),
    "thread_move": (("slug", "thread"), LEADS),
    "post_hiding": (("slug", "thread", "1"), LEADS),
    "post_reactions": (("slug", "thread", "1"), to_all(IN) | {"newcomer": 403}),
    "post_attachment": (("slug", "thread", "1", "file"), to_all(IN) | {"newcomer": 403}),
    "post_removal": (("slug", "thread", "1"), {**LEADS, "core": 200}),
    "threads_reading": (("slug",), to_all(IN) | {"newcomer": 403}),
    "thread_export": (("slug", "thread", "md"), INSIDE),
    "thread_reports": (("slug",), LEADS),
    "report_settlement": (("slug", "report"), {**LEADS, "lead": IN, "programme": IN}),
    "post_report": (("slug", "thread", "1"), {**INSIDE, "core": 403}),
    "post_history": (("slug", "thread", "1"), INSIDE),
    "calendar": ((), STAFF),
    "calendar_new": ((), TEAM),
    "calendar_of": (("organisation",), STAFF),
    "calendar_hours": (("organisation",), TEAM),
    "calendar_new_period": (("organisation",), TEAM),
    "calendar_period": (("organisation", "period"), TEAM),
    "calendar_copy": (("organisation", "2026"), TEAM),
    "community_new_waiver": (("slug",), TEAM),
    "community_end_waiver": (("slug", "waiver"), {**TEAM, "programme": IN}),
    "charter_measured_from": ((), TEAM),
    "charter_version_removal": (("version",), TEAM),
    "programme": ((), TEAM),
    "programme_csv": ((), TEAM),
    "programme_people": ((), TEAM),
    "charter": ((), STAFF),
    "charter_version": ((), TEAM),
    "inbox": ((), STAFF),
    "notice_choices": ((), STAFF),
    "notice_blocks": ((), STAFF),
    "notice_mutes": ((), to_all(IN)),
    "unsubscribe": (("no signature",), to_all(404)),
    "inbox_notice": (("notice",), {**to_all(404), "visitor": IN, "wider": IN}),
    "inbox_completion": (("notice",), {**to_all(404), "visitor": IN, "wider": IN}),
    "export": ((), TEAM),
    "export_list": ((), {**TEAM, "programme": IN}),
    "export_file": (("export",), TEAM),
    "import": ((), TEAM),
    "import_run": (("run",), TEAM),
    "import_progress": (("run",), {**TEAM, "programme": IN}),
    "import_columns": (("run",), {**TEAM, "programme": IN}),
    "import_application": (("run",), {**TEAM, "programme": IN}),
    "import_removal": (("run",), {**TEAM, "programme": IN}),
    "demo": ((), A),
    "demo_mail": ((), to_all(404)),  # in tests there is a mail server of their own
    "demo_letter": (("no such letter",), to_all(404)),
    "demo_session": (("lead",), to_all(IN)),
    "styleguide": ((), A),
    "readyz": ((), to_all(503)),  # in tests there is no worker
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The demo, with the wider member in the community of the table, and something to answer there."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load_demo(today=today())
        people = {member.key: Person.objects.get(ref=member.ref) for member in cast()}
        community = Community.objects.get(slug="events-management")
        Membership.objects.create(community=community, person=people["wider"], role=Role.WIDER, since=today())
        stranger = Person.objects.create(ref="a stranger/1", name="A Stranger")
        asked = JoinRequest.objects.create(community=community, person=stranger)
        invited = Invitation.objects.create(community=community, person=people["newcomer"])
        talk = record_event(
            by=people["lead"], community=community, kind="talk", title="A talk", starts_at=clock.now(),
            ends_at=clock.now(), timezone="Europe/London",
        )  # fmt: skip
        meeting = record_event(
            by=people["lead"], community=community, kind="sponsor_meeting", starts_at=clock.now() + timedelta(days=1),
            ends_at=clock.now() + timedelta(days=1, hours=1), timezone="Europe/London",
        )  # fmt: skip
        times = [(clock.now() + timedelta(days=9), clock.now() + timedelta(days=9, hours=1))]
        elsewhere = Community.objects.exclude(pk=community.pk).first()
        concert = record_event(
            by=people["programme"], community=elsewhere, kind="talk", starts_at=clock.now(), ends_at=clock.now(),
            timezone="Europe/London",
        )  # fmt: skip
        keep_material(by=people["lead"], event=talk, recording_url="", slides=[taken("so.txt", b"So.")])
        take_report(by=people["lead"], event=talk, named=[Named("A Stranger Still")])
        day = today()
        waiver = waive(by=people["programme"], community=community, commitment="leads", reason="x", until=day)
        calendar = Calendar.objects.organisations()
        term = add_period(by=None, calendar=calendar, name="A term", kind="closure", start=day, end=day)
        run = ImportRun.objects.create(name="people.csv", status=ImportRun.Status.CHECKED)
        export = ExportRun.objects.create(status=ExportRun.Status.READY)
        question = start_thread(
            by=people["core"],
            community=community,
            kind="question",
            title="Why?",
            text="So.",
            files=[taken("so.txt", b"So.")],
        )
        told = Notice.objects.create(
            person=people["wider"], key="k", kind="invited", group="g", entry=1, at=clock.now(), url="/"
        )
        held = Membership.objects.get(community=community, person=people["core"], until=None)
        yield {
            "slug": community.slug,
            "ref": stranger.ref,
            "member": str(people["core"].pk),
            "membership": str(held.pk),
            "request": str(asked.pk),
            "invitation": str(invited.pk),
            "run": str(run.pk),
            "export": str(export.pk),
            "notice": str(told.pk),
            "thread": str(question.pk),
            "file": str(question.written.get().attachments.get().pk),
            "report": str(report_post(by=people["lead"], post=question.written.get(), reason="x").pk),
            "event": str(talk.pk),
            "secret": feeds_of(by=people["wider"])[0].secret,
            "event slug": talk.slug,
            "host request": str(ask_host(by=people["programme"], event=concert, community=community).pk),
            "slides": str(talk.slides.get().pk),
            "unsettled": str(talk.unsettled.get().pk),
            "meeting": str(meeting.pk),
            "item": str(add_item(by=people["lead"], event=meeting, title="News").pk),
            "decision": str(decide(by=people["lead"], event=meeting, text="Yes").pk),
            "action": str(
                give_action(by=people["lead"], community=community, text="Do it", owner=people["lead"]).pk
            ),
            "poll": str(
                open_poll(by=people["lead"], community=community, kind="sponsor_meeting", times=times).pk
            ),
            "ask": str(ask_sponsor(by=people["lead"], community=community, kind="help", text="A room").pk),
            "period": str(term.pk),
            "waiver": str(waiver.pk),
            "version": str(Version.objects.latest("since").pk),
            **{f"ref of {key}": person.ref for key, person in people.items()},
        }
        transaction.set_rollback(True)


def named(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of all URLs below `patterns`."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def test_every_url_is_in_the_table():
    assert sorted(named(get_resolver().url_patterns)) == sorted(DOORS)


@pytest.fixture(autouse=True)
def _asked_again(_no_demo: None) -> None:
    ask_again()


@pytest.mark.parametrize("name", DOORS)
def test_everybody_gets_what_the_table_says(name: str, world: dict[str, str], db: None):
    arguments, expected = DOORS[name]
    url = reverse(name, args=[world.get(argument, argument) for argument in arguments])
    found = {}
    for who in EVERYONE:
        client = Client()
        if who != "visitor":
            client.force_login(Person.objects.get(ref=world[f"ref of {who}"]))
        found[who] = client.get(url).status_code
    assert found == expected
