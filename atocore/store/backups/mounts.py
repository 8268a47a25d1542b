"""Mounted folders that are no file system of their own: what may not be done in them.

`rclone mount` writes a file from its beginning to its end, brings it away some seconds later, and loses what
was not brought yet where its folder is renamed, in each of its cache modes.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")
_WHOLE_FILES_ONLY: Final = frozenset({"fuse.rclone"})


def takes_whole_files_only(folder: Path) -> bool:
    """Whether files have to be made elsewhere and brought there whole."""
    return _kind_of_mount(folder) in _WHOLE_FILES_ONLY


def _kind_of_mount(folder: Path) -> str:
    """The file system of the innermost mount that a folder lies in; "" where the system does not tell."""
    real, found = Path(os.path.realpath(folder)), (-1, "")
    with suppress(OSError):
        for line in os.fsdecode(MOUNTS.read_bytes()).splitlines():
            before, _, after = line.partition(" - ")
            place = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), before.split(" ")[4]))
            if real.is_relative_to(place) and len(place.parts) >= found[0]:
                found = (len(place.parts), after.split(" ")[0])
    return found[1]
