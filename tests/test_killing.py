"""What `bin/bench --kills` counts, and that it runs."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.killing import lost_and_doubled
from bench.writers import Journal, Write

ROOT = Path(__file__).resolve().parent.parent
KEY = ("join", "data", "ada")


def journal(**lists: list[object]) -> Journal:
    return Journal(**lists)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answered", "there", "ledger", "wrong"),
    [
        (True, 1, 1, False),
        (True, 0, 0, True),
        (True, 2, 2, True),
        (True, 1, 0, True),
        (True, 1, 2, True),
        (False, 0, 0, False),
        (False, 1, 1, False),
        (False, 2, 2, True),
        (False, 1, 0, True),
        (False, 0, 1, True),
    ],
)
def test_what_is_lost_or_doubled_is_found(answered: bool, there: int, ledger: int, wrong: bool):
    write = Write("join", ("data", "ada"), "/", {}, "")
    written = journal(acknowledged=[write]) if answered else journal(in_flight=[write])
    found = lost_and_doubled(written, Counter({KEY: there}), Counter({KEY: ledger}))
    assert bool(found) == wrong


@pytest.mark.process
def test_nothing_is_lost_by_a_few_kills():
    command = [sys.executable, "-m", "bench.run", "--kills", "5", "--seed", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"5 kill -9 .* [1-9]\d* writes were answered .* 0 lost or doubled", done.stdout)
