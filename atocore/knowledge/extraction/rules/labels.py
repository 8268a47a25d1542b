"""Labels: passages that say themselves what they are, such as `Decision: weld the frame`.

Knows lines, cells and blocks that begin with a label. Must not know headings, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from atocore.knowledge.extraction.rules.bound import is_told
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.items import items, listed
from atocore.knowledge.extraction.rules.text import clean, closed
from atocore.knowledge.ingestion.outline import Block

_ANY_LABEL = re.compile(r"\s*[*_]{0,3}[A-Z][\w /-]{0,30}?[*_]{0,3}:[*_]{0,3}(?:\s|$)")
_MAY_LABEL = re.compile(r"[^\n]{0,90}?(?:[:：]|[*_]{2})")
"""What every label has near its beginning; most passages have not, and need not be tried by any."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage that may begin with a label. `says` is None for lines, whose label stands before their text;
    `follow` the block that a label alone in its paragraph introduces.
    """

    text: str
    says: str | None
    first: int
    last: int
    section: int
    follow: Block | None


def labelled(
    document: Document, label: re.Pattern[str], *, whole: bool = False, joined: bool = False
) -> Iterator[Finding]:
    """Lines that begin with a label and a colon, rows of two cells that begin with one, and what a label that
    stands alone introduces. With `whole` the label stays part of the statement; with `joined` a
    list of bare values is one statement.
    """
    for place in _places(document):
        match = label.match(place.text) if place.says is None else label.fullmatch(place.text)
        if not match:
            continue
        says = clean(place.text[match.end() :]) if place.says is None else place.says
        says = closed(says)
        if says or place.says is not None:
            stated = clean(place.text) if whole and place.says is None else says
            yield Finding(stated, place.first, place.last, place.section, alias=match["id"] or "")
        elif place.follow:
            yield from _introduced(place.follow, place.section, joined=joined)


@lru_cache(maxsize=2)
def _places(document: Document) -> tuple[_Place, ...]:
    """Every passage of a document that may begin with a label, found once for all rules."""
    return tuple(
        place
        for number, section in enumerate(document.read.sections)
        if not document.grounds[number].barred
        for place in _block_places(section.blocks, number)
    )


def _block_places(blocks: Sequence[Block], number: int) -> Iterator[_Place]:
    for at, block in enumerate(blocks):
        if block.kind == "paragraph":
            yield from _line_places(block, blocks[at + 1] if at + 1 < len(blocks) else None, number)
        elif block.kind == "table" and len(block.header) == 2:
            for cells, line in ((block.header, block.first), *((row.cells, row.line) for row in block.rows)):
                if _pair(cells, line == block.first):
                    name = f"{cells[0].strip(' *_:')}:"
                    yield _Place(name, clean(cells[1]), line, line, number, None)
        for item in block.items:
            yield from _block_places(item.blocks, number)


def _pair(cells: Sequence[str], in_header: bool) -> bool:
    """Whether a row reads as a label and its text; a header row needs more than a column's name."""
    return len(cells) == 2 and (not in_header or len(cells[1].split()) > 2)


def _line_places(block: Block, follow: Block | None, number: int) -> Iterator[_Place]:
    lines = block.text.split("\n")
    starts = [n for n, line in enumerate(lines) if n == 0 or _ANY_LABEL.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if _MAY_LABEL.match(lines[start]):
            after = follow if end == len(lines) else None
            text = "\n".join(lines[start:end])
            yield _Place(text, None, block.first + start, block.first + end - 1, number, after)


def _introduced(block: Block, number: int, *, joined: bool) -> Iterator[Finding]:
    if block.kind == "list":
        found = list(items(block, number))
        if joined and len(found) > 1 and not any(is_told(finding.text) for finding in found):
            yield Finding(listed(block), block.first, block.last, number)
        else:
            yield from found
    elif block.kind == "paragraph":
        yield Finding(clean(block.text), block.first, block.last, number)
