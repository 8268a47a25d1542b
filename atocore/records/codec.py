"""From a file's bytes to a record, a person's note, or problems. Knows the schema; raises for nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from atocore.records.header import Document, Header, Value, parse
from atocore.records.ids import derived_id, is_id
from atocore.records.kinds import KINDS, RESERVED_NAMES, Kind
from atocore.records.linking import link_references
from atocore.records.problem import Problem, Severity
from atocore.records.record import Member, Provenance, Record, Ruling, folder_kind, plain_line
from atocore.records.relation_values import entries_of, entry_lines, relations_of, wrong_entry
from atocore.records.schema import BY_NAME, DATE, KEYS, RATIO, Key, Shape, required

_PROVENANCE = tuple(Provenance.__dataclass_fields__)
_RULING = tuple(Ruling.__dataclass_fields__)
_RECORD_FIELDS = frozenset(Record.__dataclass_fields__) - {"id", "kind"}  # these are not read, but given
_NOTHING = ("", "~", "null")  # what people write where they mean no record
_DATE = re.compile(DATE)
_RATIO = re.compile(RATIO)
_REQUIRED = {kind: required(kind) for kind in KINDS}
_ANY_TEXT = frozenset(key.name for key in KEYS if key.shape in (Shape.TEXT, Shape.ID) and not key.choices)
_FOREIGN = {kind: frozenset(key.name for key in KEYS if kind not in key.kinds) for kind in KINDS}
"""Keys that mean something on other kinds, and on this one are somebody's own."""


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
    reserved = path.rsplit("/", 1)[-1] in RESERVED_NAMES
    if document.header is None or reserved or (document.header.get("kind") is None and expected is None):
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
        title=_text(header.get("title"))
        or plain_line(document.body)
        or path.rsplit("/", 1)[-1].removesuffix(".md"),
        aliases=_texts(header.get("aliases")),
        tags=_texts(header.get("tags")),
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
    own = _own(header)
    found = [*problems, *_identity(path, header), *_values(path, raw, own)]
    if any(problem.severity is Severity.ERROR for problem in found):
        return Reading(None, tuple(found))
    record = _build(path, raw, document, header, own)
    if expected is not None and expected is not record.kind:
        told = f"a {record.kind} in the folder {path.split('/')[0]}/"
        found.append(Problem(path, header.line("kind"), "wrong-folder", told))
    return Reading(record, tuple(found))


def _own(header: Header) -> Header:
    """The header without the keys that mean something on other kinds only: those are a person's own here."""
    kind = _exact(header, "kind")
    foreign = _FOREIGN[Kind(kind)] if kind in KINDS else frozenset()
    if foreign.isdisjoint(header.values):
        return header
    return Header(tuple(item for item in header.items if item.key not in foreign))


def _identity(path: str, header: Header) -> list[Problem]:
    kind_text = _exact(header, "kind")
    if not kind_text:
        return [Problem(path, 1, "missing-key", "the key `kind` is missing")]
    if kind_text not in KINDS:
        return [Problem(path, header.line("kind"), "unknown-kind", f"unknown kind {kind_text!r}")]
    kind = Kind(kind_text)
    problems = []
    for name in _REQUIRED[kind]:
        if not _exact(header, name):
            code = "missing-id" if name == "id" else "missing-key"
            problems.append(Problem(path, header.line(name) or 1, code, f"the key `{name}` is missing"))
    spec = KINDS[kind]
    for name, allowed, code in (
        ("type", spec.types, "unknown-type"),
        ("status", spec.statuses, "unknown-status"),
    ):
        given = _exact(header, name)
        if given and allowed and given not in allowed:
            told = f"{given!r} is no {name} of {kind}; one of: {', '.join(allowed)}"
            problems.append(Problem(path, header.line(name), code, told))
    given = _exact(header, "id")
    if given and not is_id(given, spec.prefix):
        told = f"{given!r} is not `{spec.prefix}-` and 12 or more of 0-9 a-z without i, l, o, u"
        problems.append(Problem(path, header.line("id"), "bad-id", told))
    return problems


