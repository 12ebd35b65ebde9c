"""`core_meeting`: a core meeting in each term (CHARTER.md)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.charter.commitments import Commitment, register
from folkmoot.events.models import Kind
from folkmoot.health.findings import Rule
from folkmoot.health.rhythm import once_a_term, say_once_a_term

COMMITMENT = register(
    Commitment(
        key="core_meeting",
        title=gettext_lazy("Core meeting"),
        promise=gettext_lazy("Core members meet in each term"),
        thresholds=(),
        in_short=lambda _number: _("1 a term"),
        order=40,
    )
)
RULE = Rule(
    COMMITMENT,
    once_a_term([Kind.CORE_MEETING.value]),
    lambda finding: say_once_a_term(
        finding, kind=Kind.CORE_MEETING.value, one=_("a core meeting"), none=_("no core meeting")
    ),
)
