"""Clashes: active records that claim one slot with different values, and what people decided about them.

Reads a snapshot; knows neither how a clash is shown nor how its file is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from atocore.knowledge.conflicts.pages import is_of_its_members
from atocore.knowledge.conflicts.validity import overlap
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.naming import Remembered, Slot, canonical, conflicts_in, slot_in
from atocore.records.record import Member, Record
from atocore.records.slots import claimed_value
from atocore.records.snapshot import Snapshot
from atocore.records.values.compare import agree, as_stated, meaning

CLAIMING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict as the committed records show it now. `status` is what people decided about it
    (`open` unless a decision covers every present member and value); `prevailing` is "" within one layer.
    Of type `value` it is a contradiction in a slot; a `duplicate` and a `claimed` one have no slot, and
    `title` names them."""

    id: str
    slot: Slot
    members: tuple[Member, ...]
    prevailing: str
    status: str
    project: str
    type: str = "value"
    title: str = ""

    @property
    def path(self) -> str:
        """Where its file lies, once it is written."""
        return f"{KINDS[Kind.CONFLICT].folder}/{self.id}.md"


def conflict_id(slot: Slot) -> str:
    """The id of the conflict about a slot: the same on every clone."""
    return derived_id(KINDS[Kind.CONFLICT].prefix, *slot)


def members_id(type_: str, *members: str) -> str:
    """The id of a conflict of records that no slot holds together: the same on every clone."""
    return derived_id(KINDS[Kind.CONFLICT].prefix, type_, *sorted(members))


def clash_in(snapshot: Snapshot, slot: Slot) -> Clash | None:
    """The contradiction in a slot (any spelling of it), None where its active records agree."""
    slot = canonical(snapshot, slot)
    active = [r for r in snapshot.in_slot(slot) if r.status == "active" and r.kind in CLAIMING]
    if len({claimed_value(record) for record in active}) < 2:
        return None  # the usual case: nothing is to be read
    if len({_value(record) for record in active}) < 2:
        return None
    clashing = [record for record in active if any(contradict(record, other) for other in active)]
    if not clashing:
        return None
    clashing.sort(key=_by_trust)
    members = tuple(Member(record.id, claimed_value(record), record.layer) for record in clashing)
    most_trusted = [record for record in clashing if record.layer == clashing[0].layer]
    agreed = len(most_trusted) < len(clashing) and _all_agree(most_trusted)
    file, status = _file_of(snapshot, slot, members)
    identity = file.id if file else conflict_id(slot)
    prevailing = clashing[0].id if agreed else ""
    return Clash(identity, slot, members, prevailing, status, clashing[0].project)


def _file_of(snapshot: Snapshot, slot: Slot, members: tuple[Member, ...]) -> tuple[Record | None, str]:
    """The file that a clash has, and what it decided: of several, which other spellings of the slot left, the
    one that decides it; else the slot's own, else the first."""
    own = conflict_id(slot)
    files = sorted(value_files(snapshot, slot), key=lambda record: record.id != own)
    told = [(record, decided(snapshot, record, members)) for record in files]
    return next((one for one in told if one[1] != "open"), told[0] if told else (None, "open"))


def value_files(snapshot: Snapshot, slot: Slot) -> tuple[Record, ...]:
    """The files of contradictions in a slot, however its names are spelled, by id."""
    found = {record.id: record for record in conflicts_in(snapshot, slot) if record.type == "value"}
    own = snapshot.get(conflict_id(canonical(snapshot, slot)))  # a file may state no slot, or a mistyped one
    if own is not None:
        found[own.id] = own
    return tuple(found[record_id] for record_id in sorted(found))


def sweep(snapshot: Snapshot) -> tuple[Clash, ...]:
    """Every contradiction in the vault, by id; linear in the number of records."""
    names = Remembered(snapshot)
    slots = {slot_in(names, record) for record in snapshot.select(CLAIMING, ("active",))}
    found = (clash_in(snapshot, slot) for slot in slots if slot is not None)
    return tuple(sorted((clash for clash in found if clash is not None), key=lambda clash: clash.id))


def _by_trust(record: Record) -> tuple[int, str]:
    return (-int(record.layer[1:]), record.id)


def _all_agree(records: list[Record]) -> bool:
    values = sorted({_stated(record) for record in records})
    return all(agree(one, other) for one, other in combinations(values, 2))


def _value(record: Record) -> str:
    return meaning(_stated(record))


def _stated(record: Record) -> str:
    return as_stated(claimed_value(record), record.attribute)


def contradict(a: Record, b: Record) -> bool:
    """Whether two records of one slot cannot both be true: different values at one time."""
    return not agree(_stated(a), _stated(b)) and overlap(a, b)


def decided(snapshot: Snapshot, record: Record, members: tuple[Member, ...]) -> str:
    """What a conflict's file decided, where that covers every present member with its present value."""
    if record.status not in ("resolved", "dismissed") or record.how == "settled":
        return "open"
    if not is_of_its_members(record):
        return "open"
    known = {(member.id, meaning(member.value)) for member in record.members}
    covered = all((member.id, meaning(member.value)) in known for member in members)
    stands = record.status == "dismissed" or favours(snapshot, record.winner, members)
    return record.status if covered and stands else "open"


def favours(snapshot: Snapshot, winner_id: str, members: tuple[Member, ...]) -> bool:
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
