"""Candidates: which proposals of a pass become records, and what such a record says.

Knows proposals, caps and what was proposed before. Must not know documents, rules or reports.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from atocore.knowledge.extraction import EXTRACTOR_VERSION, Extraction, Proposal, ranked
from atocore.knowledge.wave import Limits
from atocore.records.birth import written
from atocore.records.header import Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Change
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot
from atocore.records.statement import text_key


@dataclass(frozen=True, slots=True)
class Found:
    """What one source or capture yields."""

    record: Record
    origin: str
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class Chosen:
    """One proposal that becomes a candidate, with its id and where it was found."""

    proposal: Proposal
    record_id: str
    found: Found
    project: str


@dataclass(slots=True)
class Births:
    """The candidates that a pass makes, and what it left out."""

    chosen: list[Chosen] = field(default_factory=list)
    deferred: int = 0
    already: int = 0

    @property
    def made(self) -> Counter[str]:
        """How many candidates each rule gave."""
        return Counter(one.proposal.rule for one in self.chosen)


def choose(snapshot: Snapshot, found: Sequence[Found], project: str, limits: Limits) -> Births:
    """Which proposals become candidates: the best first, nothing proposed before, within the caps."""
    births = Births()
    seen: set[str] = set()
    source_of = {id(p): one for one in found for p in one.extraction.proposals}
    for proposal in ranked([p for one in found for p in one.extraction.proposals]):
        one = source_of[id(proposal)]
        key = text_key(proposal.statement)
        record_id = candidate_identity(proposal, one.record)
        if key in seen or _known(snapshot, key, record_id, project):
            births.already += 1
        elif len(births.chosen) >= limits.room:
            births.deferred += 1
        else:
            births.chosen.append(Chosen(proposal, record_id, one, project))
        seen.add(key)
    return births


def candidate_identity(proposal: Proposal, source: Record) -> str:
    """A candidate's id: of its rule, its claim or statement, and its source."""
    return derived_id(KINDS[Kind(proposal.kind)].prefix, proposal.rule, proposal.fingerprint, source.id)


def _known(snapshot: Snapshot, key: str, record_id: str, project: str) -> bool:
    """Whether the same was proposed before in this project, whatever became of it."""
    if snapshot.get(record_id) is not None:
        return True
    return any(record.project == project for record in snapshot.stating(key))


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


def printable(value: str) -> str:
    """A text without the control characters that no header can hold (form feeds of a text file)."""
    return " ".join(_CONTROL.sub(" ", value).split()) if _CONTROL.search(value) else value


def candidate(chosen: Chosen, wave: str) -> Change:
    """The file of a candidate."""
    proposal, source = chosen.proposal, chosen.found.record
    keys: dict[str, Value] = {
        "type": proposal.type,
        "status": "candidate",
        "project": chosen.project,
        "title": printable(proposal.title),
        "aliases": tuple(printable(alias) for alias in proposal.aliases),
        "subject": printable(proposal.subject),
        "attribute": printable(proposal.attribute),
        "value": printable(proposal.value),
        "question": printable(proposal.question),
        "component": printable(proposal.component),
        "confidence": f"{proposal.confidence:g}",
        "created": source.created,
        "provenance": {
            "interaction" if source.kind is Kind.INTERACTION else "source": source.id,
            "chunk": proposal.chunk,
            "path": chosen.found.origin,
            "heading": printable(" > ".join(proposal.headings)),
            "lines": f"{proposal.first_line}-{proposal.last_line}",
            "quote": printable(proposal.quote),
            "rule": proposal.rule,
            "extractor": EXTRACTOR_VERSION,
            "wave": wave,
            "explain": printable("; ".join(proposal.explain)),
        },
    }
    return written(Kind(proposal.kind), chosen.record_id, keys, proposal.statement, proposal.title)
