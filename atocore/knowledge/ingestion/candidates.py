"""Candidates: which proposals of a pass become records, and what such a record says.

Knows proposals, caps and what was proposed before. Must not know documents, rules or reports. Proposals may
come from any extractor: the rules, a plug-in, a tool. They go through `choose` (best first, nothing twice,
within the caps) and become files by `candidate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from atocore.knowledge.extraction.extract import Extraction, Proposal, ranked
from atocore.knowledge.ingestion import known
from atocore.knowledge.ingestion.wave import Limits
from atocore.records.birth import written
from atocore.records.header import Header, Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Change
from atocore.records.record import Provenance, Record, printable
from atocore.records.snapshot import Snapshot
from atocore.records.statement import text_key


@dataclass(frozen=True, slots=True)
class Found:
    """What one source or capture yields: `origin` is its document's path, `project` its candidates'."""

    record: Record
    origin: str
    extraction: Extraction
    project: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One proposal that becomes a candidate, with its id and where it was found."""

    proposal: Proposal
    record_id: str
    found: Found


@dataclass(frozen=True, slots=True)
class Repeat:
    """A proposal that was made before: where it stands, and as which record (with its status)."""

    origin: str
    line: int
    title: str
    record: str
    status: str


@dataclass(slots=True)
class Births:
    """The candidates that a pass makes, and what it left out."""

    chosen: list[Chosen] = field(default_factory=list)
    deferred: int = 0
    held_back: set[str] = field(default_factory=set)
    """The sources and captures of what was deferred."""
    repeats: list[Repeat] = field(default_factory=list)

    @property
    def already(self) -> int:
        """How many proposals were made before."""
        return len(self.repeats)

    @property
    def made(self) -> Counter[str]:
        """How many candidates each rule gave."""
        return Counter(one.proposal.rule for one in self.chosen)


def choose(snapshot: Snapshot, found: Sequence[Found], limits: Limits) -> Births:
    """Which proposals become candidates: the best of all that was found first, nothing that was proposed
    before, within the caps. What a cap holds back is counted, and found by the next pass."""
    births = Births()
    seen: dict[tuple[str, ...], str] = {}
    by_source = sorted(found, key=lambda one: one.record.id)  # of equals, whatever the order they came in
    source_of = {id(p): one for one in by_source for p in one.extraction.proposals}
    for proposal in ranked([p for one in by_source for p in one.extraction.proposals]):
        one = source_of[id(proposal)]
        proposed = as_record(proposal, one)
        keys = known.claim_keys(snapshot, proposed)
        told = next((seen[key] for key in keys if key in seen), "")
        identity, before = _identity(snapshot, proposal, proposed, one.record)
        if told or before:
            record_id, status = (before.id, before.status) if before else (told, "in this pass")
            births.repeats.append(Repeat(one.origin, proposal.first_line, proposal.title, record_id, status))
        elif len(births.chosen) >= limits.room:
            births.deferred += 1
            births.held_back.add(one.record.id)
        else:
            births.chosen.append(Chosen(proposal, identity, one))
        seen.update(dict.fromkeys(keys, told or identity))
    return births


def candidate_identity(proposal: Proposal, source_id: str, *again: str) -> str:
    """A candidate's id: of its rule, its claim or statement, and its source; `again` after a rejection."""
    return derived_id(
        KINDS[Kind(proposal.kind)].prefix, proposal.rule, proposal.fingerprint, source_id, *again
    )


def _identity(
    snapshot: Snapshot, proposal: Proposal, proposed: Record, source: Record
) -> tuple[str, Record | None]:
    """The id under which a proposal is new; or the record as which the same was proposed before, whatever
    became of it.

    After a rejection only another passage in the same document, which has changed, is new evidence: it gets
    an id of its own.
    """
    identity = candidate_identity(proposal, source.id)
    before = known.same_claim(snapshot, proposed)
    held = snapshot.get(identity)
    if held is not None and held not in before:
        before = (*before, held)
    if not before:
        return identity, None
    for record in before:
        if not known.has_new_evidence(source, record):
            return identity, record
    again = candidate_identity(proposal, source.id, text_key(proposal.quote))
    return again, snapshot.get(again)


def as_record(proposal: Proposal, found: Found) -> Record:
    """A proposal as the record that it would be, for comparing: it has no file."""
    source = found.record
    capture = source.kind is Kind.INTERACTION
    stated = Provenance(
        interaction=source.id if capture else "",
        source="" if capture else source.id,
        chunk=proposal.chunk,
        heading=printable(" > ".join(proposal.headings)),
        lines=f"{proposal.first_line}-{proposal.last_line}",
        quote=printable(proposal.quote),
        rule=proposal.rule,
    )
    return Record(
        "",
        b"",
        Header(()),
        proposal.statement,
        1,
        "",
        Kind(proposal.kind),
        type=proposal.type,
        status="candidate",
        project=found.project,
        title=proposal.title,
        subject=proposal.subject,
        attribute=proposal.attribute,
        value=proposal.value,
        question=proposal.question,
        component=proposal.component,
        provenance=stated,
    )


def candidate(chosen: Chosen, wave: str) -> Change:
    """The file of a candidate: the proposal's claim and statement, and all of its provenance."""
    proposal, source = chosen.proposal, chosen.found.record
    keys: dict[str, Value] = {
        "type": proposal.type,
        "status": "candidate",
        "project": chosen.found.project,
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
            **({"converter": str(converter)} if (converter := source.header.get("converter")) else {}),
            "quote": printable(proposal.quote),
            "rule": proposal.rule,
            "extractor": proposal.extractor,
            "wave": wave,
            "explain": printable("; ".join(proposal.explain)),
            **{name: printable(value) for name, value in proposal.provenance},
        },
        **dict(proposal.keys),
    }
    return written(Kind(proposal.kind), chosen.record_id, keys, proposal.statement, proposal.title)
