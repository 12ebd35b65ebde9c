"""`learning_event`: a Lunch and Learn or another learning event in each term (CHARTER.md)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from folkmoot.charter.commitments import Commitment, register
from folkmoot.events.models import LEARNING, Kind
from folkmoot.health.findings import Rule
from folkmoot.health.rhythm import once_a_term, say_once_a_term

COMMITMENT = register(
    Commitment(
        key="learning_event",
        title=gettext_lazy("Learning event"),
        promise=gettext_lazy("A Lunch and Learn, workshop, talk or show and tell in each term"),
        thresholds=(),
        in_short=lambda _number: _("1 a term"),
        order=50,
    )
)
RULE = Rule(
    COMMITMENT,
    once_a_term([kind.value for kind in LEARNING]),
    lambda finding: say_once_a_term(
        finding, kind=Kind.LUNCH_AND_LEARN.value, one=_("a learning event"), none=_("no learning event")
    ),
)
