"""Whether there is still a vault to be the daemon of, and the AtoCore that it was started from, and whether
the machine slept."""

from __future__ import annotations

import os
import time
from pathlib import Path

from atocore.daemon.package import REPLACED, Package
from atocore.store.worktree import SETTINGS_FILE

GONE_SECONDS = 3.0
"""A file that is missing for so long is not just being replaced."""
_JUMP_SECONDS = 2.0


class Guard:
    """Watches over what the daemon stands on. Ask it about once a second, with monotonic time."""

    def __init__(self, vault: Path, git_dir: Path, package: Package) -> None:
        self._vault = vault
        self._package = package
        self._needed = (vault / SETTINGS_FILE, git_dir)
        self._identity = _identity(vault)
        self._missing_since: float | None = None
        self._offset = _offset()

    def why_end(self, now: float) -> str:
        """Why the daemon is to end; "" while it is not."""
        if self._package.is_replaced():
            return REPLACED
        present = _identity(self._vault)
        if present is not None and present != self._identity:
            return f"{self._vault} is another folder now"
        missing = next((path for path in (self._vault, *self._needed) if not os.path.lexists(path)), None)
        if missing is None:
            self._missing_since = None
            return ""
        if self._missing_since is None:
            self._missing_since = now
        return f"{missing} is gone" if now - self._missing_since > GONE_SECONDS else ""

    def slept(self) -> bool:
        """Whether the machine was suspended since this was asked last: events may have been lost."""
        former, self._offset = self._offset, _offset()
        return abs(self._offset - former) > _JUMP_SECONDS


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _offset() -> float:
    """By how much a clock that runs while the machine sleeps is ahead of one that does not."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) - time.monotonic() if clock is not None else 0.0
