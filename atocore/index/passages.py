"""From catalogued files to searchable passages: a short record is one, a long one is cut at its headings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from atocore.index.catalog_rows import Row
from atocore.index.fulltext import Passage
from atocore.records.header import Header
from atocore.records.ids import derived_id
from atocore.records.kinds import Kind
from atocore.records.record import LONGEST_NAME_CHARS, Record, plain_line

FORMAT: Final = 3
"""Raised whenever the passages of a file change: the indexes are then built anew."""

_SHORT_WORDS: Final = 180
_SHORT_CHARS: Final = 720
"""A body up to this size is one passage: what a chunk holds at most."""
_EMPTY: Final = Header(())


def passages_of(row: Row, raw: bytes | None = None) -> Iterator[Passage]:
    """The passages of one version of a file; one with an error is searchable as a note, where it is text."""
    record = row.record
    if record is None:
        yield from _as_note(row.path, raw)
        return
    title, claim = record.title, _claim(record)
    for number, (heading, text, line) in enumerate(_pieces(record)):
        yield Passage(
            key=f"{record.path}#{number}",
            path=record.path,
            record=record.id,
            kind=str(record.kind),
            type=record.type,
            status=record.status,
            project=record.project,
            tags=record.tags,
            title=title,
            heading=heading[:LONGEST_NAME_CHARS],
            claim=claim,
            text=text,
            first_line=line,
        )
        # in full once: what stands with each passage is to be short, or the index grows with its square
        title, claim = title[:LONGEST_NAME_CHARS], claim[:LONGEST_NAME_CHARS]


def _pieces(record: Record) -> Iterator[tuple[str, str, int]]:
    """(heading path, text, first line) of each passage of a record's body."""
    if len(record.body) <= _SHORT_CHARS or len(record.body.split()) <= _SHORT_WORDS:
        yield "", record.body.strip(), record.body_line
        return
    from atocore.knowledge.ingestion.chunks import chunks  # its patterns and parser are for long bodies alone

    for chunk in chunks(record.body, record.body_line):
        yield " > ".join(chunk.headings), chunk.text, chunk.first_line


def _claim(record: Record) -> str:
    """The slot and value as words, with the other names under which the record is found."""
    parts = (record.subject, record.attribute, record.value, record.question, record.component)
    return " ".join(part for part in (*parts, *record.aliases, record.description) if part)


def _as_note(path: str, raw: bytes | None) -> Iterator[Passage]:
    if raw is None or b"\0" in raw:
        return
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        return
    note = Record(
        path, raw, _EMPTY, text, 1, derived_id("note", path), Kind.NOTE, title=plain_line(text) or path
    )
    for number, (heading, piece, line) in enumerate(_pieces(note)):
        yield Passage(
            f"{path}#{number}",
            path,
            note.id,
            "note",
            "",
            "",
            "",
            (),
            note.title,
            heading[:LONGEST_NAME_CHARS],
            "",
            piece,
            line,
        )


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded: its title, heading and claim, then its words."""
    parts = (passage.title, passage.heading, passage.claim, passage.text)
    return "\n".join(dict.fromkeys(part for part in parts if part))


def lead_of(passage: Passage) -> str:
    """What stands before each further window of a long passage: it says what the window is about."""
    return "\n".join(part for part in (passage.title, passage.heading) if part)
