"""Mail that came back: a report of RFC 3464 turns the address off that it says does not exist."""

from email import message_from_bytes, policy
from email.message import Message

from django.db.models.functions import Lower

from folkmoot.notifications.models import BadAddress
from folkmoot.people.models import Person


def take_bounce(report: bytes) -> list[str]:
    """The addresses that are written to no more by what a mail server reports; none where it only tries on.

    Only somebody's own address can be turned off: reports are easily forged, and say nothing of others.
    """
    message = message_from_bytes(report, policy=policy.default)
    failed = dict(
        said
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in part.get_payload()
        if isinstance(block, Message) and (said := _failed(block)) is not None
    )
    known = Person.objects.get_queryset().annotate(address=Lower("email")).filter(address__in=failed)
    found = sorted(known.values_list("address", flat=True))
    for address in found:
        BadAddress.objects.get_or_create(email=address, defaults={"reason": failed[address][:300]})
    return found


def _failed(block: Message) -> tuple[str, str] | None:
    """(address, why) of a recipient who cannot be reached for good."""
    status = str(block.get("Status", "")).strip()
    action = str(block.get("Action", "")).strip().lower()
    recipient = str(block.get("Final-Recipient") or block.get("Original-Recipient") or "")
    address = recipient.partition(";")[2].strip().strip("<>").lower()
    if not address or not status.startswith("5") or action not in {"failed", ""}:
        return None
    why = " ".join(str(block.get("Diagnostic-Code", "")).partition(";")[2].split())
    return address, why or status
