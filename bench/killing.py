"""Kills processes of a running site at random moments while people write, and looks for what is lost or doubled.

`bin/bench --kills 1000 [--seed S]`. Every write that was answered has to be there once, with one line of the ledger;
what was never answered is there once or not at all.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg

from bench.writers import Journal, Writer, appointments, joins, meetings
from folkmoot.core.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
# How often each is chosen, in a hundred.
TARGETS = {"web": 36, "backend": 20, "postgres": 20, "worker": 8, "supervisor": 8, "everything": 8}
_RECOVERY = 120.0
_LOOK_EVERY = 100

_THERE = """
    SELECT 'join', community.slug, person.ref, count(*) FROM communities_membership membership
    JOIN communities_community community ON community.id = membership.community_id
    JOIN people_person person ON person.id = membership.person_id
    WHERE membership.role = 'wider' AND membership.until IS NULL GROUP BY 2, 3
    UNION ALL
    SELECT 'appointment', community.slug, person.ref, count(*) FROM communities_membership membership
    JOIN communities_community community ON community.id = membership.community_id
    JOIN people_person person ON person.id = membership.person_id
    WHERE membership.role = 'lead' AND membership.until > current_date GROUP BY 2, 3
    UNION ALL
    SELECT 'meeting', community.slug, event.title, count(*) FROM events_event event
    JOIN communities_community community ON community.id = event.community_id GROUP BY 2, 3
"""
_LEDGER = """
    SELECT CASE verb WHEN 'joined' THEN 'join' WHEN 'appointed' THEN 'appointment' ELSE 'meeting' END,
           community.slug, COALESCE(person.ref, about_label), count(*) FROM activity_entry entry
    JOIN communities_community community ON community.id = entry.community_id
    LEFT JOIN people_person person ON person.id = entry.about_id AND entry.about_type = 'people.person'
    WHERE verb IN ('joined', 'appointed', 'event_recorded') GROUP BY 1, 2, 3
"""


class Running:
    """`folkmoot up` on a home, started again whenever it has ended."""

    def __init__(self, home: Path, port: int) -> None:
        self.command = [str(ROOT / "bin" / "folkmoot"), "up", "--home", str(home), "--port", str(port)]
        self.log = home.with_name("output").open("ab")
        self.process = self._start()

    def keep(self) -> None:
        """Start it again if it has ended: it was killed, or gave up on a part that died too often."""
        if self.process.poll() is not None:
            self.process = self._start()

    def kill(self, target: str, chance: random.Random) -> bool:
        """SIGKILL to that part, if it is there at the moment."""
        pids = self.pids(target)
        for pid in pids if target == "everything" else pids and [chance.choice(pids)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return bool(pids)

    def pids(self, target: str) -> list[int]:
        """The processes that are meant by a target; those of this site only."""
        up = self.process.pid
        children = _children()
        named = {_name(pid): pid for pid in children.get(up, [])}
        postgres = named.get("postgres")
        if target == "supervisor":
            return [up]
        if target == "everything":
            return [up, *named.values()]
        if target == "backend":
            backends = children.get(postgres, []) if postgres else []
            return [pid for pid in backends if b"folkmoot folkmoot" in _line(pid)]
        wanted = named.get(target if target == "postgres" else f"folkmoot-{target}")
        return [wanted] if wanted else []

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        self.log.close()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, cwd=ROOT, stdout=self.log, stderr=self.log)  # noqa: S603


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        found.setdefault(parent, []).append(int(folder.name))
    return found


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def lost_and_doubled(
    journal: Journal, there: Counter[tuple[str, ...]], ledger: Counter[tuple[str, ...]]
) -> list[str]:
    """A line for each write that is not there once, rows and ledger, though it was answered; or is there twice."""
    found = []
    for write in journal.acknowledged:
        key = (write.kind, *write.key)
        if (there[key], ledger[key]) != (1, 1):
            found.append(f"answered: {key} is there {there[key]} times, {ledger[key]} times in the ledger")
    for write in [*journal.in_flight, *(write for write, _status in journal.refused)]:
        key = (write.kind, *write.key)
        if there[key] > 1 or ledger[key] != there[key]:
            found.append(f"not answered: {key} is there {there[key]} times, {ledger[key]} in the ledger")
    return found


def counted(home: Path, query: str) -> Counter[tuple[str, ...]]:
    """What the database has, by kind, community and whom or what."""
    with psycopg.connect(Cluster(home / "postgres").url) as connection:
        return Counter({tuple(key): number for *key, number in connection.execute(query)})


def kill_and_count(home: Path, port: int, kills: int, seed: int, inside: dict[str, Any]) -> int:
    """Kill `kills` times; the number of writes that were lost or doubled."""
    chance = random.Random(seed)
    journal, over = Journal(), threading.Event()
    people, communities, team = inside["people"], inside["communities"], inside["team"]
    third = len(people) // 3
    running = Running(home, port)
    sources = [
        joins(people[:third], communities),
        joins(people[third : 2 * third], communities),
        appointments(people[2 * third :], communities, team),
        meetings(communities, team),
    ]
    writers = [Writer(port, source, journal, over) for source in sources]
    for writer in writers:
        writer.start()
    begun, struck, longest = time.monotonic(), Counter[str](), 0.0
    while struck.total() < kills:
        longest = max(longest, _until_written(running, journal))
        time.sleep(chance.uniform(0, 0.3))
        target = chance.choices(list(TARGETS), list(TARGETS.values()))[0]
        struck[target] += running.kill(target, chance)
        if struck.total() % _LOOK_EVERY == 0:
            print(f"{struck.total()} kills, {len(journal.acknowledged):,} answered", file=sys.stderr)  # noqa: T201
    _until_written(running, journal)
    over.set()
    for writer in writers:
        writer.join()
    there, ledger = counted(home, _THERE), counted(home, _LEDGER)
    running.stop()
    wrong = lost_and_doubled(journal, there, ledger)
    kinds = Counter(write.kind for write in journal.acknowledged)
    arrived = sum(there[(write.kind, *write.key)] for write in journal.in_flight)
    print("\n".join(wrong[:50]))  # noqa: T201
    print(  # noqa: T201
        f"{struck.total():,} kill -9 ({_listed(struck)}) in {(time.monotonic() - begun) / 60:.0f} minutes: "
        f"{len(journal.acknowledged):,} writes were answered ({_listed(kinds)}), {len(journal.in_flight):,} were not "
        f"({arrived:,} of these are there), {len(journal.refused)} were refused; {len(wrong)} lost or doubled. "
        f"The longest time without an answer was {longest:.1f} s."
    )
    return len(wrong)


def _until_written(running: Running, journal: Journal) -> float:
    """Wait for the next answer; the seconds that took."""
    begun, seen = time.monotonic(), len(journal.acknowledged)
    while len(journal.acknowledged) == seen:
        running.keep()
        if time.monotonic() - begun > _RECOVERY:
            raise SystemExit("Nothing was answered for two minutes.")
        time.sleep(0.01)
    return time.monotonic() - begun


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.most_common())
