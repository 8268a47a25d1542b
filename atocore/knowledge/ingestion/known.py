"""What is known of a claim already: who makes the same one, and whether a refusal may be reopened.

Knows records, statements and slots. Must not know proposals, documents or caps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atocore.records.codec import parse_time
from atocore.records.naming import Names, slot_in
from atocore.records.proposer import REJECTED, outcome
from atocore.records.record import Record
from atocore.records.slots import claimed_value, slot_of
from atocore.records.snapshot import Snapshot
from atocore.records.statement import statement_key
from atocore.records.values.compare import meaning


@dataclass(frozen=True, slots=True)
class RejectedBefore:
    """A rejected record that a candidate comes back to: its id, and why it was rejected."""

    id: str
    why: str


def claim_keys(names: Names, record: Record) -> tuple[tuple[str, ...], ...]:
    """What makes two records one claim: equal statements, or one slot with one value. Of one project."""
    statement = statement_key(record)
    slot = slot_in(names, record)
    found = [("statement", record.project, statement)] if statement else []
    return (*found, (*slot, meaning(claimed_value(record)))) if slot else tuple(found)


def same_claim(snapshot: Snapshot, record: Record) -> tuple[Record, ...]:
    """The other records of its project that make the same claim, whatever their status, by id."""
    keys = set(claim_keys(snapshot, record))
    slot = slot_of(record)
    near = [*snapshot.stating(statement_key(record)), *(snapshot.in_slot(slot) if slot else ())]
    found = {
        one.id: one for one in near if one.id != record.id and not keys.isdisjoint(claim_keys(snapshot, one))
    }
    return tuple(found[record_id] for record_id in sorted(found))


def has_new_evidence(source: Record, refused: Record) -> bool:
    """Whether a claim may come back after its rejection: from the same document, as `source` holds it now,
    where the refused passage does not stand any more.

    The same words anywhere else, in another document or another capture, are mere repetition.
    """
    if refused.status != "rejected" or refused.provenance.source != source.id:
        return False
    from atocore.knowledge.ingestion.sources import (
        stands,  # what reads documents: only where one is in question
    )

    return not stands(source, refused.provenance)


def rejected_before(snapshot: Snapshot, record: Record) -> RejectedBefore | None:
    """The rejected record that a candidate comes back to, the last of several; None where there is none."""
    return Refusals(snapshot).before(record)


class Refusals:
    """What was rejected, as many candidates of one snapshot ask for it: each source is looked at once. What
    was merged was known, and what graduated lives on: nobody refused it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._of_source: dict[str, list[tuple[Record, str]]] = {}

    def before(self, record: Record) -> RejectedBefore | None:
        """See `rejected_before`."""
        if record.status != "candidate":
            return None
        found = sorted(self._refused(record), key=_when)
        return RejectedBefore(found[-1].id, found[-1].ruling.why) if found else None

    def _refused(self, record: Record) -> Iterator[Record]:
        """Rejected records of the same claim, and those of the passage that this one's has replaced."""
        same = [one for one in same_claim(self._snapshot, record) if outcome(one) == REJECTED]
        yield from same
        stated = record.provenance
        for other, lines in self._replaced(stated.source) if stated.source else ():
            alike = lines == stated.lines and other.kind is record.kind
            if alike and other not in same and not _differ(self._snapshot, other, record):
                yield other

    def _replaced(self, source: str) -> list[tuple[Record, str]]:
        """The rejected records of a source whose passage was replaced, with the lines of what replaced it."""
        if source not in self._of_source:
            from atocore.knowledge.ingestion.sources import present_form

            refused = [one for one in self._snapshot.referring(source) if outcome(one) == REJECTED]
            became = [(one, present_form(self._snapshot, one)) for one in refused]
            self._of_source[source] = [(one, now.lines) for one, now in became if now and now.text]
        return self._of_source[source]


def _differ(names: Names, one: Record, other: Record) -> bool:
    """Whether two records state different values of one slot: another claim, however alike the words."""
    slot = slot_in(names, one)
    return (
        slot is not None
        and slot == slot_in(names, other)
        and meaning(claimed_value(one)) != meaning(claimed_value(other))
    )


def _when(record: Record) -> tuple[str, str]:
    at = parse_time(record.ruling.at)
    return (at.isoformat() if at else "", record.id)
