"""The vault as committed, as every decision sees it. Knows records, and neither git nor files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from atocore.records.brief import Brief, brief_of
from atocore.records.codec import links, read
from atocore.records.kinds import Kind
from atocore.records.linking import name_keys
from atocore.records.naming import Naming, in_slot, namings
from atocore.records.plan import Plan
from atocore.records.problem import Problem
from atocore.records.proposer import Proposer, outcome, proposers
from atocore.records.record import Record, is_page
from atocore.records.slots import about, stated_slot
from atocore.records.statement import statement_key
from atocore.records.wording import wording_key


class Snapshot(Protocol):
    """What is committed. A record is found under its id when its file owns the id and has no error."""

    @property
    def commit(self) -> str:
        """The commit this snapshot shows, "" before the first one."""

    def get(self, record_id: str) -> Record | None:
        """The record with that id."""

    def raw_at(self, path: str) -> bytes | None:
        """The committed bytes of a page, whether it can be understood or not; None where there is no page."""

    def select(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Record]:
        """The records that fit every filter (an empty one fits all), by path."""

    def briefs(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Brief]:
        """What `select` gives, in brief and by id: for thousands of records at once."""

    def in_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """Every record that claims the slot (any spelling of it: `naming`), whatever its status, by id."""

    def stating_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """Every record whose file states exactly this slot (`stated_slot`), conflicts too, by id."""

    def stated_slots(self, *, project: str = "", thing: str = "") -> frozenset[tuple[str, ...]]:
        """The slots that files state with this project, and about this thing (normalised; "": any). Those
        that only records which a plan removes have stated may be among them."""

    def namings_in(self, scopes: Collection[str] | None, text: str = "") -> tuple[Naming, ...]:
        """The namings in these scopes (None: any) that are spelled `text` or whose own name it is ("": all),
        sorted."""

    def stating(self, key: str) -> tuple[Record, ...]:
        """Every memory, entity or state whose `statement_key` is `key`, by id."""

    def worded(self, key: str, most: int) -> tuple[Record, ...]:
        """The active records whose `wording_key` is `key`, by id; no more than `most` of them."""

    def referring(self, record_id: str, kind: Kind | None = None) -> tuple[Record, ...]:
        """Every record (of a kind) that refers to the id (or to a name, `linking.link_reference`), by id."""

    def named(self, key: str) -> tuple[Record, ...]:
        """Every record that a link finds by the key (`linking.name_keys`), by id."""

    def proposed(self) -> Mapping[tuple[Proposer, str], int]:
        """How many records each proposer made, by what became of them (`proposer.outcome`)."""

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with single files, by path."""


