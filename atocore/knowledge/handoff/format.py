"""The handoff format read: the JSON by which an engineering tool hands over typed facts.

Knows the format's text and what is wrong with it. Must not know the vault, records or what becomes of a fact.
A file that cannot be read raises; a fact that cannot be taken is a row beside the facts that can.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.knowledge.handoff.checks import Typed, wrong_with
from atocore.knowledge.handoff.table import (
    FACT,
    FORMAT,
    HEAD,
    HIGHEST,
    MAX_LINE,
    TYPES,
    USUAL,
    VERSION,
)
from atocore.knowledge.leaks import redacted_value
from atocore.records.record import printable

MAX_SHOWN = 60
"""So much of a key that is not the format's is told."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


_HEAD, _FACT = ({field.name: field for field in table} for table in (HEAD, FACT))


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as its tool states it. Texts are "" where absent; `value` holds its unit. `place` is its JSON
    pointer; relations are (type, external id)."""

    place: str
    id: str
    kind: str
    type: str
    title: str = ""
    subject: str = ""
    attribute: str = ""
    value: str = ""
    question: str = ""
    component: str = ""
    text: str = ""
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    confidence: float = USUAL
    valid_from: str = ""
    valid_until: str = ""
    file: str = ""
    revision: str = ""
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A fact, or a part of one, that was left out or needs a look: where (file, JSON pointer), and why."""

    path: str
    place: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """One file as it was read: its facts in order, and what could not be taken."""

    path: str
    project: str
    created: str
    by: str
    facts: tuple[Fact, ...]
    rows: tuple[Row, ...]
    digest: str = ""


def read_handoff(text: str, path: str, redact: Callable[[str], str]) -> Handoff:
    """Understand one handoff. `path` names it in messages; `redact` takes secrets out of a text.

    Raises `AtocoreError` bad-value where it is not JSON, not this format, or another version of it.
    """
    document = _parsed(text, path)
    if not isinstance(document, dict):
        raise _refused(path, "", "is a list or a single value, not an object with `format` and `facts`")
    if document.get("format") != FORMAT:
        raise _refused(path, "/format", f"is to be {FORMAT!r}")
    if document.get("version") != str(VERSION) or not isinstance(document["version"], Typed):
        told = f"is {document.get('version')!r}; this AtoCore reads version {VERSION}"
        raise _refused(path, "/version", told)
    facts = document.get("facts")
    if not isinstance(facts, list):
        raise _refused(path, "/facts", "is to be a list of facts")
    head = {field.name: document.get(field.name) for field in HEAD if field.form in ("line", "date")}
    rows = [
        Row(path, f"/{name}", "", wrong)
        for name, value in head.items()
        if value is not None and (wrong := wrong_with(_HEAD[name], value))
    ]
    rows += [
        Row(path, _pointer(name, redact), "", "no such key; ignored")
        for name in document
        if name not in _HEAD
    ]
    wrong_keys = {row.place[1:] for row in rows}
    if "project" in wrong_keys:
        raise _refused(path, "/project", next(row.reason for row in rows if row.place == "/project"))
    said = {
        n: _clean(str(v), redact) if v is not None and n not in wrong_keys else "" for n, v in head.items()
    }
    found = list(_facts(facts, path, said, redact, rows))
    return Handoff(path, said["project"], said["created"], said["tool_version"], tuple(found), tuple(rows))


def _parsed(text: str, path: str) -> object:
    def pairs(items: Sequence[tuple[str, object]]) -> dict[str, object]:
        found = dict(items)
        if len(found) != len(items):
            names = [name for name, _ in items]
            twice = next(name for name in names if names.count(name) > 1)
            raise _refused(path, "", f"has the key {twice!r} twice in one object")
        return found

    def constant(name: str) -> object:
        raise _refused(path, "", f"holds {name}, which is no JSON number")

    try:
        return json.loads(
            text, object_pairs_hook=pairs, parse_float=Typed, parse_int=Typed, parse_constant=constant
        )
    except json.JSONDecodeError as error:
        told = f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}"
        raise AtocoreError("bad-value", told, "mend the export; see docs/handoff.md") from error
    except RecursionError as error:
        raise _refused(path, "", "is nested too deeply") from error


def _pointer(key: str, redact: Callable[[str], str]) -> str:
    """A key as a part of a JSON pointer that may be shown: in one line, and not the whole of a long one."""
    shown = printable(_clean(key, redact).replace("\n", " ")).replace("~", "~0").replace("/", "~1")
    return f"/{shown[:MAX_SHOWN]}{'…' * (len(shown) > MAX_SHOWN)}"


