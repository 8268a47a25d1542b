"""Locks of one part of the index among processes: a lock dies with its process, and says who holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Held(Exception):  # noqa: N818  a state of affairs, not a fault of the caller's
    """Another process kept a lock for longer than one waits; `by` names it, as ` by process N`."""

    def __init__(self, by: str) -> None:
        super().__init__(f"held{by}")
        self.by = by


@contextmanager
def locked(folder: Path, name: str, seconds: float) -> Iterator[None]:
    """Hold the lock `name` in a folder, which must be there. Raises `Held` after so many seconds of waiting
    (a negative number: never)."""
    from filelock import FileLock, Timeout

    if not folder.is_dir():  # else the lock would make it
        raise FileNotFoundError(folder)
    holder = folder / f"{name}.pid"
    lock = FileLock(folder / f"{name}.lock", thread_local=False)
    try:
        lock.acquire(timeout=seconds, poll_interval=0.05)
    except Timeout as error:
        raise Held(by_process(holder)) from error
    try:
        with suppress(OSError):
            holder.write_text(str(os.getpid()))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def by_process(holder: Path) -> str:
    """` by process N`, as the holder of a lock wrote it down; "" where that is not known."""
    try:
        return f" by process {int(holder.read_text())}"
    except (OSError, ValueError):
        return ""
