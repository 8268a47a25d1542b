"""Finders: how a rule reads a document. Each gives findings: passages with their lines, not yet judged.

Knows sections, lists and tables. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atocore.knowledge.chunks_outline import Block, Section
from atocore.knowledge.rules_blocks import INTRODUCES, content, rows_of
from atocore.knowledge.rules_document import Document, Finding
from atocore.knowledge.rules_items import bullets, items, listed, opening_of
from atocore.knowledge.rules_tables import columns
from atocore.knowledge.rules_text import clean, is_requirement_id, leading_id, only_id
from atocore.knowledge.rules_values import has_quantity

MAX_PARAGRAPHS = 8
MAX_UNBOUND = 25  # requirements of one document that need not be worded as such

_TOLD_OF = re.compile(  # a sentence about a requirement, which is not that requirement
    r"\W*(?:specif(?:ies|y)|requires|states|is|was|are|were|says|defines|covers|can|could|has|had|does"
    r"|applies|refers|addresses|also|and|or|mandates|calls for|demands|must be (?:updated|revised|changed"
    r"|met)|should be (?:updated|revised|changed))\b",
    re.IGNORECASE,
)
_REQUIRES = re.compile(
    r"\b(?:must|shall|should|may not|cannot|can't|has to|have to|needs? to|(?:is|are|be) required"
    r"|at (?:most|least)|not exceed|muss|müssen|soll|sollen|darf|dürfen|doit|doivent|debe|deben|deve|devem"
    r"|devono)\b",
    re.IGNORECASE,
)
_READERS = re.compile(r"\byou(?:'ll|'re|'ve|r)?\b|\bplease\b", re.IGNORECASE)
_BINDS = re.compile(
    r"\b(?:must|shall|should|may not|cannot|can't|can not|has to|have to|needs? to|required?|only|never"
    r"|always|limited|at (?:most|least)|not supported|unsupported|not exceed|maximum|minimum|assum\w+"
    r"|expected|presum\w+|"
    r"is not|are not|does not|do not|will not|muss|müssen|soll|sollen|darf|dürfen|doit|doivent|debe|deben"
    r"|deve|devem|devono)\b",
    re.IGNORECASE,
)


def statements(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    """One finding an item, row or binding paragraph of every section that `rule` speaks for.

    Where most requirements of a document are worded as such, or so much stands there that it is a
    specification in prose, only those count that are.
    """
    found = list(_statements(document, rule, noun))
    bound = sum(map(is_bound, found))
    only_bound = noun == "requirement" and (
        len(found) > MAX_UNBOUND or (bound > 2 and 2 * bound > len(found))
    )
    yield from filter(is_bound, found) if only_bound else found


def is_bound(finding: Finding) -> bool:
    """Whether a requirement is worded or marked as one: binding words, an identifier, a quantity."""
    return bool(finding.alias or _REQUIRES.search(finding.text) or has_quantity(finding.text))


def _statements(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    for number, section in enumerate(document.read.sections):
        governor = document.governor(number)
        if not governor or governor.rule != rule:
            continue
        alias, rest = leading_id(section.heading)
        alias = alias or only_id(section.heading)
        if governor.says or alias:
            yield from _headed_statement(section, number, governor.says or rest, alias)
        else:
            yield from _listed_statements(section, number, noun, own=governor.own)


def _headed_statement(section: Section, number: int, says: str, alias: str) -> Iterator[Finding]:
    title = "" if says == alias else says
    for block in content(section.blocks):
        if block.kind == "paragraph":
            yield Finding(clean(block.text), section.first, block.last, number, title, alias)
            return
        if block.kind == "list" and not title:
            yield Finding(listed(block), section.first, block.last, number, "", alias, bullets(block))
            return
    if title:
        yield Finding(title, section.first, section.first, number, title, alias)


def _listed_statements(section: Section, number: int, noun: str, *, own: bool) -> Iterator[Finding]:
    blocks = content(section.blocks)
    listed = any(block.kind in ("list", "table") for block in blocks)
    prose = 0
    binding = _REQUIRES if noun == "requirement" else _BINDS
    for above, block in zip([None, *blocks], blocks, strict=False):
        if block.kind == "list":
            yield from items(block, number, opening_of(above))
        elif block.kind == "table":
            yield from rows_of(block, number, noun)
        elif prose < MAX_PARAGRAPHS and _stands_alone(
            clean(block.text), binding, first=own and not prose and not listed and _opens(block, noun)
        ):
            prose += 1
            alias, text = leading_id(clean(block.text))
            yield Finding(text, block.first, block.last, number, alias=alias)


def _opens(block: Block, noun: str) -> bool:
    """Whether the first paragraph of a section counts however worded: a requirement only as a bare list."""
    return noun != "requirement" or ("\n" in block.text and ". " not in block.text)


def _stands_alone(text: str, binding: re.Pattern[str], *, first: bool) -> bool:
    if INTRODUCES.search(text) or _READERS.search(text):
        return False
    return first or bool(binding.search(text))


def tables(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    """One finding a row of a table whose own header names an identifier and what is stated."""
    for number, section in enumerate(document.read.sections):
        ground = document.grounds[number]
        if ground.barred:
            continue
        for block in section.blocks:
            named = block.kind == "table" and any(noun in cell.casefold() for cell in block.header)
            if named and (found := columns(block, noun)) and found.certain:
                yield from rows_of(block, number, noun)


def identified(document: Document, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Items and paragraphs that open with an identifier and say what `pattern` looks for."""
    for number, section in enumerate(document.read.sections):
        if document.grounds[number].barred:
            continue
        for text, first, last in _passages(section.blocks):
            alias, rest = leading_id(text)
            told = _TOLD_OF.match(rest) or rest.startswith("[]")
            if is_requirement_id(alias) and not told and pattern.search(rest):
                yield Finding(rest, first, last, number, alias=alias)


def worded(document: Document, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Items and paragraphs, under any heading, that read as `pattern`."""
    for number, section in enumerate(document.read.sections):
        if not document.grounds[number].barred:
            for text, first, last in _passages(section.blocks):
                if pattern.match(text[:1500]):
                    yield Finding(text, first, last, number)


def _passages(blocks: Sequence[Block]) -> Iterator[tuple[str, int, int]]:
    for block in blocks:
        if block.kind == "paragraph":
            yield clean(block.text), block.first, block.last
        for item in block.items:
            yield from _passages(item.blocks)
