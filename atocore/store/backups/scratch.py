"""Scratch folders for backups, where the system keeps what is temporary. Each is locked while its process
lives; what a killed one left is known by that, and removed when the next one needs a folder.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from atocore.store.backups.swap import remove_tree

_NAME: Final = re.compile(r"atocore-scratch-(backup|validate|remote|restore|drill)-[a-z0-9_]{8}")
"""What nobody calls a folder of theirs."""
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW

Purpose = Literal["backup", "validate", "remote", "restore", "drill"]


@contextmanager
def scratch_folder(purpose: Purpose, above: Path | None = None) -> Iterator[Path]:
    """A new folder, removed at the end; what dead processes left beside it goes first. Raises
    `OSError` where none can be made."""
    parent = above or Path(tempfile.gettempdir())
    clear_scratch(parent)
    folder, lock = _made(purpose, parent)
    try:
        yield folder
    finally:
        remove_tree(folder)
        os.close(lock)


def clear_scratch(parent: Path | None = None) -> None:
    """Remove this user's scratch folders that no living process has."""
    try:
        place = parent or Path(tempfile.gettempdir())
        found = [path for path in place.glob("atocore-scratch-*") if _NAME.fullmatch(path.name)]
    except OSError:  # no folder there can be written or listed, as on a full disk
        return
    for left in found:
        with suppress(OSError):  # a living one's, another user's, one that is gone
            lock = os.open(left, _FOLDER)
            try:
                if os.fstat(lock).st_uid == os.getuid():
                    _lock(lock, wait=False)
                    remove_tree(left)
            finally:
                os.close(lock)


def _made(purpose: Purpose, parent: Path) -> tuple[Path, int]:
    """A folder, and the descriptor that locks it. Between its making and its lock another process may take it
    for left behind, and remove it: then another is made."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"atocore-scratch-{purpose}-", dir=parent))
        with suppress(FileNotFoundError):
            lock = os.open(folder, _FOLDER)
            with suppress(OSError):  # a file system without locks: nobody will take it for left behind
                _lock(lock, wait=True)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _lock(folder: int, *, wait: bool) -> None:
    import fcntl

    fcntl.flock(folder, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
