"""What `check` and `status` tell of `atocore.yaml`: a newer format, and settings that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from atocore.config import SETTINGS, read_document
from atocore.config_format import FORMAT, format_of
from atocore.errors import AtocoreError
from atocore.records.problem import Problem
from atocore.store.worktree import SETTINGS_FILE


def settings_problems(vault: Path) -> Iterator[Problem]:
    """What is to be told of a vault's settings file; nothing where it is missing or cannot be understood:
    that every command refuses."""
    try:
        text = (vault / SETTINGS_FILE).read_text("utf-8")
        document = read_document(text)
    except (OSError, UnicodeDecodeError, AtocoreError):
        return
    number = format_of(document)
    if number > FORMAT:
        told = f"the vault is of format {number}, and this AtoCore knows formats up to {FORMAT}"
        yield Problem(SETTINGS_FILE, _line(text, "format"), "newer-format", told)
    for name in unknown_settings(document):
        told = f"`{name}` is no setting of this AtoCore: it is kept, and has no effect"
        yield Problem(SETTINGS_FILE, _line(text, name.rpartition(".")[2]), "unknown-setting", told)


def unknown_settings(document: Mapping[object, object]) -> Iterator[str]:
    """The dotted names of what this AtoCore does not know; a whole group by the group's name."""
    known = {row.name for row in SETTINGS}
    groups = {name.rpartition(".")[0] for name in known}
    for key, value in document.items():
        if key in groups and isinstance(value, dict):
            yield from (f"{key}.{leaf}" for leaf in value if f"{key}.{leaf}" not in known)
        elif key not in known and key not in groups:
            yield str(key)


def _line(text: str, key: str) -> int:
    """The line on which a key seems to stand, 0 where none does."""
    found = re.search(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*:""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0
