"""House rules that no general linter knows. Each has lines that break it and lines that do not; the tests try both."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 400
ROOMS = (
    "site", "demo", "portal", "exchange", "health", "meetings", "events", "discussions", "channels", "communities",
    "charter", "notifications", "calendar", "people", "activity", "ui", "core",
)  # fmt: skip
SAME_LINE = {frozenset({"exchange", "health"})}


@dataclass(frozen=True)
class Rule:
    """A pattern that may not occur in files whose path matches `where`, and why."""

    pattern: str
    why: str
    where: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    except_in: tuple[str, ...] = field(default=())

    def offends(self, line: str) -> bool:
        """Whether the line breaks the rule."""
        return re.search(self.pattern, line) is not None


RULES = [
    Rule(
        r"\sstyle\s*=\s*[\"']",
        "the content security policy forbids inline styles: use a class",
        r"\.(html|svg)$|/templatetags/",
        bad=('<p style="color: red">', "<div class='a' style='x'>"),
        good=('<p class="soft">', "<link rel='stylesheet' href='x'>"),
    ),
    Rule(
        r"<style\b|<script(?![^>]*\bsrc=)",
        "the content security policy forbids inline styles and scripts",
        r"\.html$",
        bad=("<script>alert(1)</script>", "<style>"),
        good=('<script type="module" src="{% static "ui.js" %}"></script>',),
    ),
    Rule(
        r"\son[a-z]+\s*=\s*[\"']|javascript:",
        "no inline behaviour: bind it with data-behaviour",
        r"\.html$",
        bad=('<button onclick="go()">', '<a href="javascript:go()">'),
        good=('<button data-behaviour="copy">', "<p>one = 'two'</p>"),
    ),
    Rule(
        r"\|\s*safe\b|mark_safe\(|\bautoescape off\b",
        "nothing is declared safe by hand: build markup with format_html",
        r"folkmoot/(?!ui/).*\.(html|py)$",
        bad=("{{ text|safe }}", "return mark_safe(text)"),
        good=("{{ text }}", 'format_html("<b>{}</b>", text)'),
        except_in=("/tests/",),
    ),
    Rule(
        r"(?<!\w)(datetime\.now\(|date\.today\(|timezone\.now\(|time\.time\(\)|localdate\()",
        "time is an argument; the edges ask folkmoot.core.clock or folkmoot.calendar.days",
        r"folkmoot/.*\.py$",
        bad=("on = date.today()", "now = timezone.now()"),
        good=("on = today()", "at = clock.now()"),
        except_in=(
            "/tests/",
            "folkmoot/core/clock.py",
            "/migrations/",
            "folkmoot/site/server/",
            "folkmoot/core/postgres/",
        ),
    ),
    Rule(
        r"post_save|pre_save|m2m_changed|post_delete|GenericForeignKey",
        "no model signals and no generic foreign keys: actions say what follows",
        r"folkmoot/.*\.py$",
        bad=("post_save.connect(f)", "about = GenericForeignKey()"),
        good=("request_started.connect(f)",),
    ),
    Rule(
        r"\bTODO\b|\bFIXME\b|\bXXX\b|pytest\.mark\.(skip|xfail)\b|pytest\.skip\(\)",
        "finish it or leave it out; a test is skipped only where it cannot run, and says why",
        r"\.(py|html|css|js|sh)$|^bin/",
        bad=("# TODO: later", "@pytest.mark.skip"),
        good=("# to do this, call", "skipped = rows", '@pytest.mark.skipif(not root, reason="…")'),
        except_in=("tools/house_rules.py", "tests/shared.py"),
    ),
    Rule(
        r"/work/main|/root/|files\.pythonhosted|pypi\.org/simple|deb\.debian\.org|registry\.npmjs",
        "no path of a machine and no registry's host name",
        r".",
        bad=("cd /work/main", "--index-url https://pypi.org/simple"),
        good=("cd project", "pip install uv"),
        except_in=("tools/house_rules.py",),
    ),
]


def files() -> list[str]:
    """What git tracks or would track, relative to the checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def broken(name: str, text: str) -> Iterator[str]:
    """What is wrong with one file, a sentence each."""
    for rule in RULES:
        if re.search(rule.where, name) and not any(part in name for part in rule.except_in):
            for number, line in enumerate(text.splitlines(), 1):
                if rule.offends(line):
                    yield f"{name}:{number}: {rule.why}"
    length = text.count("\n")
    if name.endswith(".py") and "/migrations/" not in name and length > LONGEST_MODULE:
        yield f"{name}: {length} lines; past {LONGEST_MODULE} a package reads better"
    yield from _reaches_up(name, text)


def _reaches_up(name: str, text: str) -> Iterator[str]:
    """Templates that include or extend from a room above, which import-linter cannot see."""
    found = re.match(r"folkmoot/(\w+)/templates/", name)
    if not found:
        return
    room = found[1]
    for number, line in enumerate(text.splitlines(), 1):
        for other in re.findall(r"{%\s*(?:include|extends)\s+[\"'](\w+)/", line):
            if other in ROOMS and ROOMS.index(other) < ROOMS.index(room):
                yield f"{name}:{number}: {room} lies below {other} and may not use its templates"
            if frozenset({room, other}) in SAME_LINE:
                yield f"{name}:{number}: {room} and {other} do not know each other"


def main() -> int:
    """Print every offence; exit 1 if there is one."""
    offences = []
    for name in files():
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        offences += broken(name, text)
    for offence in offences:
        print(offence)  # noqa: T201
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
