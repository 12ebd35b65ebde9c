"""Exporting on the page: have a file written, fetch it, and forget it after a week."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.activity.models import Entry
from folkmoot.core import clock
from folkmoot.exchange.models import ExportPiece, ExportRun
from folkmoot.exchange.tasks import forget_imports, run_export
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db
URL = "/programme/export/"


@pytest.fixture(autouse=True)
def _no_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is one transaction already, whose isolation cannot change any more."""
    monkeypatch.setattr("folkmoot.exchange.exporting._SNAPSHOT", "SELECT 1")


@pytest.fixture
def page() -> Client:
    """Of somebody who runs the programme."""
    olu = Person.objects.create(ref="olu", name="Olu Adeyemi", on_programme_team=True)
    client = Client()
    client.force_login(olu, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def work() -> None:
    """What the worker does with the jobs that wait."""
    for job in ProcrastinateJob.objects.filter(task_name="exchange.run_export", status="todo"):
        run_export.func(**job.args)
    ProcrastinateJob.objects.all().delete()


def test_a_file_is_written_by_a_job_and_fetched_whole(page: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ExportPiece, "PIECE", 1000)
    assert "No file was written" in page.get(URL).content.decode()
    assert page.post(URL, {"form": "xlsx"}).headers["Location"] == URL
    run = ExportRun.objects.get()
    assert "every 1s" in page.get(URL).content.decode()
    assert page.get(f"{URL}{run.pk}/").headers["Location"] == URL
    work()
    run.refresh_from_db()
    assert run.counts["people"] == 1
    shown = page.get(URL).content.decode()
    assert "every 1s" not in shown
    assert f"{run.rows} row" in shown
    answer = page.get(f"{URL}{run.pk}/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="programme-{clock.today()}.xlsx"'
    assert ExportPiece.objects.count() > 3
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    assert book.sheetnames == ["units", "people", "communities", "memberships", "terms", "events"]
    assert book["people"]["B2"].value == "Olu Adeyemi"
    assert Entry.objects.filter(verb="exported", by_label="Olu Adeyemi").count() == 1
    work()
    run_export.func(run=run.pk)  # a job that is done twice
    assert ExportPiece.objects.filter(run=run).count() == ExportPiece.objects.count()


def test_one_at_a_time_and_never_of_another_kind(page: Client):
    assert page.post(URL, {"form": "docx"}).status_code == 422
    page.post(URL, {"form": "zip"})
    assert "wait until it is ready" in page.post(URL, {"form": "zip"}, follow=True).content.decode()
    assert ExportRun.objects.count() == 1


def test_what_fails_says_so_and_another_can_be_begun(page: Client, monkeypatch: pytest.MonkeyPatch):
    page.post(URL, {"form": "zip"})
    with monkeypatch.context() as patch:
        patch.setattr("folkmoot.exchange.tasks.export_to", lambda _path: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work()
    assert "Not written" in page.get(URL).content.decode()
    ProcrastinateJob.objects.all().delete()
    page.post(URL, {"form": "zip"})
    work()
    assert [run.is_ready for run in ExportRun.objects.recent()] == [True, False]


def test_it_is_removed_after_a_week(page: Client):
    old = ExportRun.objects.create(status="ready", at=clock.now() - timedelta(days=8))
    ExportPiece.objects.create(run=old, number=0, content=b"x")
    kept = ExportRun.objects.create(status="ready", at=clock.now() - timedelta(days=6))
    forget_imports.func(timestamp=0)
    assert list(ExportRun.objects.all()) == [kept]
    assert not ExportPiece.objects.exists()
