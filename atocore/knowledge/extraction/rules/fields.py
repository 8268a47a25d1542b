"""Blocks of labelled lines that describe one thing: its identifier, what is stated, and the rest.

Knows the labels of such a form. Must not know headings or rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atocore.knowledge.extraction.rules.text import clean, only_id
from atocore.knowledge.extraction.status import read_status
from atocore.knowledge.ingestion.outline import Block, plain

_LABEL = re.compile(
    r"\s*(?:[-+]\s+)?[*_]{0,3}(?P<name>[A-Za-z][\w /-]{0,40}?)[*_]{0,3}\s*[:：][*_]{0,3}"
    r"(?:\s+(?P<says>.*)|\s*$)"
)
_ID = re.compile(
    r"(?:req(?:uirement)?|constraint|assumption|decision|unique|item)?[ _-]?(?:id|uid|identifier|number|no)",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"(?:(?:the )?(?:requirement|constraint|assumption|decision|req|full)s?(?: (?:text|statement|description"
    r"|definition|wording))?|statement|shall statement|text|description|definition|wording|specification)",
    re.IGNORECASE,
)
_NAMES = re.compile(r"(?:(?:requirement|short) )?(?:title|name|summary)", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:status|state|rationale|reason|justification|verification.*|validation.*|test.*|priority|source|origin"
    r"|type|category|level|parent.*|trace.*|derived.*|satisf.*|owner|author|date|version|notes?|comments?"
    r"|risk|criticality|allocation|allocated to|method|acceptance.*|compliance.*|tags?|links?|refs?"
    r"|references?|stability|safety.*|asil|phase)",
    re.IGNORECASE,
)
_LEAST = 2  # labelled lines that make a form


@dataclass(frozen=True, slots=True)
class Fields:
    """One form: its `alias` and `title` ("" for none), what it states, and on which lines it stands."""

    alias: str
    title: str
    states: str
    status: str
    first: int
    last: int


def fields_of(blocks: Sequence[Block]) -> Fields | None:
    """Read blocks that are a form: of its labelled lines one states something, another tells about it."""
    return _form(list(_lines(blocks)))


def is_aside(block: Block) -> bool:
    """Whether a paragraph is only labelled lines about a thing: its status, its owner, why."""
    lines = list(_paragraph(block)) if block.kind == "paragraph" else []
    return bool(lines) and all(_ASIDE.fullmatch(line[0]) or _ID.fullmatch(line[0]) for line in lines)


def forms_in(block: Block) -> Iterator[Fields]:
    """Each form of a block: a new one begins with a line that gives an identifier."""
    lines = list(_lines([block]))
    starts = [n for n, (name, *_rest) in enumerate(lines) if _ID.fullmatch(name)] or [0]
    starts[0] = 0
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if form := _form(lines[start:end]):
            yield form


def _form(lines: Sequence[tuple[str, str, int, int]]) -> Fields | None:
    states = next((line for line in lines if _STATES.fullmatch(line[0]) and line[1]), None)
    aside = [line for line in lines if _ASIDE.fullmatch(line[0]) or _ID.fullmatch(line[0])]
    if states is None or not aside or len(lines) < _LEAST:
        return None
    alias = next((only_id(says) for name, says, *_ in lines if _ID.fullmatch(name)), "")
    title = next((plain(says) for name, says, *_ in lines if _NAMES.fullmatch(name)), "")
    status = next((read_status(says) for name, says, *_ in lines if name.casefold() == "status"), "")
    return Fields(alias, title, states[1], status, lines[0][2], lines[-1][3])


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[str, str, int, int]]:
    """(label, what it says, first and last line) of each labelled line; others go on with the one before."""
    for block in blocks:
        if block.kind == "paragraph":
            yield from _paragraph(block)
        for item in block.items:
            yield from _lines(item.blocks[:1])


def _paragraph(block: Block) -> Iterator[tuple[str, str, int, int]]:
    name, said, first = "", [""], 0
    for offset, line in enumerate(block.text.split("\n")):
        if match := _LABEL.match(line):
            if name:
                yield name, clean(" ".join(said)), first, block.first + offset - 1
            name, said, first = match["name"].strip(), [match["says"] or ""], block.first + offset
        elif not name:
            return
        else:
            said.append(line.rstrip("\\"))
    if name:
        yield name, clean(" ".join(said)), first, block.last
