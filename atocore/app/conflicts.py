"""The verbs of conflicts: listed, shown, flagged and decided by people, swept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atocore.app.answers import (
    ConflictAnswer,
    FullRecordAnswer,
    HistoryEntry,
    Written,
    conflict_answer,
    full_answer,
    parts_of,
    stored_conflict_answer,
)
from atocore.app.drafted import draft_conflicts, with_drafts
from atocore.app.endings import acceptance_of, ending_of
from atocore.app.operations import Job, Operations
from atocore.app.writing import WritingSession
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog
from atocore.knowledge import halfsteps
from atocore.knowledge.conflicts.claimed import claim_in
from atocore.knowledge.conflicts.clash import Clash, clash_in
from atocore.knowledge.conflicts.duplicate_files import duplicate_changes
from atocore.knowledge.conflicts.duplicates import claimants, duplicates
from atocore.knowledge.conflicts.files import file_changes, reopened
from atocore.knowledge.projects import spellings_of
from atocore.knowledge.review import flagging, resolution
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
class SideAnswer(FullRecordAnswer):
    """One member in full: when it was made, what people ruled, and the commit that accepted it."""

    created: str
    ruling: dict[str, str] | None
    accepted: HistoryEntry | None


@dataclass(frozen=True, slots=True)
class ShownConflict(ConflictAnswer):
    """A conflict with every side in full, and what became of it. `text` is its file's body, "" where
    nobody has written the file; `ended` is the commit that decided or settled it."""

    ruling: dict[str, str] | None
    winner: str
    how: str
    sides: tuple[SideAnswer, ...]
    text: str = ""
    ended: HistoryEntry | None = None


class ConflictVerbs(WritingSession):
    """conflicts list|show|add|resolve|dismiss|reopen|sweep."""

    def conflicts_list(
        self, *, status: str = "open", project: str = "", drafts: bool = False
    ) -> ConflictList:
        """The conflicts of a status (`all` for every one), computed from the committed records; with `drafts`
        those that saved files would make or add a side to, once they are committed."""
        snapshot = self.catch_up(drafts=drafts)
        projects = spellings_of(snapshot, project)
        if drafts:
            after = with_drafts(self.catalog)
            answers = [conflict_answer(after, one, draft=True) for one in draft_conflicts(self.catalog)]
            found = [one for one in answers if not project or self._in_project(after, one, projects)]
            return ConflictList(tuple(sorted(found, key=lambda answer: answer.id)))
        found = [answer for answer in self._conflicts(snapshot) if status in ("all", answer.status)]
        if project:
            found = [answer for answer in found if self._in_project(snapshot, answer, projects)]
        return ConflictList(tuple(sorted(found, key=lambda answer: answer.id)))

    def _conflicts(self, snapshot: Snapshot) -> Iterator[ConflictAnswer]:
        return conflicts_in(self.catalog, snapshot)

    def _duplicates(self) -> tuple[Clash, ...]:
        return _duplicates_in(self.catalog)

    @staticmethod
    def _in_project(snapshot: Snapshot, answer: ConflictAnswer, projects: tuple[str, ...]) -> bool:
        members = (snapshot.get(member.id) for member in answer.members)
        return any(member is not None and member.project in projects for member in members)

    def open_conflicts(self) -> int:
        """How many conflicts are open, as `conflicts list` counts them."""
        return open_conflicts_in(self.catalog)

    def conflicts_show(self, name: str) -> ShownConflict:
        """One conflict with the full text of its members, where each came from, and what became of it."""
        snapshot = self.catch_up()
        clash, record = self._conflict(name)
        if clash is not None:
            answer = conflict_answer(snapshot, clash)
        else:
            assert record is not None
            answer = stored_conflict_answer(snapshot, record)
        sides = tuple(found for member in answer.members if (found := snapshot.get(member.id)))
        is_over = record is not None and answer.status != "open"
        return ShownConflict(
            **parts_of(answer),
            ruling=_ruling(record) if record else None,
            winner=record.winner if record else "",
            how="settled" if record and record.status == "open" and is_over else record.how if record else "",
            sides=tuple(self._side(snapshot, one) for one in sides),
            text=record.body if record else "",
            ended=ending_of(self.repository, self.settings, record, sides) if record and is_over else None,
        )

    def _side(self, snapshot: Snapshot, record: Record) -> SideAnswer:
        return SideAnswer(
            **parts_of(full_answer(snapshot, record)),
            created=record.created,
            ruling=_ruling(record),
            accepted=acceptance_of(self.repository, self.settings, record),
        )

    def _conflict(self, name: str) -> tuple[Clash | None, Record | None]:
        """A conflict by its id (or a part of it that fits one): what clashes now, and its file; either may be
        missing, not both."""
        record = self.catalog.get(name)
        if record is None:
            fitting = [one for one in self.catalog.matching(name) if one.kind is Kind.CONFLICT]
            record = fitting[0] if len(fitting) == 1 else None
        if record is not None and record.kind is Kind.CONFLICT:
            return standing(self.catalog, record), record
        for slot in self.catalog.slots():
            clash = clash_in(self.catalog, slot)
            if clash is not None and name in (clash.id, clash.path):
                return clash, None
        for group in self._duplicates():
            if name in (group.id, group.path):
                return group, None
        raise AtocoreError("not-found", f"no conflict {name}", "atocore conflicts list --status all")

    def _file(self, name: str) -> Record | Change:
        """The conflict's committed record, or the birth of the file that nobody has written yet."""
        clash, record = self._conflict(name)
        if record is None:
            assert clash is not None
            if clash.type == "duplicate":
                return duplicate_changes(self.catalog, [member.id for member in clash.members])[0][0]
            return file_changes(self.catalog, clash.slot)[0]
        if clash is None and record.status == "open" and not record.winner:
            what = "say the same" if record.type == "duplicate" else "contradict each other"
            raise AtocoreError(
                "impossible-step",
                f"{record.id} is over: its members do not {what} any more",
                f"atocore conflicts show {record.id}",
            )
        if clash is not None and clash.status == "open" and record.status != "open":
            return reopened(record, clash)
        return record

    def conflicts_add(self, *ids: str, reason: str, dry_run: bool = False) -> Written:
        """Flag active records that cannot all be true, where no slot shows it."""

        def decide(snapshot: Snapshot) -> Plan:
            records = tuple(self.lookup(name) for name in ids)
            return flagging.add_conflict(snapshot, records, self.deed(reason))

        return self.step("add", decide, dry_run=dry_run)

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
        """Look at every slot and every claim, and make the conflict files true: births, updates, what
        settled. Raises `vault-busy` beside another job of the vault's operator."""
        if dry_run:
            return self._swept(dry_run=True)
        with Operations(self.local_folder()).recorded(Job.SWEEP, self._now) as figures:
            written = self._swept()
            figures.update(commit=written.commit)
        return written

    def _swept(self, *, dry_run: bool = False) -> Written:
        snapshot = self.catch_up()
        slots = set(self.catalog.slots())
        slots |= {record.slot for record in snapshot.select((Kind.CONFLICT,)) if record.slot}
        listed = [
            record.id
            for record in snapshot.briefs((Kind.CONFLICT,))
            if record.type == "claimed" or (record.type == "duplicate" and record.status == "open")
        ]
        plan = halfsteps.conflict_files(snapshot, slots, [*listed, *self.catalog.alike()])
        return self.carry_out(snapshot, plan, dry_run=dry_run)


