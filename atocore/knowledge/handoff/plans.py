"""Tool handoffs as plans: typed facts become candidates, or bring the candidates they made up to date.

An open candidate says what its tool says now, except where a person edited it. What people accepted is
never touched: a tool that says otherwise makes a new candidate, and a conflict of the two. What people
refused is not proposed again unless the tool changes its claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts import handed
from atocore.knowledge.conflicts.clash import members_id
from atocore.knowledge.conflicts.disputes import would_dispute
from atocore.knowledge.handoff.facts import (
    Taken,
    agrees,
    claims_the_same,
    said_before,
    statement,
    taken,
)
from atocore.knowledge.handoff.files import Update, born, record_in, updated
from atocore.knowledge.handoff.format import Handoff, Row
from atocore.knowledge.handoff.one_pass import Item, Pass
from atocore.knowledge.handoff.standing import Standing
from atocore.knowledge.ingestion.wave import Limits
from atocore.records.ids import derived_id
from atocore.records.kinds import Kind
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Record
from atocore.records.slots import claimed_value, slot_of
from atocore.records.snapshot import Snapshot
from atocore.records.statement import text_key
from atocore.records.values.compare import meaning


@dataclass(frozen=True, slots=True)
class Vanished:
    """A fact that its file does not hold any more, with the record it became."""

    external_id: str
    record: str
    status: str
    title: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a pass over handoffs decided. Figures count facts: `agreed` are accepted as they are, by whatever
    record; `refused` were rejected and claim the same still. `clashing` are ids of the conflicts between what
    people accepted and what the tool says."""

    wave: str
    plan: Plan
    read: int
    new: int
    updated: int
    unchanged: int
    deferred: int
    agreed: int
    refused: int
    clashing: tuple[str, ...]
    vanished: tuple[Vanished, ...]
    rows: tuple[Row, ...]
    report: str


def import_handoffs(
    snapshot: Snapshot, tool: str, handoffs: Sequence[Handoff], project: str, limits: Limits
) -> Imported:
    """Decide about every fact that a tool handed over. `project` overrides what the files say."""
    made = Pass(snapshot, tool)
    for handoff in handoffs:
        made.admit(handoff, project or handoff.project)
    for item in made.items.values():
        try:
            _judge(made, item)
        except AtocoreError as refusal:
            made.row(item, f"cannot be kept as a record: {refusal.message}")
            item.becomes = "bad"
    _choose(made, limits.room)
    changes, clashing = _carry_out(made, _wave_id(made, handoffs))
    vanished = tuple(_vanished(made, handoffs, project))
    return _told(made, handoffs, changes, clashing, vanished)


def _judge(made: Pass, item: Item) -> None:
    """What becomes of one fact, caps aside."""
    now = taken(item.fact, made.targets(item, hopeful=True))
    where = item.where
    if where.open is not None:
        item.becomes = "open"
        return
    same = [record for record in _that_count(where) if claims_the_same(said_before(record), now)]
    holder = where.accepted or _holder(made.snapshot, item, now)
    if same:
        item.becomes = "refused" if same[-1].status == "rejected" else "unchanged"
    elif holder is not None and agrees(holder, now):
        item.becomes, item.holder = "agreed", holder
    else:
        item.becomes = "new"


def _that_count(where: Standing) -> list[Record]:
    """The decided records whose claim is not proposed again: what the tool said last, whatever is accepted of
    it, and whatever was refused. A value that was superseded may come back."""
    last = where.decided[-1:]
    return [r for r in where.decided if r in last or r.status in ("active", "rejected")]


def _holder(snapshot: Snapshot, item: Item, now: Taken) -> Record | None:
    """The record of somebody else's that holds the fact already: it claims the same, or states the same."""
    record = record_in(born(now, item.origin("", ""), item.where.next_id, None))
    slot = slot_of(record)
    value = meaning(claimed_value(record))
    if slot is not None:
        for other in snapshot.in_slot(slot):
            if other.status == "active" and meaning(claimed_value(other)) == value:
                return other
    stating = snapshot.stating(text_key(statement(now.said)))
    same = (
        r for r in stating if r.project == item.project and r.status == "active" and not r.provenance.tool
    )
    return next(same, None)


def _choose(made: Pass, room: int) -> None:
    """Which new facts become candidates: the best first, and before each of them what it refers to."""
    new = [item for item in made.items.values() if item.becomes == "new"]
    for item in sorted(new, key=lambda item: -item.fact.confidence):  # stable: else as the files have them
        if len(made.chosen) >= room:
            break
        for one in _with_targets(made, item):
            if len(made.chosen) < room:
                made.chosen.add(one.where.next_id)
    for item in new:
        if item.where.next_id not in made.chosen:
            item.becomes = "deferred"


def _with_targets(made: Pass, item: Item) -> Iterator[Item]:
    """A fact behind the new ones that its relations lead to, however they are entangled."""
    entered: set[str] = set()
    stack: list[tuple[Item, bool]] = [(item, False)]
    while stack:
        one, is_done = stack.pop()
        if is_done:
            yield one
        elif one.where.next_id not in entered and one.where.next_id not in made.chosen:
            entered.add(one.where.next_id)
            stack.append((one, True))
            near = (made.items.get((one.project, target)) for _, target in reversed(one.fact.relations))
            stack += [(other, False) for other in near if other is not None and other.becomes == "new"]


