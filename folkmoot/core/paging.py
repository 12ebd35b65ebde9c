"""Lists that page by key, so that the hundredth page costs what the first does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class KeyPage(Generic[Row]):
    """One page of rows; `next` and `previous` are opaque keys for `?after=` and `?before=`, or empty."""

    items: list[Row]
    next: str
    previous: str

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page_by_key(
    rows: QuerySet[Row], keys: Sequence[str], *, after: str = "", before: str = "", size: int = 50
) -> KeyPage[Row]:
    """The page of `rows` that follows the key `after` or precedes `before`, ordered by `keys`.

    `keys` are names of not-null fields (`-name` descends), the last one unique. A key that cannot be read gives the
    first page. One statement.
    """
    backwards = bool(before) and not after
    position = _decode(before if backwards else after, len(keys))
    ordered = rows.order_by(*(_reverse(key) if backwards else key for key in keys))
    if position is not None:
        try:
            ordered = ordered.filter(
                _beyond([_reverse(k) for k in keys] if backwards else list(keys), position)
            )
        except (TypeError, ValueError):  # not values of these fields: nobody gave this key out
            position = None
    found = list(ordered[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards and position is not None:
        found.reverse()
    has_next = (backwards and position is not None) or more
    has_previous = more if backwards else position is not None
    return KeyPage(
        found,
        next=_encode(found[-1], keys) if found and has_next else "",
        previous=_encode(found[0], keys) if found and has_previous else "",
    )


def first_page(rows: list[Row], keys: Sequence[str], *, size: int) -> KeyPage[Row]:
    """The first page, of rows that are here in order: one more than a page holds, where there are more."""
    shown = rows[:size]
    return KeyPage(shown, next=_encode(shown[-1], keys) if len(rows) > size else "", previous="")


def _reverse(key: str) -> str:
    return key[1:] if key.startswith("-") else "-" + key


def _beyond(keys: list[str], position: list[Any]) -> Q:
    """Rows strictly after `position`. The leading bound is repeated alone so that an index can seek to it."""
    name, op = (keys[0][1:], "lt") if keys[0].startswith("-") else (keys[0], "gt")
    if len(keys) == 1:
        return Q(**{f"{name}__{op}": position[0]})
    tied = Q(**{name: position[0]}) & _beyond(keys[1:], position[1:])
    return Q(**{f"{name}__{op}e": position[0]}) & (Q(**{f"{name}__{op}": position[0]}) | tied)


def _encode(row: Model, keys: Sequence[str]) -> str:
    values = [_value(row, key.lstrip("-")) for key in keys]
    packed = json.dumps(values, default=str, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _decode(key: str, length: int) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
    except (ValueError, binascii.Error, UnicodeError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != length:
        return None
    return values if all(isinstance(v, str | int) and _can_be_stored(str(v)) for v in values) else None


def _can_be_stored(text: str) -> bool:
    """Whether PostgreSQL takes it: no NUL, and no half of a character."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
