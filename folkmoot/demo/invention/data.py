"""Reading the files in `folkmoot/demo/data`, once a process."""

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from folkmoot.demo.invention.values import InventedUnit

_FOLDER = Path(__file__).resolve().parent.parent / "data"


@cache
def toml(name: str) -> dict[str, Any]:
    """The content of `<name>.toml`."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def units() -> tuple[InventedUnit, ...]:
    """The units, parents first."""
    with (_FOLDER / "units.csv").open(encoding="utf-8", newline="") as file:
        waiting = [InventedUnit(**row) for row in csv.DictReader(file)]
    placed: dict[str, InventedUnit] = {"": InventedUnit("", "", "", "")}
    while waiting:
        for unit in [unit for unit in waiting if unit.parent in placed]:
            placed[unit.code] = unit
        waiting = [unit for unit in waiting if unit.code not in placed]
    del placed[""]
    return tuple(placed.values())
