"""Statements: when two records say the same in the same words, markup, case and spacing aside."""

from __future__ import annotations

import hashlib
import re

from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.slots import folded_text

_LINK = re.compile(r"!?\[\[?([^\]|]*)(?:\|([^\]]*))?\]?\](?:\([^)]*\))?")
# what may tell two statements apart stays: signs of numbers, comparisons, currencies, C# and C++
_NOISE = re.compile(r"[^\w%°±≤≥≠<>=+^$€£¥#./-]+|(?<!\w)[./#-]+(?!\.?\d)|[./-]+(?!\w)(?!\.\d)")
_STATING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)


def normal_statement(text: str) -> str:
    """Words, numbers and signs of a statement, folded for comparing; links count as their text."""
    linked = _LINK.sub(lambda match: f" {match[2] or match[1]} ", text)
    folded = folded_text(linked).replace("_", " ")
    return " ".join(_NOISE.sub(" ", folded).split())


def text_key(text: str) -> str:
    """A short hash of a statement: equal for statements that `normal_statement` makes equal."""
    return _hashed(normal_statement(text))


def statement_key(record: Record) -> str:
    """The `text_key` of what the record states; "" for kinds that state nothing, or an empty body."""
    said = normal_statement(record.body) if record.kind in _STATING else ""
    return _hashed(said) if said else ""


def _hashed(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:24]
