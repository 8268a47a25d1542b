"""Finders of decisions: what a section that is headed as one, or as a proposal, decides.

Knows sections, lists and tables. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from atocore.knowledge.chunks_outline import Block, Section
from atocore.knowledge.rules_blocks import INTRODUCES, content, rows_of
from atocore.knowledge.rules_document import Document, Finding
from atocore.knowledge.rules_headings import Governor, Ground, normal_heading
from atocore.knowledge.rules_items import bullets, items, listed
from atocore.knowledge.rules_text import clean, document_title

MAX_PARAGRAPHS = 8
_INCIDENT = re.compile(
    r"(?:incident |outage )?(?:timeline|root causes?|detection|lessons? learned|lessons|post-?mortem"
    r"|symptoms?|investigation|trigger|action items)(?: .{1,30})?"
)
_OPEN_GROUND = Ground(None, False)

_UNFINISHED = re.compile(r"[^.!?)\"”'’*_`\]。…]\s*$")
_SETS_OUT = re.compile(
    r"\b(?:following|these|below)\b.{0,60}\bdecisions?\b|\bdecisions?\b.{0,60}\b(?:following|below|are"
    r"|were)\b|\b(?:decided|agreed|resolved)\b.{0,40}:\s*$",
    re.IGNORECASE,
)
_OWN_DATA = re.compile(
    r"\W*(?:title|date|status|state|authors?|owners?|version|decision (?:date|makers?|made by|id|status)"
    r"|decided by|deciders|made by|related \w+|id|reference|type|category|tags?|rfc|pr|issue|ticket"
    r"|approv(?:ers?|ed by))"
    r"\b[*_]*\s*[:：]",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"\W*(?:currently|at the time of|at the moment|at present|today|historically|as of (?:today|now|this)"
    r"|so far|until now|in the past|previously|originally|there (?:are|is|were|was))\b",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    rf"{_OWN_DATA.pattern}|\W*(?:therefore|thus|hence|consequently|accordingly|so|deshalb|daher)\W*$",
    re.IGNORECASE,
)
_BOLD = re.compile(r"\*\*(?:\d+[.):]?\s*)?(?P<words>[^*\n]{3,120})\*\*:?")
_CHOSEN = re.compile(r"\W*(?:(?:we )?(?:chosen?|selected?|decided)|decision|option)\b", re.IGNORECASE)


def decisions(document: Document, rule: str) -> Iterator[Finding]:
    """One finding for a section in prose; one an item, row or subsection where it lists decisions."""
    for number, section in enumerate(document.read.sections):
        governor = document.governor(number)
        if governor and governor.rule == rule and governor.own:
            yield from _decision_section(document, number, section, governor)


def resolutions(document: Document, rule: str) -> Iterator[Finding]:
    """The decision of a section headed Resolution, unless it tells how an incident went: in several steps, or
    beside a timeline or a root cause.
    """
    found = list(decisions(document, rule))
    headings = [normal_heading(section.heading) for section in document.read.sections]
    if len(found) == 1 and not any(map(_INCIDENT.fullmatch, headings)):
        yield found[0]


def _decision_section(
    document: Document, number: int, section: Section, governor: Governor
) -> Iterator[Finding]:
    told = [b for b in section.blocks if not (b.kind == "paragraph" and _SAYS_NOTHING.match(b.text))]
    blocks, below = _settled(content(told)), document.below(number)
    if governor.says:
        yield _lead(section, number, blocks) or Finding(governor.says, section.first, section.first, number)
    elif below and (governor.plural or not blocks):
        for inner in below:
            part = document.read.sections[inner]
            lead = _lead(part, inner, content(part.blocks))
            if lead:
                yield lead
    elif governor.plural or _sets_out(blocks):
        yield from _members(blocks, number)
    elif blocks:
        yield from _one_decision(section, number, blocks)


def _settled(blocks: list[Block]) -> list[Block]:
    """The blocks without a first paragraph that only tells how things stand, where another follows."""
    if len(blocks) > 1 and blocks[0].kind == blocks[1].kind == "paragraph" and _SETTING.match(blocks[0].text):
        return blocks[1:]
    return blocks


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
            yield from filter(_is_worded, found)
    else:
        yield from rows_of(head, number, "decision")


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
        found = items(block, number) if block.kind == "list" else rows_of(block, number, "decision")
        yield from filter(_is_worded, found)
    if not lists:
        for block in blocks[:MAX_PARAGRAPHS]:
            yield Finding(clean(block.text), block.first, block.last, number)


def _sets_out_at(blocks: Sequence[Block], at: int) -> bool:
    """Whether a list is one of decisions: a later paragraph with a colon goes on with its own matter."""
    above = blocks[at - 1] if at else None
    if at < 2 or above is None or above.kind != "paragraph":
        return True
    text = clean(above.text)
    return not INTRODUCES.search(text) or bool(_SETS_OUT.search(text))


def _is_worded(finding: Finding) -> bool:
    """Whether an item says more than the name of a piece of code and what that is."""
    if not finding.text.startswith("`"):
        return True
    return len(re.sub(r"`[^`]*`|\([^()]*\)", " ", finding.text).split()) > 2


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
    if follow and follow.kind == "list" and INTRODUCES.search(text):
        last, more = follow.last, bullets(follow)
    elif (
        follow
        and follow.kind == "paragraph"
        and (len(text.split()) < 6 or INTRODUCES.search(text) or _UNFINISHED.search(text))
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
            if found := _lead(section, number, content(section.blocks), titled=False):
                yield replace(found, title=document_title(above))
                return