def _ruling(record: Record) -> dict[str, str] | None:
    stated = {name: getattr(record.ruling, name) for name in ("step", "by", "at", "why")}
    return {name: value for name, value in stated.items() if value} or None


def conflicts_in(catalog: Catalog, snapshot: Snapshot) -> Iterator[ConflictAnswer]:
    """Every conflict as the committed records make it: those of slots, those that files tell of."""
    known = set[str]()
    for slot in catalog.slots():
        clash = clash_in(snapshot, slot)
        if clash is not None:
            known.add(clash.id)
            yield conflict_answer(snapshot, clash)
    for group in _duplicates_in(catalog):
        known.add(group.id)
        yield conflict_answer(snapshot, group)
    for record in snapshot.select((Kind.CONFLICT,)):
        if record.id not in known:
            claim = claim_in(snapshot, record)
            yield conflict_answer(snapshot, claim) if claim else stored_conflict_answer(snapshot, record)


def open_conflicts_in(catalog: Catalog) -> int:
    """How many conflicts of the committed records are open."""
    return sum(answer.status == "open" for answer in conflicts_in(catalog, catalog))


def _duplicates_in(catalog: Catalog) -> tuple[Clash, ...]:
    return duplicates(catalog, [*catalog.alike(), *claimants(catalog, catalog.slots())])
