"""What people read is translated when they read it, not when the site starts."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "folkmoot"
AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}


def said_on_import(source: str) -> Iterator[int]:
    """The lines that translate while their module is imported, in whatever language that happens to be."""
    tree = ast.parse(source)
    names = {
        each.asname or each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
        if each.name in AT_ONCE
    }
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            defaults = [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]
            waiting += [*node.decorator_list, *defaults]
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def test_nothing_is_translated_when_the_site_starts():
    found = [
        f"{path.relative_to(ROOT)}:{line}: use gettext_lazy"
        for path in sorted(ROOT.rglob("*.py"))
        for line in said_on_import(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_what_is_said_later_is_no_matter():
    begin = "from django.utils.translation import gettext as _\n"
    assert list(said_on_import(begin + "A = _('a')\n@may(reason=_('b'))\ndef c(d=_('d')):\n    pass\n")) == [
        4,
        3,
        2,
    ]
    assert list(said_on_import(begin + "def a():\n    return _('a')\nb = lambda: _('b')\n")) == []
