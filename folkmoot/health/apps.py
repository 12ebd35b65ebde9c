"""Makes the commitments known to the charter as soon as the site starts."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The room of measures."""

    name = "folkmoot.health"

    def ready(self) -> None:
        """Import every rule, which registers its commitment."""
        from folkmoot.health.measuring import rules  # noqa: PLC0415

        rules()
