"""Importing on the page: upload, look, correct, import. Jobs run as the worker runs them."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from folkmoot.core import clock
from folkmoot.exchange import forms
from folkmoot.exchange.models import ImportFile, ImportRun
from folkmoot.exchange.reading import TABLES
from folkmoot.exchange.tasks import forget_imports, run_import
from folkmoot.exchange.tests.files import workbook, zipped
from folkmoot.exchange.tests.importing import COMMUNITIES, MEMBERSHIPS, PEOPLE, UNITS
from folkmoot.people.models import Person, Unit
from folkmoot.site.server.asgi import LARGEST_BODY

pytestmark = pytest.mark.django_db
URL = "/programme/import/"


@pytest.fixture
def olu():
    """Runs the programme."""
    return Person.objects.create(
        ref="olu", name="Olu Adeyemi", email="olu@uni.example", on_programme_team=True
    )


@pytest.fixture
def page(olu):
    client = Client()
    client.force_login(olu, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def uploaded(page: Client, encoding: str = "", **files: str | bytes) -> ImportRun:
    contents = {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
    chosen = [SimpleUploadedFile(f"{name}.csv", data) for name, data in contents.items()]
    response = page.post(URL, {"chosen": chosen, "encoding": encoding})
    run = ImportRun.objects.latest("id")
    assert response.status_code == 302, response.content.decode()
    assert response.headers["Location"] == f"{URL}{run.pk}/"
    return worked(run)


def worked(run: ImportRun) -> ImportRun:
    """What the worker does with the jobs that wait."""
    for job in ProcrastinateJob.objects.filter(task_name="exchange.run_import", status="todo").order_by("id"):
        run_import.func(**job.args)
    ProcrastinateJob.objects.all().delete()
    run.refresh_from_db()
    return run


def columns(**places: int) -> dict[str, str]:
    """What the form sends: the place of each of our columns of people in the file, from 1; 0 for nowhere."""
    said = {f"people.{column.name}": str(places.get(column.name, 0)) for column in TABLES["people"]}
    return {**said, "encoding": ""}


def test_a_programme_is_uploaded_looked_at_and_imported(page):
    run = uploaded(page, units=UNITS, people=PEOPLE, communities=COMMUNITIES, memberships=MEMBERSHIPS)
    assert run.is_checked
    assert not Unit.objects.exists()
    shown = page.get(f"{URL}{run.pk}/").content.decode()
    assert "Everything in these files can be imported" in shown
    assert "Ada Okafor" in shown
    assert "Nothing has been written yet" in shown
    assert page.post(f"{URL}{run.pk}/application/").url == f"{URL}{run.pk}/"
    run.refresh_from_db()
    assert run.status == "importing"
    assert worked(run).is_imported
    assert Person.objects.filter(ref="000001", name="Ada Okafor").exists()
    assert "Everything was imported" in page.get(f"{URL}{run.pk}/").content.decode()
    assert not ImportFile.objects.exists()
    assert "Imported" in page.get(URL).content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "zip"])
def test_a_workbook_or_a_zip_is_one_file(page, tmp_path, kind):
    if kind == "xlsx":
        path = workbook(tmp_path / "programme.xlsx", people=[["id", "name"], ["1", "Ada"]])
    else:
        path = zipped(tmp_path / "programme.zip", people="id,name\n1,Ada\n")
    page.post(URL, {"chosen": [SimpleUploadedFile(path.name, path.read_bytes())], "encoding": ""})
    run = worked(ImportRun.objects.get())
    assert run.report["created"]["people"] == 1


def test_bad_rows_are_shown_and_can_be_left_out(page):
    run = uploaded(page, people="id,name\n1,Ada\n2,\n")
    shown = page.get(f"{URL}{run.pk}/").content.decode()
    assert "A person needs a name." in shown
    assert "1 problem was found. Nothing has been written." in shown
    assert "Import the rest, without these rows" in shown
    assert page.post(f"{URL}{run.pk}/application/", {"skip_bad_rows": "yes"}).status_code == 302
    assert worked(run).is_imported
    assert Person.objects.filter(ref="1").exists()


def test_all_of_it_is_refused_when_rows_are_bad(page):
    run = uploaded(page, people="id,name\n1,Ada\n2,\n")
    page.post(f"{URL}{run.pk}/application/")
    assert worked(run).is_checked
    assert "nothing was imported" in run.sentence
    assert not Person.objects.filter(ref="1").exists()


def test_columns_are_corrected(page):
    run = uploaded(page, people="Nr,Wer,email,Mail 2\n1,Ada,no address,ada@x.org\n")
    assert not run.is_imported
    shown = page.get(f"{URL}{run.pk}/").content.decode()
    assert '<option value="2">Wer</option>' in shown
    assert page.post(f"{URL}{run.pk}/columns/", columns(id=1, name=2, email=4)).status_code == 302
    run = worked(run)
    assert run.report["created"]["people"] == 1
    assert not run.report["rejected"]
    again = page.get(f"{URL}{run.pk}/").content.decode()
    assert '<option value="4" selected>Mail 2</option>' in again
    page.post(f"{URL}{run.pk}/application/")
    worked(run)
    assert Person.objects.get(ref="1").email == "ada@x.org"


def test_a_column_may_be_left_out(page):
    run = uploaded(page, people="id,name,email\n1,Ada,no address\n")
    assert run.report["rejected"]
    page.post(f"{URL}{run.pk}/columns/", columns(id=1, name=2))
    assert not worked(run).report["rejected"]


def test_thousands_of_problems_are_told_apart(page):
    run = uploaded(page, people="id,name,email\n1,Ada,no address\n")
    ImportRun.objects.filter(pk=run.pk).update(
        result=run.result | {"report": run.report | {"rejected_in_all": 1924}}
    )
    assert "1,924 problems were found" in page.get(f"{URL}{run.pk}/").content.decode()


def test_a_column_that_is_not_in_the_file_gives_the_form_back(page):
    run = uploaded(page, people="id,name\n1,Ada\n")
    response = page.post(f"{URL}{run.pk}/columns/", columns(id=7))
    assert response.status_code == 422
    assert "Which column is which" in response.content.decode()


def test_the_encoding_is_named(page):
    data = "id,name\n1,小林\n".encode("shift_jis")
    run = uploaded(page, people=data)
    assert "encoding" in run.report["rejected"][0]["problem"]
    run = uploaded(page, encoding="shift_jis", people=data)
    assert run.result["tables"][0]["rows"][0]["cells"] == ["1", "小林"]


def test_progress_asks_again_until_there_is_something_to_see(page):
    page.post(URL, {"chosen": [SimpleUploadedFile("people.csv", b"id,name\n1,Ada\n")], "encoding": ""})
    run = ImportRun.objects.get()
    shown = page.get(f"{URL}{run.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    ImportRun.objects.filter(pk=run.pk).update(progress={"step": "people", "done": 5000, "total": 20000})
    fragment = page.get(f"{URL}{run.pk}/progress/", headers={"HX-Request": "true"})
    assert "5,000 of 20,000" in fragment.content.decode()
    assert "HX-Refresh" not in fragment.headers
    worked(run)
    done = page.get(f"{URL}{run.pk}/progress/", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    assert page.get(f"{URL}{run.pk}/progress/").url == f"{URL}{run.pk}/"


def test_nothing_is_done_to_an_upload_that_is_being_worked_on(page):
    page.post(URL, {"chosen": [SimpleUploadedFile("people.csv", b"id,name\n1,Ada\n")], "encoding": ""})
    run = ImportRun.objects.get()
    for what in ("columns", "application", "removal"):
        page.post(f"{URL}{run.pk}/{what}/", {"encoding": ""})
    assert ProcrastinateJob.objects.count() == 1
    assert ImportRun.objects.filter(pk=run.pk, status="checking").exists()


def test_an_upload_is_imported_once(page):
    run = uploaded(page, people="id,name\n1,Ada\n")
    page.post(f"{URL}{run.pk}/application/")
    page.post(f"{URL}{run.pk}/application/")
    assert ProcrastinateJob.objects.count() == 1
    worked(run)
    page.post(f"{URL}{run.pk}/application/")
    assert not ProcrastinateJob.objects.exists()


def test_what_was_imported_is_not_checked_again_from_a_page_that_is_open_still(page):
    run = uploaded(page, people="id,name\n1,Ada\n")
    page.post(f"{URL}{run.pk}/application/")
    worked(run)
    page.post(f"{URL}{run.pk}/columns/", {"encoding": "", "people.id": "1", "people.name": "2"})
    assert not ProcrastinateJob.objects.exists()
    assert ImportRun.objects.get().is_imported


def test_a_name_longer_than_a_file_system_takes_is_cut_before_its_kind(page):
    chosen = SimpleUploadedFile("人" * 200 + ".csv", b"id,name\n1,Ada\n")
    page.post(URL, {"chosen": [chosen], "encoding": ""})
    run = worked(ImportRun.objects.get())
    assert run.name.endswith("人.csv")
    assert run.report["created"]["people"] == 1


def test_an_upload_is_forgotten_on_request_and_in_time(page):
    run = uploaded(page, people="id,name\n1,Ada\n")
    assert page.post(f"{URL}{run.pk}/removal/").url == URL
    assert not ImportFile.objects.exists()
    old, young = uploaded(page, people="id,name\n1,Ada\n"), uploaded(page, people="id,name\n1,Ada\n")
    ImportRun.objects.filter(pk=old.pk).update(at=clock.now() - ImportRun.KEPT_FOR - timedelta(days=1))
    forget_imports.func(0)
    assert list(ImportRun.objects.all()) == [young]


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ([], "This field is required"),
        (["a.xlsx", "people.csv"], "not both"),
        ([f"{n}.csv" for n in range(21)], "at most 20 files"),
    ],
)
def test_a_choice_of_files_that_cannot_be_is_said(page, files, word):
    response = page.post(URL, {"chosen": [SimpleUploadedFile(name, b"x") for name in files], "encoding": ""})
    assert response.status_code == 422
    assert word in response.content.decode()
    assert not ImportRun.objects.exists()


def test_too_large_an_upload_is_refused_by_a_stated_limit(page, monkeypatch):
    monkeypatch.setattr(forms, "MOST_MEGABYTES", 0)
    response = page.post(URL, {"chosen": [SimpleUploadedFile("people.csv", b"id,name\n")], "encoding": ""})
    assert "larger than 0 MB" in response.content.decode()


def test_the_server_takes_what_the_form_takes_and_what_stands_around_it():
    assert forms.MOST_MEGABYTES * 1024 * 1024 + 1024 * 1024 < LARGEST_BODY


def test_names_of_files_cannot_leave_their_folder_and_empty_files_are_said(page):
    chosen = [SimpleUploadedFile("people.csv", b""), SimpleUploadedFile("people.csv", b"id,name\n1,Ada\n")]
    for file, name in zip(chosen, ["../../etc/people.csv", "C:\\x\\people.csv"], strict=True):
        vars(file)["_name"] = name  # what a browser would have stripped
    page.post(URL, {"chosen": chosen, "encoding": ""})
    run = worked(ImportRun.objects.get())
    assert run.name == "people.csv, people-2.csv"
    assert "empty" in run.report["rejected"][0]["problem"]
    assert run.report["read"] == {"people-2.csv": 1, "people.csv": 0}


def test_a_large_file_comes_back_together_from_its_pieces(page, monkeypatch):
    monkeypatch.setattr(ImportFile, "PIECE", 64)
    content = "id,name\n" + "".join(f"{n},Person {n}\n" for n in range(500))
    assert uploaded(page, people=content).report["created"]["people"] == 500


def test_a_job_that_breaks_says_so_on_the_page(page, monkeypatch):
    page.post(URL, {"chosen": [SimpleUploadedFile("people.csv", b"id,name\n1,Ada\n")], "encoding": ""})

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("folkmoot.exchange.tasks.import_reading", broken)
    with pytest.raises(RuntimeError):
        worked(ImportRun.objects.get())
    run = ImportRun.objects.get()
    assert run.status == "failed"
    assert "Something went wrong" in page.get(f"{URL}{run.pk}/").content.decode()


@pytest.mark.parametrize("broken", [b"\xff", b"\x00", b"\xed\xa0\x80", b"\xc3\xa9\xff"])
def test_what_no_letters_are_is_shown_wherever_it_stands(page, broken):
    good = b"id,name,team\n1,Ada,x\n2,Zo\xc3\xab,y\n"
    for place in range(len(good)):
        run = uploaded(page, people=good[:place] + broken + good[place:])
        assert (run.status, run.sentence) == ("checked", "")
    run = uploaded(page, people=b"id,Who is" + broken + b" it,team\n1,Ada,x\n2,Zo\xc3\xab,y\n")
    page.post(f"{URL}{run.pk}/columns/", columns(id=1, name=2))
    assert worked(run).report["created"]["people"] == 2
    assert page.get(f"{URL}{run.pk}/").status_code == 200


def test_what_was_uploaded_is_escaped(page):
    run = uploaded(page, communities="slug,name\n<script>alert(1)</script>,<b>x</b>\n")
    shown = page.get(f"{URL}{run.pk}/").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_only_the_programme_team_imports(olu):
    run = ImportRun.objects.create(name="x.csv", status="checked")
    urls = [
        URL,
        *(f"{URL}{run.pk}/{what}" for what in ("", "progress/", "columns/", "application/", "removal/")),
    ]
    bo = Person.objects.create(ref="bo", name="Bo")
    client = Client()
    assert {client.post(url).status_code for url in urls} == {302}
    client.force_login(bo, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert {client.post(url).status_code for url in urls} == {403}
    assert ImportRun.objects.filter(pk=run.pk).exists()


def test_the_page_costs_the_same_for_one_import_and_for_many(page):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            page.get(URL)
        return len(queries)

    ImportRun.objects.create(name="x.csv", status="checked")
    one = statements()
    ImportRun.objects.bulk_create(ImportRun(name=f"{n}.csv", status="imported") for n in range(30))
    assert statements() == one
