"""`folkmoot import`: what it prints, and how it ends."""

import contextlib
import json

import pytest
from typer.testing import CliRunner

from folkmoot.people.models import Person
from folkmoot.site.cli import importing, looking  # noqa: F401  a second command, or Typer drops the name of the first
from folkmoot.site.cli.frame import app

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_database_is_there(monkeypatch):
    monkeypatch.setattr(importing, "database", contextlib.nullcontext)


@pytest.fixture
def people(tmp_path):
    """A folder with a people.csv, to be written."""

    def write(content: str | bytes) -> str:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / "people.csv").write_bytes(data)
        return str(tmp_path)

    return write


def run(*arguments: str):
    return CliRunner().invoke(app, ["import", *arguments])


def test_it_says_what_it_did_and_ends_well(people):
    result = run(people("id,name,shoe\n1,Ada [bold],38\n"))
    assert result.exit_code == 0
    assert "people        1" in result.output
    assert "left the columns shoe" in result.output
    assert "Imported." in result.output


def test_the_json_is_alone_on_standard_output(people):
    source = people("id,name\n1,Ada\n2,\n")
    result = run(source, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["committed"]) == (1, False)
    assert told["rejected"] == [
        {"file": "people.csv", "line": 3, "column": "name", "value": "", "problem": "A person needs a name."}
    ]
    skipping = run(source, "--json", "--skip-bad-rows")
    assert (skipping.exit_code, json.loads(skipping.stdout)["committed"]) == (0, True)
    again = run(people("id,name\n1,Ada\n"), "--json")
    assert (again.exit_code, json.loads(again.stdout)["unchanged"]["people"]) == (0, 1)


def test_a_refusal_lists_its_reasons_and_ends_with_one(people):
    result = run(people("id,name\n" + "".join(f"{n},\n" for n in range(60))))
    assert result.exit_code == 1
    assert "people.csv line 2, name: A person needs a name." in result.output
    assert "and 10 more" in result.output
    assert "Nothing was imported" in result.output


def test_a_dry_run_ends_as_the_import_would_and_writes_nothing(people):
    good = run(people("id,name\n1,Ada\n"), "--dry-run", "--json")
    assert (good.exit_code, json.loads(good.stdout)["created"]["people"]) == (0, 1)
    assert run(people("id,name\n1,\n"), "--dry-run").exit_code == 1
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["/nowhere/at/all"],
        ["{here}", "--map", "people.name"],
        ["{here}", "--map", "people.shoe=x"],
        ["{here}", "--oops"],
    ],
)
def test_wrong_usage_ends_with_two(people, arguments):
    here = people("id,name\n1,Ada\n")
    assert run(*(argument.format(here=here) for argument in arguments)).exit_code == 2


def test_an_unreadable_source_is_a_sentence_in_either_form(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    plain = run(str(tmp_path / "a.xlsx"))
    assert (plain.exit_code, "a.xlsx: This is not an Excel workbook" in plain.output) == (1, True)
    told = json.loads(run(str(tmp_path / "a.xlsx"), "--json").stdout)
    assert (told["committed"], told["rejected"][0]["file"]) == (False, "a.xlsx")


def test_encoding_and_columns_may_be_named(people):
    source = people("Nummer,Wer\n1,小林\n".encode("shift_jis"))
    assert run(source).exit_code == 1
    done = run(source, "--encoding", "shift_jis", "--map", "people.id=Nummer", "--map", "people.name=wer")
    assert done.exit_code == 0
    assert Person.objects.get().name == "小林"
