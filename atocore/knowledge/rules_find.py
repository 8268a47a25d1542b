"""Finders: how a rule reads a document. Each gives findings: passages with their lines, not yet judged.

Knows sections, lists and tables. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from atocore.knowledge.chunks_outline import Block, Section
from atocore.knowledge.rules_document import Document, Finding
from atocore.knowledge.rules_headings import Governor, Ground, normal_heading
from atocore.knowledge.rules_items import bullets, items, listed, opening_of
from atocore.knowledge.rules_tables import Columns, columns, row_id
from atocore.knowledge.rules_text import clean, document_title, is_requirement_id, leading_id, only_id
from atocore.knowledge.rules_values import has_quantity

MAX_PARAGRAPHS = 8
MAX_UNBOUND = 25  # requirements of one document that need not be worded as such

_OPEN_GROUND = Ground(None, False)
_ASIDE = ("code", "quote", "html", "rule", "heading")

_INTRODUCES = re.compile(r"[:：]\W*$|\b(?:because|e\.g\.?|i\.e\.?|such as|are|following)\s*$", re.IGNORECASE)

_UNFINISHED = re.compile(r"[^.!?)\"”'’*_`\]。…]\s*$")

_SETS_OUT = re.compile(
    r"\b(?:following|these|below)\b.{0,60}\bdecisions?\b|\bdecisions?\b.{0,60}\b(?:following|below|are"
    r"|were)\b"
    r"|\b(?:decided|agreed|resolved)\b.{0,40}:\s*$",
    re.IGNORECASE,
)

_TOLD_OF = re.compile(  # a sentence about a requirement, which is not that requirement
    r"\W*(?:specif(?:ies|y)|requires|states|is|was|are|were|says|defines|covers|can|could|has|had|does"
    r"|applies|refers"
    r"|addresses|also|and|or|mandates|calls for|demands|must be (?:updated|revised|changed|met)"
    r"|should be (?:updated"
    r"|revised|changed))\b",
    re.IGNORECASE,
)
_REQUIRES = re.compile(
    r"\b(?:must|shall|should|may not|cannot|can't|has to|have to|needs? to|(?:is|are|be) required"
    r"|at (?:most|least)"
    r"|not exceed|muss|müssen|soll|sollen|darf|dürfen|doit|doivent|debe|deben|deve|devem|devono)\b",
    re.IGNORECASE,
)
_OWN_DATA = re.compile(
    r"\W*(?:title|date|status|state|authors?|owners?|version|decision (?:date|makers?|made by|id|status)"
    r"|decided by"
    r"|deciders|made by|related \w+|id|reference|type|category|tags?|rfc|pr|issue|ticket|approv(?:ers?"
    r"|ed by))"
    r"\b[*_]*\s*[:：]",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    rf"{_OWN_DATA.pattern}|\W*(?:therefore|thus|hence|consequently|accordingly|so|deshalb"
    rf"|daher)\W*$",
    re.IGNORECASE,
)
_READERS = re.compile(r"\byou(?:'ll|'re|'ve|r)?\b|\bplease\b", re.IGNORECASE)
_BOLD = re.compile(r"\*\*(?:\d+[.):]?\s*)?(?P<words>[^*\n]{3,120})\*\*:?")

_CHOSEN = re.compile(r"\W*(?:(?:we )?(?:chosen?|selected?|decided)|decision|option)\b", re.IGNORECASE)

_BINDS = re.compile(
    r"\b(?:must|shall|should|may not|cannot|can't|can not|has to|have to|needs? to|required?|only|never"
    r"|always|limited"
    r"|at (?:most|least)|not supported|unsupported|not exceed|maximum|minimum|assum\w+|expected|presum\w+|"
    r"is not|are not|does not|do not|will not|muss|müssen|soll|sollen|darf|dürfen|doit|doivent|debe|deben"
    r"|deve|devem"
    r"|devono)\b",
    re.IGNORECASE,
)


def decisions(document: Document, rule: str) -> Iterator[Finding]:
    """One finding for a section in prose; one an item, row or subsection where it lists decisions."""
    for number, section in enumerate(document.read.sections):
        governor = document.governor(number)
        if governor and governor.rule == rule and governor.own:
            yield from _decision_section(document, number, section, governor)


def _decision_section(
    document: Document, number: int, section: Section, governor: Governor
) -> Iterator[Finding]:
    told = [b for b in section.blocks if not (b.kind == "paragraph" and _SAYS_NOTHING.match(b.text))]
    blocks, below = _content(told), document.below(number)
    if governor.says:
        yield _lead(section, number, blocks) or Finding(governor.says, section.first, section.first, number)
    elif below and (governor.plural or not blocks):
        for inner in below:
            part = document.read.sections[inner]
            lead = _lead(part, inner, _content(part.blocks))
            if lead:
                yield lead
    elif governor.plural or _sets_out(blocks):
        yield from _members(blocks, number)
    elif blocks:
        yield from _one_decision(section, number, blocks)


def _one_decision(section: Section, number: int, blocks: Sequence[Block]) -> Iterator[Finding]:
    head = blocks[0]
    if head.kind == "paragraph":
        yield from filter(None, [_lead(section, number, blocks, titled=False)])
    elif head.kind == "list":
        found = list(items(head, number))
        if len(found) > 1 and _CHOSEN.match(found[0].text):
            rest = "\n".join(f"- {item.text}" for item in found[1:])
            yield replace(found[0], last=found[-1].last, more=rest)
        else:
            yield from found
    else:
        yield from _rows(head, number, "decision")


def _sets_out(blocks: Sequence[Block]) -> bool:
    return (
        len(blocks) > 1
        and blocks[0].kind == "paragraph"
        and blocks[1].kind in ("list", "table")
        and bool(_SETS_OUT.search(clean(blocks[0].text)))
    )


def _members(blocks: Sequence[Block], number: int) -> Iterator[Finding]:
    """Each item and row, or each paragraph where there are none; or what stands below each bold line."""
    if sum(bool(_bold_line(block)) for block in blocks) > 1:
        yield from _headed_by_bold_lines(blocks, number)
        return
    lists = [
        block
        for at, block in enumerate(blocks)
        if block.kind in ("list", "table") and _sets_out_at(blocks, at)
    ]
    for block in lists:
        yield from items(block, number) if block.kind == "list" else _rows(block, number, "decision")
    if not lists:
        for block in blocks[:MAX_PARAGRAPHS]:
            yield Finding(clean(block.text), block.first, block.last, number)


def _sets_out_at(blocks: Sequence[Block], at: int) -> bool:
    """Whether a list is one of decisions: a later paragraph with a colon goes on with its own matter."""
    above = blocks[at - 1] if at else None
    if at < 2 or above is None or above.kind != "paragraph":
        return True
    text = clean(above.text)
    return not _INTRODUCES.search(text) or bool(_SETS_OUT.search(text))


def _bold_line(block: Block) -> str:
    """The words of a paragraph that is but one bold line, without its number."""
    match = _BOLD.fullmatch(block.text.strip()) if block.kind == "paragraph" else None
    return match["words"].strip(" :") if match else ""


def _headed_by_bold_lines(blocks: Sequence[Block], number: int) -> Iterator[Finding]:
    for head, below in pairwise(blocks):
        title = _bold_line(head)
        if title and below.kind == "paragraph" and not _bold_line(below):
            yield Finding(clean(below.text), head.first, below.last, number, title)
        elif title and below.kind == "list":
            yield Finding(title, head.first, below.last, number, title, more=bullets(below))


def _lead(section: Section, number: int, blocks: Sequence[Block], *, titled: bool = True) -> Finding | None:
    """The first paragraph of a section, with the list or the sentence that it introduces."""
    title = re.split(r"\s*[:–—]\s*", section.heading, maxsplit=1)[-1] if titled else ""
    if not blocks:
        return None
    head = blocks[0]
    if head.kind == "table":
        return None
    if head.kind == "list":
        return Finding(title or listed(head), head.first, head.last, number, title, more=bullets(head))
    text, last, more = clean(head.text), head.last, ""
    follow = blocks[1] if len(blocks) > 1 else None
    if follow and follow.kind == "list" and _INTRODUCES.search(text):
        last, more = follow.last, bullets(follow)
    elif (
        follow
        and follow.kind == "paragraph"
        and (len(text.split()) < 6 or _INTRODUCES.search(text) or _UNFINISHED.search(text))
    ):
        text, last = f"{text} {clean(follow.text)}", follow.last
    return Finding(text, head.first, last, number, title, more=more)


def accepted_proposals(document: Document, rule: str, heading: re.Pattern[str]) -> Iterator[Finding]:
    """What an accepted document proposes, where none of its sections is headed as a decision."""
    decided = any(ground.governor and ground.governor.rule == rule for ground in document.grounds)
    for number, section in enumerate(document.read.sections if not decided else ()):
        ground = document.grounds[number]
        accepted = document.statuses[number : number + 1] == ("accepted",)
        if accepted and ground == _OPEN_GROUND and heading.fullmatch(normal_heading(section.heading)):
            above = document.read.sections[section.parent].heading if section.parent >= 0 else ""
            if found := _lead(section, number, _content(section.blocks), titled=False):
                yield replace(found, title=document_title(above))
                return


def statements(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    """One finding an item, row or binding paragraph of every section that `rule` speaks for.

    Where most requirements of a document are worded as such, or so much stands there that it is a
    specification in prose, only those count that are.
    """
    found = list(_statements(document, rule, noun))
    bound = sum(map(_binds, found))
    only_bound = noun == "requirement" and (
        len(found) > MAX_UNBOUND or (bound > 2 and 2 * bound > len(found))
    )
    yield from filter(_binds, found) if only_bound else found


def _binds(finding: Finding) -> bool:
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
    for block in _content(section.blocks):
        if block.kind == "paragraph":
            yield Finding(clean(block.text), section.first, block.last, number, title, alias)
            return
        if block.kind == "list" and not title:
            yield Finding(listed(block), section.first, block.last, number, "", alias, bullets(block))
            return
    if title:
        yield Finding(title, section.first, section.first, number, title, alias)


def _listed_statements(section: Section, number: int, noun: str, *, own: bool) -> Iterator[Finding]:
    blocks = _content(section.blocks)
    listed = any(block.kind in ("list", "table") for block in blocks)
    prose = 0
    binding = _REQUIRES if noun == "requirement" else _BINDS
    for above, block in zip([None, *blocks], blocks, strict=False):
        if block.kind == "list":
            yield from items(block, number, opening_of(above))
        elif block.kind == "table":
            yield from _rows(block, number, noun)
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
    if _INTRODUCES.search(text) or _READERS.search(text):
        return False
    return first or bool(binding.search(text))


def _content(blocks: Sequence[Block]) -> list[Block]:
    """Blocks that can state something: no quotations, code, comments; no picture alone."""
    return [b for b in blocks if b.kind not in _ASIDE and (b.kind != "paragraph" or _worded(b.text))]


def _worded(text: str) -> bool:
    return bool(
        re.search(
            r"\w", re.sub(r"!\[[^\]\n]{0,300}\](?:\([^)\n]{0,600}\)|\[[^\]\n]{0,80}\])", "", clean(text))
        )
    )


def _rows(block: Block, number: int, noun: str) -> Iterator[Finding]:
    found = columns(block, noun)
    for row in block.rows if found else ():
        yield _row(row.cells, row.line, number, block, found)  # type: ignore[arg-type]


def _row(cells: Sequence[str], line: int, number: int, block: Block, found: Columns) -> Finding:
    cells = (*cells, *("" for _ in range(len(block.header) - len(cells))))
    alias, text = row_id(cells, found), clean(cells[found.text])
    title = clean(cells[found.title]) if found.title >= 0 else ""
    more = "\n\n".join(f"{block.header[n]}: {clean(cells[n])}" for n in found.more if clean(cells[n]))
    return Finding(text or title, line, line, number, title, alias, more)


def tables(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    """One finding a row of a table whose own header names an identifier and what is stated."""
    for number, section in enumerate(document.read.sections):
        ground = document.grounds[number]
        if ground.barred:
            continue
        for block in section.blocks:
            if block.kind == "table" and (found := columns(block, noun)) and found.certain:
                yield from _rows(block, number, noun)


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
