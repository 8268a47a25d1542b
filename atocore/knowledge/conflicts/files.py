"""Conflict files: what they lack to be true of the committed records. Written with the step that makes or
settles a conflict; never a reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from atocore.knowledge.conflicts import claimed
from atocore.knowledge.conflicts.clash import Clash, clash_in, value_files
from atocore.knowledge.conflicts.duplicate_files import duplicate_changes
from atocore.knowledge.conflicts.duplicates import claimants, duplicates
from atocore.knowledge.conflicts.pages import edited, ids_of, listed
from atocore.records.birth import written
from atocore.records.codec import read
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.naming import canonical, renamed_slots
from atocore.records.plan import Change, Message, Plan
from atocore.records.record import Record
from atocore.records.remembered import RememberedSnapshot, remembered
from atocore.records.slots import slot_text, stated_slot
from atocore.records.snapshot import AfterSnapshot, Snapshot

_HOW = """Active records give different values for the same slot; `members` lists them.

To decide, run `atocore conflicts resolve {id} --winner ID`, or set `status: resolved` and `winner: ID` here \
and commit. If both can be true, run `atocore conflicts dismiss {id} --reason TEXT`, or set \
`status: dismissed` here and commit.
"""


def with_conflicts(snapshot: Snapshot, plan: Plan) -> tuple[Plan, tuple[Clash, ...]]:
    """The plan with the conflict files that it makes or settles, and the open conflicts of its records."""
    snapshot = remembered(snapshot)
    after = RememberedSnapshot(AfterSnapshot(snapshot, plan))  # each slot is looked at several times
    touched = _touched_ids(snapshot, after, plan)
    slots = _slots_of(snapshot, after, touched)
    planned = {change.path for change in plan.changes}
    claims = claimed.files_of(after, sorted(touched))
    changes: list[Change] = []
    for one in claims:
        reopen = not one.provenance.tool and _overruled(snapshot, after, claimed.claim_in(after, one))
        changes += [] if one.path in planned else claimed.claim_changes(after, one, reopen=reopen)
    for slot in slots:
        reopen = _overruled(snapshot, after, clash_in(after, slot))
        changes += [
            change for change in file_changes(after, slot, reopen=reopen) if change.path not in planned
        ]
    lost = [member.id for group in duplicates(snapshot, sorted(touched)) for member in group.members]
    alike, same = duplicate_changes(after, {*touched, *lost, *claimants(after, slots)}, snapshot)
    changes += [change for change in alike if change.path not in planned]
    whole = replace(plan, changes=(*plan.changes, *changes), message=_naming(plan.message, changes))
    final = RememberedSnapshot(AfterSnapshot(snapshot, whole)) if changes else after
    now = (found for one in claims if (found := final.get(one.id)) is not None)
    clashes = (*(clash_in(final, slot) for slot in slots), *(claimed.claim_in(final, one) for one in now))
    return whole, (*(one for one in clashes if one is not None and one.status == "open"), *same)


def made_and_settled(snapshot: Snapshot, plan: Plan) -> tuple[tuple[Clash, ...], tuple[Clash, ...]]:
    """The open conflicts that a plan's changes make or widen, and those that they end: what the records that
    it touches are in behind it, and before it."""
    before = RememberedSnapshot(snapshot)
    planned, now = with_conflicts(before, plan)
    was = _open_of(before, _touched_ids(before, AfterSnapshot(before, planned), planned))
    made = (one for one in now if not any(_holds(known, one) for known in was))
    over = (one for one in was if not any(_holds(still, one) for still in now))
    return tuple(made), tuple(over)


def _holds(whole: Clash, part: Clash) -> bool:
    """Whether one conflict is about all that another is about."""
    ids = {member.id for member in whole.members}
    return whole.type == part.type and all(member.id in ids for member in part.members)


def _open_of(snapshot: Snapshot, ids: set[str]) -> list[Clash]:
    """The open conflicts that records are in now."""
    records = [record for one in sorted(ids) if (record := snapshot.get(one))]
    slots = sorted({canonical(snapshot, slot) for record in records if (slot := stated_slot(record))})
    found = [clash_in(snapshot, slot) for slot in slots]
    found += [claimed.claim_in(snapshot, one) for one in claimed.files_of(snapshot, sorted(ids))]
    return [
        *(one for one in found if one is not None and one.status == "open"),
        *duplicate_changes(snapshot, ids)[1],
    ]


def _naming(message: Message | None, changes: Iterable[Change]) -> Message | None:
    """A step's message with the conflicts that it makes or settles among its records. A machine's batch names
    its wave instead."""
    if message is None or message.wave:
        return message
    return replace(message, records=tuple(dict.fromkeys((*message.records, *ids_of(changes)))))


def _touched_ids(snapshot: Snapshot, after: Snapshot, plan: Plan) -> set[str]:
    """The records that a plan changes, before or after it."""
    paths = {change.path for change in plan.changes}
    return {record.id for one in (snapshot, after) for record in _records_at(one, paths)}


def _slots_of(snapshot: Snapshot, after: Snapshot, ids: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The slots of these records, before or after a plan, also by giving or taking a name."""
    both = ((snapshot.get(one), after.get(one)) for one in ids)
    records = [record for pair in both for record in pair if record is not None]
    stated = {slot for record in records if (slot := stated_slot(record))}
    stated |= renamed_slots(snapshot, after, records)
    was = {canonical(snapshot, slot) for slot in stated}
    return tuple(sorted({canonical(after, slot) for slot in stated | was}))


