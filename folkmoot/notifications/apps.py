"""Makes the kinds of notice known as soon as the site starts."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    """The room of notices."""

    name = "folkmoot.notifications"

    def ready(self) -> None:
        """Import the `notices` of every room, which register their kinds."""
        autodiscover_modules("notices")
