"""The verbs of trusted state: what people declare."""

from __future__ import annotations

from dataclasses import dataclass

from atocore.app.answers import FullRecordAnswer, Written, full_answer
from atocore.app.conflicts import ConflictVerbs
from atocore.app.slots import SlotVerbs
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge import state
from atocore.records.kinds import Kind
from atocore.records.plan import Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


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
        reason: str = "",
        dry_run: bool = False,
    ) -> Written:
        """Declare a value trusted; `source` is the record it comes from."""

        def decide(snapshot: Snapshot) -> Plan:
            origin = self.lookup(source) if source else None
            born = self.new_id(Kind.STATE)
            named = state.StateKey.of(project, key)
            return state.set_state(snapshot, named, value, born, self.deed(reason), category, origin)

        return self.step("set", decide, dry_run=dry_run)

    def state_unset(self, project: str, key: str, *, reason: str = "", dry_run: bool = False) -> Written:
        """Withdraw what stands at a key."""
        named = state.StateKey.of(project, key)
        return self.step("unset", lambda s: state.unset_state(s, named, self.deed(reason)), dry_run=dry_run)

    def state_get(self, project: str, key: str) -> FullRecordAnswer:
        """What stands at a key; `not-found` where nothing does."""
        snapshot = self.catch_up(drafts=True)
        named = state.StateKey.of(project, key)
        found = state.present(snapshot, named)
        if not found:
            raise AtocoreError(
                "not-found", f"no state {named.name} in {project}", f"atocore state list {project}"
            )
        return self._state_answer(snapshot, found[0])

    def state_list(self, project: str = "") -> StateList:
        """All active state (of a project)."""
        snapshot = self.catch_up(drafts=True)
        records = sorted(
            snapshot.select((Kind.STATE,), ("active",), project),
            key=lambda record: (record.project, record.subject, record.attribute, record.id),
        )
        return StateList(tuple(self._state_answer(snapshot, record) for record in records))

    def _state_answer(self, snapshot: Snapshot, record: Record) -> FullRecordAnswer:
        draft = bool(list(self.catalog.rows(Realm.DRAFT, [record.path])))
        return full_answer(snapshot, record, draft=draft)
