"""The verbs of trusted state: what people declare."""

from __future__ import annotations

from dataclasses import dataclass, replace

from atocore.app.answers import FullRecordAnswer, Written, full_answer, parts_of
from atocore.app.conflicts import ConflictVerbs
from atocore.app.slots import SlotVerbs
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge import state
from atocore.knowledge.projects import project_named, spellings_of
from atocore.records.kinds import STATE_TYPES, Kind
from atocore.records.plan import Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Declared(Written):
    """The answer of `state set`; `already` is the state that says the very same, where nothing was written;
    `hints` tell of a project that nobody has heard of, too."""

    already: FullRecordAnswer | None = None


@dataclass(frozen=True, slots=True)
class StateList:
    """Trusted state, by project and key."""

    records: tuple[FullRecordAnswer, ...]


class DecidingVerbs(ConflictVerbs, SlotVerbs):
    """state set|get|list|unset; with `SlotVerbs`, state history."""

    def state_set(
        self,
        project: str,
        key: str,
        value: str,
        *,
        category: str = "",
        source: str = "",
        question: str = "",
        reason: str = "",
        dry_run: bool = False,
    ) -> Declared:
        """Declare a value trusted. `source` is the record it comes from, whose value is meant where none is
        given; `question` is the one that a decision answers."""
        self.names_a_project(project)
        hints: list[str] = []

        def decide(snapshot: Snapshot) -> Plan:
            origin = self.lookup(source) if source else None
            named = self._key(snapshot, project, key, hints)
            said = value or (origin.value if origin is not None else "")
            born, deed = self.new_id(Kind.STATE), self.deed(reason)
            return state.set_state(snapshot, named, said, born, deed, category, origin, question)

        written = self.step("set", decide, dry_run=dry_run)
        stands = written.commit is None and not dry_run
        already = self.state_get(project, key) if stands else None
        told = {**parts_of(written), "hints": (*written.hints, *hints)}
        return Declared(**told, already=already)

    @staticmethod
    def _key(snapshot: Snapshot, project: str, key: str, hints: list[str]) -> state.StateKey:
        """The key that a person means, the project spelled as it is known; a hint where it is not."""
        named = state.StateKey.of(project, key)
        known, near = project_named(snapshot, named.project)
        if near is not None:
            like = f"; did you mean {' or '.join(near)}?" if near else ""
            hints.append(f"no record is of project {named.project} yet{like}")
        return replace(named, project=known)

    def state_unset(self, project: str, key: str, *, reason: str = "", dry_run: bool = False) -> Written:
        """Withdraw what stands at a key."""

        def decide(snapshot: Snapshot) -> Plan:
            return state.unset_state(snapshot, self._key(snapshot, project, key, []), self.deed(reason))

        return self.step("unset", decide, dry_run=dry_run)

    def state_get(self, project: str, key: str) -> FullRecordAnswer:
        """What stands at a key; `not-found` where nothing does."""
        snapshot = self.catch_up(drafts=True)
        hints: list[str] = []
        named = self._key(snapshot, project, key, hints)
        found = state.present(snapshot, named)
        if not found:
            told = "".join(f" ({hint})" for hint in hints)
            raise AtocoreError(
                "not-found", f"no state {named.name} in {project}{told}", f"atocore state list {project}"
            )
        return self._state_answer(snapshot, found[0])

    def state_list(self, project: str = "", *, category: str = "") -> StateList:
        """All active state (of a project, of a category)."""
        if category and category not in STATE_TYPES:
            told = f"{category!r} is no category of state"
            raise AtocoreError("bad-value", told, f"one of: {', '.join(STATE_TYPES)}")
        snapshot = self.catch_up(drafts=True)
        projects = spellings_of(snapshot, project) or ("",)
        records = sorted(
            (one for name in projects for one in snapshot.select((Kind.STATE,), ("active",), name, category)),
            key=lambda record: (record.project, record.subject, record.attribute, record.id),
        )
        return StateList(tuple(self._state_answer(snapshot, record) for record in records))

    def _state_answer(self, snapshot: Snapshot, record: Record) -> FullRecordAnswer:
        draft = bool(list(self.catalog.rows(Realm.DRAFT, [record.path])))
        return full_answer(snapshot, record, draft=draft)
