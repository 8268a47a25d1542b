"""Generations of the index: each in a folder of its own, one of them in use; a new one is made aside.

What is in use is named by one small file, replaced in one action: a crash leaves the old generation or the
new, whole. A generation that is not in use any more stays a while for those who read it still.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from atocore import clock
from atocore.errors import AtocoreError

_POINTER: Final = "current"
_PREFIX: Final = "generation-"
_LINGERS_SECONDS: Final = 120.0
"""A reader opens the parts of a generation one by one, within this time."""


class Generations:
    """The generations in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> Path | None:
        """The folder of the generation in use; None where there is none (any more)."""
        try:
            name = (self.folder / _POINTER).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
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
        from filelock import FileLock, Timeout

        self.folder.mkdir(parents=True, exist_ok=True)
        holder = self.folder / "builder.pid"
        lock = FileLock(self.folder / "builder.lock", thread_local=False)
        try:
            lock.acquire(timeout=seconds, poll_interval=0.05)
        except Timeout as error:
            told = f"the index is being built{by_process(holder)}"
            raise AtocoreError("vault-busy", told, "wait until it is done; atocore status tells") from error
        try:
            holder.write_text(str(os.getpid()))
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

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

    def abandon(self) -> None:
        """Take the present generation out of use: it is damaged."""
        (self.folder / _POINTER).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the generations that are not in use any more, unless somebody is building one."""
        if len(list(self.folder.glob(f"{_PREFIX}*"))) > 1:
            with suppress(AtocoreError), self._locked(0):
                self._clear()

    def _clear(self) -> None:
        """Remove what is not in use: the former generations, and what a killed builder left."""
        kept = self.current
        for place in self.folder.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                age = clock.now().timestamp() - place.stat().st_mtime
                if place != kept and (kept is None or not 0 <= age < _LINGERS_SECONDS):
                    shutil.rmtree(place, ignore_errors=True)


def by_process(holder: Path) -> str:
    """` by process N`, as the holder of a lock wrote it down; "" where that is not known."""
    try:
        return f" by process {int(holder.read_text())}"
    except (OSError, ValueError):
        return ""
