"""backup drill: a restore is rehearsed in a scratch folder, which is removed, and the outcome is told."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.backups.damage_drill import Proof, proofs
from atocore.app.backups.drill_checks import Step
from atocore.app.backups.drilling import Drill
from atocore.app.backups.restore_choice import LATEST, picked
from atocore.app.backups.restored_purged import forget_purged
from atocore.app.operations import Job, Operations
from atocore.errors import ERRORS, AtocoreError
from atocore.index.model import Model
from atocore.progress import Progress, silent
from atocore.store.backups.folder_place import FolderPlace, Kept
from atocore.store.backups.places import Place
from atocore.store.backups.scratch import scratch_folder
from atocore.store.files import expanded

_FAILED: Final = 1


@dataclass(frozen=True, slots=True)
class Drilled:
    """How a drill went: `code` and `exit_code` are those of the first step that did not pass, "" and 0 where
    all did. `proofs` are the kinds of damage that were tried, empty where none was."""

    stamp: str
    place: str
    created: str
    passed: bool
    code: str
    exit_code: int
    steps: tuple[Step, ...]
    proofs: tuple[Proof, ...] = ()


class RehearsingVerbs(BackupVerbs):
    """backup drill."""

    def backup_drill(
        self, stamp: str = LATEST, *, source: str = "", scratch: str = "", damage: bool = False
    ) -> Drilled:
        """Rehearse the restore of a backup in a scratch folder, and write down how it went; with `damage`,
        prove that every kind of damage is found. The vault itself is only asked where its backups are."""
        operations, place = Operations(self.local_folder()), self.backup_place(source)
        with operations.running(Job.DRILL):
            try:
                done = drill(
                    place,
                    stamp,
                    vault=self.vault,
                    scratch=scratch,
                    damage=damage,
                    model=self.model,
                    progress=self.progress,
                )
            except (AtocoreError, OSError) as error:
                code = error.code if isinstance(error, AtocoreError) else "unreadable"
                operations.failed(Job.DRILL, self._now(), f"{code}: {error}")
                raise
            if done.passed:
                operations.succeeded(Job.DRILL, self._now(), stamp=done.stamp, place=done.place)
            else:
                operations.failed(Job.DRILL, self._now(), failure(done))
        return done


def drill(
    place: Place,
    stamp: str = LATEST,
    *,
    vault: Path | None = None,
    scratch: str = "",
    damage: bool = False,
    model: Model | None = None,
    progress: Progress = silent,
) -> Drilled:
    """Rehearse the restore of a backup of a place (`latest`: that of the `vault`), in a folder of its own
    below `scratch` (else where the system keeps what is temporary). Raises `no-backup`, and `read-only`
    where there is no room."""
    if stamp == LATEST:
        _refuse_damaged(place)
    kept, manifest = picked(stamp, place, vault)
    with _folder(scratch) as folder:
        near = _near(kept, place, folder)
        rehearsal = Drill(near.get(kept.stamp), manifest, near, folder, model or Model(), progress)
        try:
            steps = rehearsal.run()
            failed = next((one for one in steps if one.code), None)
            tried = tuple(proofs(rehearsal)) if damage and failed is None else ()
        finally:
            if vault is not None:
                forget_purged(vault, rehearsal.target, manifest.prefix, rehearsal.model)
    missed = [one for one in tried if not one.is_found]
    return Drilled(
        stamp=kept.stamp,
        place=str(place),
        created=manifest.created,
        passed=failed is None and not missed,
        code=failed.code if failed else "",
        exit_code=ERRORS[failed.code].exit_code if failed else _FAILED if missed else 0,
        steps=tuple(steps),
        proofs=tried,
    )


def _refuse_damaged(place: Place) -> None:
    """Raise what is wrong with the newest backup where its manifest cannot be read: an older one that passes
    would hide it."""
    newest = max(place.backups(), key=lambda kept: kept.stamp, default=None)
    if newest is not None and newest.fault is not None:
        raise newest.fault


def _near(kept: Kept, place: Place, scratch: Path) -> FolderPlace:
    """A folder of this machine that has the backup."""
    if isinstance(place, FolderPlace):
        return place
    return FolderPlace(place.bring(kept.stamp, scratch / "brought").parent)


def failure(done: Drilled) -> str:
    """What a drill failed at, in a line."""
    for one in done.steps:
        if one.code:
            return f"{one.code}: {one.name}: {one.told}"
    missed = ", ".join(one.name for one in done.proofs if not one.is_found)
    return f"damage was not found for what it is: {missed}"


@contextmanager
def _folder(above: str) -> Iterator[Path]:
    """A new folder, removed at the end; what a killed drill left beside it is, too."""
    parent = expanded(above).absolute() if above else Path(tempfile.gettempdir())
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(scratch_folder("drill", parent))
        except OSError as error:
            told = f"no scratch folder can be made in {parent}: {error.strerror or error}"
            raise AtocoreError("read-only", told, "name another place: --scratch DIR") from error
        yield folder
