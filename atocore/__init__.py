"""AtoCore: the memory of an engineering team and its AI assistants, kept as a git vault of Markdown files."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from os import PathLike

    from atocore.app import Vault


def open_vault(path: str | PathLike[str]) -> Vault:
    """Open the vault at `path`: an object with the CLI's verbs, whose results have the fields of its JSON.

    Raises `AtocoreError` (code `not-a-vault`, `no-repository`, …) when there is none.
    """
    from atocore.app import Vault

    return Vault.open(path)
