"""Backup verbs: create and list."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from atocore import __version__, clock
from atocore.app.operations import Job, Operations
from atocore.app.sampling import SamplingVerbs
from atocore.errors import AtocoreError
from atocore.records.kinds import Kind
from atocore.store.backups.bundle import References, make_bundle, references
from atocore.store.backups.folder_place import FolderPlace, Kept
from atocore.store.backups.manifest import BUNDLE, MANIFEST, Form, Manifest, Part, Reason, Recorded
from atocore.store.files import expanded

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


class BackupVerbs(SamplingVerbs):
    """backup create|list."""

    def backup_create(self, *, to: str = "", reason: Reason = Reason.ASKED) -> BackupAnswer:
        """Make a backup of the vault in a place, and validate it. Raises `backup-incomplete`: nothing is left
        of it then, and older backups are as they were."""
        with self._job(Job.BACKUP) as operations:
            kept = self._created(self.backup_place(to), reason)
            answer = backup_answer(kept)
            operations.succeeded(Job.BACKUP, self._now(), stamp=answer.stamp, place=to, bytes=answer.bytes)
        return answer

    def backup_list(self, *, source: str = "") -> Backups:
        """The backups of a place."""
        place = self.backup_place(source)
        return Backups(str(place), tuple(backup_answer(kept) for kept in place.backups()))

    def backup_place(self, name: str = "") -> FolderPlace:
        """Where backups are kept: the place named, else the vault's own."""
        chosen = name or os.environ.get("ATOCORE_BACKUP_FOLDER") or self.settings.text("backup.folder")
        if chosen:
            return FolderPlace(expanded(chosen).absolute())
        import platformdirs

        mark = hashlib.sha256(os.fsencode(self.vault)).hexdigest()[:8]
        home = Path(platformdirs.user_data_dir("atocore"))
        return FolderPlace(home / "backups" / f"{self.vault.name}-{mark}")

    @contextmanager
    def _job(self, job: Job) -> Iterator[Operations]:
        """Run a job, and write down how it ended."""
        operations = Operations(self.local_folder())
        with operations.running(job):
            try:
                yield operations
            except AtocoreError as error:
                operations.failed(job, self._now(), f"{error.code}: {error.message}")
                raise

    def _created(self, place: FolderPlace, reason: Reason) -> Kept:
        taken = self._references_in_step()
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
            recorded=self.recorded(),
        )
        with place.making(stamp) as folder:
            make_bundle(self.repository, taken, folder / BUNDLE)
            files = {BUNDLE: _part(folder / BUNDLE)}
            (folder / MANIFEST).write_text(replace(manifest, files=files).to_json(), "utf-8")
        return place.get(stamp)

    def _references_in_step(self) -> References:
        """The references of a moment whose commit is the one that the catalog holds."""
        for _ in range(_LOOKS):
            taken = references(self.repository)
            self.catch_up()
            if self.catalog.commit == taken.commit:
                return taken
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


def _part(path: Path) -> Part:
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
