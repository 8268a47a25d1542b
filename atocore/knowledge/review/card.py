"""The card: everything a person needs to decide on one candidate. Reads a snapshot; draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atocore.knowledge.conflicts.disputes import stands_against
from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.ingestion.known import Refusals, RejectedBefore
from atocore.knowledge.ingestion.sources import source_change
from atocore.knowledge.review.likeness import Difference, Resemblance, difference, resembling
from atocore.knowledge.review.tracks import Track, tracks_of
from atocore.records.record import Record, SourceChange
from atocore.records.slots import claimed_value
from atocore.records.snapshot import Snapshot

AROUND = 2
"""So many lines of the document are shown before and after a passage."""


@dataclass(frozen=True, slots=True)
class Side:
    """Another record beside the candidate: what it says, and where its value differs from the candidate's
    (None where one of the two gives none). `why` and `share` are a `Resemblance`'s; `decided` is the reason a
    person gave for its status."""

    id: str
    kind: str
    layer: str
    status: str
    title: str
    text: str
    value: str
    path: str
    differs: Difference | None
    why: str = ""
    share: float = 0.0
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a candidate was found. `lines` are the document's, from `first` on; those from `said_first` to
    `said_last` hold what was said. Where the document is not in this clone, they are the quote, and `is_here`
    is false."""

    origin: str
    record: str
    heading: str
    first: int
    said_first: int
    said_last: int
    lines: tuple[str, ...]
    is_here: bool


@dataclass(frozen=True, slots=True)
class Intention:
    """What promoting the candidate does to an existing record."""

    what: str
    id: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Card:
    """One candidate as a reviewer sees it; `hash` binds a decision to that. `explain` are the reasons for its
    confidence; `draft` what a person saved and did not commit; `machine_made` the status that a machine's
    commit gave it, which counts for nothing until a person confirms it."""

    id: str
    kind: str
    type: str
    status: str
    layer: str
    project: str
    path: str
    title: str
    text: str
    claim: str
    subject: str
    attribute: str
    value: str
    question: str
    component: str
    confidence: float | None
    explain: tuple[str, ...]
    created: str
    review_after: str
    hash: str
    draft: str
    machine_made: str
    provenance: dict[str, str]
    passage: Passage | None
    would_conflict: tuple[Side, ...]
    resembles: tuple[Side, ...]
    rejected_before: RejectedBefore | None
    source_changed: SourceChange | None
    proposes: tuple[Intention, ...]
    tracks: tuple[Track, ...]


def card(
    snapshot: Snapshot,
    record: Record,
    *,
    origin: Record | None = None,
    found: Iterable[Record] = (),
    known: Iterable[Track] = (),
    draft: str = "",
    refusals: Refusals | None = None,
) -> Card:
    """The card of a candidate. `origin` is the source or capture behind it, where that is here; `found` what
    a search for its words gave; `known` the track records; `draft` the status that a person has saved and
    not committed; `refusals` serves many cards of one snapshot."""
    alike = resembling(snapshot, record, found)
    against = _opposing(snapshot, record)
    before = (refusals or Refusals(snapshot)).before(record)
    told = {other.id for other in against} | ({before.id} if before else set())
    return Card(
        id=record.id,
        kind=str(record.kind),
        type=record.type,
        status=record.status,
        layer=record.layer,
        project=record.project,
        path=record.path,
        title=record.title,
        text=record.body,
        claim=record.claim,
        subject=record.subject,
        attribute=record.attribute,
        value=record.value,
        question=record.question,
        component=record.component,
        confidence=record.confidence,
        explain=tuple(filter(None, record.provenance.explain.split("; "))),
        created=record.created,
        review_after=record.review_after,
        hash=view_hash(snapshot, record),
        draft=draft,
        machine_made=str(record.header.get("status")) if record.distrusted else "",
        provenance=_came(record),
        passage=passage(record, origin),
        would_conflict=tuple(_side(record, other) for other in against),
        resembles=tuple(_side(record, one.record, one) for one in alike if one.record.id not in told),
        rejected_before=before,
        source_changed=source_change(snapshot, record),
        proposes=tuple(_intention(snapshot, *one) for one in _intended(record)),
        tracks=tracks_of(record, known),
    )


def _opposing(snapshot: Snapshot, record: Record) -> list[Record]:
    """The active records that a candidate would contradict: those with another value in its slot, and those
    that an open conflict's file sets against it (a tool's fact against what people accepted)."""
    found = (snapshot.get(side.id) for side in stands_against(snapshot, record))
    return [other for other in found if other is not None]


def _came(record: Record) -> dict[str, str]:
    came = record.header.get("provenance")
    stated = came if isinstance(came, Mapping) else {}
    return {name: value for name, value in stated.items() if isinstance(value, str) and value}


def _side(mine: Record, other: Record, alike: Resemblance | None = None) -> Side:
    here, there = claimed_value(mine), claimed_value(other)
    if not here or not there:
        here, there = (" ".join(one.body.split()) for one in (mine, other))
    return Side(
        id=other.id,
        kind=str(other.kind),
        layer=other.layer,
        status=other.status,
        title=other.title,
        text=other.body,
        value=claimed_value(other),
        path=other.path,
        differs=difference(here, there) if here != there else None,
        why=alike.why if alike else "",
        share=round(alike.share, 2) if alike else 0.0,
        decided=other.ruling.why,
    )


def _intended(record: Record) -> list[tuple[str, str]]:
    named = [("supersede", target) for target in record.supersedes]
    return list(dict.fromkeys([*record.proposes, *named]))


def _intention(snapshot: Snapshot, what: str, target: str) -> Intention:
    other = snapshot.get(target)
    if other is None:
        return Intention(what, target, "", "not here")
    return Intention(what, target, other.claim or other.title, other.status)


def passage(record: Record, origin: Record | None) -> Passage | None:
    """The passage behind a candidate, with a few lines around it; its quote where the document is not here,
    or says at those lines what it did not say then."""
    came = record.provenance
    named = came.source or came.interaction
    first, last = _span(came.lines)
    quote = tuple(came.quote.splitlines())
    if origin is not None and first:
        lines = origin.body.splitlines()
        if last <= len(lines) and (not quote or _holds(lines[first - 1 : last], came.quote)):
            begin = max(1, first - AROUND)
            shown = tuple(lines[begin - 1 : last + AROUND])
            return Passage(_place(came.path, origin), named, came.heading, begin, first, last, shown, True)
    if not quote:
        return None
    begin = first or 1
    return Passage(
        came.path or named, named, came.heading, begin, begin, begin + len(quote) - 1, quote, False
    )


def _place(path: str, origin: Record) -> str:
    return path or str(origin.header.get("origin") or origin.path)


def _holds(lines: list[str], quote: str) -> bool:
    """Whether the lines still say what was quoted (a quote may be cut, and has lost its line ends)."""
    said, quoted = " ".join(" ".join(lines).split()), " ".join(quote.split()).removesuffix("…").rstrip()
    return quoted in said


def _span(lines: str) -> tuple[int, int]:
    """First and last line of `12-14` or `12`; 0 where none is stated."""
    first, _, last = lines.partition("-")
    if not (first.isascii() and first.isdigit() and (last or first).isdigit()):
        return 0, 0
    begin, end = int(first), int(last or first)
    return (begin, end) if 0 < begin <= end else (0, 0)
