"""A person's editor: what they saved, and where it is kept when it cannot be used."""

from __future__ import annotations

from pathlib import Path

import click

from atocore.errors import AtocoreError


def edited(old: bytes, name: str = "record.md") -> bytes:
    """What the person saved in their editor; the old text where they saved nothing. `unreadable` where the
    editor cannot be run or fails."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(old)
        try:
            click.edit(filename=str(file))
        except click.ClickException as error:
            told = f"the editor failed: {error.format_message()}"
            raise AtocoreError("unreadable", told, "name another one: EDITOR=nano") from error
        try:
            return file.read_bytes()
        except OSError as error:
            told = f"the editor left no file to read: {error.strerror}"
            raise AtocoreError("unreadable", told, "save the file where it was opened") from error


def keep(folder: Path, name: str, text: bytes) -> Path:
    """Keep a text that could not be used, so that nothing is lost; where it lies."""
    kept = folder / f"edit-{name.rsplit('/', 1)[-1]}.txt"
    kept.write_bytes(text)
    return kept
