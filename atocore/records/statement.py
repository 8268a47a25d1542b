"""Statements: when two records say the same in the same words, markup, case and spacing aside."""

from __future__ import annotations

import hashlib
import re

from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.values.text import folded_text

# What may tell two statements apart stays: signs of numbers, comparisons, currencies, C# and C++.
_KEPT = "%°±≤≥≠<>=+^$€£¥#./-"
_NOISE = re.compile(rf"[^\w {_KEPT}]+|_+")
_ASCII_NOISE = {n: " " for n in range(128) if not chr(n).isalnum() and chr(n) not in _KEPT}
# Of `.`, `/`, `#` and `-`, those that neither stand in a word nor begin a number.
# Both cases look behind the first such sign: a pattern that begins with a class is found ten times faster.
_LOOSE = re.compile(r"[./#-](?:(?<!\w.)[./#-]*(?!\.?\d)|(?<!#)[./-]*(?!\w)(?!\.\d))")
_STATING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)


def normal_statement(text: str) -> str:
    """Words, numbers and signs of a statement, folded for comparing; links count as their text."""
    folded = folded_text(_without_links(text) if "[" in text else text)
    words = folded.translate(_ASCII_NOISE) if folded.isascii() else _NOISE.sub(" ", folded)
    return " ".join(_LOOSE.sub(" ", words).split())


def _without_links(text: str) -> str:
    """`[text](target)`, `[[text]]` and `[[target|text]]` as their texts, in time linear in the text."""
    parts = []
    done, last_round = 0, text.rfind(")")
    while (start := text.find("[", done)) >= 0:
        inner = start + 2 if text.startswith("[", start + 1) else start + 1
        end = text.find("]", inner)
        if end < 0:
            break
        target, _, shown = text[inner:end].partition("|")
        parts += [text[done:start], " ", shown or target, " "]
        done = end + 2 if text.startswith("]", end + 1) else end + 1
        if done < last_round and text.startswith("(", done):
            done = text.index(")", done) + 1
    return "".join((*parts, text[done:]))


def text_key(text: str) -> str:
    """A short hash of a statement: equal for statements that `normal_statement` makes equal."""
    return _hashed(normal_statement(text))


def statement_key(record: Record) -> str:
    """The `text_key` of what the record states; "" for kinds that state nothing, or an empty body."""
    said = normal_statement(record.body) if record.kind in _STATING else ""
    return _hashed(said) if said else ""


def _hashed(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:24]
