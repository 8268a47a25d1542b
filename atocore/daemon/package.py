"""AtoCore's own files on the disk: whether they are still those that this process was started from.

A daemon outlives upgrades. One that went on would load what it still lacks from the new version, and run a
mixture of two; so it asks here, and ends.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

import atocore
from atocore.errors import AtocoreError

REPLACED = "AtoCore itself was replaced on the disk"
_LOOK_SECONDS = 10.0
"""A checkout's files are many, and are looked at no more often than so."""

_Stamp = tuple[int, int, int] | None


class Package:
    """The files of the package at `folder`, as they are when this is made.

    An installed one is known by two files: an installer takes the package away before it puts the new one
    there, and writes the list of its files anew. A checkout is known by each of its modules.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(atocore.__file__).parent
        lists = self._folder.parent.glob(f"{self._folder.name}-*.dist-info/RECORD")
        self._listed = next((os.fspath(path) for path in sorted(lists)), "")
        self._first = self._stamps()
        self._looked = time.monotonic()
        self._replaced = False

    def is_replaced(self) -> bool:
        """Whether they changed; once they did, that stays so."""
        if not self._replaced and (self._listed or time.monotonic() >= self._looked + _LOOK_SECONDS):
            self._looked = time.monotonic()
            self._replaced = self._stamps() != self._first
        return self._replaced

    def is_sound(self, module: str) -> bool:
        """Whether a module that is to be loaded now is of the version that runs."""
        if not self._listed:
            place = os.path.join(self._folder.parent, *module.split("."))  # noqa: PTH118
            for path in (f"{place}.py", os.path.join(place, "__init__.py")):  # noqa: PTH118
                self._replaced |= _stamp(path) != self._first.get(path)
        return not self.is_replaced()

    def _stamps(self) -> dict[str, _Stamp]:
        if self._listed:
            return {path: _stamp(path) for path in (os.fspath(self._folder / "__init__.py"), self._listed)}
        return {path: _stamp(path) for path in _modules(os.fspath(self._folder))}

    @contextmanager
    def kept_whole(self) -> Iterator[None]:
        """While the block lasts, loading a module that is not of the version that runs raises
        `changed-meanwhile`."""
        finder = _Finder(self)
        sys.meta_path.insert(0, finder)
        try:
            yield
        finally:
            sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    """Finds no module; stands before those who do."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.startswith("atocore.") and not self._package.is_sound(name):
            raise AtocoreError("changed-meanwhile", REPLACED, "the daemon ends by itself: start it again")


def _stamp(path: str) -> _Stamp:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _modules(folder: str) -> Iterator[str]:
    for here, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                yield os.path.join(here, name)  # noqa: PTH118
