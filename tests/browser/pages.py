"""Every page of the site, with somebody who sees it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, Response

from tests.browser.people import Who

HERE = "/communities/events-management/"
MET = (f"{HERE}events/?when=past&kind=sponsor_meeting",)
LEARNT = (f"{HERE}events/?when=past&kind=workshop",)
_PART = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Seen:
    """A page as one person sees it. A part in <angles> they know, or it is read off a link on the pages `on`."""

    who: str
    path: str
    on: tuple[str, ...] = ()
    main: bool = False
    status: int = 200
    leads_to: str = ""

    def __str__(self) -> str:
        return f"{self.who}: {self.path}"

    def open(self, page: Page, who: Who) -> Response:
        """Go there, and really be there."""
        path = self.path_for(who)
        answer = page.goto(path)
        assert answer
        there = who.site.address + _PART.sub(lambda part: who.knows[part[1]], self.leads_to or path)
        assert (answer.status, page.url) == (self.status, there), f"{answer.status} {page.url}"
        return answer

    def path_for(self, who: Who) -> str:
        """The address, with its parts in angles filled."""
        if not self.on:
            return _PART.sub(lambda part: who.knows[part[1]], self.path)
        first, *others = *self.on, self.path
        for template in others:
            pattern = _PART.sub(r"[^/]+", template)
            links = re.findall(f'(?:href|action)="({pattern})"', who.get(first))
            first = next(link for link in links if not link.endswith("/new/"))
        return first


PAGES = [
    # Everybody's.
    Seen("visitor", "/", main=True),
    Seen("visitor", "/communities/", main=True),
    Seen("visitor", "/communities/?q=events&area=communications-and-marketing"),
    Seen("visitor", "/communities/?q=nothing+is+called+this"),
    Seen("visitor", HERE, main=True),
    Seen("visitor", "/events/", main=True),
    Seen("visitor", "/events/?when=past&kind=talk"),
    Seen("visitor", "/events/?view=month", main=True),
    Seen("visitor", f"{HERE}events/"),
    Seen("visitor", "/events/<pk>-<slug>/", on=("/events/?when=past",), main=True),
    Seen("visitor", "/demo/"),
    Seen("visitor", "/demo/mail/"),
    Seen("visitor", "/styleguide", main=True),
    Seen("visitor", "/nothing/is/here/", status=404),
    # Signing in.
    Seen("visitor", "/accounts/login/", main=True),
    Seen("visitor", "/accounts/login/code/"),
    Seen("waiting for a code", "/accounts/login/code/confirm/"),
    Seen("visitor", "/accounts/signup/"),
    Seen("arriving", "/accounts/signup/confirm/"),
    Seen("visitor", "/accounts/inactive/"),
    Seen("visitor", "/accounts/password/reset/"),
    Seen("visitor", "/accounts/password/reset/done/"),
    Seen("forgetful", "/accounts/password/reset/key/<key>/", leads_to="/accounts/password/reset/key/<set>/"),
    Seen("visitor", "/accounts/password/reset/key/1-over/"),
    Seen("visitor", "/accounts/password/reset/key/done/"),
    Seen("at the second step", "/accounts/2fa/authenticate/"),
    Seen("with a link", "/welcome/<token>/"),
    Seen("visitor", "/welcome/over/", status=410),
    # One's own account.
    Seen("newcomer", "/accounts/logout/"),
    Seen("newcomer", "/accounts/password/set/"),
    Seen("with a password", "/accounts/password/change/"),
    Seen("with a password", "/accounts/reauthenticate/"),
    Seen("with a password", "/accounts/2fa/"),
    Seen("newcomer", "/accounts/2fa/totp/activate/"),
    Seen("with two steps", "/accounts/2fa/"),
    Seen("with two steps", "/accounts/2fa/reauthenticate/"),
    Seen("with two steps", "/accounts/2fa/totp/deactivate/"),
    Seen("with two steps", "/accounts/2fa/recovery-codes/"),
    Seen("with two steps", "/accounts/2fa/recovery-codes/generate/"),
    # For everybody who works here.
    Seen("newcomer", "/", main=True),
    Seen("wider", "/"),
    Seen("lead", "/", main=True),
    Seen("sponsor", "/"),
    Seen("programme", "/"),
    Seen("newcomer", "/communities/"),
    Seen("wider", "/people/", main=True),
    Seen("wider", "/people/?q=nobody+is+called+this"),
    Seen("wider", "/people/<ref>/", on=("/people/",), main=True),
    Seen("wider", "/profile/", main=True),
    Seen("core", HERE),
    Seen("newcomer", f"{HERE}members/"),
    Seen("newcomer", f"{HERE}membership/"),
    Seen("core", f"{HERE}membership/"),
    Seen("core", f"{HERE}membership/end/"),
    Seen("core", f"{HERE}charter/"),
    Seen("newcomer", "/programme/charter/"),
    Seen("newcomer", "/programme/", status=403),
    # For leads and sponsors.
    Seen("lead", HERE, main=True),
    Seen("lead", f"{HERE}members/", main=True),
    Seen("lead", f"{HERE}members/new/"),
    Seen("lead", f"{HERE}members/new/?q=Ferreira"),
    Seen("lead", f"{HERE}members/<person>/", on=(f"{HERE}members/",)),
    Seen("lead", f"{HERE}memberships/<pk>/end/", on=(f"{HERE}members/", f"{HERE}members/<person>/")),
    Seen("lead", f"{HERE}requests/<pk>/", on=(f"{HERE}members/",)),
    Seen("lead", f"{HERE}invitations/"),
    Seen("lead", f"{HERE}edit/"),
    Seen("lead", f"{HERE}membership/end/"),
    Seen("lead", f"{HERE}charter/", main=True),
    Seen("sponsor", f"{HERE}charter/"),
    Seen("lead", f"{HERE}events/?when=past", main=True),
    Seen("lead", f"{HERE}events/drafts/"),
    Seen("programme", "/events/new/"),
    Seen("lead", f"{HERE}events/new/?kind=sponsor_meeting", main=True),
    Seen("lead", "/events/<pk>-<slug>/", on=(f"{HERE}events/?when=past&kind=sponsor_meeting",), main=True),
    Seen(
        "lead",
        "/events/<pk>/edit/",
        on=(f"{HERE}events/?when=past&kind=sponsor_meeting", "/events/<pk>-<slug>/"),
    ),
    Seen(
        "lead",
        "/events/<pk>/cancellation/",
        on=(f"{HERE}events/?when=past&kind=sponsor_meeting", "/events/<pk>-<slug>/"),
    ),
    # For the programme team.
    Seen("newcomer", "/programme/calendar/"),
    Seen("programme", "/programme/calendar/", main=True),
    Seen("programme", "/programme/calendar/new/"),
    Seen("programme", "/programme/calendar/organisation/"),
    Seen("programme", "/programme/calendar/organisation/hours/"),
    Seen("programme", "/programme/calendar/organisation/periods/new/"),
    Seen("programme", "/programme/calendar/organisation/periods/<pk>/", on=("/programme/calendar/",)),
    Seen("programme", "/programme/calendar/organisation/years/<year>/copy/", on=("/programme/calendar/",)),
    Seen("programme", "/programme/", main=True),
    Seen("programme", "/programme/?on=2025-01-02&history=1"),
    Seen("programme", f"{HERE}charter/waivers/new/"),
    Seen("programme", "/programme/charter/measured-from/"),
    Seen("programme", "/programme/charter/<pk>/removal/", on=("/programme/charter/",)),
    Seen("programme", "/programme/import/"),
    Seen("programme", "/programme/export/"),
    Seen("lead", f"{HERE}threads/", main=True),
    Seen("lead", f"{HERE}threads/new/"),
    Seen("lead", f"{HERE}channel/"),
    Seen("in a thread", f"{HERE}threads/<thread>/", main=True),
    Seen("in a thread", f"{HERE}threads/<thread>/posts/1/edit/"),
    Seen("in a thread", f"{HERE}threads/<thread>/posts/1/removal/"),
    Seen("in a thread", f"{HERE}threads/<thread>/posts/1/history/"),
    Seen("in a thread", f"{HERE}threads/<thread>/posts/1/hiding/"),
    Seen("in a thread", f"{HERE}threads/<thread>/move/"),
    Seen("lead", f"{HERE}notices/"),
    Seen("lead", f"{HERE}threads/reports/"),
    Seen("beside a thread", f"{HERE}threads/<thread>/posts/1/report/"),
    Seen("lead", "/inbox/", main=True),
    Seen("lead", "/inbox/choices/"),
    Seen("lead", "/inbox/blocked/"),
    Seen("lead", "/calendars/"),
    Seen(
        "lead",
        "/events/<pk>/answers/",
        on=(f"{HERE}events/", "/events/<pk>-<slug>/"),
    ),
    Seen(
        "core",
        "/events/<pk>/thread/",
        on=(f"{HERE}events/?when=past&kind=lunch_and_learn", "/events/<pk>-<slug>/"),
    ),
    # Meetings and what follows.
    Seen("lead", "/events/?view=agenda", main=True),
    Seen("visitor", "/events/?view=agenda"),
    *(
        Seen("lead", f"/events/<pk>/{page}/", on=(*MET, "/events/<pk>-<slug>/"), main=page == "agenda")
        for page in ("agenda", "minutes", "check-in")
    ),
    Seen(
        "lead",
        "/events/<pk>/minutes/edit/",
        on=(*MET, "/events/<pk>-<slug>/", "/events/<pk>/agenda/"),
        main=True,
    ),
    Seen(
        "lead",
        "/events/<pk>/agenda/<n>/",
        on=(*MET, "/events/<pk>-<slug>/", "/events/<pk>/agenda/"),
    ),
    Seen("lead", "/events/<pk>/report/", on=(*MET, "/events/<pk>-<slug>/", "/events/<pk>/check-in/")),
    Seen(
        "lead",
        "/events/<pk>/invitations/",
        on=(f"{HERE}events/", "/events/<pk>-<slug>/", "/events/<pk>/answers/"),
    ),
    Seen("lead", "/events/<pk>/hosts/", on=(*LEARNT, "/events/<pk>-<slug>/")),
    Seen("lead", "/events/<pk>/feedback/", on=(*LEARNT, "/events/<pk>-<slug>/")),
    Seen("lead", "/events/<pk>/material/", on=(*LEARNT, "/events/<pk>-<slug>/")),
    Seen("lead", f"{HERE}events/new/", main=True),
    Seen("lead", f"{HERE}events/import/"),
    Seen("core", "/actions/", main=True),
    Seen("lead", "/actions/<pk>/", on=(f"{HERE}actions/",)),
    Seen("lead", f"{HERE}actions/", main=True),
    Seen("sponsor", f"{HERE}briefing/", main=True),
    Seen("lead", f"{HERE}briefing/"),
    Seen("lead", f"{HERE}arranging/sponsor_meeting/", main=True),
    Seen("looking for a time", "/polls/<poll>/", main=True),
    Seen("looking for a time", "/polls/answer/<token>/", main=True),
    Seen("invited", "/events/answer/<token>/", main=True),
    Seen("visitor", "/events/answer/nothing/", status=410),
    Seen("with a briefing", "/briefings/<token>/", main=True),
    Seen("with something to do", "/actions/done/<token>/"),
    Seen("visitor", "/polls/answer/nothing/", status=410),
    Seen("visitor", "/briefings/nothing/", status=410),
    Seen("visitor", "/actions/done/nothing/", status=410),
    Seen("with a letter", "/unsubscribe/<token>/"),
    Seen("importing", "/programme/import/<run>/", main=True),
    Seen("programme", "/programme/people/"),
    Seen("programme", "/programme/people/?q=Farooqui"),
    Seen("programme", "/programme/charter/"),
    Seen("programme", "/programme/charter/new/"),
    Seen("programme", "/communities/new/"),
    Seen("programme", f"{HERE}edit/"),
    Seen("programme", f"{HERE}stage/"),
    Seen("lead", f"{HERE}space/"),
]

# URLs that are no pages: answered to a POST only, or not in HTML.
NO_PAGES = {
    "demo_letter",
    "demo_session",
    "profile_photo",
    "photo",
    "community_end_waiver",
    "community_invitation",
    "programme_csv",
    "export_file",
    "channel_removal",
    "channel_trial",
    "inbox_completion",
    "notice_mutes",
    "event_answer",
    "event_code",
    "event_check_in",
    "event_unsettled",
    "event_slides",
    "host_request",
    "host_removal",
    "agenda_order",
    "agenda_place",
    "agenda_acceptance",
    "agenda_removal",
    "minutes_item",
    "decision_removal",
    "action_completion",
    "poll_booking",
    "poll_end",
    "community_briefing_paper",
    "community_briefing_link",
    "community_ask_answer",
    "community_ask_removal",
    "briefing_open_paper",
    "event_file",
    "calendar_feed",
    "likely_threads",
    "mentionable",
    "names",
    "thread_draft",
    "post_reactions",
    "post_attachment",
    "thread_answer",
    "thread_following",
    "thread_lock",
    "thread_export",
    "thread_posts",
    "threads_reading",
    "report_settlement",
    "inbox_notice",
    "export_list",
    "import_application",
    "import_columns",
    "import_progress",
    "import_removal",
    "mfa_download_recovery_codes",
    "readyz",
}
