"""Which step a change of a file was: recognised from the text before and after, however it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from atocore.records.codec import read
from atocore.records.kinds import Kind
from atocore.records.lifecycle import ABSENT, DECIDED, explained, steps_between
from atocore.records.record import Record

IMPOSSIBLE = "impossible"
Said = Mapping[str, str]
"""What a pointer states, by key, its text as `body`."""
_FROZEN = (
    "type",
    "project",
    "title",
    "description",
    "subject",
    "attribute",
    "value",
    "question",
    "component",
    "valid_from",
    "valid_until",
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One step on one record: `step` is a name of the lifecycle table, `edit`, `delete`, `move` (of state),
    or `impossible`. Of a memory that is or becomes a pointer, what it said before and after. `restates` tells
    whether the step changed what the record claims, or when."""

    step: str
    record: str
    kind: Kind
    path: str
    before: str
    after: str
    said_before: Said = field(default_factory=dict)
    said_after: Said = field(default_factory=dict)
    restates: bool = False


def said_by(record: Record) -> Said:
    """What a pointer states and must state for good; whitespace says nothing."""
    stated = {name: " ".join(str(record.header.get(name) or "").split()) for name in _FROZEN}
    return {name: text for name, text in (*stated.items(), ("body", " ".join(record.body.split()))) if text}


def recognise(old_path: str, old: bytes | None, path: str, new: bytes | None) -> Iterator[Deed]:
    """The step that leads from one committed version of a file to the next; None stands for no file."""
    yield from recognised(_record(old_path, old), _record(path, new))


def recognised(before: Record | None, after: Record | None) -> Iterator[Deed]:
    """The same, of versions that were read already."""
    if before is not None and after is not None and before.id != after.id:
        yield from recognised(before, None)
        yield from recognised(None, after)
        return
    known = after or before
    if known is None or known.kind is Kind.NOTE:
        return
    step = _step(before, after)
    if step:
        told = (before.status if before else ABSENT, after.status if after else ABSENT)
        if known.kind is Kind.MEMORY and "graduated" in told:
            was, now = (said_by(one) if one else {} for one in (before, after))
            deed = Deed(step, known.id, known.kind, known.path, *told, was, now)
        else:
            deed = Deed(step, known.id, known.kind, known.path, *told)
        yield replace(deed, restates=_claimed_by(before) != _claimed_by(after))


def _claimed_by(record: Record | None) -> tuple[str, ...]:
    """What decides whether a record contradicts others, its status aside."""
    if record is None:
        return ()
    words = "" if record.value else " ".join((record.title, *record.body.split()))
    named = (record.project, record.type, record.subject, record.attribute, record.question, record.component)
    return (*named, record.value, record.valid_from, record.valid_until, words)


def _record(path: str, raw: bytes | None) -> Record | None:
    return read(path, raw, max_bytes=len(raw)).record if raw is not None else None


def _step(before: Record | None, after: Record | None) -> str:
    if after is None:
        return "delete"
    if before is not None and before.raw == after.raw:
        return "move" if after.kind is Kind.STATE and before.path != after.path else ""
    status = before.status if before else ABSENT
    names = [step.name for step in steps_between(after.kind, status, after.status)]
    ruled = after.ruling.step
    if ruled in names and (before is None or before.ruling != after.ruling):
        return ruled
    if before is not None and status == after.status:
        if "put-off" in names and after.review_after and before.review_after != after.review_after:
            return "put-off"
        taken_over = before.ruling != after.ruling and ruled and status in DECIDED and explained(after)
        return "confirm" if taken_over else "edit"
    return _likeliest(names, after)


def _likeliest(names: list[str], after: Record) -> str:
    """Among the steps between two statuses, the one that a change without a ruling was."""
    if not names:
        return IMPOSSIBLE
    born = "add" in names
    match after.kind:
        case Kind.INTERACTION | Kind.SOURCE:
            return names[0]
        case Kind.STATE if "set" in names:
            return "set"
        case Kind.CONFLICT if born:
            return _born_conflict(after)
        case Kind.CONFLICT:
            return "settle" if after.how == "settled" else next(name for name in names if name != "settle")
    extracted = after.provenance.rule or after.provenance.by
    preferred = ("extract" if after.provenance.rule else "propose") if extracted else "add"
    return preferred if preferred in names else "add" if born else names[0]


def _born_conflict(after: Record) -> str:
    """A conflict's file may be born decided: a person decided before anybody had written it."""
    if after.status == "open":
        is_a_persons = after.type == "claimed" and not after.provenance.tool
        return "add" if is_a_persons else "flag"
    return after.ruling.step if after.ruling.step and explained(after) else "add"
