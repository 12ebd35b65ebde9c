"""Who will have which address once everything is written, and who would clash."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from folkmoot.core.text import fold

Mailboxes = dict[str, list[tuple[str, str, str]]]  # {address without its tag: [(id, folded name, address)]}


def clashes(
    held: Mapping[str, tuple[str, str]], claims: Mapping[str, tuple[str, str]], leaving: Collection[str]
) -> dict[str, tuple[str, str]]:
    """{id: (the other's id, "address" or "tag")} of those who cannot have the address they claim.

    `held` and `claims` are {id: (address, name)}: what people have, and what rows give them, the first row first.
    `leaving` give up the address they have, which makes it free.
    """
    holder = {email: ref for ref, (email, _name) in held.items() if ref not in leaving}
    boxes = _mailboxes(held, {_mailbox(email) for email, _name in claims.values()})
    found: dict[str, tuple[str, str]] = {}
    taken: dict[str, str] = {}
    for ref, (email, name) in claims.items():
        other = taken.get(email) or holder.get(email)
        like = "" if other else _same_mailbox(ref, email, name, boxes)
        if other or like:
            found[ref] = (other, "address") if other else (like, "tag")
            continue
        taken[email] = ref
        boxes[_mailbox(email)].append((ref, fold(name), email))
    return _with_those_who_stay(found, taken, held)


def _with_those_who_stay(
    found: dict[str, tuple[str, str]], taken: dict[str, str], held: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """Who was refused another address keeps the old one: whoever was to have that is refused as well."""
    refused = list(found)
    while refused:
        ref = refused.pop()
        heir = taken.get(held[ref][0]) if ref in held else None
        if heir is not None and heir != ref and heir not in found:
            found[heir] = (ref, "address")
            refused.append(heir)
    return found


def _mailboxes(held: Mapping[str, tuple[str, str]], wanted: Collection[str]) -> Mailboxes:
    boxes: Mailboxes = defaultdict(list)
    for ref, (email, name) in held.items():
        if _mailbox(email) in wanted:
            boxes[_mailbox(email)].append((ref, fold(name), email))
    return boxes


def _same_mailbox(ref: str, email: str, name: str, boxes: Mailboxes) -> str:
    """Somebody else of that name whose address differs by a tag (ana+work@…) only, or empty."""
    for other, folded, address in boxes.get(_mailbox(email), []):
        if other != ref and address != email and folded == fold(name):
            return other
    return ""


def _mailbox(email: str) -> str:
    local, _at, domain = email.partition("@")
    return f"{local.partition('+')[0]}@{domain}"
