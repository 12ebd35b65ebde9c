"""Leads hear when their channel does not take what is posted."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community
from folkmoot.communities.notices import leads_of, name_of
from folkmoot.notifications.kinds import Kind, register


def _page(entry: Entry) -> str:
    slug = Community.objects.values_list("slug", flat=True).get(pk=entry.community_id or 0)
    return reverse("channel", args=[slug])


register(
    Kind(
        key="channel_failing",
        title=_("The channel of a community you lead fails"),
        verbs=frozenset({"channel_failing"}),
        recipients=leads_of,
        words=_("The channel of %(community)s does not take what is posted: %(about)s"),
        url=_page,
        where=name_of,
        about=lambda entry: str(entry.data["why"]),
        group=lambda entry: f"channel:{entry.community_id}",
    ),
    Kind(
        key="channel_switched_off",
        title=_("The channel of a community you lead is switched off"),
        verbs=frozenset({"channel_switched_off"}),
        recipients=leads_of,
        words=_("The channel of %(community)s was switched off after many failures: %(about)s"),
        url=_page,
        where=name_of,
        about=lambda entry: str(entry.data["why"]),
        group=lambda entry: f"channel:{entry.community_id}",
    ),
)
