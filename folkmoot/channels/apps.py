"""Makes the cards known as soon as the site starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ChannelsConfig(AppConfig):
    """The room of channels."""

    name = "folkmoot.channels"

    def ready(self) -> None:
        """Import the `cards` of every room, which register them."""
        autodiscover_modules("cards")
