"""The house rules catch what they should and nothing else."""

import pytest

from tools.house_rules import RULES, Rule, broken


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.why[:40])
def test_a_rule_catches_its_bad_lines_and_leaves_the_good_ones(rule: Rule):
    assert rule.bad
    assert rule.good
    assert all(rule.offends(line) for line in rule.bad)
    assert not any(rule.offends(line) for line in rule.good)


def test_a_template_may_not_include_from_a_room_above():
    text = '{% include "portal/_x.html" %}'
    assert list(broken("folkmoot/communities/templates/communities/a.html", text))
    assert not list(broken("folkmoot/portal/templates/portal/a.html", '{% include "communities/_x.html" %}'))


def test_a_long_module_is_reported():
    assert list(broken("folkmoot/core/long.py", "x = 1\n" * 401))
    assert not list(broken("folkmoot/core/long.py", "x = 1\n" * 400))
