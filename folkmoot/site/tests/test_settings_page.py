"""docs/settings.md says everything that can be set."""

import re

from folkmoot.site.home import checkout


def test_every_variable_that_settings_read_is_explained():
    read = (checkout() / "folkmoot" / "site" / "settings.py").read_text()
    variables = set(re.findall(r'env\.\w+\(\s*"(\w+)"', read))
    assert len(variables) > 5
    page = (checkout() / "docs" / "settings.md").read_text()
    assert {name for name in variables if f"\n| `{name}` |" not in page} == set()
