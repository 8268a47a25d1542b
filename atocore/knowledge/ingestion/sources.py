"""Whether the passage behind a record still stands in its source, and what stands there now.

Knows records, sources and the outline of a text. Must not know files, waves or how anything is shown. The
answer is computed whenever it is asked for, never written, and withholds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate

from atocore.knowledge.ingestion.chunks import chunks
from atocore.knowledge.ingestion.opened import opened
from atocore.knowledge.ingestion.outline import Block, Outline, Section, line_bounds, outline
from atocore.records.kinds import Kind
from atocore.records.record import Provenance, Record, SourceChange, printable
from atocore.records.snapshot import Snapshot
from atocore.records.statement import normal_statement

ALIKE = 0.5
"""How much of its words a passage shares with the one it replaced, at least (difflib's ratio, 0 to 1)."""
_HOPS = 4
_MOST_WORDS = 400  # words of a passage that are compared
_STANDING = ("candidate", "active")
_EDGE = re.compile(r"[\r\n]+|(?<=[.!?:;])\s+|\|")


@dataclass(frozen=True, slots=True)
class Passage:
    """One block, item or row of a document: its heading path, its 1-based lines, its source text, and its
    words folded for comparing."""

    heading: str
    first: int
    last: int
    text: str
    words: str
    title: bool = False
    """Whether it is the heading itself."""


def source_change(snapshot: Snapshot, record: Record) -> SourceChange | None:
    """What became of the passage that a candidate or an accepted record rests on; None where it stands.

    By passage: an edit elsewhere in the document, or a passage that moved, is no change. A source that this
    clone does not hold is "not here", and no change either. A record made from another record (graduated,
    set as state) rests on what that one rests on.
    """
    return present_form(snapshot, record) if record.status in _STANDING else None


def present_form(snapshot: Snapshot, record: Record) -> SourceChange | None:
    """What became of the passage that a record rests on, whatever its status; None where it stands."""
    stated = _grounds(snapshot, record)
    source = snapshot.get(stated.source) if stated.source else None
    if source is None or source.kind is not Kind.SOURCE or not (stated.quote or stated.chunk):
        return None
    if source.header.get("vanished"):
        return SourceChange(source.id, source.path, "", "", "", gone=True)
    if stands(source, stated):
        return None
    now = present_passage(source, stated)
    if now is None:
        return SourceChange(source.id, source.path, "", "", "")
    return SourceChange(source.id, source.path, now.heading, f"{now.first}-{now.last}", now.text)


def _grounds(snapshot: Snapshot, record: Record) -> Provenance:
    """The provenance that names a source: the record's own, or that of the record it was made from."""
    stated = record.provenance
    for _ in range(_HOPS):
        if stated.source or not stated.record:
            break
        made_from = snapshot.get(stated.record)
        if made_from is None:
            break
        stated = made_from.provenance
    return stated


def stands(source: Record, stated: Provenance) -> bool:
    """Whether the passage stands in the source as it was: in its place, or moved."""
    quote = stated.quote.removesuffix("…").strip()
    if quote and _at_lines(source.body, stated.lines) == quote:
        return True
    if stated.chunk and stated.chunk in _chunk_ids(source.body):
        return True
    words = normal_statement(quote)
    if not words:
        return not stated.chunk
    places = _places(source.body, words, cut=stated.quote.endswith("…"), loose=not stated.chunk)
    if not places:
        return False
    if stated.heading in places or not stated.heading:
        return True
    # the same words under another heading: moved, unless their old place holds another version of them
    return _closest([one for one in passages(source.body) if one.heading == stated.heading], words) is None


def present_passage(source: Record, stated: Provenance) -> Passage | None:
    """The passage that took the place of the stated one: under its heading first, else anywhere, by likeness;
    else the only passage under the heading. None where nothing is like it."""
    parts = passages(source.body)
    words = normal_statement(stated.quote.removesuffix("…"))
    here = [one for one in parts if one.heading == stated.heading]
    shape = [part.title for part in passages(stated.quote)]
    found = _closest(_runs(source.body, here, shape), words) or _closest(here, words)
    if found is None:
        found = _closest(_runs(source.body, parts, shape), words) or _closest(parts, words)
    own = [one for one in here if not one.title]
    return own[0] if found is None and stated.heading and len(own) == 1 else found


def _at_lines(body: str, lines: str) -> str:
    """The text on the lines `first-last` of a body; "" where there are none."""
    first, _, last = lines.partition("-")
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
        return ""
    begin, end = int(first), int(last)
    starts, ends = line_bounds(body)
    return body[starts[begin - 1] : ends[end - 1]].strip() if 0 < begin <= end <= len(starts) else ""


def _places(body: str, words: str, *, cut: bool, loose: bool) -> set[str]:
    """The heading paths under which the words stand as whole lines or sentences; anyhow where `loose`, and
    with an open end where they were `cut`."""
    return {said.heading for said in _said(body) if said.holds(words, cut=cut, loose=loose)}


@dataclass(frozen=True, slots=True)
class _Said:
    """A section's words on one line, and where in them a line, sentence or cell begins."""

    heading: str
    words: str
    edges: frozenset[int]

    def holds(self, words: str, *, cut: bool, loose: bool) -> bool:
        at = self.words.find(words)
        while at >= 0:
            end = at + len(words) + 1
            begins = at in self.edges or (loose and self.words[at - 1] == " ")
            ends = cut or end in self.edges or (loose and self.words[end - 1 : end] == " ")
            if begins and ends:
                return True
            at = self.words.find(words, at + 1)
        return False


@lru_cache(maxsize=32)
def _said(body: str) -> tuple[_Said, ...]:
    _, text, _ = opened(body)
    read = outline(text)
    found = []
    for section in read.sections:
        own = text[read.starts[section.first - 1] : read.ends[section.last - 1]]
        parts = [said for part in _EDGE.split(own) if (said := normal_statement(part))]
        edges = frozenset(accumulate((len(part) + 1 for part in parts), initial=0))
        found.append(_Said(_path(section.path), " ".join(parts), edges))
    return tuple(found)


@lru_cache(maxsize=32)
def _chunk_ids(body: str) -> frozenset[str]:
    return frozenset(chunk.id for chunk in chunks(opened(body)[1]))


@lru_cache(maxsize=32)
def passages(body: str) -> tuple[Passage, ...]:
    """The paragraphs, items, rows and other blocks of a document, in order."""
    _, text, line = opened(body)
    read = outline(text)
    spans = [
        (section, first, last)
        for section in read.sections
        for first, last in (_spans(section) if read.parsed else _paragraphs(text, read))
    ]
    found = []
    for section, first, last in spans:
        own = text[read.starts[first - 1] : read.ends[last - 1]]
        place = (first + line - 1, last + line - 1)
        title = bool(section.level) and first == section.first
        found.append(Passage(_path(section.path), *place, own.strip(), normal_statement(own), title))
    return tuple(found)


def _path(headings: Sequence[str]) -> str:
    return printable(" > ".join(headings))


def _spans(section: Section) -> Iterator[tuple[int, int]]:
    if section.level:
        yield section.first, section.body - 1
    for block in section.blocks:
        yield from _inside(block)


def _inside(block: Block) -> Iterator[tuple[int, int]]:
    if block.kind == "table":
        yield from ((row.line, row.line) for row in block.rows)
    elif block.kind == "list":
        for item in block.items:
            for inner in item.blocks:
                yield from _inside(inner)
    else:
        yield block.first, block.last


def _paragraphs(text: str, read: Outline) -> Iterator[tuple[int, int]]:
    """Runs of lines between empty ones, for a text that is too large to be parsed."""
    first = 0
    for number, (start, end) in enumerate(zip(read.starts, read.ends, strict=True), 1):
        if text[start:end].strip():
            first = first or number
        elif first:
            yield first, number - 1
            first = 0
    if first:
        yield first, len(read.starts)


def _runs(body: str, parts: Sequence[Passage], shape: Sequence[bool]) -> Iterator[Passage]:
    """Each run of neighbours of a shape (which of them are headings): a quote may take up several."""
    if len(shape) <= 1:
        return
    starts, ends = line_bounds(body)
    for at in range(len(parts) - len(shape) + 1):
        run = parts[at : at + len(shape)]
        if [part.title for part in run] != shape:
            continue
        first, last = run[0], run[-1]
        text = body[starts[first.first - 1] : ends[last.last - 1]].strip()
        yield Passage(first.heading, first.first, last.last, text, " ".join(part.words for part in run))


def _closest(parts: Iterable[Passage], words: str) -> Passage | None:
    """The passage most like the words, the first of equals; None where none is `ALIKE`."""
    wanted = words.split()[:_MOST_WORDS]
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(wanted)
    best, found = ALIKE, None
    for part in parts:
        matcher.set_seq1(part.words.split()[:_MOST_WORDS])
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        alike = matcher.ratio()
        if alike > best or (found is None and alike >= best):
            best, found = alike, part
    return found
