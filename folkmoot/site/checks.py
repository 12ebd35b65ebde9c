"""What is configured, reachable, missing or late, in sentences: for the doctor and for /readyz."""

import shutil
import stat
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from folkmoot.core import clock
from folkmoot.core.dates import say_day
from folkmoot.demo.loading import is_demo
from folkmoot.site.home import home, static_root, uses_embedded_database
from folkmoot.site.schema import AHEAD_SENTENCE, BEHIND_SENTENCE, Schema, schema_state

_SILENT_FOR = timedelta(seconds=60)
_LATE_AFTER = timedelta(minutes=5)
_LITTLE_ROOM = 500 * 1024 * 1024
_SHORTEST_KEY = 32
_FEWEST_SIGNS = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at. `fine` is None for what is merely worth knowing."""

    name: str
    fine: bool | None
    sentence: str


def readiness() -> list[Check]:
    """What has to hold before pages may be served: database, migrations, worker. Stops at the first that fails."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        reason = (str(error).strip().splitlines() or ["it does not answer"])[0]
        return [Check("database", False, f"The database cannot be reached: {reason}")]
    kind = "embedded" if uses_embedded_database() else "external"
    found = [Check("database", True, f"The {kind} PostgreSQL {version.split()[0]} answers.")]
    state = schema_state()
    sentence = {
        Schema.READY: "The database is what this version expects.",
        Schema.BEHIND: BEHIND_SENTENCE,
        Schema.AHEAD: AHEAD_SENTENCE,
    }[state]
    found.append(Check("migrations", state is Schema.READY, sentence))
    return [*found, _worker()] if state is Schema.READY else found


def everything() -> list[Check]:
    """What the doctor says."""
    found = readiness()
    if all(check.fine for check in found if check.name != "worker"):
        found += [_jobs(), _demo(), *_letters()]
    return [*found, _home(), *_secrets(), _static(), _mail(), *_settings()]


def _worker() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        last = cursor.fetchone()[0]
    if last is not None and clock.now() - last < _SILENT_FOR:
        return Check("worker", True, "The job worker is alive.")
    seen = (
        f"was last heard of at {last:%H:%M} on {say_day(last.date(), clock.today())}"
        if last
        else "has not run yet"
    )
    return Check("worker", False, f"The job worker {seen}; start it with `folkmoot up` or `folkmoot worker`.")


def _jobs() -> Check:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'todo' AND COALESCE(
                scheduled_at, (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = job.id)) < %s)
            FROM procrastinate_jobs job
            """,
            [clock.now() - _LATE_AFTER],
        )
        failed, late = cursor.fetchone()
    if late:
        return Check("jobs", False, f"{late} jobs have waited for more than five minutes.")
    if failed:
        return Check("jobs", None, f"{failed} jobs have failed for good and are kept for you to look at.")
    return Check("jobs", True, "No job is late and none has failed.")


def _letters() -> list[Check]:
    """Letters that the mail server has not taken yet, and addresses that it refused for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), min(scheduled_at) FROM procrastinate_jobs
            WHERE task_name IN ('notifications.mail', 'notifications.digest') AND status = 'todo' AND attempts > 0
            """
        )
        waiting, again = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM notifications_badaddress")
        (refused,) = cursor.fetchone()
    found = []
    if waiting:
        said = (
            f"{waiting} letters wait for the mail server, which did not take them; the next is tried again at "
            f"{again:%H:%M} UTC."
        )
        found.append(Check("letters", False, said))
    if refused:
        said = f"{refused} addresses were refused for good and are written to no more."
        found.append(Check("addresses", None, said))
    return found


def _demo() -> Check:
    if is_demo():
        return Check("demo", None, "This is the demo: everybody can sign in as its cast at /demo/.")
    return Check("demo", True, "The demo is not loaded.")


def _home() -> Check:
    free = shutil.disk_usage(home()).free
    said = f"The data folder {home()} can be written; {free // 2**20:,} MB are free on its disk."
    return Check("home", free > _LITTLE_ROOM, said)


def _secrets() -> list[Check]:
    """Who could read the data, and who could forge a sign-in."""
    found = []
    if stat.S_IMODE(home().stat().st_mode) & stat.S_IRWXO:
        others = (
            f"Other accounts of this machine may open the data folder {home()}; close it with `chmod 700`."
        )
        found.append(Check("home access", False, others))
    else:
        found.append(Check("home access", True, "The data folder is closed to other accounts."))
    if len(settings.SECRET_KEY) < _SHORTEST_KEY or len(set(settings.SECRET_KEY)) < _FEWEST_SIGNS:
        weak = f"The signing key (FOLKMOOT_SECRET_KEY) can be guessed; use {_SHORTEST_KEY} random characters or more."
        return [*found, Check("secret key", False, weak)]
    return [*found, Check("secret key", True, "The signing key is long.")]


def _static() -> Check:
    if static_root().exists():
        return Check("static", True, "Static files are collected.")
    return Check("static", False, "Static files are not collected yet; `folkmoot up` does it.")


def _mail() -> Check:
    if settings.EMAIL_HOST:
        return Check("mail", True, f"Mail goes out through {settings.EMAIL_HOST}.")
    kept = f"{settings.EMAIL_FILE_PATH}"
    return Check(
        "mail",
        None,
        f"Mail is not configured (FOLKMOOT_MAIL_URL): nothing is sent, messages are kept in {kept}.",
    )


def _hosts() -> Check:
    if "*" not in settings.ALLOWED_HOSTS:
        return Check("hosts", True, f"The site answers to {', '.join(settings.ALLOWED_HOSTS)}.")
    if settings.FOLKMOOT_URL:
        said = f"The site answers to any name (FOLKMOOT_HOSTS); its letters lead to {settings.FOLKMOOT_URL}."
        return Check("hosts", None, said)
    said = (
        "The site answers to any name (FOLKMOOT_HOSTS) and does not know its own: a stranger could have it send "
        "letters that lead elsewhere. Set FOLKMOOT_URL."
    )
    return Check("hosts", False, said)


def _settings() -> list[Check]:
    visible = (
        "visitors see open communities" if settings.FOLKMOOT_PUBLIC else "communities are for staff only"
    )
    domains = ", ".join(settings.FOLKMOOT_DOMAINS) or "none: only people of the directory sign in"
    return [
        Check("time zone", True, f"The organisation's time zone is {settings.TIME_ZONE}."),
        _hosts(),
        Check("visibility", True, f"By FOLKMOOT_PUBLIC, {visible}."),
        Check("domains", True, f"Addresses that may sign up (FOLKMOOT_DOMAINS): {domains}."),
    ]
