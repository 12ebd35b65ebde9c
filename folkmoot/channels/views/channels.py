"""Linking the community's channel, trying it, and taking it away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.channels.actions import link_channel, post_card, unlink_channel
from folkmoot.channels.cards import Card
from folkmoot.channels.forms import ChannelForm
from folkmoot.channels.models import Channel
from folkmoot.channels.posting import Failed
from folkmoot.communities.access import Standing, of_community
from folkmoot.communities.views.header import header
from folkmoot.core.refused import Refused
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

leads = of_community(may=lambda standing: standing.can_edit, locks=False)


@leads
def channel(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/channel/`: which channel is linked and how it does; link one."""
    linked = Channel.objects.filter(community=standing.community).select_related("linked_by").first()
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link_channel(by=me(request), community=standing.community, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("It is linked. Post a trial to see that it works."))
            return redirect("channel", standing.community.slug)
    context = header(standing) | {"form": form, "channel": linked}
    return render(request, "channels/channel.html", context, status=422 if form.is_bound else 200)


@leads
def trial(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/trial/`: the button that posts a card at once."""
    linked = Channel.objects.filter(community=standing.community).first()
    if request.method == "POST" and linked is not None:
        community = standing.community
        card = Card(
            _("%(name)s is linked") % {"name": community.name},
            _("Announcements and new events of the community appear here."),
            community.get_absolute_url(),
        )
        try:
            post_card(linked, card)
        except Failed as failed:
            messages.error(request, str(failed))
        else:
            messages.success(request, _("It was taken. Look into the channel."))
    return redirect("channel", standing.community.slug)


@leads
def removal(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`…/removal/`: the button that takes the channel away."""
    if request.method == "POST":
        unlink_channel(by=me(request), community=standing.community)
        messages.success(request, _("The channel is linked no more, and its address is forgotten."))
    return redirect("channel", standing.community.slug)