def _carry_out(made: Pass, wave: str) -> tuple[list[Change], list[str]]:
    """The changes of the pass, and the conflicts between its candidates and what people accepted."""
    changes: list[Change] = []
    clashing: list[str] = []
    for item in made.items.values():
        now = taken(item.fact, made.targets(item, hopeful=False))
        _tell_left_out(made, item, now)
        candidate = item.where.open
        if item.becomes == "new":
            changes.append(born(now, item.origin(made.tool, wave), item.where.next_id, item.where.accepted))
            candidate = record_in(changes[-1])
        elif candidate is not None:
            update = _updated(made, item, candidate, now, wave)
            item.becomes = "updated" if update.change is not None else "unchanged"
            for kept in update.kept:
                made.row(item, f"{kept} was edited by hand in {candidate.id}, and stays")
            if update.change is not None:
                changes.append(update.change)
                candidate = record_in(update.change)
        if candidate is not None:
            for accepted in _contradicted(made.snapshot, item, candidate):
                changes += handed.against(made.snapshot, accepted, candidate, made.tool)
                clashing.append(members_id("claimed", accepted.id, candidate.id))
    return changes, clashing


def _updated(made: Pass, item: Item, candidate: Record, now: Taken, wave: str) -> Update:
    """The candidate brought up to date; one whose form leaves no way to edit it stays, and is told."""
    try:
        return updated(candidate, now, item.origin(made.tool, wave))
    except AtocoreError as refusal:
        made.row(item, f"{candidate.id} cannot be brought up to date: {refusal.message}")
        return Update(None)


def _tell_left_out(made: Pass, item: Item, now: Taken) -> None:
    if item.becomes not in ("new", "open"):
        return
    linked = made.targets(item, hopeful=False)
    for number, (type_, target) in enumerate(now.fact.relations):
        if target not in linked:
            told = f"{type_} {target}: no record of that external id yet; the relation is left out"
            made.row(item, told, f"/relations/{number}")


def _contradicted(snapshot: Snapshot, item: Item, candidate: Record) -> list[Record]:
    """The accepted records that a candidate contradicts: by their slot, or as what the fact was before."""
    found = {side.id: snapshot.get(side.id) for side in would_dispute(snapshot, candidate)}
    before = item.where.accepted
    if before is not None and handed.differ(before, candidate):
        found[before.id] = before
    return [record for _, record in sorted(found.items()) if record is not None]


def _wave_id(made: Pass, handoffs: Sequence[Handoff]) -> str:
    """Of what was handed over and of the waves it follows: what changes and changes back comes in three."""
    waves = {
        record.provenance.wave
        for item in made.items.values()
        for record in (item.where.open, *item.where.decided)
        if record is not None
    }
    return derived_id(
        "wave", "import", made.tool, *(one.digest for one in handoffs), *sorted(waves), *sorted(made.chosen)
    )


def _vanished(made: Pass, handoffs: Sequence[Handoff], project: str) -> Iterator[Vanished]:
    """What one of these files handed over before and does not hold any more; its records stay."""
    places = {(project or one.project, one.path) for one in handoffs}
    stated = {(project or one.project, row.id) for one in handoffs for row in one.rows}
    for name in sorted({place for place, _ in places}):
        for record in made.snapshot.select((Kind.MEMORY, Kind.ENTITY), ("candidate", "active"), name):
            origin = record.provenance
            key = (name, origin.external_id)
            if (
                origin.tool == made.tool
                and record.project == name
                and (name, origin.path) in places
                and key not in made.items
                and key not in stated
            ):
                yield Vanished(origin.external_id, record.id, record.status, record.title)


def _told(
    made: Pass,
    handoffs: Sequence[Handoff],
    changes: list[Change],
    clashing: Sequence[str],
    vanished: tuple[Vanished, ...],
) -> Imported:
    from atocore.knowledge.handoff.report import report

    def count(becomes: str) -> int:
        return sum(item.becomes == becomes for item in made.items.values())

    wave = _wave_id(made, handoffs)
    result = Imported(
        wave=wave,
        plan=Plan((), None),
        read=sum(len(one.facts) for one in handoffs),
        new=count("new"),
        updated=count("updated"),
        unchanged=count("unchanged"),
        deferred=count("deferred"),
        agreed=count("agreed"),
        refused=count("refused"),
        clashing=tuple(sorted(set(clashing))),
        vanished=vanished,
        rows=tuple(sorted(made.rows, key=_row_order)),
        report=f"reports/{wave}.md" if changes else "",
    )
    if not changes:
        return result
    page = Change(result.report, None, _encoded(report(result, made.tool, _titles(changes))))
    subject = f"import from {made.tool}: {result.new} new, {result.updated} updated"
    message = Message(subject, "import", Actor.MACHINE, wave=wave)
    return replace(result, plan=Plan((*changes, page), message))


def _encoded(page: str) -> bytes:
    return page.encode("utf-8", "backslashreplace")  # rows tell what no valid text holds


def _row_order(row: Row) -> tuple[object, ...]:
    numbers = [int(part) if part.isdigit() else -1 for part in row.place.split("/")]
    return (row.path, numbers, row.place, row.reason)


def _titles(changes: Iterable[Change]) -> list[tuple[str, str, str]]:
    """What was made or changed, as (id, `new` or `updated`, what it says)."""
    told = []
    for change in changes:
        record = record_in(change)
        if record.kind is not Kind.CONFLICT:
            told.append(
                (record.id, "updated" if change.old is not None else "new", record.claim or record.title)
            )
    return told
