"""Days counted from today, moved back to a working day."""

from datetime import date, timedelta


class Days:
    """`days(-30)` is the day thirty days ago, or the Friday before it. Later offsets never give earlier days.

    A span [start, end) of more than three offsets keeps at least one day; two spans that touch still touch.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self._known: dict[int, date] = {}

    def __call__(self, offset: int) -> date:
        """The working day at `offset` days from today."""
        day = self._known.get(offset)
        if day is None:
            day = self.today + timedelta(days=offset)
            day -= timedelta(days=max(0, day.weekday() - 4))
            self._known[offset] = day
        return day

    def before(self, end: int | None) -> date | None:
        """The last day of a span that ends before `end`; None where it has no end."""
        return None if end is None else self(end) - timedelta(days=1)
