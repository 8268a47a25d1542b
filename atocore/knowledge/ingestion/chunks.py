"""Chunks: a document cut along its headings into passages small enough to embed and to cite.

Knows the outline of a text and sizes in words. Must not know where the text came from, or what it says.
Every character that is not white space is in exactly one chunk, and so is every line, except a line that is
longer than the window by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from atocore.knowledge.ingestion.outline import Block, Outline, Section, outline
from atocore.records.ids import derived_id

CHUNKER_VERSION = "2"
MAX_WORDS = 180
_CHARS_A_WORD = 10  # a run of more characters than this counts as several words

_WIDE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ATOM = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"""[.!?:;。！？][)"'\]*_”’»]*\s*$""")

# Where a section that is too large may be cut, best first.
_BLOCK, _ITEM, _NESTED, _SENTENCE, _ANYWHERE = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: its heading path, its exact source, its 1-based lines in the file.

    `id` stays the same as long as path and words do; `start` and `end` are its place in the body.
    """

    id: str
    headings: tuple[str, ...]
    text: str
    first_line: int
    last_line: int
    start: int
    end: int


@dataclass(slots=True)
class _Span:
    """Characters from `start` to `end` of the body, on lines `first` to `last` (counted from 0)."""

    start: int
    end: int
    first: int
    last: int
    size: int
    heading_only: bool = False


def chunks(body: str, first_line: int = 1, *, max_words: int = MAX_WORDS) -> tuple[Chunk, ...]:
    """Cut `body`, whose first line is line `first_line` of its file, into chunks of at most `max_words`.

    A script without spaces counts a word a character, a long run of characters a word for every ten.
    """
    cutter = _Cutter(body, outline(body), max(1, max_words))
    seen: dict[tuple[tuple[str, ...], str], int] = {}
    found = []
    for path, span in cutter.spans():
        text = body[span.start : span.end]
        words = " ".join(text.split()).casefold()
        ordinal = seen[path, words] = seen.get((path, words), -1) + 1
        chunk_id = derived_id("chk", "\x1f".join(path), words, str(ordinal))
        lines = (first_line + span.first, first_line + span.last)
        found.append(Chunk(chunk_id, path, text, *lines, span.start, span.end))
    return tuple(found)


def size_in_words(text: str) -> int:
    """How much of a window `text` fills, in words."""
    return max(len(text.split()), len(text) // _CHARS_A_WORD, len(_WIDE.findall(text)))


class _Cutter:
    """Cuts one body. All positions are lines counted from 0, ends excluded."""

    def __init__(self, body: str, read: Outline, max_words: int) -> None:
        self.body = body
        self.read = read
        self.max_words = max_words
        self.count = len(read.starts)
        sizes = (size_in_words(body[a:b]) for a, b in zip(read.starts, read.ends, strict=True))
        self.totals = [0, *accumulate(sizes)]
        self.breaks = self._breaks()

    def spans(self) -> Iterator[tuple[tuple[str, ...], _Span]]:
        """Give every chunk's heading path and span, in order."""
        sections, begin = self.read.sections, 0
        for number, section in enumerate(sections):
            below = number + 1 < len(sections) and sections[number + 1].level > section.level
            if below and section.level and not self._has_body(section):
                continue  # a heading with nothing of its own goes with the section under it
            for span in self._windows(self._pieces(begin, section)):
                yield section.path, span
            begin = section.last

    def _has_body(self, section: Section) -> bool:
        return self.totals[section.last] > self.totals[section.body - 1]

    def _pieces(self, begin: int, section: Section) -> Iterator[_Span]:
        """Give the pieces of a section, its headings first, none larger than the window."""
        body_begin = begin
        if section.level:
            body_begin = section.body - 1
            for piece in self._cut(begin, body_begin, _ANYWHERE):
                piece.heading_only = True
                yield piece
        yield from self._cut(body_begin, section.last, _BLOCK)

    def _cut(self, begin: int, end: int, level: int) -> Iterator[_Span]:
        while begin < end and not self._line(begin).strip():
            begin += 1
        while end > begin and not self._line(end - 1).strip():
            end -= 1
        if begin >= end:
            return
        size = self.totals[end] - self.totals[begin]
        if size <= self.max_words:
            yield _Span(self.read.starts[begin], self.read.ends[end - 1], begin, end - 1, size)
        elif end - begin == 1:
            yield from self._cut_line(begin)
        else:
            cuts = [begin, *(n for n in range(begin + 1, end) if self.breaks[n] <= level), end]
            deeper = min(level + 1, _ANYWHERE)
            for a, b in pairwise(cuts):
                yield from self._cut(a, b, deeper)

    def _cut_line(self, number: int) -> Iterator[_Span]:
        """Cut one line that is larger than the window: after sentences, else after words."""
        held: list[tuple[int, int, int]] = []
        size = sentence = 0
        for start, end, weight in self._atoms(self.read.starts[number], self.read.ends[number]):
            if size + weight > self.max_words and held:
                cut = sentence if sentence > len(held) // 2 else len(held)
                yield _Span(held[0][0], held[cut - 1][1], number, number, self.max_words)
                held, sentence = held[cut:], 0
                size = sum(part[2] for part in held)
            held.append((start, end, weight))
            size += weight
            if _SENTENCE_END.search(self.body, start, end):
                sentence = len(held)
        if held:
            yield _Span(held[0][0], held[-1][1], number, number, self.max_words)

    def _atoms(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Give start, end and size of each word; one as long as many words comes in parts."""
        longest = max(1, self.max_words // 4)
        for match in _ATOM.finditer(self.body, start, end):
            a, b = match.span()
            if b - a <= _CHARS_A_WORD and match[0].isascii():
                yield a, b, 1
                continue
            step = longest if _WIDE.search(match[0]) else longest * _CHARS_A_WORD
            for at in range(a, b, step):
                part = self.body[at : min(at + step, b)]
                yield at, at + len(part), size_in_words(part)

    def _windows(self, pieces: Iterable[_Span]) -> Iterator[_Span]:
        """Join neighbouring pieces as long as they fit; headings always go with what follows them."""
        held: _Span | None = None
        for piece in pieces:
            if held and (held.size + piece.size <= self.max_words or self._short_heading(held)):
                held.end, held.last, held.size = piece.end, piece.last, held.size + piece.size
                held.heading_only = held.heading_only and piece.heading_only
                continue
            if held:
                yield held
            held = piece
        if held:
            yield held

    def _short_heading(self, span: _Span) -> bool:
        return span.heading_only and span.size <= self.max_words // 4

    def _line(self, number: int) -> str:
        return self.body[self.read.starts[number] : self.read.ends[number]]

    def _breaks(self) -> list[int]:
        """Give for every line how good a place it is to cut before."""
        found = [_ANYWHERE] * (self.count + 1)
        blank_above = False
        for number in range(self.count):
            line = self._line(number)
            if blank_above and not self.read.parsed:
                found[number] = _BLOCK
            elif number and _SENTENCE_END.search(self.body, *self._tail(number - 1)):
                found[number] = _SENTENCE
            blank_above = not line.strip()
        for section in self.read.sections:
            _mark(found, section.blocks, _BLOCK)
        return found

    def _tail(self, number: int) -> tuple[int, int]:
        end = self.read.ends[number]
        return max(self.read.starts[number], end - 8), end


def _mark(breaks: list[int], blocks: Sequence[Block], level: int) -> None:
    for block in blocks:
        breaks[block.first - 1] = min(breaks[block.first - 1], level)
        for item in block.items:
            breaks[item.first - 1] = min(breaks[item.first - 1], max(level, _ITEM))
            _mark(breaks, item.blocks, _NESTED)
