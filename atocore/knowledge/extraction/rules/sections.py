"""Finders for sections and labels whose statements have a form of their own: `name: what it is`, a quantity.

Knows items, paragraphs and labels. Must not know headings' words, or what a form asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from atocore.knowledge.extraction.claims.reader import is_quantity
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.forms import Form, parameter
from atocore.knowledge.extraction.rules.items import items, opening_of
from atocore.knowledge.extraction.rules.labels import labelled
from atocore.knowledge.extraction.rules.subject import subject_of
from atocore.knowledge.extraction.rules.text import clean, leading_id, why_not
from atocore.knowledge.ingestion.outline import Block, plain

_META = re.compile(
    r"^\s*(?:[-*+]\s+)?[*_]{0,3}(?:status|date|authors?|owner|version|reviewers?|labels?|priority|severity"
    r"|assignee|type|reporter|created|updated|deciders)[*_]{0,3}\s*:",
    re.IGNORECASE | re.MULTILINE,
)


def sectioned(
    document: Document, rule: str, form: Form, *, prose: bool = False, own: bool = False
) -> Iterator[Finding]:
    """The items (with `prose`, paragraphs too) of the sections that `rule` speaks for, if of the form; with
    `own` not those of the sections below.
    """
    for number, section in enumerate(document.read.sections):
        governor = document.governor(number)
        if governor and governor.rule == rule and (governor.own or not own):
            for finding in _passages(section.blocks, number, prose=prose):
                if stated := _formed(document, finding, form):
                    yield stated


def _formed(document: Document, finding: Finding, form: Form) -> Finding | None:
    """What a passage states; one that states nothing stays as it is, so that the reason can be told."""
    return finding if why_not(finding.text) else form(document, finding)


def _passages(blocks: Sequence[Block], number: int, *, prose: bool) -> Iterator[Finding]:
    for above, block in zip([None, *blocks], blocks, strict=False):
        if block.kind == "list":
            yield from items(block, number, opening_of(above))
        elif block.kind == "paragraph" and prose and not plain(block.text).endswith(":"):
            alias, text = leading_id(clean(block.text))
            yield Finding(text, block.first, block.last, number, alias=alias)


def marked(
    document: Document, label: re.Pattern[str], form: Form, *, whole: bool = False, rows: bool = False
) -> Iterator[Finding]:
    """Lines that begin with a label, outside blocks of a document's own data (status, author, date); with
    `rows` also rows of two cells, which are as often a glossary's.
    """
    left_out = _own_lines(document) | (frozenset() if rows else _table_lines(document))
    for finding in labelled(document, label, whole=whole):
        if finding.first not in left_out and (stated := _formed(document, finding, form)):
            yield stated


@lru_cache(maxsize=2)
def _table_lines(document: Document) -> frozenset[int]:
    blocks = (block for section in document.read.sections for block in section.blocks)
    return frozenset(n for b in blocks if b.kind == "table" for n in range(b.first, b.last + 1))


@lru_cache(maxsize=2)
def _own_lines(document: Document) -> frozenset[int]:
    """The lines on which a document tells of itself: its status, author, date."""
    return frozenset(line for section in document.read.sections for line in _own_data(section.blocks))


def _own_data(blocks: Sequence[Block]) -> Iterator[int]:
    for block in blocks:
        texts = [block.text, *(b.text for item in block.items for b in item.blocks)]
        if sum(bool(_META.search(text)) for text in texts) or len(_META.findall(block.text)) > 0:
            yield from range(block.first, block.last + 1)


def quantities(document: Document) -> Iterator[Finding]:
    """Lines of the form `quantity: value with unit`, where the heading above says of what. What it would say
    twice is said of several things, which other lines name.
    """
    found = list(_quantities(document))
    said = Counter(_quantity_of(document, stated) for stated in found)
    yield from (stated for stated in found if said[_quantity_of(document, stated)] == 1)


def _quantity_of(document: Document, stated: Finding) -> tuple[str, str]:
    return subject_of(document, stated.place), stated.title.casefold()


def _quantities(document: Document) -> Iterator[Finding]:
    own_data = _own_lines(document)
    for number, section in enumerate(document.read.sections):
        if document.grounds[number].barred or not subject_of(document, number):
            continue
        for finding in _lines(section.blocks, number):
            stated = parameter(document, finding) if finding.first not in own_data else None
            if stated and is_quantity(stated.title):
                yield stated


def _lines(blocks: Sequence[Block], number: int) -> Iterator[Finding]:
    for block in blocks:
        if block.kind == "paragraph":
            for offset, line in enumerate(block.text.split("\n")):
                if ":" in line or " - " in line or " – " in line:
                    yield Finding(clean(line), block.first + offset, block.first + offset, number)
        for item in block.items:
            yield from _lines(item.blocks, number)
