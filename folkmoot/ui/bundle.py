"""One stylesheet and one script out of a file per component: a page asks for two files, not for fifty.

Nothing is compiled: the sources are joined in order, without their comments and indentation.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

ROOM = Path(__file__).resolve().parent
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\s*\n\s*")


def stylesheet() -> str:
    """Every file of `styles/`; `layers.css`, which declares the order of the layers, comes first."""
    sources = sorted((ROOM / "styles").glob("*.css"), key=lambda path: (path.stem != "layers", path.name))
    joined = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return INDENT.sub("\n", COMMENT.sub("", joined)).strip() + "\n"


def script() -> str:
    """Every file of `behaviours/` as one ES module; `behaviours.js`, which binds the others, comes first.

    Each stands in a block of its own, so that their constants do not meet.
    """
    first, *others = sorted(
        (ROOM / "behaviours").glob("*.js"), key=lambda path: (path.stem != "behaviours", path.name)
    )
    blocks = [f"{{\n{_without_remarks(path)}\n}}" for path in others]
    return "\n".join([_without_remarks(first), *blocks]) + "\n"


def _without_remarks(path: Path) -> str:
    """The lines of a script but those that are only a remark."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//"))


BUNDLES: Mapping[str, Callable[[], str]] = {"ui/ui.css": stylesheet, "ui/ui.js": script}
