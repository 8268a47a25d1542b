"""What was seen: a hash of a record and of the accepted facts in its slot, to bind a ruling to it."""

from __future__ import annotations

import hashlib

from atocore.records.record import Record
from atocore.records.slots import slot_of
from atocore.records.snapshot import Snapshot


def view_hash(snapshot: Snapshot, record: Record) -> str:
    """16 hex digits over the record's bytes and those of the active records in its slot."""
    slot = slot_of(record)
    others = snapshot.in_slot(slot) if slot else ()
    seen = [record, *(r for r in others if r.status == "active" and r.id != record.id)]
    digest = hashlib.sha256()
    for one in seen:
        digest.update(hashlib.sha256(one.raw).digest())
    return digest.hexdigest()[:16]
