"""Small words for stories about imports."""

from pathlib import Path

from folkmoot.communities.models import Membership
from folkmoot.exchange.importing import Report, import_source
from folkmoot.exchange.tests.files import folder_of

UNITS = (
    "code,name,parent,kind\nUNI,The University,,\n"
    "HR,Human Resources,UNI,central\nCS,Computer Science,UNI,academic\n"
)
PEOPLE = (
    "id,name,email,job_title,unit,skills\n"
    "000001,Ada Okafor,ada@uni.example,Adviser,HR,facilitation|data\n"
    "000002,Bo Lindqvist,bo@uni.example,Lecturer,CS,\n"
    "000003,Çelik Yıldız,,,CS,\n"
)
COMMUNITIES = (
    "slug,name,practice_area,stage,since,until,space_kind,space_url\n"
    "research-data,Research Data,research-support,active,2024-01-08,,Microsoft "
    "Teams,https://teams.example/1\n"
    "old-ways,Old Ways,Planning,closed,2019-09-02,2022-06-30,,\n"
)
MEMBERSHIPS = (
    "community,person,role,since,until\n"
    "research-data,000001,lead,2024-01-08,\n"
    "research-data,bo@uni.example,core,2024-02-01,2025-01-31\n"
    "old-ways,000003,wider,2020-01-01,2022-06-30\n"
)


class Desk:
    """Where somebody imports one spreadsheet after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def imports(
        self, *, skip_bad_rows: bool = False, dry_run: bool = False, by=None, **files: str | bytes
    ) -> Report:
        self.count += 1
        source = folder_of(self.folder / f"source-{self.count}", **files)
        return import_source(source, by=by, skip_bad_rows=skip_bad_rows, dry_run=dry_run)

    def imports_all(self, **options) -> Report:
        return self.imports(
            units=UNITS, people=PEOPLE, communities=COMMUNITIES, memberships=MEMBERSHIPS, **options
        )


def outcomes(report: Report, table: str) -> dict[str, int]:
    """{outcome: rows} of one table, without zeros."""
    return {str(outcome): tables[table] for outcome, tables in report.counts.items() if tables[table]}


def rejections(report: Report) -> list[tuple[str, int | None, str]]:
    """(file, line, column) of what was rejected."""
    return [(problem.file, problem.line, problem.column) for problem in report.rejected]


def why(report: Report) -> str:
    """The sentences of what was rejected."""
    return "\n".join(problem.problem for problem in report.rejected)


def memberships() -> list[tuple]:
    """(community, person, role, since, until) of all, in order."""
    found = Membership.objects.order_by("community__slug", "person__ref", "since")
    rows = found.values_list("community__slug", "person__ref", "role", "since", "until")
    return [(*row[:3], row[3].isoformat(), row[4].isoformat() if row[4] else "") for row in rows]
