"""What the charter does by itself."""

from procrastinate.contrib.django import app

from folkmoot.core.clock import today
from folkmoot.health.telling import tell_of_findings


@app.periodic(cron="20 5 * * *")
@app.task(name="health.tell_of_findings", queueing_lock="health.tell_of_findings")
def tell(timestamp: int | None = None) -> None:
    """Every morning, before work begins, tell of what has fallen due or was missed."""
    tell_of_findings(today())
