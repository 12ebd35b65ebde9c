"""Jobs: committed or rolled back with the rows they belong to, and taken up again when a worker was killed."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.core import clock
from folkmoot.site.tasks import retry_stalled_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_queue(transactional_db: None) -> Iterator[None]:
    """The queue's tables are not Django's to empty."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def run_worker_once() -> None:
    """Have a worker look for stalled jobs and do all that waits."""

    async def run() -> None:
        working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with working.open_async():
            await retry_stalled_jobs.defer_async()
            await working.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )

    asyncio.run(run())


def deferred() -> list[str]:
    """The names of the jobs that wait."""
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def test_a_job_is_committed_with_its_transaction() -> None:
    with transaction.atomic():
        app.configure_task("tests.anything").defer(number=1)
    assert deferred() == ["tests.anything"]


def test_a_job_is_rolled_back_with_its_transaction() -> None:
    with transaction.atomic():
        app.configure_task("tests.anything").defer(number=1)
        assert deferred() == ["tests.anything"]
        transaction.set_rollback(True)
    assert deferred() == []


def test_a_job_is_rolled_back_with_the_inner_part_of_a_transaction() -> None:
    with transaction.atomic():
        app.configure_task("tests.kept").defer()
        with transaction.atomic():
            app.configure_task("tests.dropped").defer()
            transaction.set_rollback(True)
    assert deferred() == ["tests.kept"]


@pytest.mark.parametrize(
    ("silent_for", "killed"), [(timedelta(minutes=5), True), (timedelta(seconds=1), False)]
)
def test_the_job_of_a_worker_that_was_killed_is_taken_up_again(silent_for: timedelta, killed: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [clock.now() - silent_for],
        )
        [worker] = cursor.fetchone()
        app.configure_task("tests.interrupted").defer()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])

    run_worker_once()
    # Taken up again, it fails here, because no task has this name; a job that somebody works on is left to them.
    status = ProcrastinateJob.objects.get(task_name="tests.interrupted").status
    assert status == ("failed" if killed else "doing")


def test_an_interrupted_job_whose_work_waits_already_is_given_up() -> None:
    with connection.cursor() as cursor:
        app.configure_task("tests.once", queueing_lock="once").defer()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    app.configure_task("tests.once", queueing_lock="once", schedule_in={"hours": 1}).defer()
    run_worker_once()
    assert list(ProcrastinateJob.objects.values_list("task_name", "status")) == [("tests.once", "todo")]
