"""The drill with damage: a copy of a backup, or what was restored from it, is damaged in each way in turn.

Each damage has to be found under the code of its kind. The backup and its place are only read.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from atocore.app.backups import drill_marker
from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.backups.damages import DAMAGES, Damage
from atocore.app.backups.drill_checks import Step, answers, foreign_index, step
from atocore.app.backups.drilling import Drill, cleared
from atocore.app.backups.restored_answer import Options
from atocore.app.backups.restoring import restore
from atocore.errors import AtocoreError
from atocore.records.plan import Change, Message, Plan
from atocore.store.backups.folder_place import FolderPlace
from atocore.store.lock import LOCAL

_WORD = "drilldamagemarker"


@dataclass(frozen=True, slots=True)
class Proof:
    """One kind of damage: what was done, the code and exit code it was to be found under, the code it was
    found under ("" where it passed for good), and what was said."""

    name: str
    told: str
    code: str
    exit_code: int
    found: str
    said: str

    @property
    def is_found(self) -> bool:
        """Whether it was found for what it is."""
        return self.found == self.code


def proofs(drill: Drill) -> list[Proof]:
    """Every kind of damage done and looked for; the backup itself and its place stay as they are."""
    found = []
    for number, damage in enumerate(DAMAGES):
        drill.progress("damaging", number, len(DAMAGES) + 1)
        found.append(_of_backup(drill, damage))
    drill.progress("damaging", len(DAMAGES), len(DAMAGES) + 1)
    return found + _of_restored(drill)


def _of_backup(drill: Drill, damage: Damage) -> Proof:
    place = FolderPlace(drill.scratch / "damaged")
    victim = drill.scratch / "victim"
    try:
        shutil.copytree(drill.kept.path, place.folder / drill.kept.stamp)
        damage.inflict(place.folder / drill.kept.stamp)
        options = Options(pre_snapshot=False, embeddings=False)
        done = restore(drill.kept.stamp, victim, source=place, options=options, model=drill.model)
        seen = (
            step("", done.findings[0].told, done.findings[0].code) if done.findings else step("", "nothing")
        )
    except AtocoreError as error:
        seen = step("", error.message, error.code)
    finally:
        for folder in (place.folder, victim):
            shutil.rmtree(folder, ignore_errors=True)
    return _proof(damage.name, damage.told, damage.code, seen)


def _of_restored(drill: Drill) -> list[Proof]:
    _restored(drill)
    aside = drill.scratch / "foreign"
    with drill.opened() as vault:
        commit = drill_marker.plant(vault, _WORD, captures=False)
        left = cleared(drill_marker.traces(vault, _WORD, commit))
        lost = _lost_record(drill, vault)
    shutil.copytree(drill.target / drill.manifest.prefix / LOCAL / "index", aside)
    _restored(drill)
    found = [_proof("marker left", "what was written after the backup stays", "marker-present", left)]
    if lost is None:
        drill.steps.append(step("lost record", "not tried: no sample question finds a record of this vault"))
    else:
        told = "the record that a sample question finds is removed"
        found.append(_proof("lost record", told, "answers-differ", lost))
    told = "the index of another state is put in place"
    return [*found, _proof("foreign index", told, "foreign-index", _foreign(drill, aside))]


def _restored(drill: Drill) -> None:
    options = Options(pre_snapshot=False, embeddings=False)
    restore(drill.kept.stamp, drill.target, source=drill.place, options=options, model=drill.model)


def _lost_record(drill: Drill, vault: BackupVerbs) -> Step | None:
    """Take away the best record that a sample question finds, and ask again; None where none finds any: a
    vault without active records has nothing to lose."""
    then = drill.manifest.recorded
    best = (one.ids[0] for one in then.samples if one.verb == "search" and one.ids)
    record = next((found for found in map(vault.catalog.get, best) if found is not None), None)
    if record is None:
        return None
    message = Message("drill: take a record away", "drill", vault.actor)
    vault.repository.apply(Plan((Change(record.path, record.raw, None),), message))
    vault.catch_up()
    return next((one for one in answers(vault, then) if one.code), step("", "answered as recorded"))


def _foreign(drill: Drill, index: Path) -> Step:
    place = drill.target / drill.manifest.prefix / LOCAL / "index"
    shutil.rmtree(place)
    shutil.copytree(index, place)
    with drill.opened() as vault:
        told = foreign_index(vault)
    return step("", told, "foreign-index" if told else "")


def _proof(name: str, told: str, code: str, seen: Step) -> Proof:
    wanted = step("", "", code)
    return Proof(name, told, code, wanted.exit_code, seen.code, seen.told)