def _refused(path: str, place: str, told: str) -> AtocoreError:
    where = f"{path}{'#' if place else ''}{place}"
    return AtocoreError("bad-value", f"{where} {told}", "see docs/handoff.md, or atocore schema --handoff")


def _facts(
    facts: Sequence[object],
    path: str,
    head: Mapping[str, str],
    redact: Callable[[str], str],
    rows: list[Row],
) -> Iterator[Fact]:
    """The facts that can be taken; a row for every other, and for every part that is left out."""
    seen: dict[str, str] = {}
    for number, stated in enumerate(facts):
        place = f"/facts/{number}"
        if not isinstance(stated, dict):
            rows.append(Row(path, place, "", "is no object"))
            continue
        name = stated.get("id")
        known = name if isinstance(name, str) and len(name) <= MAX_LINE else ""
        for key in stated:
            if key not in _FACT:
                rows.append(Row(path, f"{place}{_pointer(key, redact)}", known, "no such key; ignored"))
        if wrong := _why_not(stated, redact):
            rows.append(Row(path, f"{place}{wrong[0]}", known, wrong[1]))
        elif known in seen:
            rows.append(Row(path, place, known, f"has the id of {seen[known]}; the first one counts"))
        else:
            seen[known] = place
            fact = _fact(stated, place, head, redact)
            if fact.text or fact.title or fact.subject or fact.question or fact.component:
                yield fact
            else:
                rows.append(Row(path, place, known, "says nothing that can be written"))


def _why_not(stated: Mapping[str, object], redact: Callable[[str], str]) -> tuple[str, str] | None:
    """What keeps a fact from being taken: the pointer within it, and why."""
    for field in FACT:
        value = stated.get(field.name)
        if value is None:
            if field.needed:
                return f"/{field.name}", "is missing"
        elif wrong := wrong_with(field, value):
            return f"/{field.name}", wrong
    name, kind = str(stated["id"]), str(stated.get("kind") or "entity")
    if not name.strip() or _CONTROL.search(name) or redact(name) != name:
        return "/id", "is empty, or holds a control character or what looks like a secret"
    if stated["type"] not in TYPES[kind]:
        return "/type", f"is no type of {kind}; one of: {', '.join(TYPES[kind])}"
    if stated.get("unit") and not _NUMBER.fullmatch(str(stated.get("value") or "").strip()):
        return "/unit", "goes with a number in `value`"
    if not any(
        str(stated.get(key) or "").strip() for key in ("text", "title", "subject", "question", "component")
    ):
        return "", "says nothing: give `text`, `title`, `subject`, `question` or `component`"
    if stated.get("attribute") and not stated.get("subject"):
        return "/attribute", "goes with a `subject`"
    return None


def _fact(
    stated: Mapping[str, object], place: str, head: Mapping[str, str], redact: Callable[[str], str]
) -> Fact:
    def text(name: str) -> str:
        value = stated.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        return _clean(value, redact) if isinstance(value, str) else ""

    def texts(name: str) -> tuple[str, ...]:
        value = stated.get(name)
        found = (_clean(entry, redact) for entry in value) if isinstance(value, list) else ()
        return tuple(dict.fromkeys(entry for entry in found if entry))

    listed = stated.get("relations")
    relations = [(entry["type"], entry["target"]) for entry in listed] if isinstance(listed, list) else []
    named = {name: text(name) for name in ("title", "subject", "attribute", "question", "component")}
    value, unit = redacted_value([*named.values()], text("value"), redact), text("unit")
    return Fact(
        place=place,
        id=str(stated["id"]),
        kind=str(stated.get("kind") or "entity"),
        type=str(stated["type"]),
        **named,
        value=f"{value} {unit}" if unit else value,
        text=text("text"),
        aliases=texts("aliases"),
        tags=texts("tags"),
        confidence=_confidence(stated.get("confidence")),
        valid_from=text("valid_from"),
        valid_until=text("valid_until"),
        file=text("file") or head["file"],
        revision=text("revision") or head["revision"],
        relations=tuple(dict.fromkeys(relations)),
    )


def _confidence(stated: object) -> float:
    """How sure the tool is, as a record can say it: bounded, and to four digits (1e-9 is none, nor is -0)."""
    return min(abs(round(float(str(stated)), 4)), HIGHEST) if stated is not None else USUAL


def _clean(value: str, redact: Callable[[str], str]) -> str:
    return redact(_CONTROL.sub(" ", value)).strip()
