"""How records come to be by other doors than extraction: created, adopted, rewritten, proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.knowledge.ingestion.known import same_claim
from atocore.knowledge.recognition import said_by
from atocore.knowledge.review.deed import Deed, name_of
from atocore.records.birth import written
from atocore.records.codec import read
from atocore.records.edit import edit, render
from atocore.records.header import Header, Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.lifecycle import steps_between
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.problem import Severity
from atocore.records.record import Record, plain_line
from atocore.records.schema import BY_NAME, KEY_ORDER
from atocore.records.snapshot import Snapshot
from atocore.records.statement import statement_key, text_key

Decide = Callable[[Snapshot], Plan]
_OWN_ARGUMENT = ("id", "kind", "type", "status", "ruling")
"""Keys that a door has an argument for, or that a step leaves: never given among the further ones, where a
proposal could make itself active."""
_STEPS_LEAVE = ("superseded_by", "graduated_to")


@dataclass(frozen=True, slots=True)
class Birth:
    """A record that is to be: checked kind, type and status, its body, and its further keys."""

    kind: Kind
    type: str
    status: str
    text: str
    keys: Mapping[str, Value]


def checked(kind: str, type_: str, status: str, text: str, keys: Mapping[str, Value]) -> Birth:
    """The birth that was asked for, or `AtocoreError` bad-value naming what is allowed."""
    if kind not in tuple(KINDS):
        raise AtocoreError("bad-value", f"{kind!r} is no kind of record", f"one of: {', '.join(KINDS)}")
    spec = KINDS[Kind(kind)]
    if spec.layer == 0 or kind == Kind.CONFLICT:
        raise AtocoreError(
            "bad-value", f"a {kind} is not made by hand", "see: atocore capture, ingest, conflicts"
        )
    default = "active" if "active" in spec.statuses else ""
    for name, given, allowed in (("type", type_, spec.types), ("status", status or default, spec.statuses)):
        if allowed and given not in allowed:
            told = f"{given!r} is no {name} of {kind}" if given else f"a {kind} needs its {name}"
            raise AtocoreError("bad-value", told, f"one of: {', '.join(allowed)}")
    for name in keys:
        if name in _OWN_ARGUMENT:
            raise AtocoreError(
                "bad-value", f"`{name}` is not among the further keys", "see: atocore new --help"
            )
        if name in BY_NAME and Kind(kind) not in BY_NAME[name].kinds:
            raise AtocoreError("bad-value", f"a {kind} has no key `{name}`", "see: atocore schema")
    if not text.strip() and not keys.get("title") and not keys.get("name"):
        raise AtocoreError("bad-value", "an empty record says nothing", "give its text, or --title")
    return Birth(Kind(kind), type_ if spec.types else "", status or default, text, keys)


def add(birth: Birth, record_id: str, deed: Deed) -> Plan:
    """A person creates a record."""
    keys: dict[str, Value] = {
        "type": birth.type,
        "status": birth.status,
        "created": deed.at,
        **birth.keys,
    }
    if birth.kind in BY_NAME["ruling"].kinds:
        keys["ruling"] = deed.ruling("add")
    return _born(birth, record_id, keys, deed, "add")


def propose(birth: Birth, by: str, deed: Deed) -> Plan:
    """Anyone makes a candidate; its id is derived from what it says."""
    for name in _STEPS_LEAVE:
        if name in birth.keys:
            raise AtocoreError(
                "bad-value", f"a proposal has no `{name}`", "say what it proposes: --supersedes ID"
            )
    record_id = proposal_id(birth)
    provenance = birth.keys.get("provenance")
    stated = provenance if isinstance(provenance, Mapping) else {}
    keys: dict[str, Value] = {
        "type": birth.type,
        "status": "candidate",
        **birth.keys,
        "provenance": {**stated, "by": by or deed.by},
    }
    return _born(birth, record_id, keys, deed, "propose")


def _born(birth: Birth, record_id: str, keys: Mapping[str, Value], deed: Deed, action: str) -> Plan:
    change = written(
        birth.kind, record_id, keys, birth.text, str(keys.get("title") or plain_line(birth.text))
    )
    assert change.new is not None
    reading = read(change.path, change.new, max_bytes=len(change.new))
    if reading.record is None or reading.problems:
        problem = reading.problems[0]
        raise AtocoreError("bad-value", problem.message, problem.hint)
    subject = f"{action} {birth.kind}: {name_of(reading.record)}"
    return Plan((change,), Message(subject, action, deed.actor, (record_id,), deed.why))


def proposal_id(birth: Birth) -> str:
    """The id that a proposal gets: of its project and of what it says and claims."""
    said = birth.text if birth.text.strip() else str(birth.keys.get("title", ""))
    claim = [
        str(birth.keys.get(name, "")) for name in ("subject", "attribute", "question", "component", "value")
    ]
    saying = "\0".join([text_key(said), *(text_key(part) for part in claim)])
    return derived_id(KINDS[birth.kind].prefix, "propose", saying, str(birth.keys.get("project", "")))


def _unwritten(birth: Birth) -> Record:
    """A birth as the record that it would be, for comparing: it has no file."""
    named = ("project", "title", "subject", "attribute", "value", "question", "component")
    stated = {name: str(birth.keys.get(name, "")) for name in named}
    return Record("", b"", Header(()), birth.text, 1, "", birth.kind, type=birth.type, **stated)  # type: ignore[arg-type]


def saying_the_same(snapshot: Snapshot, birth: Birth) -> Record | None:
    """The record of the same project that states the same or makes the same claim in other words, or that was
    this proposal before somebody edited it; what people decided comes first."""
    asked = _unwritten(birth)
    same = list(same_claim(snapshot, asked))
    if birth.keys.get("proposes"):  # words may be corrected where the claim stays
        same = [record for record in same if statement_key(record) == statement_key(asked)]
    before = snapshot.get(proposal_id(birth))
    if before is not None and before not in same:
        same.append(before)
    order = ("active", "rejected", "graduated", "superseded", "retired", "candidate")
    same.sort(key=lambda record: (order.index(record.status) if record.status in order else 9, record.id))
    return same[0] if same else None


def adopt(birth: Birth, path: str, raw: bytes, record_id: str, deed: Deed) -> Plan:
    """A note becomes a record where it lies: keys are added, nothing else is touched."""
    reading = read(path, raw, max_bytes=len(raw))
    if reading.record is not None and reading.record.kind is not Kind.NOTE:
        raise AtocoreError(
            "exists", f"{path} is {reading.record.id} already", f"atocore show {reading.record.id}"
        )
    mendable = {"no-frontmatter", "missing-id", "missing-key", "bad-id"}
    for problem in reading.problems:
        if problem.code not in mendable and problem.severity is Severity.ERROR:
            raise AtocoreError("has-problems", f"{path}:{problem.line}: {problem.message}", problem.hint)
    keys: dict[str, Value] = {"id": record_id, "kind": str(birth.kind)}
    for name, value in (("type", birth.type), ("status", birth.status)):
        if value:
            keys[name] = value
    if birth.kind in BY_NAME["ruling"].kinds:
        keys["ruling"] = deed.ruling("add")
    change = Change(path, raw, _with_keys(raw, keys))
    assert change.new is not None
    adopted = read(path, change.new, max_bytes=len(change.new))
    if adopted.record is None or adopted.record.kind is Kind.NOTE:
        wrong = [f"{problem.message}; {problem.hint}" for problem in adopted.problems]
        told = wrong[0] if wrong else "a file of this name is never a record"
        raise AtocoreError("has-problems", f"{path}: {told}", "mend the file, or rename it, and commit that")
    subject = f"adopt {birth.kind}: {name_of(adopted.record)}"
    return Plan((change,), Message(subject, "add", deed.actor, (record_id,), deed.why))


def _with_keys(raw: bytes, keys: Mapping[str, Value]) -> bytes:
    from atocore.records.header import frame

    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    if frame(raw.removeprefix(mark).decode("utf-8")) is not None:
        return edit(raw, keys, order=KEY_ORDER)
    head = render(keys, "")
    newline = b"\r\n" if b"\r\n" in raw else b"\n"
    return mark + head.replace(b"\n", newline) + raw.removeprefix(mark)


def rewrite(snapshot: Snapshot, record: Record, text: bytes, deed: Deed) -> Plan:
    """A person edited a record's file: the new text is committed as it is, if it is the same record still."""
    reading = read(record.path, text, max_bytes=max(len(text), 1))
    for problem in reading.problems:
        if problem.severity is Severity.ERROR:
            raise AtocoreError("has-problems", f"line {problem.line}: {problem.message}", problem.hint)
    new = reading.record
    if new is None or (new.id, new.kind) != (record.id, record.kind):
        raise AtocoreError(
            "bad-value", "the edit changes the record's id or kind", "leave `id` and `kind` alone"
        )
    if new.status != record.status and not steps_between(record.kind, record.status, new.status):
        told = f"the edit leads from {record.status} to {new.status}, which no step does"
        raise AtocoreError("impossible-step", told, "see the lifecycle: docs/lifecycle.md")
    if text == record.raw:
        return Plan((), None)
    if record.status == new.status == "graduated" and said_by(record) != said_by(new):
        told = f"{record.id} is the pointer to {record.graduated_to}, and stays as it is"
        raise AtocoreError("impossible-step", told, f"atocore edit {record.graduated_to}")
    if new.status != record.status and deed.actor is Actor.MACHINE:
        raise AtocoreError("machine-refused", "a status is a person's to change", "let a person edit it")
    message = Message(f"edit {record.kind}: {name_of(new)}", "edit", deed.actor, (record.id,), deed.why)
    return Plan((Change(record.path, snapshot.raw_at(record.path), text),), message)
