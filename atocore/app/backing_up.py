"""Backup verbs: create and list."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from atocore import __version__, clock
from atocore.app.backup_parts import not_in_git, write_embeddings
from atocore.app.operations import Job, Operations
from atocore.app.sampling import SamplingVerbs
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.records.kinds import Kind
from atocore.store.backups.bundle import References, make_bundle, references
from atocore.store.backups.folder_place import FolderPlace, Kept
from atocore.store.backups.local_part import write_local_part
from atocore.store.backups.manifest import (
    BUNDLE,
    EMBEDDINGS,
    LOCAL_PART,
    MANIFEST,
    Form,
    Manifest,
    Part,
    Reason,
    Recorded,
)
from atocore.store.files import expanded

_PARTS = 3
_LOOKS = 5
"""So often the references are read again where somebody commits meanwhile."""


@dataclass(frozen=True, slots=True)
class BackupAnswer:
    """A backup: where it is and what it holds. `bytes` is its size; `fault` says what is wrong with it, ""
    where nothing was found."""

    stamp: str
    path: str
    sequence: int
    created: str
    reason: str
    form: str
    commit: str
    counts: dict[str, int]
    bytes: int
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    fault: str = ""
    validated: bool = False


@dataclass(frozen=True, slots=True)
class Backups:
    """The backups of a place, the newest first."""

    place: str
    backups: tuple[BackupAnswer, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parts a backup is to have beside git's bundle."""

    embeddings: bool
    local: bool


class BackupVerbs(SamplingVerbs):
    """backup create|list."""

    def backup_create(
        self,
        *,
        to: str = "",
        reason: Reason = Reason.ASKED,
        embeddings: bool | None = None,
        local: bool | None = None,
    ) -> BackupAnswer:
        """Make a backup of the vault in a place, and validate it; with computed embeddings and what this
        machine alone holds as asked, else as the settings say. Raises `backup-incomplete`: nothing is left of
        it then, and older backups are as they were."""
        place = self.backup_place(to)
        with Operations(self.local_folder()).recorded(Job.BACKUP, self._now) as figures:
            answer = backup_answer(self.created(place, reason, embeddings=embeddings, local=local))
            figures.update(stamp=answer.stamp, place=str(place), bytes=answer.bytes)
        return answer

    def backup_list(self, *, source: str = "") -> Backups:
        """The backups of a place."""
        place = self.backup_place(source)
        return Backups(str(place), tuple(backup_answer(kept) for kept in place.backups()))

    def backup_place(self, name: str = "") -> FolderPlace:
        """Where backups are kept: the place named, else the vault's own."""
        return place_of(name, self.vault, self.settings)

    def created(
        self,
        place: FolderPlace,
        reason: Reason,
        *,
        embeddings: bool | None = None,
        local: bool | None = None,
    ) -> Kept:
        """A new backup in a place; no job is written down."""
        wants = Wanted(
            self.settings.flag("backup.embeddings") if embeddings is None else embeddings,
            self.settings.flag("backup.local") if local is None else local,
        )
        taken, recorded = self._in_step()
        stamp = place.free_stamp(clock.now().strftime("%Y%m%dT%H%M%SZ"))
        manifest = Manifest(
            stamp=stamp,
            sequence=place.next_sequence(),
            created=self._now(),
            reason=reason,
            form=Form.VAULT,
            atocore=__version__,
            git=self.repository.git.run("--version").decode().split()[-1],
            vault=self.vault.name,
            prefix=self.repository.prefix,
            commit=taken.commit,
            branch=taken.branch,
            refs=taken.names,
            symrefs=taken.symrefs,
            recorded=recorded,
        )
        with place.making(stamp, self.repository.on_step) as folder:
            left_out = self._write_parts(folder, taken, wants)
            files = {path.name: part_of(path) for path in sorted(folder.iterdir())}
            told = replace(manifest, files=files, left_out=left_out).to_json()
            (folder / MANIFEST).write_text(told, "utf-8")
        return place.get(stamp)

    def _write_parts(self, folder: Path, taken: References, wants: Wanted) -> tuple[str, ...]:
        """Write the parts of a backup; what was left out of them, and why."""
        left_out = [*taken.left_out, *not_in_git(self.repository)]
        on_step = self.repository.on_step
        self.progress("backing up", 0, _PARTS)
        make_bundle(self.repository, taken, folder / BUNDLE, self.local_folder() / "backup.git")
        on_step("bundle")
        self.progress("backing up", 1, _PARTS)
        if wants.embeddings:
            left_out += write_embeddings(self, folder / EMBEDDINGS, local=wants.local)
            on_step("embeddings")
        else:
            left_out.append("embeddings: not asked for")
        self.progress("backing up", 2, _PARTS)
        if wants.local:
            left_out += write_local_part(self.repository, self.local_folder(), folder / LOCAL_PART)
            on_step("local part")
        else:
            left_out.append("captures, drafts and machine settings: not asked for")
        self.progress("backing up", _PARTS, _PARTS)
        return tuple(left_out)

    def _in_step(self) -> tuple[References, Recorded]:
        """The references of a moment, and what the vault was then: another process may catch up, too."""
        for _ in range(_LOOKS):
            taken = references(self.repository)
            self.catch_up(drafts=True)
            if self.catalog.commit == taken.commit:
                recorded = self.recorded()
                if self.catalog.commit == taken.commit:
                    return taken, recorded
        raise AtocoreError("git-busy", "somebody commits all the time", "try again in a moment")

    def recorded(self) -> Recorded:
        """What the committed part of the vault is now, for comparing it later."""
        digest = hashlib.sha256()
        counts: Counter[str] = Counter()
        for row in self.catalog.identities():
            digest.update("\0".join(row).encode("utf-8", "surrogateescape") + b"\n")
            if row[2]:
                counts[f"{row[3]}/{row[4]}"] += 1
        open_ = (one.id for one in self.catalog.select((Kind.CONFLICT,), ("open",)))
        return Recorded(
            counts=dict(sorted(counts.items())),
            records_digest=digest.hexdigest(),
            problems=dict(sorted(Counter(one.code for one in self.catalog.problems()).items())),
            open_conflicts=tuple(sorted(open_)),
            samples=self.samples(),
        )


def place_of(name: str, vault: Path, settings: Settings) -> FolderPlace:
    """Where the backups of a vault's folder are kept: the place named, else the vault's own. The folder need
    not be there."""
    chosen = name or os.environ.get("ATOCORE_BACKUP_FOLDER") or settings.text("backup.folder")
    if chosen:
        return FolderPlace(expanded(chosen).absolute())
    import platformdirs

    mark = hashlib.sha256(os.fsencode(vault)).hexdigest()[:8]
    home = Path(platformdirs.user_data_dir("atocore"))
    return FolderPlace(home / "backups" / f"{vault.name}-{mark}")


def backup_answer(kept: Kept) -> BackupAnswer:
    """What is told of a backup."""
    found = kept.manifest
    if found is None:
        fault = str(kept.fault.message) if kept.fault else ""
        return BackupAnswer(kept.stamp, str(kept.path), -1, "", "", "", "", {}, 0, (), (), fault)
    return BackupAnswer(
        stamp=kept.stamp,
        path=str(kept.path),
        sequence=found.sequence,
        created=found.created,
        reason=found.reason,
        form=found.form,
        commit=found.commit,
        counts=dict(found.recorded.counts),
        bytes=sum(part.bytes for part in found.files.values()),
        files=tuple(found.files),
        left_out=found.left_out,
    )


def part_of(path: Path) -> Part:
    """What a manifest tells of a file."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
