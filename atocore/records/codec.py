"""From a file's bytes to a record, a person's note, or problems. Knows the schema; raises for nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from atocore.records.header import Document, Header, Value, parse
from atocore.records.ids import derived_id, is_id
from atocore.records.kinds import KINDS, RELATION_TYPES, Kind
from atocore.records.problem import Problem, Severity
from atocore.records.record import Member, Provenance, Record, Relation, Ruling, folder_kind, plain_line
from atocore.records.schema import BY_NAME, KEYS, Key, Shape, required

_PROVENANCE = tuple(Provenance.__dataclass_fields__)
_RULING = tuple(Ruling.__dataclass_fields__)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says: a record (or note) unless an error stands against it, and its problems."""

    record: Record | None
    problems: tuple[Problem, ...] = ()


def read(path: str, raw: bytes, *, max_bytes: int) -> Reading:
    """Understand one file of the vault. `path` is relative to the vault."""
    if len(raw) > max_bytes:
        return Reading(
            None, (Problem(path, 0, "too-large", f"{len(raw):,} bytes; the limit is {max_bytes:,}"),)
        )
    document, problems = parse(raw, path)
    expected = folder_kind(path)
    if document is None:
        return Reading(None, problems)
    if document.header is None and expected is not None:
        missing = Problem(path, 1, "no-frontmatter", f"no frontmatter in the folder {path.split('/')[0]}/")
        return Reading(None, (*problems, missing))
    if document.header is None or (document.header.get("kind") is None and expected is None):
        return _note(path, raw, document, problems)
    return _record(path, raw, document, document.header, problems, expected)


def _note(path: str, raw: bytes, document: Document, problems: tuple[Problem, ...]) -> Reading:
    if any(problem.code in ("conflict-markers", "not-utf8", "nul-byte") for problem in problems):
        return Reading(None, problems)
    header = document.header or Header(())
    note = Record(
        path,
        raw,
        header,
        document.body,
        document.body_line,
        derived_id("note", path),
        Kind.NOTE,
        title=_text(header, "title")
        or plain_line(document.body)
        or path.rsplit("/", 1)[-1].removesuffix(".md"),
        aliases=_texts(header, "aliases"),
        tags=_texts(header, "tags"),
    )
    return Reading(note, problems)


def _record(
    path: str,
    raw: bytes,
    document: Document,
    header: Header,
    problems: tuple[Problem, ...],
    expected: Kind | None,
) -> Reading:
    found = [*problems, *_identity(path, header), *_values(path, header)]
    if any(problem.severity is Severity.ERROR for problem in found):
        return Reading(None, tuple(found))
    record = _build(path, raw, document, header)
    if expected is not None and expected is not record.kind:
        told = f"a {record.kind} in the folder {path.split('/')[0]}/"
        found.append(Problem(path, header.line("kind"), "wrong-folder", told))
    return Reading(record, tuple(found))


def _identity(path: str, header: Header) -> list[Problem]:
    kind_text = _text(header, "kind")
    if not kind_text:
        return [Problem(path, 1, "missing-key", "the key `kind` is missing")]
    if kind_text not in tuple(Kind) or kind_text == Kind.NOTE:
        return [Problem(path, header.line("kind"), "unknown-kind", f"unknown kind {kind_text!r}")]
    kind = Kind(kind_text)
    problems = []
    for name in required(kind):
        if not _text(header, name):
            code = "missing-id" if name == "id" else "missing-key"
            problems.append(Problem(path, header.line(name) or 1, code, f"the key `{name}` is missing"))
    spec = KINDS[kind]
    for name, allowed, code in (
        ("type", spec.types, "unknown-type"),
        ("status", spec.statuses, "unknown-status"),
    ):
        given = _text(header, name)
        if given and allowed and given not in allowed:
            told = f"{given!r} is no {name} of {kind}; one of: {', '.join(allowed)}"
            problems.append(Problem(path, header.line(name), code, told))
    given = _text(header, "id")
    if given and not is_id(given, spec.prefix):
        told = f"{given!r} is not `{spec.prefix}-` and 12 or more of 0-9 a-z without i, l, o, u"
        problems.append(Problem(path, header.line("id"), "bad-id", told))
    return problems


def _values(path: str, header: Header) -> list[Problem]:
    problems = []
    for item in header.items:
        key = BY_NAME.get(item.key)
        wrong = _wrong(key, item.value) if key and item.value != "" else ""
        if wrong:
            problems.append(Problem(path, item.line, "bad-value", f"`{item.key}` {wrong}"))
    return problems


