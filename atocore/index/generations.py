"""Generations of the index: each in a folder of its own, one of them in use; a new one is made aside.

What is in use is named by one small file, replaced in one action: a crash leaves the old generation or the
new, whole. A generation that is not in use any more stays a while for those who read it still.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from atocore import clock
from atocore.errors import AtocoreError
from atocore.index.locking import Held, locked

_POINTER: Final = "current"
_PREFIX: Final = "generation-"
_LINGERS_SECONDS: Final = 120.0
"""A reader opens the parts of a generation one by one, within this time."""
_WHOLE_SECOND: Final = 1.0
"""So much may the clock, which tells whole seconds, be behind a file's time."""


class Generations:
    """The generations in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> Path | None:
        """The folder of the generation in use; None where there is none (any more)."""
        try:
            name = (self.folder / _POINTER).read_text("ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        place = self.folder / name
        return place if name.startswith(_PREFIX) and "/" not in name and place.is_dir() else None

    @contextmanager
    def building(self, seconds: float) -> Iterator[Path]:
        """A new folder to build a generation in, one builder at a time; it is removed again unless `publish`
        was called. Raises `vault-busy`, naming who builds, after so many seconds."""
        with self._locked(seconds):
            self._clear()
            place = self.folder / f"{_PREFIX}{secrets.token_hex(4)}"
            place.mkdir()
            try:
                yield place
            finally:
                if self.current != place:
                    shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def _locked(self, seconds: float) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self.folder, "builder", seconds))
            except Held as held:
                told = f"the index is being built{held.by}"
                raise AtocoreError("vault-busy", told, "try again when it is done") from held
            yield

    def publish(self, place: Path) -> None:
        """Take a generation that was built into use; the former one stays for its readers, for a while."""
        former = self.current
        draft = self.folder / f"{_POINTER}.draft"
        with draft.open("w") as file:
            file.write(f"{place.name}\n")
            file.flush()
            os.fsync(file.fileno())
        if former is not None:
            os.utime(former)  # its time of change says since when it is not in use
        draft.replace(self.folder / _POINTER)

    def abandon(self, place: Path) -> bool:
        """Take a generation that is damaged out of use; False where it is not in use any more."""
        if self.current != place:
            return False
        (self.folder / _POINTER).unlink(missing_ok=True)
        return True

    def clear(self) -> None:
        """Remove the generations that are not in use any more, unless somebody is building one."""
        if self._spent():
            with suppress(AtocoreError), self._locked(0):
                self._clear()

    def _clear(self) -> None:
        for place in self._spent():
            shutil.rmtree(place, ignore_errors=True)

    def _spent(self) -> list[Path]:
        """The former generations that nobody opens any more, and what a killed builder left."""
        kept = self.current
        return [
            place for place in self.folder.glob(f"{_PREFIX}*") if place != kept and not _lingers(place, kept)
        ]


def _lingers(place: Path, kept: Path | None) -> bool:
    """Whether a generation that is not in use was so a moment ago, when another took its place."""
    if kept is None:
        return False
    try:
        age = clock.now().timestamp() - place.stat().st_mtime
    except FileNotFoundError:
        return False
    return -_WHOLE_SECOND < age < _LINGERS_SECONDS
