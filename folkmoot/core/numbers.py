"""Numbers that come from outside, in forms and addresses."""


def as_id(text: str | None) -> int | None:
    """The id that `text` is; None where it is none, or more than the database counts to."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
