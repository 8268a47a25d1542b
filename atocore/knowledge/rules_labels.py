"""Labels: passages that say themselves what they are, such as `Decision: weld the frame`.

Knows lines, cells and blocks that begin with a label. Must not know headings, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atocore.knowledge.chunks_outline import Block
from atocore.knowledge.rules_document import Document, Finding
from atocore.knowledge.rules_items import items
from atocore.knowledge.rules_text import clean

_ANY_LABEL = re.compile(r"\s*[*_]{0,3}[A-Z][\w /-]{0,30}?[*_]{0,3}:[*_]{0,3}(?:\s|$)")


def labelled(document: Document, label: re.Pattern[str], *, whole: bool = False) -> Iterator[Finding]:
    """Lines that begin with a label and a colon, rows of two cells that begin with one, and what a label that
    stands alone introduces. With `whole` the label stays part of the statement.
    """
    for number, section in enumerate(document.read.sections):
        if not document.grounds[number].barred:
            found = _labelled_blocks(section.blocks, number, label, whole)
            yield from found


def _labelled_blocks(
    blocks: Sequence[Block], number: int, label: re.Pattern[str], whole: bool
) -> Iterator[Finding]:
    for at, block in enumerate(blocks):
        if block.kind == "paragraph":
            follow = blocks[at + 1] if at + 1 < len(blocks) else None
            yield from _labelled_lines(block, follow, number, label, whole)
        elif block.kind == "table" and len(block.header) == 2:
            for cells, line in ((block.header, block.first), *((row.cells, row.line) for row in block.rows)):
                if _pair(cells, line == block.first) and (
                    match := label.fullmatch(f"{cells[0].strip(' *_:')}:")
                ):
                    yield Finding(clean(cells[1]), line, line, number, alias=match["id"] or "")
        for item in block.items:
            yield from _labelled_blocks(item.blocks, number, label, whole)


def _pair(cells: Sequence[str], in_header: bool) -> bool:
    """Whether a row reads as a label and its text; a header row needs more than a column's name."""
    return len(cells) == 2 and (not in_header or len(cells[1].split()) > 2)


def _labelled_lines(
    block: Block, follow: Block | None, number: int, label: re.Pattern[str], whole: bool
) -> Iterator[Finding]:
    lines = block.text.split("\n")
    starts = [n for n, line in enumerate(lines) if n == 0 or _ANY_LABEL.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = "\n".join(lines[start:end])
        match = label.match(text)
        if not match:
            continue
        says = clean(text[match.end() :])
        stated = clean(text) if whole else says
        if says:
            yield Finding(stated, block.first + start, block.first + end - 1, number, alias=match["id"] or "")
        elif follow and end == len(lines):
            yield from _introduced(follow, number)


def _introduced(block: Block, number: int) -> Iterator[Finding]:
    if block.kind == "list":
        yield from items(block, number)
    elif block.kind == "paragraph":
        yield Finding(clean(block.text), block.first, block.last, number)
