"""What the verbs answer: plain values whose field names are the JSON's. Knows records, and no door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any

from atocore.knowledge.conflicts.clash import CLAIMING, Clash
from atocore.knowledge.conflicts.disputes import disputes, stands_against, would_dispute
from atocore.knowledge.ingestion.known import Refusals, RejectedBefore
from atocore.knowledge.pointers import home_of
from atocore.knowledge.reinforcement import Reinforced
from atocore.records.problem import Problem
from atocore.records.record import Member, OtherSide, Record, SourceChange
from atocore.records.slots import claimed_value, slot_of, slot_text
from atocore.records.snapshot import Snapshot
from atocore.records.values.difference import Part, marked


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """One record in a list. `disputed` is None, or the other sides of its dispute; `source_changed` None, or
    what stands now where its passage stood; `rejected_before` None, or the rejection it comes back from;
    `reinforced` what uses made of an active memory's confidence; `graduated_to` the entity a memory became,
    or waits for; `would_conflict` what promoting a candidate, or committing a draft, would contradict."""

    id: str
    kind: str
    type: str
    status: str
    layer: str
    project: str
    path: str
    title: str
    subject: str
    attribute: str
    value: str
    confidence: float | None
    provenance: dict[str, str] | None
    draft: bool
    disputed: tuple[OtherSide, ...] | None
    source_changed: SourceChange | None
    rejected_before: RejectedBefore | None
    reinforced: Reinforced | None = field(default=None, kw_only=True)
    graduated_to: str = field(default="", kw_only=True)
    would_conflict: tuple[OtherSide, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class LivesOn:
    """The record that holds a fact instead of the one shown; `via` is what lies between the two, that one
    first. Where the way is a dead end, `id` is "" and `dead_end` tells why."""

    id: str
    kind: str
    type: str
    status: str
    title: str
    value: str
    path: str
    via: tuple[str, ...]
    dead_end: str = ""


@dataclass(frozen=True, slots=True)
class FullRecordAnswer(RecordAnswer):
    """A record with its body."""

    text: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step in a record's or the vault's life, as git tells it."""

    commit: str
    date: str
    author: str
    actor: str
    action: str
    records: tuple[str, ...]
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """One side of a conflict. `marked` is its value in parts, with what another side does not share."""

    id: str
    value: str
    layer: str
    path: str
    marked: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ConflictAnswer:
    """One conflict; `slot` is its parts for people (what it is about, where it has none), `prevailing` ""
    within one layer. `draft`: what is saved would make it, once it is committed."""

    id: str
    status: str
    type: str
    slot: str
    prevailing: str
    members: tuple[MemberAnswer, ...]
    path: str
    draft: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class RelatedAnswer:
    """One relation of a record: its type, how it reads from the record, its target as written, and the record
    at the other end (all "" where the target leads to none, or to several)."""

    type: str
    reads: str
    target: str
    id: str
    title: str
    kind: str
    of_type: str
    status: str


