"""Conflicts: active records that claim one slot with different values. Found, explained, decided; never
resolved by a machine and never a reason to refuse anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from atocore.errors import AtocoreError
from atocore.knowledge import claimed
from atocore.records.birth import written
from atocore.records.bounds import agree
from atocore.records.codec import parse_time
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Change, Plan
from atocore.records.record import Member, OtherSide, Record
from atocore.records.schema import KEY_ORDER
from atocore.records.slots import claimed_value, normal_value, slot_of, slot_text
from atocore.records.snapshot import AfterSnapshot, Snapshot

_CLAIMING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
_HOW = """Active records give different values for the same slot; `members` lists them.

To decide, run `atocore conflicts resolve {id} --winner ID`, or set `status: resolved` and `winner: ID` here \
and commit. If both can be true, run `atocore conflicts dismiss {id} --reason TEXT`, or set \
`status: dismissed` here and commit.
"""


@dataclass(frozen=True, slots=True)
class Clash:
    """A contradiction as the committed records show it now. `status` is what people decided about it
    (`open` unless a decision covers every present member and value); `prevailing` is "" within one layer."""

    id: str
    slot: tuple[str, ...]
    members: tuple[Member, ...]
    prevailing: str
    status: str
    project: str

    @property
    def path(self) -> str:
        """Where its file lies, once it is written."""
        return f"{KINDS[Kind.CONFLICT].folder}/{self.id}.md"


def conflict_id(slot: tuple[str, ...]) -> str:
    """The id of the conflict about a slot: the same on every clone."""
    return derived_id(KINDS[Kind.CONFLICT].prefix, *slot)


def clash_in(snapshot: Snapshot, slot: tuple[str, ...]) -> Clash | None:
    """The contradiction in a slot, None where its active records agree."""
    active = [r for r in snapshot.in_slot(slot) if r.status == "active" and r.kind in _CLAIMING]
    if len({_value(record) for record in active}) < 2:
        return None
    clashing = [record for record in active if any(_contradict(record, other) for other in active)]
    if not clashing:
        return None
    clashing.sort(key=_by_trust)
    members = tuple(Member(record.id, claimed_value(record), record.layer) for record in clashing)
    most_trusted = [record for record in clashing if record.layer == clashing[0].layer]
    agreed = len({_value(record) for record in most_trusted}) == 1 and len(most_trusted) < len(clashing)
    identity = conflict_id(slot)
    status = _decided(snapshot, snapshot.get(identity), members)
    prevailing = clashing[0].id if agreed else ""
    return Clash(identity, slot, members, prevailing, status, clashing[0].project)


def _by_trust(record: Record) -> tuple[int, str]:
    return (-int(record.layer[1:]), record.id)


def _value(record: Record) -> str:
    return normal_value(claimed_value(record))


def _contradict(a: Record, b: Record) -> bool:
    return not agree(claimed_value(a), claimed_value(b)) and _overlap(a, b)


def _overlap(a: Record, b: Record) -> bool:
    return not (_ends_before(a, b) or _ends_before(b, a))


def _ends_before(a: Record, b: Record) -> bool:
    """Whether `a` no longer holds when `b` begins to. "Until" and "from" one and the same day hand over."""
    end, start = parse_time(a.valid_until), parse_time(b.valid_from)
    if end is None or start is None:
        return False
    if _whole_day(a.valid_until) or _whole_day(b.valid_from):
        before, same = end.date() < start.date(), end.date() == start.date()
        one_day = a.valid_from[:10] == a.valid_until[:10] or b.valid_from[:10] == b.valid_until[:10]
        return before or (same and _whole_day(a.valid_until) == _whole_day(b.valid_from) and not one_day)
    if end.tzinfo is None or start.tzinfo is None:
        end, start = end.replace(tzinfo=None), start.replace(tzinfo=None)
    return end <= start


def _whole_day(text: str) -> bool:
    return len(text) == len("2026-11-22")


def _decided(snapshot: Snapshot, record: Record | None, members: tuple[Member, ...]) -> str:
    """What the conflict's file decided, where that covers every present member with its present value."""
    if record is None or record.status not in ("resolved", "dismissed") or record.how == "settled":
        return "open"
    known = {(member.id, normal_value(member.value)) for member in record.members}
    covered = all((member.id, normal_value(member.value)) in known for member in members)
    stands = record.status == "dismissed" or _favours(snapshot, record.winner, members)
    return record.status if covered and stands else "open"


