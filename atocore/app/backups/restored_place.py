"""After the exchange: what the former state left is cleared, what is this machine's own goes over, what is in
place is checked, and the former contents are removed. Each effect can be repeated."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atocore import clock
from atocore.app import git_hook
from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.backups.restored_aside import OWN_SETTINGS
from atocore.app.backups.restored_checks import Finding, findings_in_place
from atocore.app.session import settings_at
from atocore.errors import AtocoreError
from atocore.progress import Progress
from atocore.records.plan import Actor
from atocore.store import files
from atocore.store.backups.swap import Journal, Swap, remove_tree, stale_in
from atocore.store.backups.unpacking import git_alone
from atocore.store.founding import set_merge_driver
from atocore.store.lock import LOCAL, local_folder
from atocore.store.repository import Repository

if TYPE_CHECKING:
    from atocore.app.indexing import Indexed
    from atocore.index.model import Model


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be in place, as the journal keeps it, and what is known of it already."""

    prefix: str
    commit: str
    branch: str
    references: Mapping[str, str]
    drafts: tuple[str, ...]
    captures: int
    embeddings: int
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    safety: tuple[str, str] | None
    index: bool
    hook: bool
    keep_former: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Wanted:
        """From what a journal holds."""
        return cls(
            **{
                **told,
                "drafts": tuple(told["drafts"]),
                "findings": tuple(Finding(**one) for one in told["findings"]),
                "notes": tuple(told["notes"]),
                "safety": tuple(told["safety"]) if told["safety"] else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """What came of it."""

    findings: tuple[Finding, ...]
    captures_kept: int
    index: Indexed | None
    former: str
    notes: tuple[str, ...]


def settle(journal: Journal, wanted: Wanted, swap: Swap, model: Model, progress: Progress) -> Placed:
    """Do all that is left to do when the new contents are in place."""
    vault = swap.folder / wanted.prefix if wanted.prefix else swap.folder
    _clear_stale(swap, wanted)
    swap.on_step("cleared")
    left = swap.carry(journal)
    notes: list[str] = []
    swap.on_step("carried")
    rescued = swap.rescue_captures(journal)
    swap.on_step("captures-kept")
    notes += _machine(vault, swap, wanted)
    swap.on_step("settled")
    git = git_alone(swap.folder)
    findings = findings_in_place(
        git, wanted.prefix, wanted.references, wanted.commit, wanted.branch, wanted.drafts
    )
    swap.on_step("checked")
    rescued += swap.rescue_captures(journal)
    is_kept = findings or wanted.findings or left or wanted.keep_former
    former = _former(swap) if is_kept else None
    notes += [f"{path} is this machine's own and no backup has it: it is in {former}" for path in left]
    if not swap.finish(keep_as=former):
        notes.append(f"not all of the former contents could be removed: see {swap.work}")
    index = None
    if wanted.index:
        index, failed = _indexed(vault, model, progress)
        findings += failed
    kept = str(former) if former is not None and former.exists() else ""
    return Placed(tuple(findings), rescued, index, kept, tuple(notes))


def _clear_stale(swap: Swap, wanted: Wanted) -> None:
    """Remove what tells of the former contents; take the index into use that was made of the new."""
    local = local_folder(swap.folder)
    fresh = swap.new / LOCAL / "index"
    is_taken = wanted.index and not wanted.prefix and not fresh.exists()
    for path in stale_in(local):
        if not (is_taken and path.name == "index"):
            if path.is_dir() and not path.is_symlink():
                remove_tree(path)
            else:
                files.remove(path)
    if fresh.exists() and wanted.index:
        fresh.rename(local / "index")
    if wanted.prefix and not wanted.index:
        remove_tree(swap.folder / wanted.prefix / LOCAL / "index")


def _machine(vault: Path, swap: Swap, wanted: Wanted) -> list[str]:
    """Give the vault what belongs to this machine and is not there yet."""
    local = local_folder(vault)
    with suppress(FileNotFoundError):
        for path in sorted((swap.work / OWN_SETTINGS).iterdir()):
            if not (local / path.name).exists():
                shutil.copy2(path, local / path.name)
    try:
        repository = Repository.open(vault)
    except AtocoreError:
        return []  # told by the check of what is in place
    set_merge_driver(repository)
    if not wanted.hook:
        return []
    hook = git_hook.install(repository)
    return [hook.told] if hook.told else []


def _former(swap: Swap) -> Path:
    """Where former contents are kept that are not removed."""
    name = clock.now().strftime("former-%Y%m%dT%H%M%SZ")
    place = swap.folder / LOCAL / name
    number = 1
    while place.exists():
        number += 1
        place = place.with_name(f"{name}-{number}")
    return place


def _indexed(vault: Path, model: Model, progress: Progress) -> tuple[Indexed | None, list[Finding]]:
    """The index brought in step, embeddings included."""
    try:
        with closing(BackupVerbs(vault, Repository.open(vault), settings_at(vault), Actor.PERSON)) as session:
            session.progress = progress
            session.model = model
            return session.index_sync(), []
    except AtocoreError as error:
        return None, [Finding("index", error.code, f"the index could not be built: {error.message}")]
