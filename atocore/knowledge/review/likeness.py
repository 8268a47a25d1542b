"""Likeness: which records a candidate resembles, and where two texts differ. Looks for words, never meaning.

Likeness is told to a person, and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.slots import claimed_value, slot_of
from atocore.records.snapshot import Snapshot
from atocore.records.statement import normal_statement, statement_key
from atocore.records.values.compare import meaning

ENOUGH = 0.6
"""The part of their words that two statements share, from which on one resembles the other."""
MOST = 5
_STATING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
_ORDER = ("active", "candidate", "rejected", "graduated", "superseded", "retired")
_LONGEST = 400  # words of a statement that are compared
_PARTS = re.compile(r"\s+|[^\W\d_]+|\d+(?:[.,]\d+)*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """The smallest part in which two texts differ, between what they share at both ends."""

    before: str
    here: str
    there: str
    after: str


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A record that a candidate resembles. `why` is `statement` (the same words), `claim` (the same slot and
    value), or `words`, of which it shares the part `share` (0 to 1)."""

    record: Record
    why: str
    share: float


def resembling(snapshot: Snapshot, record: Record, found: Iterable[Record] = ()) -> tuple[Resemblance, ...]:
    """What the record resembles, the most alike first: what states or claims the same, and of the records
    that a search `found` those that say it in nearly the same words."""
    alike = [Resemblance(other, "statement", 1.0) for other in snapshot.stating(statement_key(record))]
    slot = slot_of(record)
    if slot is not None:
        value = meaning(claimed_value(record))
        same = (one for one in snapshot.in_slot(slot) if meaning(claimed_value(one)) == value)
        alike += [Resemblance(other, "claim", 1.0) for other in same]
    mine = _words(record)
    alike += [Resemblance(other, "words", share(mine, _words(other))) for other in found]
    best: dict[str, Resemblance] = {}
    for one in alike:
        if one.record.id != record.id and one.record.kind in _STATING and one.share >= ENOUGH:
            best.setdefault(one.record.id, one)
    return tuple(sorted(best.values(), key=_rank)[:MOST])


def _rank(one: Resemblance) -> tuple[float, int, str]:
    status = one.record.status
    return (-one.share, _ORDER.index(status) if status in _ORDER else len(_ORDER), one.record.id)


def _words(record: Record) -> list[str]:
    return normal_statement(record.body).split()[:_LONGEST]


def share(one: list[str], other: list[str]) -> float:
    """The part of two lists of words that stands in both in the same order, 0 to 1."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ENOUGH else 0.0


def difference(here: str, there: str) -> Difference:
    """Where two texts differ: whole words and numbers, never parts of them."""
    mine, theirs = _PARTS.findall(here), _PARTS.findall(there)
    first = 0
    while first < min(len(mine), len(theirs)) and mine[first] == theirs[first]:
        first += 1
    last = 0
    while last < min(len(mine), len(theirs)) - first and mine[-1 - last] == theirs[-1 - last]:
        last += 1
    return Difference(
        "".join(mine[:first]),
        "".join(mine[first : len(mine) - last]),
        "".join(theirs[first : len(theirs) - last]),
        "".join(mine[len(mine) - last :]),
    )
