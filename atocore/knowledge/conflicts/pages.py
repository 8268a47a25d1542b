"""What every conflict's file has in common: its sides as its header lists them, and its edits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from atocore.errors import AtocoreError
from atocore.records.codec import read
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.plan import Change
from atocore.records.record import Member, Record
from atocore.records.schema import KEY_ORDER
from atocore.records.values.text import normal_value


def listed(members: Iterable[Member]) -> Value:
    """The value of `members` in a conflict's header."""
    texts = ({"id": m.id, "value": m.value, "layer": m.layer, "said": m.said} for m in members)
    return tuple({name: text for name, text in one.items() if text or name != "said"} for one in texts)


def covered(members: Iterable[Member]) -> str:
    """A short hash of members and what they say. A decision keeps it: git merges a file line by line, and may
    join a decision with members that it was not made on."""
    texts = sorted("\0".join((one.id, normal_value(one.value), one.said)) for one in members)
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def is_of_its_members(record: Record) -> bool:
    """Whether what a conflict's file decides was decided about the members that it lists. One decided by hand
    does not say."""
    return record.ruling.covers in ("", covered(record.members))


def edited(record: Record, keys: Mapping[str, Value | None]) -> tuple[Change, ...]:
    """The change that sets these keys; none where they are set, or where a person's form cannot be edited
    line by line: that must not stop anyone's step."""
    try:
        new = edit(record.raw, keys, order=KEY_ORDER)
    except AtocoreError:
        return ()
    return (Change(record.path, record.raw, new),) if new != record.raw else ()


def ids_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """The ids of the conflicts whose files change: a person may have renamed a file."""
    texts = ((change.path, change.new or change.old or b"") for change in changes)
    records = (read(path, raw, max_bytes=len(raw)).record for path, raw in texts)
    return tuple(record.id for record in records if record is not None)
