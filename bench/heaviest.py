"""The heaviest statements of all pages on one home, with their plans, as Markdown.

`FOLKMOOT_HOME=… python -m bench.heaviest [N]`, while the site runs.
"""

import re
import sys
from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import inside
from folkmoot.calendar.days import today
from folkmoot.health.measuring import measure

_TELLING = re.compile(
    r"Scan|Join|Loop|Sort|Aggregate|Limit|Unique|Append|Memoize|CTE|Execution Time|Planning Time"
)


_LONGEST = 1500  # characters of a statement
_STEPS = 30  # lines of a plan


class Statement(NamedTuple):
    """A statement, where it was asked, and how long it took the last time, in ms."""

    ms: float
    sql: str
    page: str


def asked() -> list[Statement]:
    """Every statement of every page, once, when nothing is new to the database any more; the heaviest first."""
    found: dict[str, Statement] = {}
    who = inside.cookies()
    for page in inside.every_page():
        client = Client(headers={"cookie": who[page.who]} if page.who else {})
        for _ in range(3):
            with CaptureQueriesContext(connection) as caught:
                client.get(page.path, SERVER_NAME="127.0.0.1")
        for query in caught.captured_queries:
            _keep(found, query, page.name)
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            measure(today())
    for query in caught.captured_queries:
        _keep(found, query, "all findings of all communities")
    return sorted(found.values(), reverse=True)


def _keep(found: dict[str, Statement], query: dict[str, str], page: str) -> None:
    shape = re.sub(r"'[^']*'|\d+", "?", query["sql"])
    statement = Statement(1000 * float(query["time"]), query["sql"], page)
    if shape not in found or found[shape] < statement:
        found[shape] = statement


def plan(sql: str) -> list[str]:
    """What EXPLAIN ANALYZE says of the steps that take a fiftieth of the time or more."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) {sql}")
        lines = [line for (line,) in cursor.fetchall()]
    least = float(lines[-1].split()[2]) / 50
    steps = ((line, re.search(r"actual time=\S+\.\.(\S+) rows=\S+ loops=(\d+)", line)) for line in lines)
    told = [line for line, times in steps if times and float(times[1]) * int(times[2]) >= least]
    return [*told[:_STEPS], *lines[-2:]]


def brief(sql: str) -> str:
    """The statement with its long lists cut short, and of a very long one its beginning."""
    lists = r"""E'\{".*?"\}\}'|'\{[^}']{40,}\}'|\((?:\d+, ){8,}\d+\)"""
    text = re.sub(lists, "'{…}'", sql).strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(chr(10), 1)[0]}\n-- … and so on"


def main() -> None:
    """Print them."""
    for number, statement in enumerate(asked()[: int(sys.argv[1]) if len(sys.argv) > 1 else 10], start=1):
        print(f"## {number}. {statement.page}: {statement.ms:.0f} ms\n")  # noqa: T201
        print(f"```sql\n{brief(statement.sql)}\n```\n")  # noqa: T201
        print("```\n" + "\n".join(plan(statement.sql)) + "\n```\n")  # noqa: T201


if __name__ == "__main__":
    main()
