"""Making backups: what the vault is at one moment, written as a backup to a place and read back."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from atocore import __version__, clock
from atocore.app.backups.answers import BackupAnswer, Sent, backup_answer
from atocore.app.backups.parts import not_in_git, write_embeddings
from atocore.app.backups.reading import look_through, summed
from atocore.app.backups.sampling import SamplingVerbs
from atocore.app.clone import clone_name, named_clone
from atocore.errors import AtocoreError
from atocore.records.kinds import Kind
from atocore.store.backups.bundle import References, make_bundle, references
from atocore.store.backups.folder_place import FolderPlace, Kept, part_of
from atocore.store.backups.local_part import write_local_part
from atocore.store.backups.manifest import (
    BUNDLE,
    EMBEDDINGS,
    LOCAL_PART,
    MANIFEST,
    Form,
    Manifest,
    Reason,
    Recorded,
)
from atocore.store.backups.places import Place, place_named, refuse_inside
from atocore.store.backups.remote_place import NEVER_SENT
from atocore.store.backups.validation import check_files, raised

_STEPS: Final = ("references", "bundle", "embeddings", "local part", "validating")
_LOOKS: Final = 5
"""So often the references are read again where somebody commits meanwhile."""
_SCRATCH: Final = "backup.git"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parts a backup is to have beside git's bundle."""

    embeddings: bool
    local: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What the vault was at the moment that is backed up."""

    references: References
    recorded: Recorded
    reason: Reason


class Maker:
    """Makes backups of an open vault; each of them may go to several places."""

    def __init__(self, session: SamplingVerbs) -> None:
        self._session = session
        self._repository = session.repository

    def taken(self, reason: Reason) -> Taken:
        """The references of a moment, and what the vault was then."""
        self._session.progress("backing up", 0, len(_STEPS))
        for _ in range(_LOOKS):
            found = references(self._repository)
            self._session.catch_up(drafts=True)
            if self._session.catalog.commit == found.commit:
                commit, recorded = self._recorded_at_once()
                if recorded is not None and commit == found.commit:
                    return Taken(found, recorded, reason)
        raise AtocoreError("git-busy", "somebody commits all the time", "try again in a moment")

    def _recorded_at_once(self) -> tuple[str, Recorded | None]:
        """The commit that the catalog holds, and what the vault is there; None where another process moved
        the catalog on meanwhile."""
        session = self._session
        commit, former = session.catalog.commit, session.follows
        session.engine.text_in_step()  # an engine that is made by a session that follows leaves it at that
        session.follows = True  # questions would bring the catalog in step with what is committed now
        try:
            found = recorded(session)
        finally:
            session.follows = former
        return commit, found if session.catalog.commit == commit else None

    def _manifest(self, place: Place, taken: Taken, clone: str) -> Manifest:
        of = taken.references
        return Manifest(
            stamp=place.free_stamp(clock.now().strftime("%Y%m%dT%H%M%SZ")),
            sequence=place.next_sequence(),
            created=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            reason=taken.reason,
            form=Form.VAULT,
            atocore=__version__,
            git=self._repository.git.run("--version").decode().split()[2],
            vault=self._session.vault.name,
            clone=clone,
            prefix=self._repository.prefix,
            commit=of.commit,
            branch=of.branch,
            refs=of.names,
            symrefs=of.symrefs,
            recorded=taken.recorded,
            left_out=(*of.left_out, *not_in_git(self._repository)),
        )

    def kept_in(self, place: Place, taken: Taken, wants: Wanted) -> Kept:
        """A new backup in a place, read back. Without the local part it has no stashes: they are drafts."""
        if not wants.local or not isinstance(place, FolderPlace):
            taken = replace(taken, references=taken.references.without_stashes())
        manifest = self._manifest(place, taken, named_clone(self._session.local_folder()))
        if not isinstance(place, FolderPlace):
            scratch = self._session.local_folder() / _SCRATCH
            place.send(self._repository, taken.references, manifest, scratch)
        else:
            with place.making(manifest.stamp, self._repository.on_step) as folder:
                manifest = self._written(folder, manifest, taken.references, wants)
                self._step("validating")
                draft = Kept(manifest.stamp, folder, manifest)
                for finding in look_through(draft, manifest, recount=False):
                    raise raised(finding)
        kept = place.get(manifest.stamp)
        for finding in check_files(kept, read=True):
            if isinstance(place, FolderPlace):
                shutil.rmtree(kept.path, ignore_errors=True)
            told = f"the backup was not there as it was written: {finding.message}"
            raise AtocoreError("backup-incomplete", told, "see the disk, or name another place with --to")
        self._session.progress("backing up", len(_STEPS), len(_STEPS))
        return kept

    def _written(self, folder: Path, manifest: Manifest, taken: References, wants: Wanted) -> Manifest:
        """Write the parts of a backup, then its manifest."""
        left_out = [*manifest.left_out]
        self._step("bundle")
        make_bundle(self._repository, taken, folder / BUNDLE, self._session.local_folder() / _SCRATCH)
        self._step("embeddings")
        if wants.embeddings:
            left_out += write_embeddings(self._session, folder / EMBEDDINGS, local=wants.local)
        else:
            left_out.append("embeddings: not asked for")
        self._step("local part")
        if wants.local:
            left_out += write_local_part(self._repository, self._session.local_folder(), folder / LOCAL_PART)
        else:
            left_out.append("captures, drafts, stashes and machine settings: not asked for")
        files = {path.name: part_of(path) for path in sorted(folder.iterdir())}
        manifest = replace(manifest, files=files, left_out=tuple(left_out))
        (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
        return manifest

    def _step(self, name: str) -> None:
        self._repository.on_step(name)
        self._session.progress("backing up", _STEPS.index(name), len(_STEPS))

    def planned(self, place: Place, reason: Reason, wants: Wanted) -> BackupAnswer:
        """What a backup would be, without writing any."""
        taken = self.taken(reason)
        manifest = self._manifest(place, taken, clone_name(self._session.local_folder()))
        parts = {BUNDLE: True, EMBEDDINGS: wants.embeddings, LOCAL_PART: wants.local}
        files = tuple(name for name, wanted in parts.items() if wanted)
        if isinstance(place, FolderPlace):
            kept = Kept(manifest.stamp, place.folder / manifest.stamp, manifest)
        else:
            files, address = (), f"{place} {manifest.stamp}"
            manifest = replace(manifest, left_out=(*manifest.left_out, NEVER_SENT))
            kept = Kept(manifest.stamp, Path(), manifest, address=address)
        return replace(backup_answer(kept), files=files, dry_run=True)

    def sent(self, name: str, taken: Taken, wants: Wanted) -> Sent:
        """Send a backup off-site, without what is this machine's own; why that failed, where it did."""
        try:
            place = place_named(name, self._session.vault.resolve())
            refuse_inside(place, self._repository.top, self._repository.common_dir)
            kept = self.kept_in(place, taken, replace(wants, local=False))
        except AtocoreError as error:
            return Sent(name, error=f"{error.code}: {error.message}", hint=error.hint)
        return Sent(str(place), kept.stamp)


def recorded(session: SamplingVerbs, *, samples: bool = True) -> Recorded:
    """What the committed part of the vault is now, for comparing it later; `samples`: with its answers."""
    counts, digest = summed(session.catalog.identities())
    open_ = (one.id for one in session.catalog.select((Kind.CONFLICT,), ("open",)))
    return Recorded(
        counts=counts,
        records_digest=digest,
        problems=dict(sorted(Counter(one.code for one in session.catalog.problems()).items())),
        open_conflicts=tuple(sorted(open_)),
        samples=session.samples() if samples else (),
    )
