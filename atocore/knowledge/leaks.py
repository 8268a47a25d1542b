"""Secrets in what is written: git never forgets, so they are looked for before a step is taken.

Pure: what finds secrets in a text is an argument. Knows fingerprints and hints, and never tells a secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from atocore.errors import AtocoreError
from atocore.records.codec import read
from atocore.records.header import Value
from atocore.records.plan import Change, Plan

Finder = Callable[[str], Sequence[tuple[int, int, str]]]
"""Gives the secrets of a text as (start, end, label)."""

_SHOWN_OF = 20
"""Of a secret of so many characters or more the first four are shown; of a shorter one they would help."""
_MANY = 5
_NAMES_A_VALUE = ("attribute", "subject", "question", "component", "title")
_MAKES_KNOWLEDGE = frozenset({"promote", "add"})
_BRINGS_BACK = frozenset({"undo"})


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret in a text, not named: where (`line` is 1-based), what kind, and a hint for who knows it.

    `fingerprint` is what `secrets.false_alarms` lists for a false alarm.
    """

    path: str
    line: int
    label: str
    fingerprint: str
    hint: str


def fingerprint(secret: str) -> str:
    """The short hash by which the settings allow a text that only looks like a secret."""
    return f"s-{hashlib.sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def hint_at(secret: str) -> str:
    """As much of a secret as helps its owner and nobody else."""
    shown = f"{secret[:4]}…" if len(secret) >= _SHOWN_OF and secret[:4].isprintable() else ""
    return f"{shown} {len(secret)} characters".strip()


def leaks_in(path: str, text: str, find: Finder, allowed: Collection[str] = ()) -> Iterator[Leak]:
    """The secrets of one text that nobody allowed, from its top to its end."""
    line, counted = 1, 0
    for start, end, label in find(text):
        secret = text[start:end]
        mark = fingerprint(secret)
        line, counted = line + text.count("\n", counted, start), start
        if mark not in allowed:
            yield Leak(path, line, label, mark, hint_at(secret))


def leaks_of_file(path: str, raw: bytes, find: Finder, allowed: Collection[str] = ()) -> list[Leak]:
    """The secrets of one file; of a record also one that only its claim shows (`password` and its value)."""
    text = raw.decode("utf-8", "replace")
    found = list(leaks_in(path, text, find, allowed))
    claims = path.endswith(".md") and b"attribute" in raw
    record = read(path, raw, max_bytes=len(raw)).record if claims else None
    if record is not None and record.value and record.attribute:
        line, known = record.header.line("value"), {leak.fingerprint for leak in found}
        claimed = leaks_in(path, f"{record.attribute}: {record.value}", find, allowed)
        found += [replace(leak, line=line) for leak in claimed if leak.fingerprint not in known]
    return found


def leaks_of_step(plan: Plan, find: Finder, allowed: Collection[str] = ()) -> list[Leak]:
    """The secrets that a step would bring into git: what its files hold and did not hold before, and its
    reason. A step that makes knowledge answers for the whole of its records; one that brings back what git
    holds already, for none."""
    action = plan.message.action if plan.message is not None else ""
    if action in _BRINGS_BACK:
        return []
    found = [
        leak
        for change in plan.changes
        if change.new is not None
        for leak in leaks_of_file(change.path, change.new, find, allowed)
    ]
    if found:  # the usual step brings none, and what was there before it need not be read
        before = {change.path: _before(change, find) for change in plan.changes}
        held = {mark for lines in before.values() for mark in lines}
        known = held if action not in _MAKES_KNOWLEDGE else set()
        found = [
            replace(leak, line=before[leak.path].get(leak.fingerprint, leak.line))
            for leak in found
            if leak.fingerprint not in known
        ]
    reason = plan.message.reason if plan.message is not None else ""
    return found + list(leaks_in("the reason", reason, find, allowed))


def _before(change: Change, find: Finder) -> dict[str, int]:
    """The secrets that git holds already, each with the line it stands on now."""
    return {leak.fingerprint: leak.line for leak in leaks_of_file(change.path, change.old or b"", find)}


def _without_words(path: str) -> str:
    """A new record's name is made of its words, the secret perhaps among them: they are left out."""
    folder, slash, name = path.rpartition("/")
    words, dashes, tail = name.rpartition("--")
    return f"{folder}{slash}…{dashes}{tail}" if words else path


def refuse(leaks: Sequence[Leak], plan: Plan) -> None:
    """Refuse a step that would write secrets, naming each line and the way out."""
    if not leaks:
        return
    new = {change.path: _without_words(change.path) for change in plan.changes if change.old is None}
    named = [
        f"{new.get(leak.path, leak.path)}:{leak.line}: {leak.label} ({leak.hint})" for leak in leaks[:_MANY]
    ]
    if len(leaks) > _MANY:
        named.append(f"and {len(leaks) - _MANY} more")
    marks = ", ".join(dict.fromkeys(leak.fingerprint for leak in leaks[:_MANY]))
    raise AtocoreError(
        "secret",
        f"a secret would stay in git for good: {'; '.join(named)}",
        f"say it without; or, no secret: add {marks} to secrets.false_alarms in atocore.yaml",
    )


def redacted(text: str, find: Finder, allowed: Collection[str] = ()) -> str:
    """A text with a labelled placeholder for each of its secrets, but for those that were allowed."""
    kept, at = [], 0
    for start, end, label in find(text):
        if fingerprint(text[start:end]) not in allowed:
            kept += [text[at:start], f"[REDACTED:{label}]"]
            at = end
    return "".join([*kept, text[at:]])


def redacted_keys(keys: Mapping[str, Value], redact: Callable[[str], str]) -> dict[str, Value]:
    """Frontmatter without secrets; also without one that only its claim shows (`password` and its value)."""
    clean = {name: _redacted(value, redact) for name, value in keys.items()}
    value = clean.get("value")
    if isinstance(value, str):
        clean["value"] = redacted_value([clean.get(key) for key in _NAMES_A_VALUE], value, redact)
    return clean


def redacted_value(names: Sequence[object], value: str, redact: Callable[[str], str]) -> str:
    """A value that stands under one of these names (texts; others name nothing), without what only that shows
    to be a secret."""
    heads = [f"{name}: " for name in names if name and isinstance(name, str)] if value else []
    claims = "\n".join(head + value for head in heads)
    if redact(claims) == claims:  # as nearly always: one look for all
        return value
    told = (redact(head + value).removeprefix(head) for head in heads)
    return next((one for one in told if one != value), value)


def _redacted(value: Value, redact: Callable[[str], str]) -> Value:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _redacted(entry, redact) for key, entry in value.items()}
    return tuple(_redacted(entry, redact) for entry in value)