def _records_at(snapshot: Snapshot, paths: Iterable[str]) -> list[Record]:
    raws = ((path, snapshot.raw_at(path)) for path in sorted(paths))
    readings = (read(path, raw, max_bytes=len(raw)) for path, raw in raws if raw is not None)
    return [reading.record for reading in readings if reading.record is not None]


def _overruled(before: Snapshot, after: Snapshot, clash: Clash | None) -> bool:
    """Whether a step brings a loser of a resolved conflict back against its winner, or the winner, which had
    left, back against a loser that stands again: nobody decided between the two as they are now."""
    record = after.get(clash.id) if clash else None
    if record is None or clash is None or record.status != "resolved":
        return False
    sides = (before.get(member.id) for member in clash.members)
    return any(side is not None and side.status != "active" for side in sides)


def file_changes(snapshot: Snapshot, slot: tuple[str, ...], *, reopen: bool = False) -> tuple[Change, ...]:
    """What the conflict file of a slot lacks: its birth, an update, or that it settled. Empty when true.

    `reopen`: what was decided does not stand any more. A file whose form leaves no way to edit it stays.
    """
    clash = clash_in(snapshot, slot)
    files = value_files(snapshot, slot)
    settled = tuple(
        change for one in files if clash is None or one.id != clash.id for change in _settled(one)
    )
    if clash is None:
        return settled
    record = snapshot.get(clash.id)
    if record is None:
        return settled if snapshot.raw_at(clash.path) is not None else (_born(clash), *settled)
    if clash.status != "open" and not reopen:
        return settled
    keys: dict[str, Value | None] = {
        "status": "open",
        "prevailing": clash.prevailing or None,
        "members": listed(clash.members),
        "winner": None,
        "how": None,
    }
    if record.status != "open":
        keys["ruling"] = None
    return (*edited(record, keys), *settled)


def _settled(record: Record) -> tuple[Change, ...]:
    """An open file whose slot's records clash no more, or are another file's."""
    # with a winner it is a decision that a person is taking back by hand: the losers are to return first
    if record.status != "open" or record.type != "value" or record.winner:
        return ()
    return edited(record, {"status": "resolved", "how": "settled"})


def reopened(record: Record, clash: Clash) -> Record:
    """The conflict's record as the next sweep would write it: open, about what clashes now."""
    members = {member.id: member for member in (*record.members, *clash.members)}
    return replace(record, status="open", members=tuple(members.values()), winner="", how="")


def _born(clash: Clash) -> Change:
    keys: dict[str, Value] = {
        "type": "value",
        "status": "open",
        "project": clash.project,
        "slot": clash.slot,
        "prevailing": clash.prevailing,
        "members": listed(clash.members),
        "title": slot_text(clash.slot),
    }
    return written(Kind.CONFLICT, clash.id, keys, _HOW.format(id=clash.id))