@dataclass(frozen=True)
class MemorySnapshot:
    """A snapshot of files held in memory: for tests, and for judging a state that is not checked out."""

    files: Mapping[str, bytes]
    commit: str = ""
    max_bytes: int = 8 * 1024 * 1024
    _records: dict[str, Record] = field(default_factory=dict, init=False)
    _problems: list[Problem] = field(default_factory=list, init=False)
    _slots: dict[tuple[str, ...], list[Record]] = field(default_factory=dict, init=False)
    _namings: dict[str, list[Naming]] = field(default_factory=dict, init=False)
    _referring: dict[str, list[Record]] = field(default_factory=dict, init=False)
    _named: dict[str, list[Record]] = field(default_factory=dict, init=False)
    _stating: dict[str, list[Record]] = field(default_factory=dict, init=False)
    _worded: dict[str, list[Record]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for path in sorted(self.files):
            if is_page(path):
                self._admit(path)

    def _admit(self, path: str) -> None:
        reading = read(path, self.files[path], max_bytes=self.max_bytes)
        self._problems.extend(reading.problems)
        record = reading.record
        if record is None:
            return
        owner = self._records.setdefault(record.id, record)
        if owner is not record:
            told = f"{record.id} is the id of {owner.path}"
            self._problems.append(Problem(path, record.header.line("id"), "duplicate-id", told))

    def get(self, record_id: str) -> Record | None:
        """See `Snapshot`."""
        return self._records.get(record_id)

    def raw_at(self, path: str) -> bytes | None:
        """See `Snapshot`."""
        return self.files.get(path)

    def select(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Record]:
        """See `Snapshot`."""
        kinds, statuses = tuple(kinds), tuple(statuses)
        for record in sorted(self._records.values(), key=lambda record: record.path):
            if (
                (not kinds or record.kind in kinds)
                and (not statuses or record.status in statuses)
                and (not project or record.project == project)
                and (not type_ or record.type == type_)
            ):
                yield record

    def briefs(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Brief]:
        """See `Snapshot`."""
        found = self.select(kinds, statuses, project, type_)
        yield from sorted(map(brief_of, found), key=lambda brief: brief.id)

    def in_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return in_slot(self, slot)

    def stating_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._by_id(self._by_slot().get(slot, ())) if slot else ()

    def stated_slots(self, *, project: str = "", thing: str = "") -> frozenset[tuple[str, ...]]:
        """See `Snapshot`."""
        stated = ((slot, about(slot)) for slot in self._by_slot() if slot)
        return frozenset(
            slot for slot, (its, called) in stated if project in ("", its) and thing in ("", called)
        )

    def _by_slot(self) -> dict[tuple[str, ...], list[Record]]:
        if not self._slots:  # made at the first question: a plan of many records asks for each
            self._slots[()] = []
            for record in self._records.values():
                self._slots.setdefault(stated_slot(record) or (), []).append(record)
        return self._slots

    def namings_in(self, scopes: Collection[str] | None, text: str = "") -> tuple[Naming, ...]:
        """See `Snapshot`."""
        if not self._namings:
            self._namings[""] = []
            for one in (one for record in self._records.values() for one in namings(record)):
                for called in ("", one.name, one.own) if one.is_alias else ("", one.name):
                    self._namings.setdefault(called, []).append(one)
        return tuple(
            sorted(one for one in self._namings.get(text, ()) if scopes is None or one.scope in scopes)
        )

    def stating(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        if not self._stating:
            for record in self._records.values():
                self._stating.setdefault(statement_key(record), []).append(record)
        return self._by_id(self._stating.get(key, ())) if key else ()

    def worded(self, key: str, most: int) -> tuple[Record, ...]:
        """See `Snapshot`."""
        if not self._worded:
            self._worded[""] = []
            for record in self._records.values():
                if record.status == "active":
                    self._worded.setdefault(wording_key(record), []).append(record)
        return self._by_id(self._worded.get(key, ()))[:most] if key else ()

    def referring(self, record_id: str, kind: Kind | None = None) -> tuple[Record, ...]:
        """See `Snapshot`."""
        if not self._referring:
            self._referring[""] = []
            for record in self._records.values():
                for named in links(record):
                    self._referring.setdefault(named, []).append(record)
        return self._by_id(r for r in self._referring.get(record_id, ()) if kind in (None, r.kind))

    def named(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        if not self._named:
            self._named[""] = []
            for record in self._records.values():
                for name in name_keys(record):
                    self._named.setdefault(name, []).append(record)
        return self._by_id(self._named.get(key, ()))

    def proposed(self) -> Mapping[tuple[Proposer, str], int]:
        """See `Snapshot`."""
        return _proposed(self._records.values())

    def problems(self) -> tuple[Problem, ...]:
        """See `Snapshot`."""
        return tuple(sorted(self._problems, key=lambda problem: (problem.path, problem.line, problem.code)))

    def after(self, plan: Plan) -> MemorySnapshot:
        """The snapshot that applying the plan leads to."""
        files = dict(self.files)
        for change in plan.changes:
            assert files.get(change.path) == change.old
            if change.new is None:
                del files[change.path]
            else:
                files[change.path] = change.new
        return MemorySnapshot(files, max_bytes=self.max_bytes)

    def changed(self, files: Mapping[str, bytes | None]) -> MemorySnapshot:
        """The same snapshot with other bytes at these paths (None: no file there); only those are read."""
        kept = {path: raw for path, raw in self.files.items() if path not in files}
        new = {path: raw for path, raw in files.items() if raw is not None}
        made = MemorySnapshot({}, self.commit, max(self.max_bytes, *map(len, new.values()), 0))
        object.__setattr__(made, "files", {**kept, **new})
        made._records.update((r.id, r) for r in self._records.values() if r.path not in files)
        made._problems.extend(problem for problem in self._problems if problem.path not in files)
        for path in sorted(new):
            if is_page(path):
                made._admit(path)
        return made

    @staticmethod
    def _by_id(records: Iterable[Record]) -> tuple[Record, ...]:
        return tuple(sorted(records, key=lambda record: record.id))


class AfterSnapshot:
    """A snapshot as it will be once a plan is applied: what decides whether the plan makes a conflict."""

    def __init__(self, base: Snapshot, plan: Plan) -> None:
        self._base = base
        self._changed = {change.path: change.new for change in plan.changes}
        new = {path: raw for path, raw in self._changed.items() if raw is not None}
        # a file of the base was within the limit that its store sets; the plan's are judged by no smaller one
        self._new = MemorySnapshot(new, max_bytes=max(map(len, new.values()), default=0))

    def then(self, plan: Plan) -> AfterSnapshot:
        """The snapshot as it will be once another plan is applied, too, which was decided on this one."""
        after = AfterSnapshot(self._base, Plan((), None))
        changed = {change.path: change.new for change in plan.changes}
        after._changed = {**self._changed, **changed}
        after._new = self._new.changed(changed)
        return after

    @property
    def commit(self) -> str:
        """The commit that the plan starts from."""
        return self._base.commit

    def get(self, record_id: str) -> Record | None:
        """See `Snapshot`."""
        return self._new.get(record_id) or self._kept(self._base.get(record_id))

    def raw_at(self, path: str) -> bytes | None:
        """See `Snapshot`."""
        return self._changed[path] if path in self._changed else self._base.raw_at(path)

    def select(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Record]:
        """See `Snapshot`."""
        kinds, statuses = tuple(kinds), tuple(statuses)
        kept = (r for r in self._base.select(kinds, statuses, project, type_) if self._kept(r))
        new = self._new.select(kinds, statuses, project, type_)
        yield from sorted([*kept, *new], key=lambda record: record.path)

    def briefs(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Brief]:
        """See `Snapshot`."""
        kinds, statuses = tuple(kinds), tuple(statuses)
        kept = (b for b in self._base.briefs(kinds, statuses, project, type_) if b.path not in self._changed)
        new = self._new.briefs(kinds, statuses, project, type_)
        yield from sorted([*kept, *new], key=lambda brief: brief.id)

    def in_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return in_slot(self, slot)

    def stating_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._both(self._base.stating_slot(slot), self._new.stating_slot(slot))

    def stated_slots(self, *, project: str = "", thing: str = "") -> frozenset[tuple[str, ...]]:
        """See `Snapshot`."""
        kept = self._base.stated_slots(project=project, thing=thing)
        return kept | self._new.stated_slots(project=project, thing=thing)

    def namings_in(self, scopes: Collection[str] | None, text: str = "") -> tuple[Naming, ...]:
        """See `Snapshot`."""
        kept = (one for one in self._base.namings_in(scopes, text) if self._kept(self._base.get(one.owner)))
        return tuple(sorted([*kept, *self._new.namings_in(scopes, text)]))

    def stating(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._both(self._base.stating(key), self._new.stating(key))

    def worded(self, key: str, most: int) -> tuple[Record, ...]:
        """See `Snapshot`."""
        base = self._base.worded(key, most + len(self._changed))
        return self._both(base, self._new.worded(key, most))[:most]

    def referring(self, record_id: str, kind: Kind | None = None) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._both(self._base.referring(record_id, kind), self._new.referring(record_id, kind))

    def named(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._both(self._base.named(key), self._new.named(key))

    def proposed(self) -> Mapping[tuple[Proposer, str], int]:
        """See `Snapshot`."""
        numbers = Counter(self._base.proposed())
        numbers.subtract(_proposed(record for path in self._changed for record in self._before(path)))
        numbers.update(self._new.proposed())
        return +numbers

    def _before(self, path: str) -> Iterator[Record]:
        """What the base holds at a path."""
        raw = self._base.raw_at(path)
        record = read(path, raw, max_bytes=len(raw)).record if raw is not None else None
        known = self._base.get(record.id) if record is not None else None
        if known is not None and known.path == path:
            yield known

    def problems(self) -> tuple[Problem, ...]:
        """See `Snapshot`."""
        kept = (problem for problem in self._base.problems() if problem.path not in self._changed)
        return (*kept, *self._new.problems())

    def _kept(self, record: Record | None) -> Record | None:
        return record if record is not None and record.path not in self._changed else None

    def _both(self, old: tuple[Record, ...], new: tuple[Record, ...]) -> tuple[Record, ...]:
        kept = [record for record in old if self._kept(record)]
        return tuple(sorted([*kept, *new], key=lambda record: record.id))


def _proposed(records: Iterable[Record]) -> Counter[tuple[Proposer, str]]:
    return Counter((proposer, outcome(record)) for record in records for proposer in proposers(record))