def _favours(snapshot: Snapshot, winner_id: str, members: tuple[Member, ...]) -> bool:
    """Whether a resolution stands: its winner is a side, and no person brought a loser back since."""
    winner = snapshot.get(winner_id) if winner_id in {member.id for member in members} else None
    if winner is None:
        return False
    losers = (snapshot.get(member.id) for member in members if member.id != winner_id)
    return not any(came_back(winner, loser) for loser in losers if loser is not None)


def came_back(winner: Record, loser: Record) -> bool:
    """Whether an active record was superseded by the winner before, and restored by hand: one of the two
    still says so. A loser that says nothing was never superseded: the step is only half made."""
    told = loser.superseded_by == winner.id or loser.id in winner.supersedes
    return loser.status == "active" and (told or loser.ruling.step == "supersede")


def disputes(snapshot: Snapshot, record: Record) -> tuple[OtherSide, ...]:
    """The other sides of the open dispute that an active record is a member of; empty where there is none."""
    slot = slot_of(record)
    clash = clash_in(snapshot, slot) if slot and record.status == "active" else None
    if clash is None or record.id not in {member.id for member in clash.members}:
        return ()
    if clash.status == "resolved":
        winner = _winner_over(snapshot, clash, record)
        return (winner,) if winner else ()
    if clash.status != "open":
        return ()
    sides = ((member, snapshot.get(member.id)) for member in clash.members)
    others = (member for member, other in sides if other is not None and _contradict(record, other))
    return tuple(OtherSide(member.id, member.value, member.layer, clash.id) for member in others)


def _winner_over(snapshot: Snapshot, clash: Clash, record: Record) -> OtherSide | None:
    """Who won against a record that is still active: resolved by hand, the rest is not written yet."""
    decided = snapshot.get(clash.id)
    winner = next((m for m in clash.members if decided is not None and m.id == decided.winner), None)
    if winner is None or winner.id == record.id:
        return None
    return OtherSide(winner.id, winner.value, winner.layer, clash.id)


def overruled(snapshot: Snapshot, record: Record) -> bool:
    """Whether a person already decided against an active record, in a conflict that is resolved by hand."""
    slot = slot_of(record)
    clash = clash_in(snapshot, slot) if slot and record.status == "active" else None
    return clash is not None and clash.status == "resolved" and bool(_winner_over(snapshot, clash, record))


def would_dispute(snapshot: Snapshot, candidate: Record) -> tuple[OtherSide, ...]:
    """The active records that a candidate would contradict, were it promoted: not those that it replaces."""
    slot = slot_of(candidate)
    if slot is None:
        return ()
    leaving = {candidate.id, *candidate.supersedes, *(target for _, target in candidate.proposes)}
    return tuple(
        OtherSide(other.id, claimed_value(other), other.layer, conflict_id(slot))
        for other in snapshot.in_slot(slot)
        if other.status == "active" and other.id not in leaving and _contradict(candidate, other)
    )


def sweep(snapshot: Snapshot) -> tuple[Clash, ...]:
    """Every contradiction in the vault, by id; linear in the number of records."""
    slots = {slot_of(record) for record in snapshot.select(_CLAIMING, ("active",))}
    found = (clash_in(snapshot, slot) for slot in slots if slot is not None)
    return tuple(sorted((clash for clash in found if clash is not None), key=lambda clash: clash.id))


