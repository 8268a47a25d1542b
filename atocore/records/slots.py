"""Slots: what a record claims something about. One table says, for each type, which keys make its slot.

Two active records in one slot with different values cannot both be true. Where a part of the slot is not
stated, no conflict can be claimed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from atocore.records.kinds import ENTITY_TYPES, MEMORY_TYPES, STATE_TYPES, Kind
from atocore.records.plural import singular
from atocore.records.record import Record
from atocore.records.values.text import folded_text

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_APOSTROPHES = dict.fromkeys(map(ord, "‘’ʼ＇"), "'")
_SEPARATORS = re.compile(r"[\s_‐‑‒–—-]+")
_ARTICLE = re.compile(r"^(?:(?:the|an?) )+(?=\S)")
_LETTER_A = re.compile(r"\s*a[_‐‑‒–—-](?=[^\s_‐‑‒–—-])")  # an `A-frame` is no frame


@dataclass(frozen=True, slots=True)
class SlotRule:
    """One row: the family whose members can clash, the keys of the slot in order, those that may be absent,
    and how the row reads in the docs. An empty `keys` means: no slot, so no conflict."""

    family: str
    keys: tuple[str, ...]
    optional: tuple[str, ...]
    reads: str


_CLAIM = SlotRule("claim", ("project", "subject", "attribute"), ("project",), "(project, subject, attribute)")
_DECISION = SlotRule("decision", ("project", "question"), ("project",), "(project, question)")
_EITHER = SlotRule(
    "preference",
    ("project", "subject", "attribute"),
    ("project", "subject", "attribute"),
    "(project or everyone, subject or attribute)",
)
_STATE = SlotRule("claim", ("project", "subject", "attribute"), ("project", "subject"), "(project, key)")
_NONE = SlotRule("", (), (), "none: episodes do not contradict each other")

SLOTS: Mapping[tuple[Kind, str], SlotRule] = {
    **{(Kind.MEMORY, type_): _CLAIM for type_ in MEMORY_TYPES},
    **{(Kind.ENTITY, type_): _CLAIM for type_ in ENTITY_TYPES},
    **{(Kind.STATE, type_): _STATE for type_ in STATE_TYPES},
    (Kind.MEMORY, "preference"): _EITHER,
    (Kind.MEMORY, "episodic"): _NONE,
    (Kind.ENTITY, "decision"): _DECISION,
    (Kind.ENTITY, "material"): SlotRule(
        "material", ("project", "component"), ("project",), "(project, component)"
    ),
    (Kind.ENTITY, "vendor"): SlotRule(
        "vendor", ("project", "component"), ("project",), "(project, component)"
    ),
}

_KEYS: Mapping[str, tuple[str, ...]] = {rule.family: rule.keys for rule in SLOTS.values() if rule.keys}
"""The keys whose values are the parts of a family's slots."""


@lru_cache(maxsize=1 << 14)
def normal_name(text: str) -> str:
    """A name for comparing: Unicode form, width, case, spacing, hyphens and a leading article folded."""
    folded = folded_text(text if text.isascii() else text.translate(_INVISIBLE))
    if not folded.isascii():  # folding makes no other character of an ASCII one
        folded = folded.translate(_APOSTROPHES)
    letter = _LETTER_A.match(folded)
    if letter is not None:
        return f"a-{_SEPARATORS.sub(' ', folded[letter.end() :]).strip()}"
    return _ARTICLE.sub("", _SEPARATORS.sub(" ", folded).strip())


@lru_cache(maxsize=1 << 14)
def normal_thing(text: str) -> str:
    """The name of a thing for comparing: as `normal_name`, in the singular where it is a plural for certain.

    Not for attributes: `channels: 8` says how many there are, `channel: 5` which one."""
    return singular(normal_name(text))


def slot_of(record: Record) -> tuple[str, ...] | None:
    """The record's slot: family, then the normalised parts. None where a needed part is not stated."""
    rule = SLOTS.get((record.kind, record.type))
    if rule is None or not rule.keys:
        return None
    if record.kind is Kind.STATE and record.question:
        rule = _DECISION
    parts = tuple(_normal_part(key, getattr(record, key)) for key in rule.keys)
    if any(not part and key not in rule.optional for key, part in zip(rule.keys, parts, strict=True)):
        return None
    if not any(parts[1:]) or not claimed_value(record):
        return None
    return (rule.family, *parts)


def _normal_part(key: str, text: str) -> str:
    return normal_thing(text) if key in ("subject", "component") else normal_name(text)


def stated_slot(record: Record) -> tuple[str, ...] | None:
    """The slot that a record's own file states, a conflict's file too; whatever its names are aliases of."""
    if record.kind is not Kind.CONFLICT:
        return slot_of(record)
    if not record.slot:
        return None
    family, *parts = record.slot
    keys = _KEYS.get(family, ())
    if len(parts) != len(keys):
        return record.slot or None
    return (family, *(_normal_part(key, part) for key, part in zip(keys, parts, strict=True)))


def claimed_value(record: Record) -> str:
    """The value that stands in the record's slot, as typed. A decision, material or vendor without `value`
    claims its title."""
    if record.value:
        return record.value
    named = record.kind is Kind.ENTITY and record.type in ("decision", "material", "vendor")
    return record.title if named else ""


def about(slot: tuple[str, ...]) -> tuple[str, str]:
    """The project of a slot, and the thing that it is about, "" where it has none: a question is none."""
    family, project, *rest = (*slot, "", "")[: max(len(slot), 2)]
    return project, rest[0] if rest and family != "decision" else ""


def slot_text(slot: tuple[str, ...]) -> str:
    """A slot for people: `p04 telescope / primary mirror / mass`."""
    return " / ".join(part for part in slot[1:] if part)
