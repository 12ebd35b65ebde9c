"""The tables and columns that the import knows, and the names under which the world sends them."""

import re
from dataclasses import dataclass
from enum import Enum

from folkmoot.core.text import fold


class Kind(Enum):
    """How a cell of a column is cleaned."""

    NAME = "one line of words: entities are decoded, runs of spaces folded"
    PROSE = "several lines of words"
    CODE = "an identifier: text as given, trimmed"
    EMAIL = "an address"
    LINK = "a web address"
    DAY = "a day"
    MOMENT = "a day and a time"


@dataclass(frozen=True)
class Column:
    """One column: its name in the issue, its longest cell, how it is cleaned, and its other names, likeliest
    first."""

    name: str
    kind: Kind
    limit: int
    aliases: tuple[str, ...] = ()
    required: bool = False


def _column(name: str, kind: Kind, limit: int, aliases: str = "", *, required: bool = False) -> Column:
    return Column(name, kind, limit, tuple(aliases.split()), required)


GIVEN_NAME = _column("given_name", Kind.NAME, 300, "first_name forename forenames first christian_name")
FAMILY_NAME = _column("family_name", Kind.NAME, 300, "last_name surname last")
_SINCE = "start start_date started from begins began date_started"
_UNTIL = "end end_date ended to ends date_ended"

TABLES: dict[str, tuple[Column, ...]] = {
    "units": (
        _column(
            "code", Kind.CODE, 100, "unit_code org_unit_code department_code dept_code unit_id org_unit unit id",
            required=True,
        ),
        _column(
            "name", Kind.NAME, 300, "unit_name org_unit_name department_name display_name", required=True
        ),
        _column(
            "parent", Kind.NAME, 300, "parent_code parent_unit parent_id parent_unit_code parent_org_unit part_of"
        ),
        _column("kind", Kind.NAME, 100),
    ),
    "people": (
        _column(
            "id", Kind.CODE, 100, "staff_id employee_id person_id staff_number employee_number staff_no "
            "employee_no payroll_number user_id username upi", required=True,
        ),
        _column(
            "name", Kind.NAME, 300, "display_name full_name person_name staff_name", required=True
        ),
        GIVEN_NAME,
        FAMILY_NAME,
        _column("email", Kind.EMAIL, 254, "email_address mail work_email work_email_address primary_email"),
        _column("job_title", Kind.NAME, 300, "job_role position position_title role_title post"),
        _column(
            "unit", Kind.NAME, 300, "org_unit department dept unit_code org_unit_code department_code "
            "unit_name department_name organisational_unit organizational_unit",
        ),
        _column("skills", Kind.NAME, 4000, "skill skills_offered expertise"),
        _column("left", Kind.DAY, 100, "left_on leaving_date date_left leave_date leaver termination_date"),
    ),
    "communities": (
        _column("slug", Kind.CODE, 100, "community_slug community", required=True),
        _column("name", Kind.NAME, 200, "community_name title", required=True),
        _column("practice_area", Kind.NAME, 200, "area practice topic"),
        _column("summary", Kind.PROSE, 4000, "description purpose about"),
        _column("stage", Kind.NAME, 100, "status"),
        _column("stage_since", Kind.DAY, 100, "stage_date status_since status_date"),
        _column("since", Kind.DAY, 100, _SINCE + " founded launched created"),
        _column("until", Kind.DAY, 100, _UNTIL + " closed closed_on closed_date"),
        _column("space_kind", Kind.NAME, 100, "space_type platform online_space_kind"),
        _column("space_url", Kind.LINK, 2000, "space_link teams_url online_space url link website"),
        _column("space_active", Kind.DAY, 100, "space_active_on last_active last_active_on"),
        _column("calendar", Kind.NAME, 200, "terms term_calendar"),
    ),
    "memberships": (
        _column("community", Kind.CODE, 200, "community_slug community_name slug cop", required=True),
        _column(
            "person", Kind.CODE, 254, "person_id staff_id employee_id person_email email email_address "
            "member member_id user_id username id upi", required=True,
        ),
        _column("role", Kind.NAME, 100, "membership_role member_role", required=True),
        _column("since", Kind.DAY, 100, _SINCE + " joined joined_on date_joined member_since"),
        _column("until", Kind.DAY, 100, _UNTIL + " left left_on date_left"),
    ),
    "terms": (
        _column("name", Kind.NAME, 200, "term term_name period title", required=True),
        _column("start", Kind.DAY, 100, "starts start_date first_day from begins since", required=True),
        _column("end", Kind.DAY, 100, "ends end_date last_day to until", required=True),
        _column("kind", Kind.NAME, 100, "type"),
        _column("applies_to", Kind.NAME, 200, "calendar for"),
    ),
    "events": (
        _column("id", Kind.CODE, 200, "event_id ref uid", required=True),
        _column("community", Kind.CODE, 200, "community_slug community_name host cop"),
        _column("kind", Kind.NAME, 100, "type event_type", required=True),
        _column("title", Kind.NAME, 300, "name event event_name subject", required=True),
        _column("starts", Kind.MOMENT, 100, "start starts_at start_time begins from", required=True),
        _column("ends", Kind.MOMENT, 100, "end ends_at end_time finishes to", required=True),
        _column("timezone", Kind.CODE, 60, "time_zone tz zone"),
        _column("place", Kind.NAME, 300, "location venue room where"),
        _column("online_url", Kind.LINK, 2000, "url link online_link meeting_link"),
        _column("status", Kind.NAME, 100, "state"),
        _column("summary", Kind.PROSE, 8000, "description about"),
        _column("speakers", Kind.NAME, 20_000, "speaker presenters presenter"),
        _column("attended", Kind.NAME, 1_000_000, "attendees attendance who_was_there"),
        _column("hosts", Kind.NAME, 4000, "co_hosts cohosts further_communities"),
    ),
}  # fmt: skip

