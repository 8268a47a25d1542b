"""Claimed conflicts: records that somebody says cannot all be true, where no slot of active records shows it.

The file tells who claims what; whether it stands is computed from the members as they are committed. A tool's
disagreement (`handed`) is one too, and disputes nothing: a machine may not talk people out of what they
accepted.
"""

from __future__ import annotations

from collections.abc import Iterable

from atocore.knowledge.conflicts import handed
from atocore.knowledge.conflicts.clash import Clash, decided
from atocore.knowledge.conflicts.pages import edited, listed
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.plan import Change
from atocore.records.record import Member, Record
from atocore.records.slots import claimed_value
from atocore.records.snapshot import Snapshot

_LONGEST_WORDS = 200


def words_of(record: Record) -> str:
    """What one side says: its value, or its text in one line where it states no value, cut where it is long.
    A decision stands until this changes."""
    said = claimed_value(record) or " ".join(record.body.split()) or record.title
    return said if len(said) <= _LONGEST_WORDS else f"{said[: _LONGEST_WORDS - 1].rstrip()}…"


def member_of(record: Record) -> Member:
    """A record as a claimed conflict's side."""
    return Member(record.id, words_of(record), record.layer)


def prevailing_of(members: Iterable[Member]) -> str:
    """The one member of the most trusted layer, "" where it is not alone there, or nobody is below it."""
    ranked = sorted(members, key=lambda one: one.layer, reverse=True)
    alone = len(ranked) > 1 and ranked[0].layer != ranked[1].layer
    return ranked[0].id if alone else ""


def claim_in(snapshot: Snapshot, conflict: Record) -> Clash | None:
    """A claimed conflict as its members stand now; None where fewer than two of them do, or a tool's
    disagreement is over. `status` is `open` unless a decision covers every present member and value."""
    if conflict.kind is not Kind.CONFLICT or conflict.type != "claimed":
        return None
    if conflict.provenance.tool:
        return _handed(snapshot, conflict)
    members = tuple(member_of(one) for one in _standing(snapshot, conflict, ("active",)))
    if len(members) < 2:
        return None
    status = decided(snapshot, conflict, members)
    prevailing = prevailing_of(members)
    return Clash(conflict.id, (), members, prevailing, status, conflict.project, "claimed", conflict.title)


def _handed(snapshot: Snapshot, conflict: Record) -> Clash | None:
    standing = _standing(snapshot, conflict, handed.STANDING)
    if handed.is_over(snapshot, standing):
        return None
    members = tuple(Member(one.id, claimed_value(one), one.layer) for one in standing)
    return Clash(
        conflict.id,
        (),
        members,
        conflict.prevailing,
        conflict.status,
        conflict.project,
        "claimed",
        conflict.title,
    )


def _standing(snapshot: Snapshot, conflict: Record, statuses: tuple[str, ...]) -> tuple[Record, ...]:
    ids = dict.fromkeys(member.id for member in conflict.members)
    return tuple(one for one in map(snapshot.get, ids) if one is not None and one.status in statuses)


def claims_on(snapshot: Snapshot, record_id: str) -> tuple[Record, ...]:
    """The files of the claimed conflicts that name a record as a member."""
    return tuple(
        one
        for one in snapshot.referring(record_id, Kind.CONFLICT)
        if one.type == "claimed" and record_id in {member.id for member in one.members}
    )


def disputing(snapshot: Snapshot, record_id: str) -> tuple[Clash, ...]:
    """The claims of people's that dispute a record, or that were decided and not carried out yet."""
    stated = (one for one in claims_on(snapshot, record_id) if not one.provenance.tool)
    claims = (claim for one in stated if (claim := claim_in(snapshot, one)) is not None)
    return tuple(one for one in claims if record_id in {member.id for member in one.members})


def files_of(snapshot: Snapshot, ids: Iterable[str]) -> tuple[Record, ...]:
    """The claimed conflicts among these records, and those that name one of them, by path."""
    found: dict[str, Record] = {}
    for record_id in ids:
        itself = snapshot.get(record_id)
        if itself is not None and itself.kind is Kind.CONFLICT and itself.type == "claimed":
            found[itself.path] = itself
        found.update((one.path, one) for one in claims_on(snapshot, record_id))
    return tuple(found[path] for path in sorted(found))


def claim_changes(snapshot: Snapshot, conflict: Record, *, reopen: bool = False) -> tuple[Change, ...]:
    """What a claimed conflict's file lacks to be true of its members: that it settled, that it is open again,
    or what they say now. Empty when true. `reopen`: what was decided does not stand any more."""
    if conflict.status == "open" and conflict.winner:
        return ()  # a decision that a person is taking back by hand: the losers are to return first
    claim = claim_in(snapshot, conflict)
    if claim is None:
        is_open = conflict.status == "open"
        return edited(conflict, {"status": "resolved", "how": "settled"}) if is_open else ()
    if claim.status != "open" and not reopen:
        return ()
    now = {member.id: member for member in claim.members}
    keys: dict[str, Value | None] = {
        "status": "open",
        "prevailing": claim.prevailing or None,
        "members": listed(now.get(member.id, member) for member in conflict.members),
        "winner": None,
        "how": None,
    }
    if conflict.status != "open":
        keys["ruling"] = None
    return edited(conflict, keys)
