"""Files of near-duplicates: what they lack to be true of the committed records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.clash import Clash
from atocore.knowledge.conflicts.duplicates import duplicates
from atocore.records.birth import written
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.plan import Change
from atocore.records.record import Record
from atocore.records.schema import KEY_ORDER
from atocore.records.snapshot import Snapshot

_HOW = """Active records of one project and type say the same; `members` lists them.

To keep one, run `atocore conflicts resolve {id} --winner ID`: the others are merged into it, and stay as \
pointers with their evidence. Or set `status: resolved` and `winner: ID` here and commit. If they say \
different things, run `atocore conflicts dismiss {id} --reason TEXT`, or set `status: dismissed` here and \
commit.
"""


def seeds(snapshot: Snapshot, ids: Iterable[str]) -> set[str]:
    """Records whose duplicates may change with those of `ids`: they, and who a file tells beside them."""
    found = set(ids)
    for record in _files_of(snapshot, found):
        found |= {member.id for member in record.members}
    return found


def duplicate_changes(
    snapshot: Snapshot, ids: Iterable[str], before: Snapshot | None = None
) -> tuple[tuple[Change, ...], tuple[Clash, ...]]:
    """What the files lack of the near-duplicates among these records (births, updates, what settled), and the
    open ones. `before` is the vault before a step: what it brings back was decided against no more."""
    near = seeds(snapshot, ids)
    groups = duplicates(snapshot, sorted(near))
    known = {group.id for group in groups}
    near |= {member.id for group in groups for member in group.members}
    changes = [change for group in groups if (change := _file_change(snapshot, group, before))]
    for record in _files_of(snapshot, near):
        if record.status == "open" and record.id not in known and not record.winner:
            changes += _edited(record, {"status": "resolved", "how": "settled"})
    return tuple(changes), tuple(
        replace(group, status="open")
        for group in groups
        if group.status == "open" or _came_back(group, before)
    )


def sides(group: Clash) -> tuple[dict[str, str], ...]:
    """The members of a conflict as its file lists them."""
    listed = ({"id": m.id, "value": m.value, "layer": m.layer, "said": m.said} for m in group.members)
    return tuple({name: text for name, text in one.items() if text or name != "said"} for one in listed)


def _files_of(snapshot: Snapshot, ids: Iterable[str]) -> list[Record]:
    """The files of duplicates that name one of these records, or are one of them, by path."""
    found = {}
    for one in sorted(ids):
        record = snapshot.get(one)
        itself = (record,) if record is not None and record.kind is Kind.CONFLICT else ()
        for conflict in (*itself, *snapshot.referring(one, Kind.CONFLICT)):
            if conflict.type == "duplicate":
                found[conflict.path] = conflict
    return [found[path] for path in sorted(found)]


def _came_back(group: Clash, before: Snapshot | None) -> bool:
    """Whether a step made a side of a decided group active again."""
    if before is None or group.status == "open":
        return False
    former = (before.get(member.id) for member in group.members)
    return any(side is not None and side.status != "active" for side in former)


def _file_change(snapshot: Snapshot, group: Clash, before: Snapshot | None) -> Change | None:
    record = snapshot.get(group.id)
    if record is None:
        return None if snapshot.raw_at(group.path) is not None else _born(group)
    if group.status != "open" and not _came_back(group, before):
        return None
    keys: dict[str, Value | None] = {"status": "open", "members": sides(group), "winner": None, "how": None}
    if record.status != "open":
        keys["ruling"] = None
    return next(iter(_edited(record, keys)), None)


def _born(group: Clash) -> Change:
    keys: dict[str, Value] = {
        "type": "duplicate",
        "status": "open",
        "project": group.project,
        "members": sides(group),
        "title": group.title,
    }
    return written(Kind.CONFLICT, group.id, keys, _HOW.format(id=group.id))


def _edited(record: Record, keys: dict[str, Value | None]) -> tuple[Change, ...]:
    try:
        new = edit(record.raw, keys, order=KEY_ORDER)
    except AtocoreError:  # a person's form that nobody can edit line by line must not stop anyone's step
        return ()
    return (Change(record.path, record.raw, new),) if new != record.raw else ()