# What a file or a sheet of each table is called, apart from the table's own name.
FILE_NAMES = {
    "units": {
        "unit",
        "orgunits",
        "orgunit",
        "departments",
        "department",
        "organisation",
        "organization",
        "structure",
    },
    "people": {"person", "persons", "staff", "employees", "employee", "directory"},
    "communities": {"community", "cops", "cop"},
    "memberships": {"membership", "members", "member", "roles"},
    "terms": {"term", "termdates", "closures", "calendar", "periods", "semesters"},
    "events": {"event", "meetings", "activities"},
}

# Words around the name of a table that do not change what it is: "Export of people (final) 2026".
_NOISE = {
    "export", "exports", "exported", "list", "all", "data", "new", "current", "my", "our", "the", "of",
    "report", "download", "copy", "latest", "final", "v", "draft", "sheet", "table",
}  # fmt: skip

_NOT_LETTERS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """A column or file name without case, spaces, underscores, hyphens and stars: "Staff ID *" is staffid."""
    return _NOT_LETTERS.sub("", fold(text))


def column_named(kind: str, name: str) -> Column:
    """The column of the table `kind` of that name. Raises StopIteration where there is none."""
    return next(column for column in TABLES[kind] if column.name == name)


def names_of(column: Column) -> tuple[str, ...]:
    """Every folded name of a column, likeliest first."""
    return (folded(column.name), *map(folded, column.aliases))


KNOWN_NAMES: dict[str, dict[str, Column]] = {
    kind: {
        name: column
        # Own names win over the aliases of another column, so they are written last.
        for own in (False, True)
        for column in reversed(columns)
        for name in (names_of(column)[:1] if own else names_of(column)[1:])
    }
    for kind, columns in TABLES.items()
}


def table_of_name(name: str) -> str | None:
    """The table that a file or sheet of this name holds ("People.csv", "people_2026-11", "01 staff"), or
    None."""
    base = name.rsplit("/", 1)[-1]
    stem = fold(base.rsplit(".", 1)[0] if "." in base else base)
    for kind, others in FILE_NAMES.items():
        if folded(stem) == kind or folded(stem) in others:
            return kind
    parts = [part for part in re.split(r"[\W_\d]+", stem) if part and part not in _NOISE]
    said = [kind for kind, others in FILE_NAMES.items() if parts and (parts[0] == kind or parts[0] in others)]
    return said[0] if len(said) == 1 and len(parts) == 1 else None
