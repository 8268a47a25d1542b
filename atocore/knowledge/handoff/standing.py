"""Where a tool's fact stands in the vault: the records it became, which of them people accepted, and the id
that the next one gets.

A fact's first record has an id of the tool, the project and the external id; the record that follows a
decided one has an id of that one too. So the chain is found without searching, on every clone alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Standing:
    """The records of one fact. `decided` are those that people ruled on, oldest first; `open` is the
    candidate that waits; `accepted` what is active of them, or took their place; `next_id` the open
    candidate's id, or that of the one to come."""

    decided: tuple[Record, ...]
    open: Record | None
    accepted: Record | None
    next_id: str

    @property
    def is_known(self) -> bool:
        """Whether the fact was handed over before."""
        return bool(self.decided or self.open)


def standing(snapshot: Snapshot, tool: str, project: str, kind: str, external_id: str) -> Standing:
    """The standing of a fact of a tool's."""
    parts = ("handoff", tool, project, external_id)
    prefix = KINDS[Kind(kind)].prefix
    decided: list[Record] = []
    record_id = derived_id(prefix, *parts)
    record = snapshot.get(record_id)
    while record is not None and record.status != "candidate":
        decided.append(record)
        record_id = derived_id(prefix, *parts, record.id)
        record = snapshot.get(record_id)
    accepted = next((found for one in reversed(decided) for found in _living(snapshot, one)), None)
    return Standing(tuple(decided), record, accepted, record_id)


def _living(snapshot: Snapshot, record: Record) -> Iterator[Record]:
    """The active record that a decided one is, or that took its place; none where there is none."""
    seen: set[str] = set()
    found: Record | None = record
    while found is not None and found.id not in seen:
        if found.status == "active":
            yield found
            return
        seen.add(found.id)
        successor = {"superseded": found.superseded_by, "graduated": found.graduated_to}.get(found.status, "")
        found = snapshot.get(successor) if successor else None