def touched_slots(snapshot: Snapshot, after: Snapshot, plan: Plan) -> tuple[tuple[str, ...], ...]:
    """The slots whose members a plan changes, before or after it."""
    paths = {change.path for change in plan.changes}
    ids = {record.id for record in _records_at(snapshot, paths)} | {r.id for r in _records_at(after, paths)}
    records = [
        r for record_id in ids for r in (snapshot.get(record_id), after.get(record_id)) if r is not None
    ]
    slots = {slot_of(record) for record in records} | {record.slot for record in records if record.slot}
    return tuple(sorted(slot for slot in slots if slot))


def _records_at(snapshot: Snapshot, paths: Iterable[str]) -> list[Record]:
    from atocore.records.codec import read

    raws = ((path, snapshot.raw_at(path)) for path in sorted(paths))
    readings = (read(path, raw, max_bytes=len(raw)) for path, raw in raws if raw is not None)
    return [reading.record for reading in readings if reading.record is not None]


def with_conflicts(snapshot: Snapshot, plan: Plan) -> tuple[Plan, tuple[Clash, ...]]:
    """The plan with the conflict files that it makes or settles, and the open conflicts in its slots."""
    after = AfterSnapshot(snapshot, plan)
    slots = touched_slots(snapshot, after, plan)
    planned = {change.path for change in plan.changes}
    ids = sorted(record.id for record in _records_at(snapshot, planned))
    changes = [change for change in claimed.settlements(after, ids) if change.path not in planned]
    for slot in slots:
        reopen = _overruled(snapshot, after, slot)
        changes += [
            change for change in file_changes(after, slot, reopen=reopen) if change.path not in planned
        ]
    whole = replace(plan, changes=(*plan.changes, *changes))
    final = AfterSnapshot(snapshot, whole) if changes else after
    clashes = tuple(clash for slot in slots if (clash := clash_in(final, slot)) and clash.status == "open")
    return whole, clashes


def _overruled(before: Snapshot, after: Snapshot, slot: tuple[str, ...]) -> bool:
    """Whether a step brings a loser of a resolved conflict back against its winner, or the winner, which had
    left, back against a loser that stands again: nobody decided between the two as they are now."""
    record, clash = after.get(conflict_id(slot)), clash_in(after, slot)
    if record is None or clash is None or record.status != "resolved":
        return False
    sides = (before.get(member.id) for member in clash.members)
    return any(side is not None and side.status != "active" for side in sides)


def file_changes(snapshot: Snapshot, slot: tuple[str, ...], *, reopen: bool = False) -> tuple[Change, ...]:
    """What the conflict file of a slot lacks: its birth, an update, or that it settled. Empty when true.

    `reopen`: what was decided does not stand any more. A file whose form leaves no way to edit it stays.
    """
    clash = clash_in(snapshot, slot)
    record = snapshot.get(conflict_id(slot))
    if clash is None:
        # with a winner it is a decision that a person is taking back by hand: the losers are to return first
        settled = (
            record is not None and record.status == "open" and record.type == "value" and not record.winner
        )
        return _edited(record, {"status": "resolved", "how": "settled"}) if settled and record else ()
    if record is None:
        return () if snapshot.raw_at(clash.path) is not None else (_born(clash),)
    if clash.status != "open" and not reopen:
        return ()
    keys: dict[str, Value | None] = {
        "status": "open",
        "prevailing": clash.prevailing or None,
        "members": _members(clash),
        "winner": None,
        "how": None,
    }
    if record.status != "open":
        keys["ruling"] = None
    return _edited(record, keys)


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
        "members": _members(clash),
        "title": slot_text(clash.slot),
    }
    return written(Kind.CONFLICT, clash.id, keys, _HOW.format(id=clash.id))


def _members(clash: Clash) -> Value:
    return tuple({"id": member.id, "value": member.value, "layer": member.layer} for member in clash.members)


def _edited(record: Record, keys: dict[str, Value | None]) -> tuple[Change, ...]:
    try:
        new = edit(record.raw, keys, order=KEY_ORDER)
    except AtocoreError:  # a person's form that nobody can edit line by line must not stop anyone's step
        return ()
    return (Change(record.path, record.raw, new),) if new != record.raw else ()
