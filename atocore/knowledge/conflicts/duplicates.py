"""Near-duplicates: active records of one project and type that say the same, and what people decided of them.

Two say the same that make the same claim, or are worded alike (`records.wording`): likeness alone is none.
A duplicate is no contradiction, so nobody is disputed. Reads a snapshot; writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from atocore.knowledge.conflicts.clash import CLAIMING, Clash, favours
from atocore.knowledge.conflicts.pages import is_of_its_members
from atocore.knowledge.conflicts.validity import overlap
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.naming import Names, Slot, project_called, slot_in
from atocore.records.record import Member, Record, plain_line
from atocore.records.slots import claimed_value, normal_name
from atocore.records.snapshot import Snapshot
from atocore.records.values.compare import meaning
from atocore.records.wording import denials, exact_parts, said_key, wording_key

FORM = 50
"""What more active records share is a form that is filled in: none of them says what another says."""
_NAME_CHARS = 120


def duplicate_id(members: Iterable[str]) -> str:
    """The id of the conflict between records that say the same: the same on every clone."""
    return derived_id(KINDS[Kind.CONFLICT].prefix, "duplicate", *sorted(members))


def duplicates(snapshot: Snapshot, ids: Iterable[str]) -> tuple[Clash, ...]:
    """The groups of records that say the same which these ids are in, by id. A group holds together by pairs
    that nobody has dismissed as their members are now."""
    look = _Look(snapshot)
    found: dict[str, Clash] = {}
    grouped: set[str] = set()
    for one in ids:
        record = snapshot.get(one)
        if one not in grouped and record is not None and record.status == "active":
            for group in look.groups(record):
                grouped |= {member.id for member in group}
                found[duplicate_id(member.id for member in group)] = _conflict(snapshot, group)
    return tuple(found[one] for one in sorted(found))


def claimants(snapshot: Snapshot, slots: Iterable[Slot]) -> Iterator[str]:
    """The active records that claim these slots as another of their kind and type does."""
    for slot in slots:
        active = [record for record in snapshot.in_slot(slot) if record.status == "active"]
        kinds = Counter((record.kind, record.type) for record in active)
        yield from (record.id for record in active if kinds[record.kind, record.type] > 1)


def sweep(snapshot: Snapshot) -> tuple[Clash, ...]:
    """Every group of near-duplicates in the vault, by id; linear in the number of records."""
    return duplicates(snapshot, [record.id for record in snapshot.select(CLAIMING, ("active",))])


def say_the_same(names: Names, a: Record, b: Record) -> bool:
    """Whether two active records are near-duplicates, whatever was decided about them."""
    alike = _family(names, a) == _family(names, b) and overlap(a, b) and _same_place(a, b)
    return alike and _same_words(names, a, b)


def dismissals(snapshot: Snapshot, ids: Iterable[str]) -> Iterator[Record]:
    """The dismissed duplicates that name one of these records."""
    for one in ids:
        for record in snapshot.referring(one, Kind.CONFLICT):
            if record.type == "duplicate" and record.status == "dismissed" and is_of_its_members(record):
                yield record


def _same_place(a: Record, b: Record) -> bool:
    """Whether all relations of one are the other's, too: a bracket of the pump is not one of the frame."""
    mine, theirs = frozenset(a.relations), frozenset(b.relations)
    return mine <= theirs or theirs <= mine


def _same_words(names: Names, a: Record, b: Record) -> bool:
    mine, theirs = slot_in(names, a), slot_in(names, b)
    if mine is None or theirs is None:
        key = wording_key(a)
        return bool(key) and key == wording_key(b)
    return mine == theirs and _same_value(a, b) and _same_beside(a, b)


def _same_beside(a: Record, b: Record) -> bool:
    """Whether the texts of one claim name no different numbers or ids beside it, and deny alike."""
    mine, theirs = (exact_parts(record.body) - exact_parts(_claim(record)) for record in (a, b))
    return denials(a.body) == denials(b.body) and (mine == theirs or not mine or not theirs)


