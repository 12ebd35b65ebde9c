"""Writing the ledger."""

from typing import Any

from django.db import models

from folkmoot.activity.models import Entry
from folkmoot.core import clock


def record(
    verb: str,
    *,
    by: models.Model | None,
    about: models.Model | None = None,
    community: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write one line in the caller's transaction: `by` did `verb` to `about`, in `community`. Returns the entry.

    `by` is None when nobody did it by hand (an import, a scheduled job). `data` holds plain JSON values.
    """
    return Entry.objects.create(**line(verb, by=by, about=about, community=community, data=data))


def line(
    verb: str,
    *,
    by: models.Model | None,
    about: models.Model | None = None,
    community: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of an entry, for callers that write many at once."""
    return {
        "at": clock.now(),
        "verb": verb,
        "by_id": by.pk if by else None,
        "by_label": str(by)[:300] if by else "",
        "about_type": about._meta.label_lower if about else "",
        "about_id": about.pk if about else None,
        "about_label": str(about)[:300] if about else "",
        "community_id": community.pk if community else None,
        "data": data or {},
    }
