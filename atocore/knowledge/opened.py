"""A document opened: its own frontmatter, its body, and what rules find in that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from atocore.knowledge.chunks import chunks
from atocore.knowledge.chunks_outline import line_bounds
from atocore.records.record import Record

if TYPE_CHECKING:
    from atocore.knowledge.extraction import Extraction


def opened(text: str) -> tuple[dict[str, str], str, int]:
    """A document's own frontmatter as texts, its body, and the line on which that begins.

    What no YAML reader takes for frontmatter is part of the body.
    """
    import frontmatter
    import yaml

    unix = text.replace("\r\n", "\n")
    try:
        header, body = frontmatter.parse(unix)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text, 1
    if not header:
        return {}, text, 1
    start = len(unix.rstrip()) - len(body)  # python-frontmatter gives the body stripped, and no position
    # collections state nothing that is read, and aliases can make them endless
    plain = {
        str(key): str(value) for key, value in header.items() if not isinstance(value, list | dict | set)
    }
    return plain, body, unix.count("\n", 0, start) + 1


def extracted(record: Record, origin: str, *, without: Iterable[tuple[int, int]] = ()) -> Extraction:
    """What a source's (or capture's) text holds but for the lines (first, last) of `without`; lines count in
    the original document."""
    from atocore.knowledge.extraction import extract  # every rule's patterns: not for opening a document

    header, body, line = opened(record.body)
    cut = None
    if hidden := tuple(without):
        cut = chunks(body, line)
        body = _blanked(body, [(first - line, last - line) for first, last in hidden])
    return extract(body, path=origin, title=record.title, frontmatter=header, first_line=line, cut=cut)


def _blanked(body: str, spans: Iterable[tuple[int, int]]) -> str:
    """The body with blanks on the lines (from 0) of each span: whatever else stands in it stays in place."""
    starts, ends = line_bounds(body)
    text = list(body)
    for first, last in spans:
        for start, end in zip(starts[first : last + 1], ends[first : last + 1], strict=True):
            text[start:end] = " " * (end - start)
    return "".join(text)