def _claim(record: Record) -> str:
    named = (record.subject, record.attribute, record.question, record.component, claimed_value(record))
    return " ".join(named)


def _family(names: Names, record: Record) -> tuple[str, ...]:
    return record.kind, record.type, project_called(names, normal_name(record.project))


def _same_value(a: Record, b: Record) -> bool:
    return meaning(claimed_value(a)) == meaning(claimed_value(b))


class _Look:
    """One look at a snapshot: each slot and each wording is read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._alike: dict[object, tuple[Record, ...]] = {}

    def groups(self, record: Record) -> Iterator[list[Record]]:
        """What holds together with a record by pairs that nobody dismissed; its dismissed pairs may part what
        they would join, so these are several groups, or none."""
        near, pairs = self._reach(record)
        decided = list(dismissals(self._snapshot, near)) if pairs else []
        left = [pair for pair in pairs if not any(_covers(one, *(near[i] for i in pair)) for one in decided)]
        for group in _joined(left):
            yield [near[one] for one in sorted(group)]

    def _reach(self, record: Record) -> tuple[dict[str, Record], list[tuple[str, str]]]:
        near, queue = {record.id: record}, [record]
        pairs: set[tuple[str, str]] = set()
        for one in queue:
            for other in self._near(one):
                if other.id == one.id or not say_the_same(self._snapshot, one, other):
                    continue
                pairs.add((min(one.id, other.id), max(one.id, other.id)))
                if other.id not in near:
                    near[other.id] = other
                    queue.append(other)
        return near, sorted(pairs)

    def _near(self, record: Record) -> Iterator[Record]:
        slot = slot_in(self._snapshot, record)
        if slot is not None:
            yield from self._in_slot(slot, record)
        key = wording_key(record)
        if key not in self._alike:
            found = self._snapshot.worded(key, FORM + 1)
            self._alike[key] = found if len(found) <= FORM else ()
        yield from self._alike[key]

    def _in_slot(self, slot: Slot, record: Record) -> tuple[Record, ...]:
        if slot not in self._alike:
            self._alike[slot] = tuple(r for r in self._snapshot.in_slot(slot) if r.status == "active")
        mine = record.kind, record.type
        of_kind = [r for r in self._alike[slot] if (r.kind, r.type) == mine]
        if len(of_kind) < 2:
            return ()  # the usual case: no value is to be read
        alike = tuple(r for r in of_kind if _same_value(r, record))
        return alike if len(alike) <= FORM else ()


def _joined(pairs: Iterable[tuple[str, str]]) -> Iterator[set[str]]:
    """The ids that pairs join, group by group."""
    groups: dict[str, set[str]] = {}
    for a, b in pairs:
        whole = groups.get(a, {a}) | groups.get(b, {b})
        groups.update(dict.fromkeys(whole, whole))
    yield from {id(group): group for group in groups.values()}.values()


def _covers(decision: Record, a: Record, b: Record) -> bool:
    """Whether a dismissal is about both as they are now."""
    said = {member.id: member.said for member in decision.members}
    return all(said.get(one.id) == said_key(one) for one in (a, b))


def _conflict(snapshot: Snapshot, group: list[Record]) -> Clash:
    members = tuple(Member(one.id, _shown(one), one.layer, said_key(one)) for one in group)
    identity = duplicate_id(one.id for one in group)
    decided = snapshot.get(identity)
    stands = (
        decided is not None
        and decided.status == "resolved"
        and decided.how != "settled"
        and is_of_its_members(decided)
        and favours(snapshot, decided.winner, members)
    )
    status = "resolved" if stands else "open"
    first = group[0]
    title = (first.claim or first.title)[:_NAME_CHARS]
    return Clash(identity, (), members, "", status, first.project, "duplicate", title)


def _shown(record: Record) -> str:
    """What a member says, in a line."""
    return claimed_value(record) or plain_line(record.body)[:_NAME_CHARS] or record.title