@dataclass(frozen=True, slots=True)
class MergedAnswer:
    """A record that was merged into another: what it said, and what it rests on."""

    id: str
    status: str
    path: str
    title: str
    text: str
    provenance: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class ShownRecord(FullRecordAnswer):
    """Everything about one record. `incoming` are the relations that others hold to it, `linked_from` the ids
    of all that refer to it; `lives_on` where the fact of a pointer, or of what was superseded, lives now;
    `waits_for` the entity that a memory is to become; `merged_from` what left in favour of it, whose
    steps are in `history`, too."""

    hash: str
    ruling: dict[str, str] | None
    keys: dict[str, object]
    committed_status: str
    history: tuple[HistoryEntry, ...]
    conflicts: tuple[ConflictAnswer, ...]
    relations: tuple[RelatedAnswer, ...]
    incoming: tuple[RelatedAnswer, ...]
    linked_from: tuple[str, ...]
    problems: tuple[Problem, ...]
    lives_on: LivesOn | None = field(default=None, kw_only=True)
    waits_for: LivesOn | None = field(default=None, kw_only=True)
    merged_from: tuple[MergedAnswer, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Written:
    """What a writing verb did: the commit (None: nothing to do, or a dry run), the records it wrote, and the
    open conflicts they are in. `notes` are the subjects of what was committed besides, `hints` what a writer
    should know; `diff` shows the plan of a dry run."""

    commit: str | None
    records: tuple[RecordAnswer, ...]
    conflicts: tuple[ConflictAnswer, ...]
    notes: tuple[str, ...] = ()
    dry_run: bool = False
    diff: str = ""
    hints: tuple[str, ...] = ()


def record_answer(
    snapshot: Snapshot,
    record: Record,
    *,
    draft: bool = False,
    refusals: Refusals | None = None,
    saved: Snapshot | None = None,
) -> RecordAnswer:
    """A record as lists show it, with the marks that are computed for it; `refusals` serves a whole list. A
    draft's committed version is what is disputed; `saved` is the vault with all drafts committed."""
    counted = snapshot.get(record.id) if draft else record
    stated = {name: value for name, value in asdict(record.provenance).items() if value}
    return RecordAnswer(
        id=record.id,
        kind=str(record.kind),
        type=record.type,
        status=record.status,
        layer=record.layer,
        project=record.project,
        path=record.path,
        title=record.title,
        subject=record.subject,
        attribute=record.attribute,
        value=record.value,
        confidence=record.confidence,
        provenance=stated or None,
        draft=draft,
        disputed=(disputes(snapshot, counted) if counted is not None else ()) or None,
        source_changed=source_changed(snapshot, record),
        rejected_before=(refusals or Refusals(snapshot)).before(record),
        graduated_to=record.graduated_to,
        would_conflict=would_conflict((saved if draft else None) or snapshot, record, counted, draft=draft),
    )


def would_conflict(
    snapshot: Snapshot, record: Record, committed: Record | None, *, draft: bool
) -> tuple[OtherSide, ...]:
    """What promoting a candidate, or committing a draft beside its `committed` version, would contradict."""
    if record.status == "candidate":
        return stands_against(snapshot, record)
    if not draft or record.status != "active" or record.kind not in CLAIMING:
        return ()
    same = committed is not None and committed.status == "active" and _claims(committed) == _claims(record)
    return () if same else would_dispute(snapshot, record)


def _claims(record: Record) -> tuple[object, ...]:
    """What a record's part in a contradiction rests on."""
    return slot_of(record), claimed_value(record), record.valid_from, record.valid_until


def lives_on(snapshot: Snapshot, record: Record) -> LivesOn | None:
    """Where the fact of a graduated or superseded record lives now; None for any other."""
    if record.status not in ("graduated", "superseded"):
        return None
    home = home_of(snapshot, record)
    return _lives_in(home.record, home.via, home.dead_end)


def waits_for(snapshot: Snapshot, record: Record) -> LivesOn | None:
    """The entity that a memory is to live on as, once it is promoted; None where it waits for none."""
    waiting = snapshot.get(record.graduated_to) if record.graduated_to else None
    if record.status not in ("active", "rejected") or waiting is None or waiting.status != "candidate":
        return None
    return _lives_in(waiting, (record.id,))


def _lives_in(record: Record | None, via: tuple[str, ...], dead_end: str = "") -> LivesOn:
    if record is None:
        return LivesOn("", "", "", "", "", "", "", via, dead_end)
    return LivesOn(
        record.id, record.kind, record.type, record.status, record.title, record.value, record.path, via
    )


def merged_answer(record: Record) -> MergedAnswer:
    """A merged record as the one that it was merged into shows it."""
    stated = {name: value for name, value in asdict(record.provenance).items() if value}
    return MergedAnswer(record.id, record.status, record.path, record.title, record.body, stated or None)


def source_changed(snapshot: Snapshot, record: Record) -> SourceChange | None:
    """See `source_change` of `knowledge.ingestion.sources`; what reads documents is loaded for records that
    rest on one."""
    if not (record.provenance.source or record.provenance.record):
        return None
    from atocore.knowledge.ingestion.sources import source_change

    return source_change(snapshot, record)


def full_answer(
    snapshot: Snapshot,
    record: Record,
    *,
    draft: bool = False,
    refusals: Refusals | None = None,
    saved: Snapshot | None = None,
) -> FullRecordAnswer:
    """A record with its text."""
    known = record_answer(snapshot, record, draft=draft, refusals=refusals, saved=saved)
    return FullRecordAnswer(**parts_of(known), text=record.body)


def parts_of(answer: RecordAnswer | ConflictAnswer | Written) -> dict[str, Any]:
    """An answer's fields, for one that says more."""
    return {field.name: getattr(answer, field.name) for field in fields(answer)}


def conflict_answer(snapshot: Snapshot, clash: Clash, *, draft: bool = False) -> ConflictAnswer:
    """A conflict with where its members, and its file, lie now."""
    about = slot_text(clash.slot) or clash.title
    members = _members(snapshot, clash.members)
    stored = snapshot.get(clash.id)
    path = stored.path if stored is not None else clash.path
    return ConflictAnswer(
        clash.id, clash.status, clash.type, about, clash.prevailing, members, path, draft=draft
    )


def stored_conflict_answer(snapshot: Snapshot, record: Record) -> ConflictAnswer:
    """A conflict that is over, as its file tells it."""
    about = slot_text(record.slot) or record.title
    members = _members(snapshot, record.members)
    status = "resolved" if record.status == "open" else record.status  # the file does not say so yet
    return ConflictAnswer(record.id, status, record.type, about, record.prevailing, members, record.path)


def _members(snapshot: Snapshot, members: Sequence[Member]) -> tuple[MemberAnswer, ...]:
    found = ((member, snapshot.get(member.id)) for member in members)
    return tuple(
        MemberAnswer(
            member.id,
            member.value,
            member.layer,
            record.path if record else "",
            marked(member.value, (other.value for other in members if other is not member)),
        )
        for member, record in found
    )


def as_json(value: object) -> object:
    """A value as JSON's types: dataclasses by their field names, problems with severity and hint."""
    if isinstance(value, Problem):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {**named, "severity": str(value.severity), "hint": value.hint}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): as_json(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [as_json(entry) for entry in value]
    return value
