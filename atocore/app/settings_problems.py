"""What `check` and `status` tell of `atocore.yaml`: a newer format, settings that nobody knows, and schedules
that say no time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path

from atocore.app.operations import Job
from atocore.app.timetables import readable_timetables
from atocore.config import SETTINGS, read_document, read_settings
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
    for job, error in _unreadable_schedules(text).items():
        told = error.message.removeprefix(f"{SETTINGS_FILE}: ")
        yield Problem(SETTINGS_FILE, _line(text, job, after="schedule"), "bad-schedule", told)


def _unreadable_schedules(text: str) -> Mapping[Job, AtocoreError]:
    try:
        return readable_timetables(read_settings(text), UTC)[1]
    except AtocoreError:  # a setting of another form: that every command refuses
        return {}


def unknown_settings(document: Mapping[object, object]) -> Iterator[str]:
    """The dotted names of what this AtoCore does not know; a whole group by the group's name."""
    known = {row.name for row in SETTINGS}
    groups = {name.rpartition(".")[0] for name in known}
    for key, value in document.items():
        if key in groups and isinstance(value, dict):
            yield from (f"{key}.{leaf}" for leaf in value if f"{key}.{leaf}" not in known)
        elif key not in known and key not in groups:
            yield str(key)


def _line(text: str, key: str, *, after: str = "") -> int:
    """The line on which a key seems to stand (the first one after another key), 0 where none does."""
    begins = _key(after).search(text) if after else None
    found = _key(key).search(text, begins.end() if begins else 0)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _key(name: str) -> re.Pattern[str]:
    return re.compile(rf"""^[ \t]*["']?{re.escape(name)}["']?[ \t]*:""", re.MULTILINE)
