"""Who looks at the site: a visitor, one of the demo's cast, or somebody in the middle of something."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import signing
from playwright.sync_api import APIRequestContext

from folkmoot.core.postgres import Cluster
from folkmoot.events.access import answer_token
from folkmoot.meetings.access import poll_token
from folkmoot.notifications.letters import UNSUBSCRIBE
from folkmoot.site.tests.running import eventually, folkmoot
from tests.browser.server import DOMAIN, Site

PASSWORD = "seven-quiet-bicycles-12"


@dataclass
class Who:
    """Cookies of somebody, and what only they know: the secret parts of an address of theirs."""

    site: Site
    http: APIRequestContext
    knows: dict[str, str] = field(default_factory=dict)
    email: str = field(default_factory=lambda: f"{uuid.uuid4().hex}@{DOMAIN}")

    def get(self, path: str) -> str:
        """The text of a page."""
        answer = self.http.get(path)
        assert answer.ok, f"{answer.status} for {path}"
        return answer.text()

    def post(self, path: str, to: str = "", **typed: str | Callable[[str], str]) -> str:
        """Send the form of a page, to another address if its form says so. Some things are typed off the page."""
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, f"no form on {path}"
        filled = {name: value(page) if callable(value) else value for name, value in typed.items()}
        sent = self.http.post(to or path, form={"csrfmiddlewaretoken": token[1], **filled})
        assert sent.ok, f"{sent.status} for the form of {path}"
        text = sent.text()
        assert '_error"' not in text, text
        return text

    def letter(self, pattern: str) -> str:
        """The part of the last letter to them that matches."""
        found = re.search(pattern, self.site.letters_to(self.email)[-1], re.MULTILINE)
        assert found
        return found[1]


def _visitor(who: Who) -> None:
    pass


def _of_the_cast(key: str) -> Callable[[Who], None]:
    return lambda who: who.post("/demo/", to=f"/demo/{key}/session/") and None


def _waiting_for_a_code(who: Who) -> None:
    who.post("/accounts/login/code/", email=who.email)


def _arriving(who: Who) -> None:
    who.post("/accounts/signup/", name="Ottilie Marchbanks", email=who.email)


def _with_a_password(who: Who) -> None:
    _arriving(who)
    who.post("/accounts/signup/confirm/", code=who.letter(r"^ {4}(\S+)$"))
    who.post("/accounts/password/set/", password1=PASSWORD, password2=PASSWORD)


def _with_two_steps(who: Who) -> None:
    _with_a_password(who)
    here = "/accounts/2fa/totp/activate/"
    who.post(f"/accounts/reauthenticate/?next={here}", password=PASSWORD)
    who.post(here, code=_code_of_the_app)


def _code_of_the_app(page: str) -> str:
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret
    return format_hotp_value(hotp_value(secret[1], next(yield_hotp_counters_from_time())))


def _at_the_second_step(who: Who) -> None:
    _with_two_steps(who)
    who.post("/accounts/logout/")
    who.post("/accounts/login/", login=who.email, password=PASSWORD)


def _forgetful(who: Who) -> None:
    _with_a_password(who)
    who.post("/accounts/logout/")
    who.post("/accounts/password/reset/", email=who.email)
    key = who.letter(r"^ {4}https?://[^/]+/accounts/password/reset/key/([^/]+)/$")
    # The secret goes on in the session, out of sight.
    who.knows |= {"key": key, "set": key.partition("-")[0] + "-set-password"}


def _with_a_link(who: Who) -> None:
    invited = folkmoot(who.site.home, "invite", who.email, "--name", "Ottilie Marchbanks", "--json")
    assert invited.returncode == 0, invited.stderr
    who.knows["token"] = json.loads(invited.stdout)["url"].rstrip("/").rpartition("/")[2]


def _importing(who: Who) -> None:
    _of_the_cast("programme")(who)
    here, table = "/programme/import/", "slug,name,since\nbirdsong,Birdsong,2020-01-01\nnameless,,\n"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', who.get(here))
    assert token
    file = {"name": "communities.csv", "mimeType": "text/csv", "buffer": table.encode()}
    sent = who.http.post(here, multipart={"csrfmiddlewaretoken": token[1], "chosen": file, "encoding": ""})
    assert sent.ok
    who.knows["run"] = sent.url.rstrip("/").rpartition("/")[2]
    assert eventually(lambda: "problem was found" in who.get(sent.url)), who.get(sent.url)


def _in_a_thread(who: Who) -> None:
    _of_the_cast("lead")(who)
    here = "/communities/events-management/threads/"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', who.get(f"{here}new/"))
    assert token
    text = "Which caterer do you use?\n\nhttps://example.org/menus was good."
    form = {"csrfmiddlewaretoken": token[1], "kind": "question", "title": "Caterers", "text": text}
    sent = who.http.post(f"{here}new/", form=form)
    assert sent.ok
    who.knows["thread"] = sent.url.rstrip("/").rpartition("/")[2]
    who.post(f"{here}{who.knows['thread']}/", text="The one in the old brewery.")


def _beside_a_thread(who: Who) -> None:
    _in_a_thread(who)
    _of_the_cast("core")(who)


def _with_a_letter(who: Who) -> None:
    who.knows["token"] = signing.dumps([1, "joined"], salt=UNSUBSCRIBE)


def _looking_for_a_time(who: Who) -> None:
    _of_the_cast("lead")(who)
    here = "/communities/events-management/arranging/core_meeting/"
    found = who.http.get(here)
    if "/polls/" not in found.url:
        page = found.text()
        fields = dict(re.findall(r'name="([\w-]+)"[^>]*? value="([^"]*)"', page))
        sent = who.http.post(here, form=fields)
        assert "/polls/" in sent.url, sent.text()
        found = sent
    number = int(found.url.rstrip("/").rpartition("/")[2])
    who.knows |= {"poll": str(number), "token": poll_token(number, _number_of(who))}


def _invited(who: Who) -> None:
    _of_the_cast("lead")(who)
    coming = """SELECT event.id FROM events_event event JOIN communities_community host ON host.id = event.community_id
        WHERE host.slug = 'events-management' AND event.status = 'scheduled' AND event.ends_at > now()"""
    (event,) = _told(who, coming)
    who.post(f"/events/{event}/invitations/", who="core")
    (person,) = _told(who, f"SELECT person_id FROM events_answer WHERE event_id = {int(event)}")
    who.knows["token"] = answer_token(event, person)


def _number_of(who: Who) -> int:
    """The id of the one who is signed in, whom a form chooses first."""
    chosen = re.search(r'<option value="(\d+)" selected', who.get("/communities/events-management/actions/"))
    assert chosen
    return int(chosen[1])


def _with_something_to_do(who: Who) -> None:
    _of_the_cast("lead")(who)
    here, number = "/communities/events-management/actions/", _number_of(who)
    who.post(here, text=f"Do it {uuid.uuid4().hex}", owner=str(number), due="2100-01-01")
    (action,) = _told(who, "SELECT max(id) FROM meetings_action")
    who.knows["token"] = signing.dumps([action, number], salt="folkmoot.meetings.action")


def _with_a_briefing(who: Who) -> None:
    _of_the_cast("lead")(who)
    here = "/communities/events-management/"
    if "No meeting is booked" in who.get(f"{here}briefing/"):
        form = {"kind": "sponsor_meeting", "day": "2100-01-04", "starts": "10:00", "ends": "11:00"}
        who.post(f"{here}events/new/?kind=sponsor_meeting", **form)
    if "Withdraw it" not in who.get(f"{here}briefing/"):
        who.post(f"{here}briefing/", to=f"{here}briefing/link/")
    number, nonce = _told(
        who,
        "SELECT link.id, nonce FROM meetings_briefinglink link JOIN communities_community own"
        " ON own.id = community_id WHERE slug = 'events-management' AND withdrawn_at IS NULL ORDER BY 1 DESC",
    )
    who.post("/accounts/logout/")
    who.knows["token"] = signing.dumps([number, nonce], salt="folkmoot.meetings.briefing")


def _told(who: Who, query: str) -> tuple[Any, ...]:
    """One row of the site's own database."""
    with psycopg.connect(Cluster(who.site.home / "postgres").url) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row
    return row


WAYS_IN: dict[str, Callable[[Who], None]] = {
    "visitor": _visitor,
    **{key: _of_the_cast(key) for key in ("newcomer", "wider", "core", "lead", "sponsor", "programme")},
    "looking for a time": _looking_for_a_time,
    "invited": _invited,
    "with something to do": _with_something_to_do,
    "with a briefing": _with_a_briefing,
    "waiting for a code": _waiting_for_a_code,
    "arriving": _arriving,
    "with a password": _with_a_password,
    "with two steps": _with_two_steps,
    "at the second step": _at_the_second_step,
    "forgetful": _forgetful,
    "with a link": _with_a_link,
    "importing": _importing,
    "with a letter": _with_a_letter,
    "in a thread": _in_a_thread,
    "beside a thread": _beside_a_thread,
}
