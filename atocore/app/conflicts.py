"""The verbs of conflicts: listed, shown, decided by people, swept."""

from __future__ import annotations

from dataclasses import dataclass

from atocore.app.answers import (
    ConflictAnswer,
    FullRecordAnswer,
    Written,
    conflict_answer,
    full_answer,
    stored_conflict_answer,
)
from atocore.app.writing import WritingSession
from atocore.errors import AtocoreError
from atocore.knowledge import halfsteps
from atocore.knowledge.conflicts.clash import Clash, clash_in
from atocore.knowledge.conflicts.duplicate_files import duplicate_changes
from atocore.knowledge.conflicts.duplicates import claimants, duplicates
from atocore.knowledge.conflicts.files import file_changes, reopened
from atocore.knowledge.review import resolution
from atocore.knowledge.review.resolution import standing
from atocore.records.kinds import Kind
from atocore.records.plan import Change, Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ConflictList:
    """The conflicts that were asked for, by id."""

    conflicts: tuple[ConflictAnswer, ...]


@dataclass(frozen=True, slots=True)
class ShownConflict(ConflictAnswer):
    """A conflict with both sides in full, and what a person decided."""

    ruling: dict[str, str] | None
    winner: str
    how: str
    sides: tuple[FullRecordAnswer, ...]


class ConflictVerbs(WritingSession):
    """conflicts list|show|resolve|dismiss|reopen|sweep."""

    def conflicts_list(self, *, status: str = "open", project: str = "") -> ConflictList:
        """The conflicts of a status (`all` for every one), computed from the committed records."""
        snapshot = self.catch_up()
        found = [answer for answer in self._conflicts(snapshot) if status in ("all", answer.status)]
        if project:
            found = [answer for answer in found if self._in_project(snapshot, answer, project)]
        return ConflictList(tuple(sorted(found, key=lambda answer: answer.id)))

    def _conflicts(self, snapshot: Snapshot) -> list[ConflictAnswer]:
        clashes = [clash for slot in self.catalog.slots() if (clash := clash_in(snapshot, slot))]
        clashes += self._duplicates()
        known = {clash.id for clash in clashes}
        stored = [r for r in snapshot.select((Kind.CONFLICT,)) if r.id not in known]
        return [
            *(conflict_answer(snapshot, clash) for clash in clashes),
            *(stored_conflict_answer(snapshot, record) for record in stored if not _stale(record)),
        ]

    @staticmethod
    def _in_project(snapshot: Snapshot, answer: ConflictAnswer, project: str) -> bool:
        members = (snapshot.get(member.id) for member in answer.members)
        return any(member is not None and member.project == project for member in members)

    def open_conflicts(self) -> int:
        """How many conflicts are open, as `conflicts list` counts them."""
        return sum(answer.status == "open" for answer in self._conflicts(self.catalog))

    def conflicts_show(self, name: str) -> ShownConflict:
        """One conflict with the full text of its members."""
        snapshot = self.catch_up()
        clash, record = self._conflict(name)
        answer = (
            conflict_answer(snapshot, clash) if clash else stored_conflict_answer(snapshot, _present(record))
        )
        members = [found for member in answer.members if (found := snapshot.get(member.id))]
        stated = {k: v for k in ("step", "by", "at", "why") if record and (v := getattr(record.ruling, k))}
        return ShownConflict(
            id=answer.id,
            status=answer.status,
            type=answer.type,
            slot=answer.slot,
            prevailing=answer.prevailing,
            members=answer.members,
            path=answer.path,
            ruling=stated or None,
            winner=record.winner if record else "",
            how=record.how if record else "",
            sides=tuple(full_answer(snapshot, one) for one in members),
        )

    def _conflict(self, name: str) -> tuple[Clash | None, Record | None]:
        """A conflict by its id: what clashes now, and its file; either may be missing, not both."""
        record = self.catalog.get(name)
        if record is not None and record.kind is Kind.CONFLICT:
            return standing(self.catalog, record), record
        for slot in self.catalog.slots():
            clash = clash_in(self.catalog, slot)
            if clash is not None and clash.id == name:
                return clash, None
        for group in self._duplicates():
            if group.id == name:
                return group, None
        raise AtocoreError("not-found", f"no conflict {name}", "atocore conflicts list --status all")

    def _duplicates(self) -> tuple[Clash, ...]:
        return duplicates(
            self.catalog, [*self.catalog.alike(), *claimants(self.catalog, self.catalog.slots())]
        )

    def _file(self, name: str) -> Record | Change:
        """The conflict's committed record, or the birth of the file that nobody has written yet."""
        clash, record = self._conflict(name)
        if record is not None:
            updates = self._updates(record)
            if updates and clash is not None and clash.status == "open" and record.status != "open":
                return reopened(record, clash)
            return record
        assert clash is not None
        if clash.type == "duplicate":
            return duplicate_changes(self.catalog, [member.id for member in clash.members])[0][0]
        return file_changes(self.catalog, clash.slot)[0]

    def _updates(self, record: Record) -> tuple[Change, ...]:
        """What a conflict's file lacks to be true."""
        if record.type == "duplicate":
            changes, _ = duplicate_changes(self.catalog, [record.id])
            return tuple(change for change in changes if change.path == record.path)
        return file_changes(self.catalog, record.slot) if record.slot else ()

    def conflicts_resolve(
        self, name: str, *, winner: str, reason: str = "", dry_run: bool = False
    ) -> Written:
        """Decide a conflict: the winner is active, the others are superseded by it, in one commit."""

        def decide(snapshot: Snapshot) -> Plan:
            return resolution.resolve(snapshot, self._file(name), self.lookup(winner), self.deed(reason))

        return self.step("resolve", decide, dry_run=dry_run)

    def conflicts_dismiss(self, name: str, *, reason: str, dry_run: bool = False) -> Written:
        """Decide that a conflict is none; every member stays as it is."""
        return self.step(
            "dismiss", lambda s: resolution.dismiss(s, self._file(name), self.deed(reason)), dry_run=dry_run
        )

    def conflicts_reopen(self, name: str, *, reason: str = "", dry_run: bool = False) -> Written:
        """Make a decided conflict an open one again."""

        def decide(snapshot: Snapshot) -> Plan:
            _, record = self._conflict(name)
            if record is None:
                raise AtocoreError("impossible-step", f"{name} is open", f"atocore conflicts show {name}")
            return resolution.reopen_conflict(snapshot, record, self.deed(reason))

        return self.step("reopen", decide, dry_run=dry_run)

    def conflicts_sweep(self, *, dry_run: bool = False) -> Written:
        """Look at every slot, and make the conflict files true: births, updates, what settled."""
        snapshot = self.catch_up()
        slots = set(self.catalog.slots())
        slots |= {record.slot for record in snapshot.select((Kind.CONFLICT,)) if record.slot}
        stored = snapshot.briefs((Kind.CONFLICT,), ("open",))
        listed = [record.id for record in stored if record.type in ("claimed", "duplicate")]
        plan = halfsteps.conflict_files(snapshot, slots, [*listed, *self.catalog.alike()])
        return self.carry_out(snapshot, plan, dry_run=dry_run)


def _stale(record: Record) -> bool:
    """Whether a conflict's file still says `open` although nothing clashes any more."""
    return record.type in ("value", "duplicate") and record.status == "open"


def _present(record: Record | None) -> Record:
    assert record is not None
    return record
