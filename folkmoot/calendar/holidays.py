"""Bank holidays, from the kept library `holidays`, by the names ISO 3166 gives to countries and their parts: GB-ENG."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    import holidays  # noqa: PLC0415  # takes a twentieth of a second, and few pages ask

    return dict(holidays.list_supported_countries())


def is_known(place: str) -> bool:
    """Whether the bank holidays of that country, or part of one, are known."""
    country, _dash, part = place.partition("-")
    return country in _known() and (not part or part in _known()[country])


@lru_cache(maxsize=64)
def bank_holidays(place: str, year: int) -> dict[date, str]:
    """{day: name} of a calendar year, in order; empty where none are kept or the place is not known."""
    if not place or not is_known(place):
        return {}
    import holidays  # noqa: PLC0415

    country, _dash, part = place.partition("-")
    return dict(sorted(holidays.country_holidays(country, subdiv=part or None, years=[year]).items()))
