"""The new contents, made aside inside the target: repository, files, local part, settings, index.

Nothing of what is there is touched. Whatever goes wrong here leaves it working.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.backups.making import recorded
from atocore.app.backups.reading import identities_in, summed
from atocore.app.backups.restored_purged import Again, purge_again
from atocore.app.session import settings_at
from atocore.errors import AtocoreError
from atocore.progress import Progress
from atocore.records.kinds import Kind
from atocore.records.plan import Actor
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.local_part import is_persons_own
from atocore.store.backups.local_reading import LocalPart, put_back
from atocore.store.backups.machine_settings import has_own_hook, keep_own, take_over
from atocore.store.backups.manifest import BUNDLE, LOCAL_PART, Manifest, Recorded
from atocore.store.backups.swap import Swap
from atocore.store.backups.target import Target
from atocore.store.backups.unpacking import check_out, references_of, tree_bytes, unpack, why_damaged
from atocore.store.git import Git
from atocore.store.repository import Repository
from atocore.store.worktree import is_there

if TYPE_CHECKING:
    from atocore.index.engine import Engine
    from atocore.index.model import Model

_SPARE: int = 16 << 20
"""Bytes that must be left beside what is known to be needed."""
OWN_SETTINGS = "settings"
"""Where in the work folder the files wait that go into `.atocore/`."""


@dataclass(slots=True)
class Aside:
    """What was made: the vault's folder in it, its references and commit, what is not as committed, and what
    a person should know. `hook` says whether AtoCore's pre-commit hook was there."""

    vault: Path
    prefix: str
    git: Git
    local: LocalPart
    commit: str
    references: dict[str, str]
    purged: Again
    hook: bool = False
    notes: list[str] = field(default_factory=list)


def make_aside(
    kept: Kept, manifest: Manifest, swap: Swap, target: Target, on_step: Callable[[str], None]
) -> Aside:
    """Make the new contents in the exchange's `new/`, and prove that git finds all of it. Raises
    `backup-objects`, `read-only` for a full disk, and whatever else a backup can have wrong."""
    _refuse_full(swap.work, sum(part.bytes for part in manifest.files.values()))
    git = unpack(kept.path / BUNDLE, swap.new, manifest)
    on_step("unpacked")
    purged = purge_again(git, manifest.prefix, target)
    _refuse_full(swap.work, tree_bytes(git, manifest.prefix))
    check_out(git)
    on_step("checked-out")
    vault = _vault_in(swap.new, manifest.prefix)
    local = LocalPart()
    if LOCAL_PART in manifest.files:
        local = put_back(kept.path / LOCAL_PART, vault, git)
    on_step("local-part-written")
    if damage := why_damaged(git):
        raise AtocoreError(
            "backup-objects", f"what was unpacked is not whole: {damage}", "use another backup"
        )
    made = Aside(
        vault,
        manifest.prefix,
        git,
        local,
        git.run("rev-parse", "HEAD").decode().strip(),
        references_of(git),
        purged,
        has_own_hook(local.settings),
        list(purged.notes),
    )
    if purged.list_changed is not None:
        (vault / purged.path).write_bytes(purged.list_changed)
        local.drafts.add(purged.path)
    if not keep_own(target.folder / ".git", git):
        made.notes += take_over(local.settings, git)
    _keep_own_settings(local, swap)
    on_step("settings-written")
    return made


def _vault_in(folder: Path, prefix: str) -> Path:
    """The vault's folder in what was checked out. Raises `backup-manifest` where that is none: a link there
    could lead anywhere."""
    vault = folder / prefix if prefix else folder
    if os.path.realpath(vault) != f"{vault}" or not vault.is_dir():
        told = f"the manifest tells of a vault in {prefix}, which is no folder of the backup's commit"
        raise AtocoreError("backup-manifest", told, "use another backup")
    return vault


def _refuse_full(place: Path, needed: int) -> None:
    free = shutil.disk_usage(place).free
    if free < needed + _SPARE:
        told = f"no space left for it in {place}: {needed + _SPARE:,} bytes are needed, {free:,} are free"
        raise AtocoreError(
            "read-only", told, "free some, or restore elsewhere: --target DIR; nothing was changed"
        )


def _keep_own_settings(local: LocalPart, swap: Swap) -> None:
    folder = swap.work / OWN_SETTINGS
    folder.mkdir()
    for name, raw in local.settings.items():
        kind, _, rest = name.partition("/")
        if kind == "atocore" and is_persons_own(rest):
            (folder / rest).write_bytes(raw)


class _Embedding(BackupVerbs):
    """A session that builds an index with its vectors at once, while what was read is still in memory: for a
    vault whose embeddings are computed already."""

    def take_portion(self, engine: Engine) -> None:
        from atocore.index.embedding import EmbedderUnavailable, EmbeddingFailed

        with suppress(EmbedderUnavailable, EmbeddingFailed):  # told when the index is in step
            self.model.get()
            engine.sync_vectors(None, self.progress)


def recorded_aside(
    made: Aside, *, index: bool, embedded: bool, model: Model, progress: Progress
) -> tuple[Recorded | None, str]:
    """What the new contents hold, by an index that is made of them (with vectors where they are `embedded`),
    or, without one, counted in git's own; None and the reason where that fails."""
    if not is_there(made.vault):
        return None, "no atocore.yaml is in the backup: what is restored is no vault"
    try:
        if not index:
            return _counted(made), ""
        repository = Repository.open(made.vault)
        verbs = _Embedding if embedded else BackupVerbs
        with closing(verbs(made.vault, repository, settings_at(made.vault), Actor.PERSON)) as session:
            session.progress = progress
            session.model = model
            session.catch_up(drafts=True)
            session.engine.sync_text()
            return recorded(session, samples=False), ""
    except AtocoreError as error:
        return None, f"{error.message}"


def _counted(made: Aside) -> Recorded:
    """What the commit tells of its records without an index: of problems nothing."""
    found = list(identities_in(made.git, made.commit, made.prefix))
    counts, digest = summed(found)
    open_ = (oid for _, _, oid, kind, status in found if (kind, status) == (Kind.CONFLICT, "open"))
    return Recorded(counts, digest, open_conflicts=tuple(sorted(open_)))
