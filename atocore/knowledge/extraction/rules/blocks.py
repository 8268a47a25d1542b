"""Blocks: which of a section's blocks can state something, and when a paragraph leads on to the next.

Knows blocks and words. Must not know rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atocore.knowledge.extraction.rules.document import Finding
from atocore.knowledge.extraction.rules.tables import Columns, columns, row_id
from atocore.knowledge.extraction.rules.text import clean
from atocore.knowledge.ingestion.outline import Block

_ASIDE = ("code", "quote", "html", "rule", "heading")

INTRODUCES = re.compile(r"[:：]\W*$|\b(?:because|e\.g\.?|i\.e\.?|such as|are|following)\s*$", re.IGNORECASE)
"""The end of a passage that goes on in the next block."""


def content(blocks: Sequence[Block]) -> list[Block]:
    """Blocks that can state something: no quotations, code, comments; no picture alone."""
    return [b for b in blocks if b.kind not in _ASIDE and (b.kind != "paragraph" or _worded(b.text))]


def _worded(text: str) -> bool:
    return bool(
        re.search(
            r"\w", re.sub(r"!\[[^\]\n]{0,300}\](?:\([^)\n]{0,600}\)|\[[^\]\n]{0,80}\])", "", clean(text))
        )
    )


def rows_of(block: Block, number: int, noun: str) -> Iterator[Finding]:
    """The rows of a table that lists `noun`s; none where it does not read like one."""
    found = columns(block, noun)
    for row in block.rows if found else ():
        yield _row(row.cells, row.line, number, block, found)  # type: ignore[arg-type]


def _row(cells: Sequence[str], line: int, number: int, block: Block, found: Columns) -> Finding:
    cells = (*cells, *("" for _ in range(len(block.header) - len(cells))))
    alias, text = row_id(cells, found), clean(cells[found.text])
    title = clean(cells[found.title]) if found.title >= 0 else ""
    more = "\n\n".join(f"{block.header[n]}: {clean(cells[n])}" for n in found.more if clean(cells[n]))
    return Finding(text or title, line, line, number, title, alias, more)
