"""The vault's format number: what this AtoCore writes, what it can read, and the refusal of all others.

A number is raised only where an older AtoCore would misread what a newer one writes. Keys, kinds, types and
statuses that are merely new need no new number: they are kept, and told.
"""

from __future__ import annotations

from atocore.errors import AtocoreError

FORMAT = 1
"""The vault format that this version writes."""
OLDEST = 0
"""The oldest format that is read without a migration; 0 is a vault whose `atocore.yaml` names no format, and
differs from 1 in nothing else."""


def format_of(document: object) -> int:
    """The format that the document of an `atocore.yaml` names, 0 where it names none. What is no number is
    told where the settings are read."""
    named = document.get("format", 0) if isinstance(document, dict) else 0
    return named if isinstance(named, int) and not isinstance(named, bool) and named >= 0 else 0


def refuse_format(number: int) -> None:
    """Raise `newer-format` or `older-format` where this AtoCore cannot work with a vault of that format."""
    if number > FORMAT:
        told = f"atocore.yaml: the vault is of format {number}, and this AtoCore knows formats up to {FORMAT}"
        hint = (
            "upgrade AtoCore; until then status, check, log, audit, health and backup work, and "
            "`atocore undo` of the migration's commit brings the former format back"
        )
        raise AtocoreError("newer-format", told, hint)
    if number < OLDEST:
        told = (
            f"atocore.yaml: the vault is of format {number}, and this AtoCore works with {OLDEST} and later"
        )
        raise AtocoreError("older-format", told, "see what would change: atocore migrate --dry-run")
