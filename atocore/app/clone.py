"""This clone's name: random, made when it is first needed, and kept in the vault's local folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from atocore.records.ids import encode
from atocore.store import files

_FILE: Final = "clone"
_LENGTH: Final = 8


def clone_name(local: Path) -> str:
    """The name of the clone whose local folder this is; "" where it has none yet."""
    try:
        name = (local / _FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return name if len(name) == _LENGTH and name.isalnum() else ""


def named_clone(local: Path, entropy: Callable[[], bytes] = lambda: os.urandom(8)) -> str:
    """The clone's name, made where there is none. One that lost it has another from then on."""
    if name := clone_name(local):
        return name
    name = encode(entropy())[:_LENGTH]
    files.write(local / _FILE, name.encode(), mark="clone")
    return name
