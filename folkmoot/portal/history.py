"""How a finding stood over two years, as a strip and in words."""

from collections import Counter

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from folkmoot.health.measuring import Strip
from folkmoot.ui.components import strip

_NAMES = {
    "m": gettext_lazy("missed"),
    "d": gettext_lazy("due soon"),
    "k": gettext_lazy("met"),
    "w": gettext_lazy("waived"),
    "n": gettext_lazy("not measured yet"),
}


def history(of: Strip | None) -> SafeString:
    """The strip of a finding, nothing where none was asked for; a stretch of one week is one week wide."""
    if of is None:
        return SafeString("")
    weeks = (of.last - of.first).days // 7 + 1
    spans = [
        (letter, (first - of.first).days // 7, (last - first).days // 7 + 1)
        for letter, first, last in of.stretches
    ]
    return strip(
        [(letter, 100 * begin / weeks, 100 * width / weeks) for letter, begin, width in spans], _said(spans)
    )


def _said(spans: list[tuple[str, int, int]]) -> str:
    """“In two years: met for 80 weeks, missed for 12 weeks.”"""
    counted: Counter[str] = Counter()
    for letter, _begin, width in spans:
        counted[letter] += width
    if not counted:
        return _("Nothing was measured in the last two years.")
    parts = [
        ngettext("%(status)s for one week", "%(status)s for %(weeks)d weeks", number)
        % {"status": _NAMES[letter], "weeks": number}
        for letter, number in counted.most_common()
    ]
    return _("In the last two years: %(parts)s.") % {"parts": ", ".join(parts)}
