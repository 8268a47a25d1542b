"""A person's steps: each function reads a snapshot and returns the plan of exactly one commit.

Time, name and ids are arguments. Conflict files are added by `conflicts.with_conflicts` afterwards.
"""

from __future__ import annotations

from atocore.errors import AtocoreError
from atocore.knowledge.review.deed import Deed, Edits, name_of, subject
from atocore.knowledge.review.graduation import graduating, pointers
from atocore.records.codec import parse_time
from atocore.records.kinds import Kind
from atocore.records.plan import Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


def promote(
    snapshot: Snapshot, records: tuple[Record, ...], deed: Deed, supersede: tuple[Record, ...] = ()
) -> Plan:
    """Make candidates active, and carry out what they propose; `supersede` are what the one replaces."""
    edits = Edits(snapshot, deed)
    if supersede and len(records) != 1:
        raise AtocoreError("usage", "--supersede goes with one record", "promote them one by one")
    for record in records:
        edits.step("promote", record, {"superseded_by": None, "review_after": None})
        for old in {one.id: one for one in supersede}.values():
            edits.replace(old, record)
        _carry_out(edits, record)
        for memory in graduating(snapshot, record):
            edits.step("graduate", memory)
    return edits.plan("promote", subject("promote", records))


def _carry_out(edits: Edits, record: Record) -> None:
    """Do what a candidate proposes about other records. One that is not active any more needs nothing done:
    whoever ended it has decided, and what took its place is compared as any record is."""
    wanted = [*record.proposes, *(("supersede", target) for target in record.supersedes)]
    for what, target in wanted:
        old = edits.snapshot.get(target)
        if old is not None and old.superseded_by not in ("", record.id):  # another came first
            left = tuple(entry for entry in edits.supersedes(record) if entry != old.id)
            edits.change(record, {"supersedes": left or None})
        if old is None or edits.now(old).status not in ("active", "candidate"):
            continue
        if old.id == record.id:
            raise AtocoreError(
                "impossible-step",
                f"cannot promote {record.id}: it proposes to {what} itself",
                f"correct `proposes`: atocore edit {record.id}",
            )
        if what == "retire":
            edits.step("retire", old)
        else:
            edits.replace(old, record)


def demote(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Make active records candidates again; what they superseded is active again, and memories that became an
    entity's pointers hold the fact again."""
    edits = Edits(snapshot, deed)
    for record in records:
        edits.step("demote", record)
        for old in snapshot.referring(record.id):
            if old.superseded_by == record.id and edits.now(old).status == "superseded":
                edits.give_back(old)
        for memory in pointers(snapshot, record):
            edits.step("ungraduate", memory)
    return edits.plan("demote", subject("demote", records))


def confirm(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Say that active records are still true; a machine-made status counts from then on."""
    edits = Edits(snapshot, deed)
    for record in records:
        if record.distrusted:
            edits.change(record, {"ruling": deed.ruling(_leading_to(record))})
        else:
            edits.step("confirm", record)
    return edits.plan("confirm", subject("confirm", records))


def _leading_to(record: Record) -> str:
    """The step that a person takes by confirming a status which a machine's commit set."""
    stated = record.header.get("status")
    steps = {
        "active": "set" if record.kind is Kind.STATE else "promote",
        "rejected": "reject",
        "superseded": "supersede",
        "retired": "retire",
        "graduated": "graduate",
        "resolved": "resolve",
        "dismissed": "dismiss",
    }
    return steps[str(stated)]


def reject(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Refuse candidates, with the reason; rejecting a graduation's entity gives the memory back."""
    edits = Edits(snapshot, deed)
    for record in records:
        edits.step("reject", record, {"review_after": None})
        for memory in graduating(snapshot, record):
            edits.change(memory, {"graduated_to": None})
    return edits.plan("reject", subject("reject", records))


def reopen(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Make rejected records candidates again."""
    edits = Edits(snapshot, deed)
    for record in records:
        edits.step("reopen", record, {"superseded_by": None})
        edits.release(record)  # where it was merged into another one
    return edits.plan("reopen", subject("reopen", records))


def put_off(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed, until: str) -> Plan:
    """Leave candidates out of the queue until a day (YYYY-MM-DD), which has to lie ahead of the deed."""
    day = parse_time(until)
    if day is None:
        raise AtocoreError("bad-value", f"{until!r} is no date", "like: --until 2027-01-31")
    if day.date().isoformat() <= deed.at[:10]:
        raise AtocoreError("bad-value", f"{until} is no day to come", f"a day after {deed.at[:10]}")
    edits = Edits(snapshot, deed)
    for record in records:
        edits.step("put-off", record, {"review_after": until})
    told = subject("put off", records)
    return edits.plan("put-off", f"{told} until {day.date().isoformat()}")


def supersede(snapshot: Snapshot, old: Record, new: Record, deed: Deed) -> Plan:
    """Replace one active record by another active one."""
    if new.status != "active":
        raise AtocoreError(
            "impossible-step",
            f"{new.id} is {new.status}: only an active record replaces another",
            f"atocore promote {new.id} --supersede {old.id}",
        )
    edits = Edits(snapshot, deed)
    edits.replace(old, new)
    return edits.plan(
        "supersede", f"supersede {old.kind}: {name_of(old)} by {name_of(new)}", (old.id, new.id)
    )


def retire(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Say that active records are no longer true, without a successor."""
    edits = Edits(snapshot, deed)
    for record in records:
        edits.step("retire", record)
    return edits.plan("retire", subject("retire", records))


def restore(snapshot: Snapshot, records: tuple[Record, ...], deed: Deed) -> Plan:
    """Make superseded or retired records active again; their successor no longer claims to replace them."""
    edits = Edits(snapshot, deed)
    for record in records:
        edits.give_back(record)
    return edits.plan("restore", subject("restore", records))
