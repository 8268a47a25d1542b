"""What a clone lacks that `git clone` does not bring: hooks, and how derived pages are merged. Offered only.

A command that reads writes no configuration of git's, and neither does a person's step: `init` and `hook
install --git` do, since they are asked to. A clone is told once beside its first step, and by `status` until
it is set up or has declined; what was told is noted in `.atocore/offers.json`.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from atocore.app import git_hook, hook_script
from atocore.errors import AtocoreError
from atocore.store import files
from atocore.store.founding import has_merge_driver
from atocore.store.repository import Repository

_NOTED = "offers.json"
DECLINE = "atocore hook decline"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that this clone lacks: its name, what is missed without it, and the command that adds it."""

    name: str
    told: str
    command: str


@dataclass(frozen=True, slots=True)
class Declined:
    """What `hook decline` did: whether it changed anything, and what is not offered from now on."""

    changed: bool
    offers: tuple[Offer, ...]
    dry_run: bool = False


def offers(repository: Repository) -> tuple[Offer, ...]:
    """What this clone lacks; nothing where git knows the merge of derived pages, since who made the vault
    here, or set the clone up, chose among all of it. A hook of somebody else's in our place is no lack."""
    if has_merge_driver(repository):
        return ()
    found = []
    if _asks_for_driver(repository.vault):
        told = "a merge in which both sides wrote a page of the mirror will stop"
        found.append(Offer("merge-driver", told, "atocore hook install --git"))
    if git_hook.state(repository).state == "absent":
        told = "nothing tells of problems, secrets and new conflicts before a commit by hand"
        found.append(Offer("pre-commit-hook", told, "atocore hook install --git"))
    if found and not hook_script.launcher().exists():
        told = "turns with an assistant on this machine are not captured"
        found.append(Offer("capture-hook", told, "atocore hook install"))
    return tuple(found)


def offers_told(repository: Repository, folder: Path) -> tuple[Offer, ...]:
    """What `status` shows: what this clone lacks, unless that was declined. `folder` is the local one."""
    return () if _noted(folder).get("declined") else offers(repository)


def first_offer(repository: Repository, folder: Path) -> tuple[str, ...]:
    """What the first step in a clone tells, once: nothing where the clone was set up, or was told before."""
    if (folder / _NOTED).exists():
        return ()
    lacking = offers(repository)
    with suppress(AtocoreError):  # where nothing can be noted, nothing is told over and over either
        _note(folder, {"told": [offer.name for offer in lacking]})
        commands = ", ".join(f"`{command}`" for command in dict.fromkeys(offer.command for offer in lacking))
        if lacking:
            return (f"this clone is not set up yet (atocore status): {commands}; or `{DECLINE}`",)
    return ()


def decline(repository: Repository, folder: Path, *, dry_run: bool = False) -> Declined:
    """Offer nothing more in this clone."""
    noted = _noted(folder)
    changed = not noted.get("declined")
    if changed and not dry_run:
        _note(folder, {**noted, "declined": True})
    return Declined(changed, offers(repository), dry_run)


def _asks_for_driver(vault: Path) -> bool:
    """Whether the vault's attributes name the merge of derived pages; older vaults do not."""
    try:
        return b"merge=atocore-mirror" in (files.read(vault / ".gitattributes") or b"")
    except AtocoreError:
        return False


def _noted(folder: Path) -> dict[str, object]:
    try:
        noted = json.loads((folder / _NOTED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _note(folder: Path, noted: dict[str, object]) -> None:
    draft = folder / f"{_NOTED}.new"
    try:
        draft.write_text(json.dumps(noted) + "\n", "utf-8")
        draft.replace(folder / _NOTED)
    except OSError as error:
        raise AtocoreError("read-only", f"cannot write {draft}: {error.strerror}") from error
