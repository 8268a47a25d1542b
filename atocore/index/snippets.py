"""Snippets: the stretch of a passage that fits a query best, on one line. Knows text and terms, no index."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from atocore.index.terms import Language, asked, piece

_CHARS: Final = 200
_LEAD: Final = 60  # characters before the match
_SOURCE: Final = 20_000  # characters of a passage in which the best match is looked for
_BLANKS: Final = re.compile(r"\s+|$")


def snippet(language: Language, query: str, text: str) -> str:
    """About 200 characters of `text` around the densest match; its start where nothing matches."""
    wanted = asked(query, language.name)
    terms = language.terms(" ".join((*wanted.words, *wanted.phrases)))
    source = text[:_SOURCE]
    pieces = piece(source)
    hits = language.shared(terms, set(pieces.findall(source)))
    marks = [(m.start(), min(hits[m[0]])) for m in pieces.finditer(source) if m[0] in hits] if hits else []
    return _window(text, marks)


def _window(text: str, marks: Sequence[tuple[int, str]]) -> str:
    """The stretch of `text` with the most different marked terms, cut between words, on one line."""
    best, start = 0, 0
    for number, (position, _) in enumerate(marks):
        behind = bisect_left(marks, (position + _CHARS - _LEAD, ""), number)
        different = len({term for _, term in marks[number:behind]})
        if different > best:
            best, start = different, max(0, position - _LEAD)
    if start:
        start = next((m.end() for m in _BLANKS.finditer(text[start : start + _LEAD])), 0) + start
    cut = text[start : start + _CHARS]
    if start + _CHARS < len(text) and " " in cut:
        cut = cut[: cut.rindex(" ")]
    line = " ".join("".join(c if c.isprintable() else " " for c in cut).split())
    return ("… " if start else "") + line + (" …" if start + len(cut) < len(text.rstrip()) else "")
