"""Who makes a backup: named in the folder it is made in, so that what a dead process left is known as such.

A process is known by its number and its start, since numbers come again; that of another machine by nothing,
so that what it left counts as left once it is a day old.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
from pathlib import Path
from typing import Final

from atocore import clock

PARTIAL: Final = ".partial-"
_NAME: Final = re.compile(r"\.partial-(?P<stamp>.+)-(?P<host>[0-9a-f]{6})-(?P<process>\d+)-(?P<start>\d+)")
_LONG_SECONDS: Final = 24 * 3600.0


def partial_name(stamp: str) -> str:
    """The name under which this process makes a backup."""
    return f"{PARTIAL}{stamp}-{_host()}-{os.getpid()}-{_start(os.getpid())}"


def is_left(folder: Path) -> bool:
    """Whether nobody works in the folder of a backup that was begun."""
    found = _NAME.fullmatch(folder.name)
    if found is None or found["host"] != _host():
        return _age_seconds(folder) > _LONG_SECONDS
    return not _runs(int(found["process"]), found["start"])


def is_in_the_making(folder: Path) -> bool:
    """Whether a backup is being moved into the folder, file by file, or was when its process died."""
    return any(folder.glob(f"{PARTIAL}*"))


def _host() -> str:
    return hashlib.sha256(platform.node().encode("utf-8", "replace")).hexdigest()[:6]


def _start(process: int) -> str:
    """When a process began, in ticks since the machine's start; "0" where the system does not tell."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "0"


def _runs(process: int, start: str) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return _start(process) == start


def _age_seconds(folder: Path) -> float:
    try:
        inside = folder.iterdir() if folder.is_dir() else ()
        newest = max(path.lstat().st_mtime for path in (folder, *inside))
    except OSError:
        return 0.0
    return float(clock.now().timestamp() - newest)