def _values(path: str, raw: bytes, header: Header) -> list[Problem]:
    problems: list[Problem] = []
    for name, value in header.values.items():
        if value == "" or name == "kind" or (name in _ANY_TEXT and isinstance(value, str)):
            continue  # the kind is judged with the identity
        if name == "relations":
            problems += _wrong_relations(path, raw, header, value)
        elif name in BY_NAME and (wrong := _wrong(BY_NAME[name], value)):
            problems.append(Problem(path, header.line(name), "bad-value", f"`{name}` {wrong}"))
    if _ends_before_it_begins(header):
        told = "`valid_until` is before `valid_from`: the claim holds at no time, and contradicts nothing"
        problems.append(Problem(path, header.line("valid_until"), "bad-value", told))
    return problems


def _ends_before_it_begins(header: Header) -> bool:
    dates = [header.values.get(name) for name in ("valid_from", "valid_until")]
    begin, end = (parse_time(date) if isinstance(date, str) else None for date in dates)
    return begin is not None and end is not None and end.date() < begin.date()


def _wrong(key: Key, value: Value) -> str:
    """What is wrong with a key's value, "" where nothing is."""
    match key.shape:
        case Shape.TEXT if key.choices and isinstance(value, str):
            return "" if value in key.choices else f"is to be one of: {', '.join(key.choices)}"
        case Shape.TEXT | Shape.ID:
            return "" if isinstance(value, str) else "is to be one text"
        case Shape.TEXTS | Shape.IDS:
            texts = isinstance(value, str) or (
                isinstance(value, tuple) and all(isinstance(part, str | tuple) for part in value)
            )
            return "" if texts else "is to be a list of texts"
        case Shape.RATIO:
            fine = isinstance(value, str) and bool(_RATIO.fullmatch(value))
            return "" if fine else "is to be a number from 0 to 1"
        case Shape.DATE:
            fine = isinstance(value, str) and parse_time(value) is not None
            return "" if fine else "is to be a date (2026-11-22) or a time (2026-11-22T07:46:00Z)"
        case Shape.MAP:
            return _wrong_map(key, value)
        case Shape.MAPS:
            return _wrong_maps(value)


def _wrong_map(key: Key, value: Value) -> str:
    if not isinstance(value, Mapping):
        return "is to be keys and values"
    if key.closed and not all(name in key.parts and isinstance(part, str) for name, part in value.items()):
        return f"is to hold {', '.join(key.parts)}, each with one text"
    return ""


def _wrong_maps(value: Value) -> str:
    entries = value if isinstance(value, tuple) else (value,)
    fine = all(isinstance(entry, str | Mapping) for entry in entries)
    return "" if fine else "is to be a list of texts, or of keys and values"


def _wrong_relations(path: str, raw: bytes, header: Header, value: Value) -> Iterator[Problem]:
    """One problem for each entry that states no relation; the others count."""
    wrong = [(number, told) for number, entry in enumerate(entries_of(value)) if (told := wrong_entry(entry))]
    lines = entry_lines(raw) if wrong else ()
    for number, told in wrong:
        line = lines[number] if number < len(lines) else header.line("relations")
        yield Problem(path, line, "bad-value", f"`relations` {told}")


def _build(path: str, raw: bytes, document: Document, whole: Header, header: Header) -> Record:
    kind = Kind(_exact(header, "kind"))
    said: dict[str, Any] = {
        name: _FIELDS[name](value) for name, value in header.values.items() if value != "" and name in _FIELDS
    }
    if kind is Kind.PROJECT:
        said.pop("members", None)
        said["project"] = said.get("project") or _text(header.get("name"))
    if not said.get("title"):
        said["title"] = _text(header.get("name")) or plain_line(_said(kind, document.body))
    return Record(path, raw, whole, document.body, document.body_line, _exact(header, "id"), kind, **said)


def _said(kind: Kind, body: str) -> str:
    """A body from where it says something: a capture's from its prompt on."""
    return body.removeprefix("## Prompt") if kind is Kind.INTERACTION else body


