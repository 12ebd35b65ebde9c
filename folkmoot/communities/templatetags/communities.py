"""Words and rows of communities for templates."""

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from folkmoot.communities.access import Standing
from folkmoot.communities.models import Community, Membership, Stage
from folkmoot.ui.components import community_card, person_row

register = template.Library()


@register.simple_tag
def stage_label(stage: str) -> str:
    """A stage as a person says it."""
    return str(Stage(stage).label)


@register.simple_tag
def outcome_label(outcome: str) -> str:
    """What came of an invitation, in a word or two."""
    labels = {
        "invited": _("Invited"),
        "member": _("Member already"),
        "asked": _("Has asked"),
        "waiting": _("Invited before"),
        "unknown": _("Not found"),
        "left": _("Has left"),
        "invalid": _("No address"),
    }
    return labels[outcome]


@register.filter
def can_be_ended_by(membership: Membership, standing: Standing) -> bool:
    """Whether the viewer may end this membership, which is not over yet."""
    over = membership.until is not None and membership.until < standing.on
    return not over and standing.may_end(membership)


@register.simple_tag
def card(community: Community, members: int, role: str = "", heading: str = "h2") -> SafeString:
    """A community in the directory: its size, the viewer's role, its stage where it is not active."""
    return community_card(
        slug=community.slug,
        url=community.get_absolute_url(),
        name=community.name,
        summary=community.purpose_line,
        area=community.practice_area.name if community.practice_area else "",
        members=members,
        role=role,
        stage="" if community.stage == Stage.ACTIVE else stage_label(community.stage),
        heading=heading,
    )


@register.simple_tag
def member_row(membership: Membership, standing: Standing) -> SafeString:
    """One line of the members page: who they are; for leads also a term's end and a link to change it."""
    person = membership.person
    chips, change = [], SafeString("")
    if standing.can_manage_members:
        if membership.until is not None:
            words = _("until %(day)s") % {"day": date_format(membership.until, "j F Y")}
            chips.append((words, "soon"))
        change = format_html(
            '<a class="button quiet small" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("community_member", args=[standing.community.slug, person.pk]),
            _("Change"),
            person.name,
        )
    return person_row(
        person,
        url=person.get_absolute_url(),
        title=person.job_title,
        unit=person.unit.name if person.unit else "",
        chips=chips,
        aside=change,
    )
