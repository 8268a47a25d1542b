"""Decisions of a review: each bound to what was shown, one commit alone or all of them in one.

A decision is a plain value with its time and the id of what it bears, so that deciding it again on the same
vault gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from atocore.errors import AtocoreError
from atocore.knowledge import births
from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.review import graduation, merging
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed, find, name_of
from atocore.records.plan import Message, Plan
from atocore.records.record import Record
from atocore.records.snapshot import AfterSnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on one record, at a time (RFC 3339). `verb` is one of `VERBS`; `seen` the
    `view_hash` of what was shown. Of the rest each verb uses its own: `supersede` (promote), `into` (merge),
    `until` (put-off), `type` and `born`, the entity's id (graduate), `text`, the whole new file (edit)."""

    verb: str
    record: str
    seen: str
    at: str
    why: str = ""
    supersede: tuple[str, ...] = ()
    into: str = ""
    until: str = ""
    type: str = ""
    born: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A decision that does not fit the vault as it is now, and why."""

    decision: Decision
    error: AtocoreError


@dataclass(frozen=True, slots=True)
class Together:
    """Several decisions on one `commit` as the plan of the next, those that do not fit it, and the vault as
    it will be."""

    commit: str
    plan: Plan
    taken: tuple[Decision, ...]
    refused: tuple[Refused, ...]
    after: AfterSnapshot


def decide(snapshot: Snapshot, decision: Decision, deed: Deed) -> Plan:
    """The plan of one decision. Raises `changed-meanwhile` where what was seen is not there any more."""
    record = find(snapshot, decision.record)
    if decision.seen and view_hash(snapshot, record) != decision.seen:
        told = f"{record.id}: the record or its slot changed since it was shown"
        raise AtocoreError("changed-meanwhile", told, f"look again: atocore show {record.id}")
    return VERBS[decision.verb](snapshot, record, decision, replace(deed, at=decision.at, why=decision.why))


def together(
    snapshot: Snapshot,
    decisions: Iterable[Decision],
    deed: Deed,
    check: Callable[[Snapshot, Plan], None],
    so_far: Together | None = None,
) -> Together:
    """Decide one after the other, each on what those before it leave, and make one plan of that. `check` may
    refuse a decision's plan with an `AtocoreError`; `so_far` is what was decided on the same snapshot
    before."""
    none = Plan((), None)
    begun = so_far or Together(snapshot.commit, none, (), (), AfterSnapshot(snapshot, none))
    plan, now, taken, refused = begun.plan, begun.after, list(begun.taken), list[Refused]()
    for decision in decisions:
        try:
            step = decide(now, decision, deed)
            check(now, step)
        except AtocoreError as error:
            refused.append(Refused(decision, error))
        else:
            plan, now = combined(plan, step), now.then(step)
            taken.append(decision)
    message = _message(snapshot, taken, deed) if taken else None
    return Together(begun.commit, replace(plan, message=message), tuple(taken), tuple(refused), now)


def combined(first: Plan, then: Plan) -> Plan:
    """Two plans, the second decided on what the first leaves, as one; the message is the second's."""
    changes = {change.path: change for change in first.changes}
    for change in then.changes:
        before = changes.get(change.path)
        changes[change.path] = replace(change, old=before.old) if before else change
    return Plan(tuple(one for one in changes.values() if one.old != one.new), then.message)


def _message(snapshot: Snapshot, taken: list[Decision], deed: Deed) -> Message:
    counted = Counter(decision.verb.replace("-", " ") for decision in taken)
    subject = f"review: {', '.join(f'{verb} {number}' for verb, number in counted.items())}"
    lines = [_line(snapshot, decision) for decision in taken]
    ids = dict.fromkeys(record for one in taken for record in (one.record, one.into, one.born) if record)
    return Message(subject, "review", deed.actor, tuple(ids), "\n".join(lines))


def _line(snapshot: Snapshot, decision: Decision) -> str:
    record = snapshot.get(decision.record)
    name = f" ({name_of(record)})" if record is not None else ""
    why = f": {' '.join(decision.why.split())}" if decision.why else ""
    return f"{decision.verb} {decision.record}{name}{why}"


def _promote(snapshot: Snapshot, record: Record, decision: Decision, deed: Deed) -> Plan:
    old = tuple(find(snapshot, name) for name in decision.supersede)
    return review.promote(snapshot, (record,), deed, old)


def _reject(snapshot: Snapshot, record: Record, decision: Decision, deed: Deed) -> Plan:
    if not decision.why.strip():
        raise AtocoreError("usage", f"the rejection of {record.id} needs its reason", "say why")
    return review.reject(snapshot, (record,), deed)


def _put_off(snapshot: Snapshot, record: Record, decision: Decision, deed: Deed) -> Plan:
    return review.put_off(snapshot, (record,), deed, decision.until)


def _merge(snapshot: Snapshot, record: Record, decision: Decision, deed: Deed) -> Plan:
    return merging.merge(snapshot, record, find(snapshot, decision.into), deed)


def _graduate(snapshot: Snapshot, record: Record, decision: Decision, deed: Deed) -> Plan:
    return graduation.graduate(snapshot, record, decision.born, deed, decision.type)


def _edit(snapshot: Snapshot, record: Record, decision: Decision, deed: Deed) -> Plan:
    return births.rewrite(snapshot, record, decision.text.encode(), deed)


VERBS: Mapping[str, Callable[[Snapshot, Record, Decision, Deed], Plan]] = {
    "promote": _promote,
    "reject": _reject,
    "put-off": _put_off,
    "merge": _merge,
    "graduate": _graduate,
    "edit": _edit,
}
"""What a review can decide on a candidate, by the verb's name."""