def references(record: Record) -> tuple[tuple[str, str], ...]:
    """Every (key, id) by which the record refers to another record, relations aside."""
    found = [("supersedes", target) for target in record.supersedes]
    found += [("proposes", target) for _, target in record.proposes]
    found += [("members", member.id) for member in record.members]
    singles = ("superseded_by", "graduated_to", "winner", "prevailing")
    found += [(name, getattr(record, name)) for name in singles]
    return tuple((name, target) for name, target in found if target not in _NOTHING)


def links(record: Record) -> frozenset[str]:
    """The ids of all that the record refers to, where it came from included; for a relation by name, what
    `link_references` makes of it."""
    origin = record.provenance
    born = (origin.source, origin.interaction, origin.record)
    related = (target for relation in record.relations for target in link_references(relation))
    return frozenset(target for target in (*(t for _, t in references(record)), *related, *born) if target)


@lru_cache(maxsize=4096)
def parse_time(text: str) -> datetime | None:
    """A date or time as typed; None where it is neither."""
    try:
        return datetime.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _exact(header: Header, name: str) -> str:
    """A text that others compare to the letter: blanks inside the quotes make it another."""
    value = header.get(name)
    return value if isinstance(value, str) else ""


# What each key's value says to the record, blanks at its ends aside; a value of the wrong form says nothing.


def _text(value: Value | None) -> str:
    return value.strip() if isinstance(value, str) else ""


def _time(value: Value) -> str:
    text = _text(value)
    return text if text and parse_time(text) is not None else ""


def _ratio(value: Value) -> float | None:
    text = _text(value)
    return float(text) if _RATIO.fullmatch(text) else None


def _texts(value: Value | None) -> tuple[str, ...]:
    return tuple(text for text in _flat(value) if text)


def _flat(value: Value | None) -> Iterator[str]:
    """The texts of a list; an unquoted `[[link]]` is a list in a list."""
    for entry in value if isinstance(value, tuple) else (value,):
        if isinstance(entry, tuple):
            yield from _flat(entry)
        elif isinstance(entry, str):
            yield entry


def _slot(value: Value) -> tuple[str, ...]:
    """A conflict's slot; a part that is not stated (no project) keeps its place."""
    return tuple(part for part in value if isinstance(part, str)) if isinstance(value, tuple) else ()


def _proposes(value: Value) -> tuple[tuple[str, str], ...]:
    wrong = _wrong_map(BY_NAME["proposes"], value)
    return () if wrong else tuple(sorted((k, v) for k, v in _map(value).items() if v))


def _provenance(value: Value) -> Provenance:
    return Provenance(**{k: v for k, v in _map(value).items() if k in _PROVENANCE})


def _ruling(value: Value) -> Ruling:
    return Ruling(**{k: v for k, v in _map(value).items() if k in _RULING})


def _map(value: Value) -> dict[str, str]:
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, Mapping) else {}


def _members(value: Value) -> tuple[Member, ...]:
    listed = (
        Member(*(str(entry.get(name) or "") for name in ("id", "value", "layer", "said")))
        if isinstance(entry, Mapping)
        else Member(entry, "", "")
        for entry in (value if isinstance(value, tuple) else (value,))
        if isinstance(entry, str | Mapping)
    )
    return tuple(member for member in listed if member.id)


_SAYS: Mapping[Shape, Callable[[Value], object]] = {
    Shape.TEXT: _text,
    Shape.TEXTS: _texts,
    Shape.RATIO: _ratio,
    Shape.DATE: _time,
    Shape.ID: _text,
    Shape.IDS: _texts,
}
_FIELDS: Mapping[str, Callable[[Value], object]] = {
    **{key.name: _SAYS[key.shape] for key in KEYS if key.shape in _SAYS and key.name in _RECORD_FIELDS},
    "slot": _slot,
    "proposes": _proposes,
    "provenance": _provenance,
    "ruling": _ruling,
    "relations": relations_of,
    "members": _members,
}
"""How each key of the frontmatter becomes the record's field of that name."""

assert {key.name for key in KEYS} >= set(required(Kind.MEMORY))