def _wrong(key: Key, value: Value) -> str:
    """What is wrong with a key's value, "" where nothing is."""
    match key.shape:
        case Shape.TEXT | Shape.ID:
            return "" if isinstance(value, str) else "is to be one text"
        case Shape.TEXTS | Shape.IDS:
            texts = isinstance(value, str) or (
                isinstance(value, tuple) and all(isinstance(part, str | tuple) for part in value)
            )
            return "" if texts else "is to be a list of texts"
        case Shape.RATIO:
            return (
                ""
                if isinstance(value, str) and _ratio(value) is not None
                else "is to be a number from 0 to 1"
            )
        case Shape.DATE:
            fine = isinstance(value, str) and parse_time(value) is not None
            return "" if fine else "is to be a date (2026-11-22) or a time (2026-11-22T07:46:00Z)"
        case Shape.MAP:
            return "" if isinstance(value, Mapping) else "is to be keys and values"
        case Shape.MAPS:
            return _wrong_maps(key, value)


def _wrong_maps(key: Key, value: Value) -> str:
    entries = value if isinstance(value, tuple) else (value,)
    for entry in entries:
        if key.name == "relations":
            if not isinstance(entry, Mapping) or not isinstance(entry.get("target"), str):
                return "is to be a list of `type:` and `target:` pairs"
            if entry.get("type") not in RELATION_TYPES:
                return f"has the unknown type {entry.get('type')!r}"
    return ""


def _build(path: str, raw: bytes, document: Document, header: Header) -> Record:
    kind = Kind(_text(header, "kind"))
    return Record(
        path,
        raw,
        header,
        document.body,
        document.body_line,
        _text(header, "id"),
        kind,
        type=_text(header, "type"),
        status=_text(header, "status"),
        project=_text(header, "project") or (_text(header, "name") if kind is Kind.PROJECT else ""),
        title=_text(header, "title") or _text(header, "name") or plain_line(document.body),
        description=_text(header, "description"),
        aliases=_texts(header, "aliases"),
        tags=_texts(header, "tags"),
        subject=_text(header, "subject"),
        attribute=_text(header, "attribute"),
        value=_text(header, "value"),
        question=_text(header, "question"),
        component=_text(header, "component"),
        confidence=_ratio(_text(header, "confidence")),
        valid_from=_time(header, "valid_from"),
        valid_until=_time(header, "valid_until"),
        stale_after=_time(header, "stale_after"),
        review_after=_time(header, "review_after"),
        created=_time(header, "created"),
        supersedes=_texts(header, "supersedes"),
        superseded_by=_text(header, "superseded_by"),
        graduated_to=_text(header, "graduated_to"),
        proposes=tuple(sorted(_map(header, "proposes").items())),
        relations=_relations(header),
        provenance=Provenance(**{k: v for k, v in _map(header, "provenance").items() if k in _PROVENANCE}),
        ruling=Ruling(**{k: v for k, v in _map(header, "ruling").items() if k in _RULING}),
        members=_members(header) if kind is Kind.CONFLICT else (),
        slot=_texts(header, "slot"),
        prevailing=_text(header, "prevailing"),
        winner=_text(header, "winner"),
        how=_text(header, "how"),
    )


def references(record: Record) -> tuple[tuple[str, str], ...]:
    """Every (key, id) by which the record refers to another record."""
    found = [("supersedes", target) for target in record.supersedes]
    found += [("proposes", target) for _, target in record.proposes]
    found += [("relations", relation.target) for relation in record.relations]
    found += [("members", member.id) for member in record.members]
    singles = ("superseded_by", "graduated_to", "winner", "prevailing")
    found += [(name, getattr(record, name)) for name in singles]
    return tuple((name, target) for name, target in found if target)


def parse_time(text: str) -> datetime | None:
    """A date or time as typed; None where it is neither."""
    try:
        return datetime.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None


def _ratio(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


def _text(header: Header, name: str) -> str:
    value = header.get(name)
    return value.strip() if isinstance(value, str) else ""


def _time(header: Header, name: str) -> str:
    text = _text(header, name)
    return text if text and parse_time(text) is not None else ""


def _texts(header: Header, name: str) -> tuple[str, ...]:
    value = header.get(name)
    entries = value if isinstance(value, tuple) else (value,)
    return tuple(entry for entry in entries if isinstance(entry, str) and entry)


def _map(header: Header, name: str) -> dict[str, str]:
    value = header.get(name)
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, Mapping) else {}


def _entries(header: Header, name: str) -> list[Mapping[str, Value]]:
    value = header.get(name)
    entries = value if isinstance(value, tuple) else (value,)
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _relations(header: Header) -> tuple[Relation, ...]:
    return tuple(
        Relation(str(entry.get("type", "")), str(entry.get("target", "")))
        for entry in _entries(header, "relations")
    )


def _members(header: Header) -> tuple[Member, ...]:
    return tuple(
        Member(str(entry.get("id", "")), str(entry.get("value", "")), str(entry.get("layer", "")))
        for entry in _entries(header, "members")
    )


assert {key.name for key in KEYS} >= set(required(Kind.MEMORY))
