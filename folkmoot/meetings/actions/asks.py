"""What leads ask of their sponsor, and the answer."""

from django.db import transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.calendar.days import today
from folkmoot.communities.models import Community, Membership, Role
from folkmoot.core import clock
from folkmoot.core.refused import Refused
from folkmoot.meetings.models import Ask, sponsor_meetings
from folkmoot.notifications.actions import settle_notices
from folkmoot.people.models import Person


@transaction.atomic
def ask_sponsor(*, by: Person, community: Community, kind: str, text: str) -> Ask:
    """Ask the sponsor for support or a decision; it stands in the briefing until it is answered."""
    text = text.strip()[:1000]
    if not text:
        raise Refused(_("Say what you ask for."), "text")
    Community.objects.select_for_update().only("pk").get(pk=community.pk)
    same = Ask.objects.open().filter(community=community, text=text).first()
    if same is not None:
        return same
    ask = Ask.objects.create(community=community, kind=Ask.Kind(kind), text=text, by=by)
    record("sponsor_asked", by=by, about=ask, community=community)
    return ask


@transaction.atomic
def answer_ask(*, by: Person, ask: Ask, answer: str, note: str = "", was: str = "") -> Ask:
    """The sponsor's word on it, or another one instead of the answer that it `was`; the same again is none.

    Refuses where it was answered meanwhile, and once the next meeting after the answer is over.
    """
    ask = Ask.objects.select_for_update(of=("self",)).select_related("community").get(pk=ask.pk)
    note, now = note.replace("\r\n", "\n").strip()[:1000], clock.now()
    if (ask.answer, ask.note) == (answer, note):
        return ask
    said = {"answer": ask.get_answer_display()}
    if ask.is_settled_by(sponsor_meetings(ask.community_id).past(now).first()):
        raise Refused(_("You have met since, and the answer stays: “%(answer)s”.") % said)
    if ask.answer != was:
        raise Refused(_("This was answered already: “%(answer)s”. Change it below if you wish.") % said)
    before = {"was": {"answer": ask.answer, "note": ask.note}} if was else {}
    ask.answer, ask.note, ask.answered_at, ask.answered_by = Ask.Answer(answer), note, now, by
    ask.save(update_fields=["answer", "note", "answered_at", "answered_by"])
    _settle(ask)
    record(
        "sponsor_answered_anew" if was else "sponsor_answered",
        by=by,
        about=ask,
        community=ask.community,
        data={"answer": ask.answer, "note": note} | before,
    )
    return ask


@transaction.atomic
def withdraw_ask(*, by: Person, ask: Ask) -> None:
    """The leads no longer ask for it. What was answered stays."""
    ask = Ask.objects.select_for_update(of=("self",)).select_related("community").get(pk=ask.pk)
    if ask.answered_at is not None:
        raise Refused(_("It has been answered, and stays on record."))
    _settle(ask)
    record("sponsor_unasked", by=by, about=ask, community=ask.community)
    ask.delete()


def _settle(ask: Ask) -> None:
    """It waits in the sponsor's inbox no longer."""
    sponsors = Membership.objects.current(today()).filter(community=ask.community, role=Role.SPONSOR)
    settle_notices(sponsors.values("person"), group=f"sponsor_asked:{ask.pk}")
