"""What a restore is told and tells: its options, its answer, and the command line that stands for it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.app.backups.restored_checks import Finding, another_vaults
from atocore.app.backups.restored_place import Placed, Wanted
from atocore.app.backups.safety import safe_place
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.manifest import Manifest
from atocore.store.backups.places import Place
from atocore.store.backups.target import Target

if TYPE_CHECKING:
    from atocore.app.indexing import Indexed


@dataclass(frozen=True, slots=True)
class Options:
    """What a restore leaves out: the safety snapshot, the index, the backup's embeddings."""

    pre_snapshot: bool = True
    index: bool = True
    embeddings: bool = True


ALL = Options()
"""Nothing is left out."""


@dataclass(frozen=True, slots=True)
class Safety:
    """The backup of what was there before."""

    stamp: str
    path: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `findings` are the checks that failed: none where `restored_integrity_ok`.
    `safety` is None where nothing was there, or no snapshot was wanted; `former` is where the former
    contents lie, "" where they were removed; `index` is None where none was built."""

    stamp: str
    target: str
    commit: str
    branch: str
    safety: Safety | None
    restored_integrity_ok: bool
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    drafts: tuple[str, ...]
    captures: int
    captures_kept: int
    embeddings: int
    index: Indexed | None
    former: str
    notes: tuple[str, ...]
    dry_run: bool = False


def command_line(stamp: str, folder: Path, place: Place, options: Options) -> str:
    """The command that restores, as a shell reads it."""
    words = ["atocore", "backup", "restore", stamp, "--from", str(place), "--target", str(folder)]
    left = (
        ("--no-pre-snapshot", not options.pre_snapshot),
        ("--no-index", not options.index),
        ("--no-embeddings", not options.embeddings),
    )
    return shlex.join([*words, *(flag for flag, is_set in left if is_set), "--confirm-service-stopped"])


def answer(stamp: str, folder: Path, wanted: Wanted, placed: Placed) -> Restored:
    """What came of a restore that was carried out."""
    findings = (*wanted.findings, *placed.findings)
    return Restored(
        stamp=stamp,
        target=str(folder),
        commit=wanted.commit,
        branch=wanted.branch.removeprefix("refs/heads/"),
        safety=Safety(*wanted.safety) if wanted.safety else None,
        restored_integrity_ok=not findings,
        findings=findings,
        counts=dict(wanted.counts),
        drafts=wanted.drafts,
        captures=wanted.captures,
        captures_kept=placed.captures_kept,
        embeddings=wanted.embeddings,
        index=placed.index,
        former=placed.former,
        notes=(*wanted.notes, *placed.notes),
    )


def planned(kept: Kept, manifest: Manifest, target: Target, options: Options, place: Place) -> Restored:
    """What a restore would do, with nothing done."""
    notes = [f"{target.folder} is {target.state}", f"the backup is of {manifest.created}, and sound"]
    notes += another_vaults(manifest, target, None)
    if target.has_vault and options.pre_snapshot:
        notes.append(f"a safety snapshot of what is there would go to {safe_place(place, target.folder)}")
    return Restored(
        stamp=kept.stamp,
        target=str(target.folder),
        commit=manifest.commit,
        branch=manifest.branch.removeprefix("refs/heads/"),
        safety=None,
        restored_integrity_ok=False,
        findings=(),
        counts=dict(manifest.recorded.counts),
        drafts=(),
        captures=0,
        captures_kept=0,
        embeddings=0,
        index=None,
        former="",
        notes=tuple(notes),
        dry_run=True,
    )
