"""What happened lately in a community, worded for people. It says who came, never who went or was refused."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from folkmoot.activity.models import Entry
from folkmoot.calendar.days import zone
from folkmoot.communities.models import Community, Role, Stage

JOINING = {"joined", "accepted", "added"}
VERBS = [*JOINING, "appointed", "stepped_up", "stage_changed", "community_created"]
READ = 60
SHOWN = 6
NAMED = 3
_COLUMNS = ("at", "verb", "about_id", "about_label", "data")


@dataclass
class Happening:
    """One line: what happened, when last, and to whom (id and name)."""

    kind: str
    at: datetime
    people: dict[int, str] = field(default_factory=dict)
    stage: str = ""

    def counted(self) -> str:
        """The sentence without names, for visitors."""
        count = len(self.people)
        match self.kind:
            case "joined":
                words = ngettext("One person joined.", "%(count)d people joined.", count)
            case "lead":
                words = ngettext("A lead was appointed.", "%(count)d leads were appointed.", count)
            case "sponsor":
                words = ngettext("A sponsor was appointed.", "%(count)d sponsors were appointed.", count)
            case "core":
                words = ngettext(
                    "A member stepped up to the core.", "%(count)d members stepped up to the core.", count
                )
            case _:
                return self.said()
        return words % {"count": count}

    def said(self) -> str:
        """What follows the names, or the whole sentence where nobody is named."""
        match self.kind:
            case "joined":
                return _("joined.")
            case "lead":
                return _("became a lead.") if len(self.people) == 1 else _("became leads.")
            case "sponsor":
                return _("became the sponsor.")
            case "core":
                return _("stepped up to the core.")
            case "founded":
                return _("The community was founded.")
            case _:
                return _("The community is now %(stage)s.") % {"stage": str(Stage(self.stage).label).lower()}

    @property
    def named(self) -> list[tuple[int, str]]:
        """The first few people."""
        return list(self.people.items())[:NAMED]

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return max(len(self.people) - NAMED, 0)


def recently(community: Community, *, by_month: bool = False) -> list[Happening]:
    """The latest happenings, newest first; those of one kind and day (or month) are one line. One statement."""
    entries = Entry.objects.of_community(community.pk).filter(verb__in=VERBS)
    found: dict[tuple[str, str, date], Happening] = {}
    for at, verb, about_id, about_label, data in entries.values_list(*_COLUMNS)[:READ]:
        day = at.astimezone(zone()).date()
        kind, stage = _kind(verb, data, day)
        if not kind:
            continue
        line = (kind, stage, day.replace(day=1) if by_month else day)
        if line not in found:
            if len(found) == SHOWN:
                break
            found[line] = Happening(kind, at, stage=stage)
        if about_id and kind not in {"stage", "founded"}:
            found[line].people.setdefault(about_id, about_label)
    return list(found.values())


def _kind(verb: str, data: dict[str, Any], day: date) -> tuple[str, str]:
    """The kind of happening that an entry is, and the stage if it is one; empty where it is none."""
    if verb in JOINING:
        return "joined", ""
    if verb == "stepped_up":
        return "core", ""
    if verb == "community_created":
        return "founded", ""
    if verb == "stage_changed":
        stage = str(data.get("to", ""))
        return ("stage", stage) if stage in Stage.values else ("", "")
    role = data.get("role", "")
    if str(data.get("since", "")) > day.isoformat():
        return "", ""  # appointments to come are for leads only
    return (str(role), "") if role in {Role.LEAD, Role.SPONSOR} else ("", "")
