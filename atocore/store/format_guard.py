"""The guard of vaults of another format: no step leaves a vault that this AtoCore would misread."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from atocore.config import read_document
from atocore.config_format import FORMAT, OLDEST, format_of, refuse_format
from atocore.errors import AtocoreError
from atocore.records.plan import Change
from atocore.store.files import read
from atocore.store.worktree import SETTINGS_FILE


def refuse_foreign_format(vault: Path, changes: Iterable[Change] = ()) -> None:
    """Raise `newer-format` or `older-format` where the vault is of another format, whoever opened it and
    whenever the number came; not for a step that itself writes a format that is known here, or an older one
    (a migration, or the undoing of one)."""
    number = _format_in(read(vault / SETTINGS_FILE))
    if OLDEST <= number <= FORMAT:
        return
    for change in changes:
        if change.path == SETTINGS_FILE and _format_in(change.new) <= FORMAT:
            return
    refuse_format(number)


def _format_in(raw: bytes | None) -> int:
    try:
        return format_of(read_document((raw or b"").decode()))
    except (AtocoreError, UnicodeDecodeError):
        return FORMAT  # what is wrong with the file is told where the settings are read
