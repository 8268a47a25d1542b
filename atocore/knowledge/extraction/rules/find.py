"""Finders: how a rule reads a document. Each gives findings: passages with their lines, not yet judged.

Knows sections, lists and tables. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atocore.knowledge.extraction.rules.blocks import INTRODUCES, content, rows_of
from atocore.knowledge.extraction.rules.bound import BINDS, REQUIRES, is_bound, is_limit, is_told
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.fields import Fields, fields_of, forms_in, is_aside
from atocore.knowledge.extraction.rules.items import bullets, items, listed, opening_of
from atocore.knowledge.extraction.rules.tables import columns
from atocore.knowledge.extraction.rules.text import clean, is_requirement_id, leading_id, only_id
from atocore.knowledge.ingestion.outline import Block, Section

MAX_PARAGRAPHS = 8
INDEX_WORDS = 5  # mean words of a row of an index
MAX_UNBOUND = 25  # requirements of one document that need not be worded as such

_TOLD_OF = re.compile(  # a sentence about a requirement, which is not that requirement
    r"\W*(?:specif(?:ies|y)|requires|states|is|was|are|were|says|defines|covers|can|could|has|had|does"
    r"|applies|refers|addresses|also|and|or|mandates|calls for|demands|must be (?:updated|revised|changed"
    r"|met)|should be (?:updated|revised|changed))\b",
    re.IGNORECASE,
)
_NAMED_ID = re.compile(
    r"\W*(?:requirement|req|constraint|assumption|decision)\s+(?P<id>(?=[\w.-]*\d)[A-Za-z][\w.-]*)\s*[:–—-]\s+",
    re.IGNORECASE,
)
_READERS = re.compile(r"\byou(?:'ll|'re|'ve|r)?\b|\bplease\b", re.IGNORECASE)


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


def _statements(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    for number, section in enumerate(document.read.sections):
        governor = document.governor(number)
        if not governor or governor.rule != rule:
            continue
        alias, rest = _heading_id(section.heading)
        if governor.says or alias:
            yield from _headed_statement(section, number, governor.says or rest, alias)
        else:
            found = _listed_statements(section, number, noun, own=governor.own)
            yield from (f for f in found if _is_meant(f, rule, noun, own=governor.own))


def _heading_id(heading: str) -> tuple[str, str]:
    """The identifier that a heading opens with or consists of, and the rest of it."""
    if named := _NAMED_ID.match(heading):
        return named["id"], heading[named.end() :]
    alias, rest = leading_id(heading)
    return alias or only_id(heading), rest


def _is_meant(finding: Finding, rule: str, noun: str, *, own: bool) -> bool:
    """Whether a passage is worded as its heading says: below headings of other matter more is asked, and what
    stands under Limitations is mostly told of, and seldom a limit.
    """
    if rule == "limitation-heading" or (noun == "constraint" and not own):
        return is_limit(finding.text)
    return (
        own or is_bound(finding) or (noun != "assumption" and is_told(finding.text)) or noun == "assumption"
    )


def _headed_statement(section: Section, number: int, says: str, alias: str) -> Iterator[Finding]:
    title = "" if says == alias else says
    if form := fields_of(section.blocks):
        if not form.status.startswith("dead"):
            yield Finding(
                form.states, section.first, form.last, number, title or form.title, alias or form.alias
            )
        return
    for block in content(section.blocks):
        if block.kind == "paragraph" and not is_aside(block):
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
    binding = REQUIRES if noun == "requirement" else BINDS
    for above, block in zip([None, *blocks], blocks, strict=False):
        if block.kind == "list":
            yield from items(block, number, opening_of(above))
        elif block.kind == "table":
            yield from stating_rows(block, number, noun)
        elif forms := list(forms_in(block)):
            yield from (_of_form(form, number) for form in forms if not form.status.startswith("dead"))
        elif prose < MAX_PARAGRAPHS and _stands_alone(
            clean(block.text), binding, first=own and not prose and not listed and _opens(block, noun)
        ):
            prose += 1
            alias, text = leading_id(clean(block.text))
            yield Finding(text, block.first, block.last, number, alias=alias)


def _of_form(form: Fields, number: int) -> Finding:
    return Finding(form.states, form.first, form.last, number, form.title, form.alias)


def stating_rows(block: Block, number: int, noun: str) -> Iterator[Finding]:
    """The rows of a table, where they state something: an index only names what stands elsewhere."""
    found = list(rows_of(block, number, noun))
    words = sum(len(f.text.split()) for f in found)
    if noun == "decision" or words > INDEX_WORDS * len(found) or 3 * _told(found) >= len(found):
        yield from found


def _told(found: Sequence[Finding]) -> int:
    return sum(is_told(finding.text) or is_limit(finding.text) for finding in found)


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
                yield from stating_rows(block, number, noun)


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
