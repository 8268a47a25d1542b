"""Finders of decisions: what a section that is headed as one, or as a proposal, decides.

Knows sections, lists and tables. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from atocore.knowledge.extraction.rules.blocks import INTRODUCES, content, rows_of
from atocore.knowledge.extraction.rules.bound import ORDERS, is_told
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.headings import Governor, Ground, normal_heading
from atocore.knowledge.extraction.rules.items import bullets, items, listed
from atocore.knowledge.extraction.rules.text import ABOUT_DOCUMENT, clean, document_title
from atocore.knowledge.ingestion.outline import Block, Section, plain

MAX_PARAGRAPHS = 8
_HEADLINE = 4  # words of a heading that says what was decided
MAX_STANDING = 16  # words within which a sentence shows that it tells how things stand
_INCIDENT = re.compile(
    r"(?:incident |outage )?(?:timeline|root causes?|detection|lessons? learned|lessons|post-?mortem"
    r"|symptoms?|investigation|trigger|action items)(?: .{1,30})?"
)
_ASKED = re.compile(r"(?:the )?(?:issue|question|problem|topic|motion|context)(?: statement)?")
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
    rf"{_OWN_DATA.pattern}|[\W_]*(?:therefore|thus|hence|consequently|accordingly|so|deshalb|daher)[\W_]*$",
    re.IGNORECASE,
)
_BOLD = re.compile(r"\*\*(?:\d+[.):]?\s*)?(?P<words>[^*\n]{3,120})\*\*:?")
_WE = r"(?:we|i|the (?:\w+ )?(?:team|project|board|group|developers)|it (?:was|has been)|devs|management)"
_NOT_DECIDED = (  # what somebody will do without deciding it
    r"(?!(?:also |then |still |now |likely |probably |therefore )*(?:need|have|be (?:un)?able|see"
    r"|know|learn|want|wait|discuss|decide|consider|evaluate|review|revisit|investigate|explore|lose|gain|find"
    r"|get|face|probably|likely|be)\b)"
)
DECIDES = re.compile(
    rf"(?!\W*(?:if|when|whenever|unless|until|once|as long as)\b)"
    rf"(?:[^.!?\n]{{0,160}}?[,:] (?:that )?|therefore,? |so,? |hence,? )?\b{_WE}"
    rf"(?:'ll| will| are going to| shall)(?: therefore| now| thus| instead)?(?: not)? {_NOT_DECIDED}\w+"
    rf"|(?:[^.!?\n]{{0,160}}?[,:]? (?:that )?)?\b{_WE} (?:have |has |had )?(?:therefore |also )?"
    r"(?:(?:made|taken|took|reached) (?:the|a) decision|decided (?!that)|chose|chosen|opted|elected|selected"
    r"|agreed (?:to|on|that)|settled on|went (?:with|for)|picked|adopted|standardi[sz]ed on|applied|approved"
    r"|(?:are|is) (?:choosing|adopting|going with|standardi[sz]ing on)|choose|opt|favou?r)\b"
    r"(?! to (?:test|try|evaluate|compare|consider|investigate|discuss|look|explore|postpone|defer)\b)"
    r"|(?:a |the )?decision (?:was|has been|is) (?:made|taken|reached)?|(?:chosen|selected)\b"
    r"|(?:after|having) (?:consider|evaluat|compar|review|weigh|discuss)\w*[^.!?\n]{3,160}\bwe\b",
    re.IGNORECASE,
)
"""How a passage begins that says what was decided."""

_TELLS_OF = re.compile(
    r"\b(?:will|shall|must|should|decid\w+|decision|cho(?:se|ice|sen|os\w+)|select\w*|adopt\w*|use[ds]?|using"
    r"|propos\w+|agree\w*|accept\w*|implement\w*|introduc\w+|replac\w+|migrat\w+|mov(?:e|ed|ing)|keep"
    r"|recommend\w*|go(?:ing)? with|option|solution)\b",
    re.IGNORECASE,
)
_INTENDS = re.compile(
    r"\b(?:will|shall|must|should|propos\w+|adopt\w*|implement\w*|introduc\w+|replac\w+|migrat\w+|moves?"
    r"|switch\w*|allow\w*|enabl\w+|add(?:s|ed)?|creat\w+|provid\w+|us(?:e|es|ed|ing)|remov\w+|support\w*"
    r"|recommend\w*|decid\w+|decision to|standardi[sz]\w+)\b",
    re.IGNORECASE,
)
_STANDS = re.compile(r"\b(?:is|are|was|were|has|have|had|can|may|could|do|does)\b", re.IGNORECASE)
_NAMED_CHOICE = re.compile(r"\*\*[^*\n]{3,60}\*\*:?")
_PROPOSES = re.compile(r"\b(?:decision|proposal) to\b|\bproposes\b", re.IGNORECASE)
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
    asked = document.record or any(map(_ASKED.fullmatch, headings))
    if len(found) == 1 and asked and not any(map(_INCIDENT.fullmatch, headings)):
        yield found[0]


def _decision_section(
    document: Document, number: int, section: Section, governor: Governor
) -> Iterator[Finding]:
    told = [b for b in section.blocks if not (b.kind == "paragraph" and _SAYS_NOTHING.match(b.text))]
    blocks, below = _settled(content(told)), document.below(number)
    if governor.says:
        yield lead(section, number, blocks) or Finding(governor.says, section.first, section.first, number)
    elif below and (governor.plural or not blocks):
        for inner in below:
            part = document.read.sections[inner]
            if found := lead(part, inner, content(part.blocks)) or _named(part, inner):
                yield found
    elif governor.plural or _sets_out(blocks):
        yield from _members(blocks, number)
    elif blocks:
        yield from _one_decision(section, number, blocks)


def _named(section: Section, number: int) -> Finding | None:
    """What the heading of a decision says by itself, where a table or a drawing follows it."""
    title = re.sub(r"^[\d.]+\s+", "", section.heading)
    if not section.blocks or len(title.split()) < _HEADLINE:
        return None
    return Finding(title, section.first, section.first, number, title)


def _settled(blocks: list[Block]) -> list[Block]:
    """The blocks from where something is decided: a first paragraph may only tell how things stand."""
    if len(blocks) < 2 or blocks[0].kind != "paragraph":
        return blocks
    text = plain(clean(blocks[0].text))
    if blocks[1].kind == "paragraph" and _SETTING.match(text):
        return blocks[1:]
    if _TELLS_OF.search(text) or ORDERS.match(text) or INTRODUCES.search(text):
        return blocks
    for at, block in enumerate(blocks[1:MAX_PARAGRAPHS], 1):
        if block.kind == "paragraph" and DECIDES.match(plain(clean(block.text))):
            return blocks[at:]
    return blocks


def _one_decision(section: Section, number: int, blocks: Sequence[Block]) -> Iterator[Finding]:
    head = blocks[0]
    if head.kind == "paragraph":
        yield from filter(None, [lead(section, number, blocks, titled=False)])
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
    if len(lists) == 1 and (one := _with_details(blocks, lists[0], number)):
        yield one
        return
    for block in lists:
        found = _choices(block, number) if block.kind == "list" else rows_of(block, number, "decision")
        yield from filter(_is_worded, found)
    if not lists:
        for block in blocks[:MAX_PARAGRAPHS]:
            yield Finding(clean(block.text), block.first, block.last, number)


def _with_details(blocks: Sequence[Block], block: Block, number: int) -> Finding | None:
    """A sentence that decides together with the names that it introduces; None where the list decides."""
    above = blocks[0] if blocks[0] is not block else None
    if above is None or above.kind != "paragraph" or block.kind != "list" or blocks[1] is not block:
        return None
    text = clean(above.text)
    if not DECIDES.match(plain(text)) or not INTRODUCES.search(text) or _SETS_OUT.search(text):
        return None
    if any(is_told(finding.text) for finding in items(block, number)):
        return None
    return Finding(text, above.first, block.last, number, more=bullets(block))


def _choices(block: Block, number: int) -> Iterator[Finding]:
    """The items of a list; one that only names what the items under it say is one decision with them."""
    for item in block.items:
        head = item.blocks[0] if item.blocks else None
        inner = [inner for inner in item.blocks[1:] if inner.kind == "list"]
        if head and inner and head.kind == "paragraph" and _NAMED_CHOICE.fullmatch(clean(head.text)):
            name = plain(clean(head.text)).rstrip(" :")
            said = "; ".join(map(listed, inner))
            yield Finding(f"{name}: {said}", item.first, item.last, number, name)
        else:
            yield from items(replace(block, items=(item,)), number)


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


def lead(section: Section, number: int, blocks: Sequence[Block], *, titled: bool = True) -> Finding | None:
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
            if found := lead(section, number, _proposing(content(section.blocks)), titled=False):
                yield replace(found, title=document_title(above))
                return


def _proposing(blocks: list[Block]) -> list[Block]:
    """The blocks from where something is proposed, after how things stand and what the document is."""
    for at, block in enumerate(blocks[:MAX_PARAGRAPHS]):
        text = plain(clean(block.text)) if block.kind == "paragraph" else ""
        outlines = ABOUT_DOCUMENT.match(text) and not re.search(
            r"\b(?:decision|proposal) to\b|\bproposes\b", text
        )
        stands = _STANDS.search(" ".join(text.split()[:MAX_STANDING])) and not _INTENDS.search(text)
        if block.kind == "list" or (text and not outlines and not stands):
            return blocks[at:]
    return []
