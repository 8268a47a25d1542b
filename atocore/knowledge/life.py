"""The life of a claim: every value that was proposed, accepted, replaced or refused in a slot, from the
versions that its files had.

Knows records, names and versions. Must not know where versions come from, or how a life is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from atocore.knowledge.recognition import recognise
from atocore.records.codec import read
from atocore.records.kinds import Kind
from atocore.records.naming import Names, Slot, canonical
from atocore.records.record import Record
from atocore.records.slots import claimed_value, slot_text, stated_slot


class Version(NamedTuple):
    """One file's change in one commit: paths and bytes before and after (None: no file). `date` is RFC 3339;
    `by` the commit's author, `machine` whether no person made it, `reason` the body of its message."""

    commit: str
    date: str
    by: str
    machine: bool
    reason: str
    old_path: str
    old: bytes | None
    path: str
    new: bytes | None


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a claim. `step` is the lifecycle's, `edit` or `delete`; `was` the value before,
    where it changed; `status` the one it led to, "" for no file. `by` and `why` are the ruling's where the
    step left one, else the commit's. `source` tells where the record came from; `note` what else there is."""

    date: str
    step: str
    record: str
    kind: str
    type: str
    layer: str
    status: str
    value: str
    was: str
    valid_from: str
    valid_until: str
    by: str
    actor: str
    why: str
    source: str
    note: str
    commit: str
    path: str
    provenance: dict[str, str] = field(default_factory=dict)


def lives(names: Names, versions: Iterable[Version]) -> dict[Slot, tuple[Event, ...]]:
    """The events of every slot that the versions (the oldest first) speak of, in the order of their times.

    Slots are named as they are today, whatever names were in force then.
    """
    found: dict[Slot, list[Event]] = {}
    for version in versions:
        for before, after, step in _steps(version):
            was, now = _slot(names, before), _slot(names, after)
            for slot in dict.fromkeys(one for one in (was, now) if one):
                event = _event(version, step, before, after, slot, (was, now))
                if event is not None:
                    found.setdefault(slot, []).append(event)
    return {slot: tuple(sorted(events, key=lambda event: event.date)) for slot, events in found.items()}


def _slot(names: Names, record: Record | None) -> Slot | None:
    slot = stated_slot(record) if record is not None else None
    return canonical(names, slot) if slot else None


def _steps(version: Version) -> Iterator[tuple[Record | None, Record | None, str]]:
    """Each record that a version touches: before, after, and the step between."""
    sides = [_record(version.old_path, version.old), _record(version.path, version.new)]
    for deed in recognise(version.old_path, version.old, version.path, version.new):
        before, after = (one if one is not None and one.id == deed.record else None for one in sides)
        yield before, after, deed.step


def _record(path: str, raw: bytes | None) -> Record | None:
    return read(path, raw, max_bytes=len(raw)).record if raw is not None else None


def _event(
    version: Version,
    step: str,
    before: Record | None,
    after: Record | None,
    slot: Slot,
    slots: tuple[Slot | None, Slot | None],
) -> Event | None:
    """What a step was in the life of one slot; None where it changed nothing that the claim says."""
    known = after or before
    assert known is not None
    was = _value(before) if before is not None and slots[0] == slot else ""
    value = _value(after) if after is not None and slots[1] == slot else ""
    if step == "edit" and slots[0] == slots[1] and _says(before) == _says(after):
        return None
    ruled = after is not None and after.ruling.by and (before is None or before.ruling != after.ruling)
    origin = {key: text for key, text in asdict(known.provenance).items() if text}
    return Event(
        date=version.date,
        step=step,
        record=known.id,
        kind=known.kind,
        type=known.type,
        layer=known.layer,
        status=after.status if after is not None else "",
        value=value or was,
        was=was if value and was != value else "",
        valid_from=known.valid_from,
        valid_until=known.valid_until,
        by=known.ruling.by if ruled else version.by,
        actor="machine" if version.machine else "person",
        why=known.ruling.why if ruled else "" if known.kind is Kind.CONFLICT else version.reason,
        source=origin_text(known),
        note=_note(known, slot, slots),
        commit=version.commit,
        path=known.path,
        provenance=origin,
    )


def _says(record: Record | None) -> tuple[str, ...]:
    return (_value(record), record.valid_from, record.valid_until) if record is not None else ()


def _value(record: Record) -> str:
    if record.kind is Kind.CONFLICT:
        return " ↔ ".join(dict.fromkeys(member.value for member in record.members))
    return claimed_value(record)


def _note(record: Record, slot: Slot, slots: tuple[Slot | None, Slot | None]) -> str:
    was, now = slots
    if record.kind is Kind.CONFLICT and record.winner:
        value = next((member.value for member in record.members if member.id == record.winner), "")
        return f"for {value} ({record.winner})"
    if now is not None and now != slot:
        return f"claims {slot_text(now)} from now on"
    if was is not None and was != slot:
        return f"claimed {slot_text(was)} before"
    if record.superseded_by and record.status == "superseded":
        return f"by {record.superseded_by}"
    return ""


def origin_text(record: Record) -> str:
    """Where a record came from, in one line: the document, heading and lines, and the words; "" where it does
    not say."""
    came = record.provenance
    place = came.path or came.file or came.source or came.interaction or came.record or came.tool
    parts = [place, *([came.heading] if came.heading and came.heading != place else [])]
    text = " › ".join(part for part in parts if part)
    if came.lines:
        text = f"{text}, lines {came.lines}".removeprefix(", ")
    quote = " ".join(came.quote.split())
    return f'{text}: "{quote}"'.removeprefix(": ") if quote else text


class Reign(NamedTuple):
    """A value that stood at a key: from its commit until another's ("" while it stands)."""

    value: str
    since: str
    until: str
    by: str
    why: str
    source: str
    record: str
    commit: str
    ended_by: str
    end: str


def reigns(events: Iterable[Event]) -> tuple[Reign, ...]:
    """The values that trusted state had, in their order; `end` is the step that ended each."""
    standing: dict[str, Reign] = {}
    over: list[Reign] = []
    for event in events:
        if event.kind != Kind.STATE:
            continue
        stands = event.status == "active" and not event.note.startswith("claims ")
        before = standing.get(event.record)
        if before is not None and (not stands or before.value != event.value):
            over.append(before._replace(until=event.date, ended_by=event.commit, end=event.step))
            del standing[event.record]
        if stands and event.record not in standing:
            came = event.provenance.get("record", "") or event.source
            standing[event.record] = Reign(
                event.value, event.date, "", event.by, event.why, came, event.record, event.commit, "", ""
            )
    return tuple(sorted([*over, *standing.values()], key=lambda reign: (reign.since, reign.until or "~")))
