"""The file of a tool's candidate: how it is born, and how it is brought up to date under a person's edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.knowledge.handoff.facts import (
    Said,
    Taken,
    header_of,
    quote_of,
    said_before,
    statement,
    title_of,
)
from atocore.records.birth import written
from atocore.records.codec import read
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.plan import Change
from atocore.records.record import Record
from atocore.records.schema import KEY_ORDER
from atocore.records.values.compare import meaning


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact came from: the tool, its version, the handed file's name, when it was written, the
    project, and the wave that brings it."""

    tool: str
    version: str
    path: str
    created: str
    project: str
    wave: str


@dataclass(frozen=True, slots=True)
class Update:
    """A candidate brought up to date (None: it says all that already), and what a person's edit keeps."""

    change: Change | None
    kept: tuple[str, ...] = ()


def born(now: Taken, origin: Origin, record_id: str, accepted: Record | None) -> Change:
    """The file of a new candidate. One that corrects an accepted record without contradicting its value
    proposes to."""
    keys = header_of(now.said)
    keys |= {"status": "candidate", "project": origin.project, "created": origin.created}
    keys["relations"] = _relations(now)
    keys["provenance"] = _provenance(now, origin)
    if accepted is not None and meaning(now.fact.value) == meaning(accepted.value):
        keys["proposes"] = {"correct": accepted.id}
    return written(Kind(now.fact.kind), record_id, keys, statement(now.said), title_of(now.said))


def updated(record: Record, now: Taken, origin: Origin) -> Update:
    """An open candidate with the keys that the tool changed, and no other; what a person edited stays."""
    before = said_before(record)
    if before == now.said:
        return Update(None)
    keys, kept = _changed_keys(record, before, now.said)
    if before.get("relations", []) != now.said.get("relations", []):
        keys["relations"] = _relations(now) or None
    stated = record.header.get("provenance")
    keys["provenance"] = {**(stated if isinstance(stated, Mapping) else {}), **_provenance(now, origin)}
    raw = edit(record.raw, keys, order=KEY_ORDER)
    old, new, body = (text.strip() for text in (statement(before), statement(now.said), record.body))
    if body == old != new:
        raw = _with_body(raw, record.body, new)
    elif old != new != body:
        kept.append("the text")
    return Update(Change(record.path, record.raw, raw), tuple(kept))


def _changed_keys(record: Record, before: Said, after: Said) -> tuple[dict[str, Value | None], list[str]]:
    keys: dict[str, Value | None] = {}
    kept = []
    old, new = header_of(before), header_of(after)
    for name in new:
        if new[name] == old[name]:
            continue
        if (record.header.get(name) or "") in (old[name], new[name]):
            keys[name] = new[name] or None
        else:
            kept.append(f"`{name}`")
    return keys, kept


def _relations(now: Taken) -> tuple[dict[str, str], ...]:
    return tuple({"type": type_, "target": target} for type_, target in now.links)


def _provenance(now: Taken, origin: Origin) -> dict[str, Value]:
    fact = now.fact
    stated = {
        "tool": origin.tool,
        "external_id": fact.id,
        "file": fact.file,
        "revision": fact.revision,
        "path": origin.path,
        "quote": quote_of(now.said),
        "wave": origin.wave,
        "explain": " ".join(f"{fact.confidence:.2f} as {origin.tool} {origin.version} hands it over".split()),
    }
    return {name: value for name, value in stated.items() if value}


def _with_body(raw: bytes, body: str, text: str) -> bytes:
    """A file with another body, its line ends kept."""
    head = raw[: len(raw) - len(body.encode())] if body else raw
    newline = "\r\n" if head.endswith(b"\r\n") else "\n"
    return head + f"{text}\n".replace("\n", newline).encode()


def record_in(change: Change) -> Record:
    """The record that a change writes."""
    assert change.new is not None
    reading = read(change.path, change.new, max_bytes=len(change.new))
    if reading.record is None:
        raise AtocoreError("bad-value", f"{change.path}: {reading.problems[0].message}", "")
    return reading.record
