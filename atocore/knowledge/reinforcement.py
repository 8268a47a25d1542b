"""Reinforcement: the monthly reports of uses, and what uses make of a confidence.

A record keeps the confidence it was born with. The reinforced one is computed when read: each further use
closes a tenth of what is left up to the highest. Knows the report's text; must not know how a use is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from atocore.records.ids import derived_id
from atocore.records.kinds import Kind
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Record

FOLDER = "reports/reinforcement"
HIGHEST = 0.95
STEP = 0.1
"""Uses lead up to `HIGHEST`, and each closes this part of what is left."""

_HEAD = """\
# Uses in {month}

Which memories the answers of this clone's captures used, by wording and by meaning. `atocore reinforce` tells
it, once for a capture and a memory. Nothing is written into the memories.

| day | capture | memory | words | meaning | why |
| --- | --- | --- | --- | --- | --- |
"""
_ROW = re.compile(
    r"\| (\d{4}-\d\d-\d\d) \| (int-[0-9a-z]+) \| (mem-[0-9a-z]+) \| ([01]\.\d\d) \| ([01]\.\d\d|-) \| (.*) \|"
)


@dataclass(frozen=True, slots=True)
class Use:
    """One use: of a memory, by the answer of a capture, on its day. `share` is the part of the memory's words
    that the answer has, and `words` are those; `closeness` is that of their meaning, None where nobody could
    tell. Which of the two counted is which is high enough."""

    capture: str
    memory: str
    day: str
    share: float
    words: tuple[str, ...]
    closeness: float | None = None


@dataclass(frozen=True, slots=True)
class Reinforced:
    """What uses made of a memory's confidence: `confidence` as computed (None where it was born with none),
    how many `uses` there were, and the captures behind them, oldest first."""

    confidence: float | None
    uses: int
    captures: tuple[str, ...]


def reinforced_confidence(prior: float, uses: int) -> float:
    """c + (0.95 - c) * (1 - 0.9^n): bounded, with diminishing steps; a prior that is higher stays."""
    return round(prior + max(0.0, HIGHEST - prior) * (1 - (1 - STEP) ** uses), 4)


def reinforced(record: Record, uses: Sequence[Use]) -> Reinforced | None:
    """What uses made of a record; None for all that is no active memory, or was never used."""
    if not uses or record.kind is not Kind.MEMORY or record.status != "active":
        return None
    captures = tuple(use.capture for use in strongest(uses))
    prior = record.confidence
    now = None if prior is None else reinforced_confidence(prior, len(captures))
    return Reinforced(now, len(captures), captures)


def uses_in(page: str) -> list[Use]:
    """The uses that a report tells; lines that tell none are passed over."""
    found = []
    for line in page.splitlines():
        if match := _ROW.fullmatch(line):
            day, capture, memory, share, closeness, words = match.groups()
            near = None if closeness == "-" else float(closeness)
            told = tuple(word for word in words.split(", ") if word)
            found.append(Use(capture, memory, day, float(share), told, near))
    return found


def page_of(month: str, uses: Iterable[Use]) -> str:
    """A month's report."""
    rows = [_row(use) for use in strongest(tuple(uses))]
    return _HEAD.format(month=month) + "".join(f"{row}\n" for row in rows)


def _row(use: Use) -> str:
    near = "-" if use.closeness is None else f"{use.closeness:.2f}"
    words = ", ".join(word.replace("|", "").strip() for word in use.words)
    return f"| {use.day} | {use.capture} | {use.memory} | {use.share:.2f} | {near} | {words} |"


def report_path(clone: str, month: str) -> str:
    """Where a clone's report of a month (`YYYY-MM`) lies."""
    return f"{FOLDER}/{clone}-{month}.md"


def reports(clone: str, uses: Sequence[Use], pages: Mapping[str, str]) -> Plan:
    """The commit that appends uses to a clone's monthly reports, each to that of its capture's month. `pages`
    are all reports that there are; a pair of capture and memory that one of them tells is not told again."""
    known = {(use.capture, use.memory) for page in pages.values() for use in uses_in(page)}
    new = [use for use in strongest(uses) if (use.capture, use.memory) not in known]
    changes = []
    for month in sorted({use.day[:7] for use in new}):
        path = report_path(clone, month)
        before = pages.get(path)
        held = uses_in(before) if before is not None else []
        page = page_of(month, [*held, *(use for use in new if use.day.startswith(month))])
        changes.append(Change(path, before.encode() if before is not None else None, page.encode()))
    if not changes:
        return Plan((), None)
    wave = derived_id("wave", "reinforce", *(f"{use.capture} {use.memory}" for use in new))
    memories = len({use.memory for use in new})
    subject = f"reinforce {memories} memor{'y' if memories == 1 else 'ies'} by {len(new)} uses"
    return Plan(tuple(changes), Message(subject, "reinforce", Actor.MACHINE, wave=wave))


def strongest(uses: Sequence[Use]) -> list[Use]:
    """Each capture's use of a memory once: the strongest, in order of day, capture and memory."""
    best: dict[tuple[str, str], Use] = {}
    for use in uses:
        known = best.get((use.capture, use.memory))
        if known is None or (use.share, use.closeness or 0.0) > (known.share, known.closeness or 0.0):
            best[use.capture, use.memory] = use
    return sorted(best.values(), key=lambda use: (use.day, use.capture, use.memory))
