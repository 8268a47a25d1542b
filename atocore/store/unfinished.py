"""Whether a restore into a vault was cut short: one look at the disk, that every command takes.

Knows where a restore keeps its journal and what it says there for others; `backups/swap.py` writes it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.lock import LOCAL

WORK: Final = f"{LOCAL}/restore"
JOURNAL: Final = "journal.json"


def is_unfinished(folder: Path) -> bool:
    """Whether a folder's contents are being replaced, or were when that was cut short."""
    return os.path.exists(f"{folder}/{WORK}/{JOURNAL}")  # noqa: PTH110  of what is asked by every command


def refuse_unfinished(folder: Path) -> None:
    """Raise `restore-unfinished`, with the command that finishes it, where a restore was cut short."""
    if is_unfinished(folder):
        raise unfinished(folder)


def unfinished(folder: Path) -> AtocoreError:
    """The refusal for a folder in which a restore was cut short."""
    work = folder / WORK
    try:
        told = json.loads((work / JOURNAL).read_text("utf-8"))
        stamp, hint = f"of {told['stamp']} ", f"finish it: {told['command']}"
    except (OSError, ValueError, LookupError, TypeError):
        stamp, hint = "", f"what is restored lies in {work / 'new'}, what was there in {work / 'old'}"
    told_state = f"a restore {stamp}into {folder} was cut short, or is being done at this moment"
    return AtocoreError("restore-unfinished", told_state, hint)
