"""Jobs that keep the queue itself going."""

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from folkmoot.people.actions import clear_links

_SILENT_FOR = 60.0


@app.periodic(cron="* * * * *")
@app.task(name="site.retry_stalled_jobs", queueing_lock="site.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int | None = None) -> None:
    """Put jobs back in the queue whose worker has not been heard of for a minute: it was killed in the middle.

    Where the same work waits in the queue already, the interrupted job is given up instead.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=_SILENT_FOR):
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=True)


@app.periodic(cron="23 3 * * *")
@app.task(name="site.clear_sessions", queueing_lock="site.clear_sessions")
def clear_sessions(timestamp: int | None = None) -> None:
    """Remove the sessions that have run out and the one-time links that are over, every night."""
    call_command("clearsessions")
    clear_links()
