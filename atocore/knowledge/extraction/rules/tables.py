"""Tables: which column holds the identifier, which the statement.

Knows headers and cells. Must not know sections.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from atocore.knowledge.extraction.rules.text import only_id
from atocore.knowledge.ingestion.outline import Block, plain

_ID_HEADER = re.compile(
    r"(?:(?:req(?:uirement|t)?s?|decision|constraint|assumption)[ ._-]?)?(?:ids?|no|nr|num(?:ber)?|#|key"
    r"|identifier|ref(?:erence)?"
    r"|code|tag)\.?",
    re.IGNORECASE,
)
_TEXT_HEADER = re.compile(
    r"(?:(?:requirement|decision|constraint|assumption|limitation|full|short)s? )?(?:description"
    r"|statement|text|details?"
    r"|definition|summary|wording|specification|content)s?",
    re.IGNORECASE,
)
_TITLE_HEADER = re.compile(r"(?:name|title|topic|subject|short name)", re.IGNORECASE)
_MORE_HEADER = re.compile(
    r"(?:rationale|justification|reason(?:ing)?|verification(?: methods?)?|validation(?: methods?)?"
    r"|source|priority|parent"
    r"|trace(?:ability)?|notes?|comments?|units?|value|limit|tolerance)s?",
    re.IGNORECASE,
)
_BESIDE_HEADER = re.compile(  # why a thing is required, and how that is shown, is not what is required
    r"(?:rationale|justification|reason(?:ing)?|verification(?: methods?)?|validation(?: methods?)?|source"
    r"|priority|parent|trace(?:ability)?)s?",
    re.IGNORECASE,
)
_OTHER_ID = re.compile(r"\b(?:tests?|tc|cases?|hazards?|risks?|issues?|tasks?|steps?|bugs?)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:verified|covered|linked|related|parent|source|traced|satisfied|tested|affected|derived from)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"(?:date|version|author|status|owner|when|who|impact|risk)s?", re.IGNORECASE)
_NAMES = {  # what must be named: the longest column of a table of decisions is more often a remark
    "decision": re.compile(
        r"(?:decision|choice|chosen option|choice made|selection|selected option|outcome|resolution"
        r"|answer)s?",
        re.IGNORECASE,
    )
}
_PROBE = 50  # rows that are looked at


@dataclass(frozen=True, slots=True)
class Columns:
    """Column numbers, -1 for none; `certain` if the header alone shows what the table lists."""

    id: int
    text: int
    title: int
    more: tuple[int, ...]
    certain: bool


def columns(block: Block, noun: str) -> Columns | None:
    """Find the columns of a table that lists `noun`s; None where it does not read like one."""
    header = [plain(cell).strip() for cell in block.header]
    if len(header) < 2 or not block.rows:
        return None
    identifier = _identifier(header, block, noun)
    if noun == "requirement" and identifier >= 0 and _OTHER_ID.search(header[identifier]):
        return None
    names = _NAMES.get(noun) or re.compile(rf"{noun}s?", re.IGNORECASE)
    stated = [
        n
        for n, h in enumerate(header)
        if n != identifier and (_TEXT_HEADER.fullmatch(h) or names.fullmatch(h))
    ]
    text = stated[0] if stated else -1 if noun in _NAMES else _wordiest(header, block, identifier)
    if text < 0:
        return None
    title = next(
        (n for n, h in enumerate(header) if n not in (identifier, text) and _TITLE_HEADER.fullmatch(h)), -1
    )
    more = tuple(
        n
        for n, h in enumerate(header)
        if n not in (identifier, text, title)
        and _MORE_HEADER.fullmatch(h)
        and (noun == "decision" or not _BESIDE_HEADER.fullmatch(h))
    )
    named = any(
        noun in cell.casefold().split() or f"{noun}s" in cell.casefold().split()
        for cell in header
        if not _OF_OTHERS.search(cell)
    )
    return Columns(identifier, text, title, more, bool(stated) and named and identifier >= 0)


def row_id(cells: Sequence[str], found: Columns) -> str:
    """Give the identifier in a row; "" where there is none."""
    value = plain(cells[found.id]).strip()[:60] if found.id >= 0 else ""
    return "" if value.isdigit() else value


def _identifier(header: Sequence[str], block: Block, noun: str) -> int:
    for number, cell in enumerate(header):
        values = [row.cells[number] for row in block.rows[:_PROBE] if number < len(row.cells)]
        filled = [value for value in values if value.strip()]
        if filled and 2 * sum(bool(only_id(value)) for value in filled) >= len(filled):
            return number
        if _ID_HEADER.fullmatch(cell) and all(len(value.split()) < 3 for value in filled):
            return number
    return -1


def _wordiest(header: Sequence[str], block: Block, identifier: int) -> int:
    def words(number: int) -> int:
        return sum(len(row.cells[number].split()) for row in block.rows[:_PROBE] if number < len(row.cells))

    fit = [
        n
        for n, h in enumerate(header)
        if n != identifier and not _MORE_HEADER.fullmatch(h) and not _DATED.fullmatch(h)
    ]
    best = max(fit, key=words, default=-1)
    return best if best >= 0 and words(best) >= 4 * len(block.rows[:_PROBE]) else -1
