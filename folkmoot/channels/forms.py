"""The shape of what is linked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from folkmoot.channels.models import Channel


class ChannelForm(forms.Form):
    """A webhook."""

    program = forms.ChoiceField(label=_("Program"), choices=Channel.Program)
    address = forms.CharField(
        label=_("Address of the webhook"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "In Teams: the channel’s menu, Workflows, “Send webhook alerts to a channel”; copy the address it gives. "
            "It is kept sealed and never shown again."
        ),
    )
