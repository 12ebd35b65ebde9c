"""Gives the bundles to Django's static files, made afresh from their sources: never stale."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import get_ident
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

from folkmoot.ui.bundle import BUNDLES


class BundleFinder(BaseFinder):
    """Finds `ui/ui.css` and `ui/ui.js`, written to a folder that lives as long as the process."""

    def __init__(self) -> None:
        """Nothing is written before it is asked for."""
        self._folder: TemporaryDirectory[str] | None = None

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where a bundle is; nothing for other paths."""
        if path not in BUNDLES:
            return []
        found = str(self._written() / path)
        return [found] if find_all or kwargs.get("all") else found

    def list(self, ignore_patterns: Sequence[str] | None) -> Iterator[tuple[str, Storage]]:  # type: ignore[override]
        """Both bundles, for `collectstatic`."""
        storage = FileSystemStorage(location=str(self._written()))
        for path in BUNDLES:
            yield path, storage

    def check(self, **kwargs: Any) -> Sequence[Any]:  # type: ignore[override]
        """There is nothing to configure."""
        return []

    def _written(self) -> Path:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="folkmoot-ui-")
        folder = Path(self._folder.name)
        _write(folder)
        return folder


def _write(folder: Path) -> None:
    """Write every bundle that has changed, whole at once, as another thread may be reading it."""
    for path, make in BUNDLES.items():
        target, made = folder / path, make()
        if target.exists() and target.read_text(encoding="utf-8") == made:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f".{get_ident()}")
        fresh.write_text(made, encoding="utf-8")
        fresh.replace(target)
