"""Where values differ: the words and numbers of one that not all the others share, marked for a reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from atocore.records.values.compare import same

_TOKENS = re.compile(r"[+-]?\d[\d.,]*\d|\w+|\s+|[^\w\s]")
_LONGEST = 400
"""So many words and signs of a value are compared; what follows counts as different."""
_MOST = 20
"""So many other values are compared with."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a value. `differs`: another value does not say it there."""

    text: str
    differs: bool


def difference(one: str, other: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Two values in parts, those that differ marked: as few and as short as whole words and numbers allow."""
    return marked(one, (other,)), marked(other, (one,))


def marked(value: str, others: Iterable[str]) -> tuple[Part, ...]:
    """A value in parts, those marked that some other value does not share. One that means the same marks
    nothing; all that is left out of a value is marked in the others."""
    tokens = _TOKENS.findall(value)
    differs = [False] * len(tokens)
    for other in islice(dict.fromkeys(others), _MOST):
        if not same(value, other):
            _mark(differs, tokens, _TOKENS.findall(other))
    return _joined(tokens, differs)


def _mark(differs: list[bool], tokens: list[str], others: list[str]) -> None:
    from difflib import SequenceMatcher

    mine, theirs = ([token.casefold() for token in side[:_LONGEST]] for side in (tokens, others))
    if "".join(mine) == "".join(theirs):  # `mW` and `MW`: the case is what differs
        mine, theirs = tokens[:_LONGEST], others[:_LONGEST]
    shared = {
        at
        for start, _, size in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
        for at in range(start, start + size)
    }
    for at in range(len(tokens)):
        differs[at] |= at not in shared
    for at in range(1, len(tokens) - 1):  # a space between two that differ is part of the difference
        differs[at] |= tokens[at].isspace() and differs[at - 1] and differs[at + 1]


def _joined(tokens: list[str], differs: list[bool]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for token, differ in zip(tokens, differs, strict=True):
        if parts and parts[-1].differs is differ:
            parts[-1] = Part(parts[-1].text + token, differ)
        else:
            parts.append(Part(token, differ))
    return tuple(parts)
