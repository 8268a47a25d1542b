"""A document opened: its own frontmatter, its body, and what rules find in that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from atocore.knowledge.ingestion.chunks import chunks
from atocore.knowledge.ingestion.freshness import freshness
from atocore.knowledge.ingestion.outline import line_bounds
from atocore.knowledge.ingestion.voices import Voice
from atocore.records.kinds import Kind
from atocore.records.record import Record

if TYPE_CHECKING:
    from atocore.knowledge.extraction.extract import Extraction


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


def extracted(
    record: Record, origin: str, *, without: Iterable[tuple[int, int]] = (), latest: str = ""
) -> Extraction:
    """What a source's or capture's text holds but for the lines (first, last) of `without`; lines count in
    the original document. In a capture each voice is heard by itself. `latest` is the newest date known.
    """
    from atocore.knowledge.extraction.extract import (  # every rule's patterns: not for opening alone
        extract,
        joined,
    )
    from atocore.knowledge.ingestion.opened_capture import spoken_parts

    capture = record.kind is Kind.INTERACTION
    header, body, line = ({}, record.body, 1) if capture else opened(record.body)
    hidden = [(first - line, last - line) for first, last in without]
    cut = chunks(body, line) if hidden or capture else None
    body = _blanked(body, hidden) if hidden else body
    voices = spoken_parts(body) if capture else [(Voice.DOCUMENT, body)]
    fresh = freshness(record.created, latest)
    return joined(
        [
            extract(
                text,
                path=origin,
                title=record.title,
                frontmatter=header,
                first_line=line,
                freshness=fresh,
                cut=cut,
                voice=voice,
            )
            for voice, text in voices
        ]
    )


def _blanked(body: str, spans: Iterable[tuple[int, int]]) -> str:
    """The body with blanks on the lines (from 0) of each span: whatever else stands in it stays in place."""
    starts, ends = line_bounds(body)
    text = list(body)
    for first, last in spans:
        for start, end in zip(starts[first : last + 1], ends[first : last + 1], strict=True):
            text[start:end] = " " * (end - start)
    return "".join(text)
