"""Decision records that say what they decide in their own words, without a heading for it.

Knows records' forms, their titles and the wording of decisions. Must not know confidence, or what becomes
of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atocore.knowledge.extraction.rules.blocks import content
from atocore.knowledge.extraction.rules.bound import ORDERS
from atocore.knowledge.extraction.rules.decisions import DECIDES, accepted_proposals, lead
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.headings import SOFT_STOP, normal_heading
from atocore.knowledge.extraction.rules.labels import labelled
from atocore.knowledge.extraction.rules.patterns import LABELS, PROPOSAL_HEADING, label
from atocore.knowledge.extraction.rules.text import clean, document_title, sentences
from atocore.knowledge.ingestion.outline import Block, Outline, plain

_NAME = re.compile(r"(?:adr|madr|dr|dec|decision|td)s?[-_ ]?(?:[a-z]{1,4}[-_ ])?\d{1,8}\b.*", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{1,8}[-_. ].*")
_FOLDER = re.compile(
    r"(?:.*[-_ ])?(?:adrs?|decisions?|decision[-_ ](?:records?|log))(?:[-_ ].*)?", re.IGNORECASE
)
_TITLE = re.compile(
    r"\W*(?:\[?(?:adr|madr|dr|dec|td|decision|architecture decision)(?: record)?\]?"
    r"[-\s#:]*[a-z]{0,4}[-\s]?\d+\b"
    r"|(?:architecture|architectural|design|technical) decision(?: record)?\b)",
    re.IGNORECASE,
)
_PROPOSALS = re.compile(
    r"(?:.*[-_])?(?:rf[cd]s?|peps?|keps?|teps?|proposals?|enhancements?|concepts|text|features)", re.I
)
_PROPOSAL_TITLE = re.compile(r"\b(?:rfc|proposal|[kt]ep)\b", re.IGNORECASE)
_NUMBERED_FILE = re.compile(r"(?!(?:19|20)\d\d[-_.]\d\d)(?P<number>\d{3,4})[-_. ]")
_NUMBERED_TITLE = re.compile(
    r"\W*(?:no\.? ?)?(?P<number>\d{1,4})(?:[.:)]|\s+-|(?<=\d{4}))\s+\S", re.IGNORECASE
)
_PARTS = frozenset(
    (
        "consequences",
        "decision drivers",
        "considered options",
        "options considered",
        "alternatives considered",
    )
)
_BARE_STATUS = re.compile(
    r"\W*(?:status\W+)?(?:accepted|approved|adopted|decided|agreed|proposed|implemented)\W*(?:\d[\d/.-]*)?\W*",
    re.IGNORECASE,
)
_SOLUTION = re.compile(
    r"(?:the |our |final |proposed |chosen |adopted |implemented )?(?:solution|approach)(?: description"
    r"| overview| summary| details?)?|(?:the |our |final )?(?:conclusions?|outcome|strategy|policy|adr)"
)
_OUTCOME = label(r"(?:final |decision )?outcome|resolution")
_WORD = re.compile(r"[a-z0-9]{3,}")
_SMALL = frozenset(
    (
        "the",
        "and",
        "for",
        "our",
        "use",
        "using",
        "used",
        "with",
        "from",
        "into",
        "that",
        "this",
        "will",
        "not",
    )
)
_MOST = 0.5  # share of a title's words that a passage about the same has
_DEEP = 3  # level of a heading below which details are told
_PROSE = 6  # paragraphs of a section that are looked at


def is_record(path: str, read: Outline, statuses: Sequence[str]) -> bool:
    """Whether a document is a decision record, by its name and place, or by its number and form."""
    *folders, name = re.split(r"[/\\]", path)
    stem = name.rsplit(".", 1)[0]
    title = plain(next((section.heading for section in read.sections[:3] if section.level == 1), ""))
    placed = bool(_NUMBERED.fullmatch(stem)) and any(map(_FOLDER.fullmatch, folders[-3:]))
    if placed or _NAME.fullmatch(stem) or _TITLE.match(title):
        return True
    if any(map(_PROPOSALS.fullmatch, folders)) or _PROPOSAL_TITLE.search(title):
        return False
    numbered, titled = _NUMBERED_FILE.match(stem), _NUMBERED_TITLE.match(title)
    if numbered and titled and int(numbered["number"]) == int(titled["number"]):
        return True
    return bool(numbered or titled) and _has_form(read)


def _has_form(read: Outline) -> bool:
    """Whether a document has the parts of a record: a bare status, or what was weighed and what follows."""
    headings = {normal_heading(section.heading) for section in read.sections}
    if headings & _PARTS or {"status", "context"} <= headings:
        return True
    blocks = [block for section in read.sections[:4] for block in section.blocks[:6]]
    return any(block.kind == "paragraph" and _BARE_STATUS.fullmatch(block.text[:80]) for block in blocks)


def outcomes(document: Document) -> Iterator[Finding]:
    """What a row or line `Outcome: …` says in a record that was decided."""
    for finding in labelled(document, _OUTCOME) if document.record else ():
        if document.statuses[finding.place] == "accepted":
            yield finding


def solutions(document: Document, rule: str) -> Iterator[Finding]:
    """What a record describes as its solution, where none of its sections is headed as a decision."""
    for number, section in enumerate(document.read.sections if _is_untold(document, rule) else ()):
        if document.grounds[number].barred or not _SOLUTION.fullmatch(normal_heading(section.heading)):
            continue
        if found := lead(section, number, content(section.blocks), titled=False):
            yield found
            return


def recorded(document: Document, rule: str) -> Iterator[Finding]:
    """The passage in which a record says what was decided, where no heading of it says so."""
    if not _is_untold(document, rule) or any(solutions(document, rule)):
        return
    found = list(_said(document, _title(document)))
    decided = next((f for strong, f in found if strong), None) or next((f for _, f in found), None)
    if decided:
        yield decided


def _is_untold(document: Document, rule: str) -> bool:
    told = any(ground.governor and ground.governor.rule == rule for ground in document.grounds)
    if not document.record or told or any(labelled(document, LABELS["decision"])):
        return False
    return not any(accepted_proposals(document, rule, PROPOSAL_HEADING))


def _said(document: Document, title: str) -> Iterator[tuple[bool, Finding]]:
    """Passages that decide: whether by the words of a decision, and else by those of the title."""
    about, verb = _words(title), _first_word(title)
    for number, section in enumerate(document.read.sections):
        heading = normal_heading(section.heading)
        if section.level > _DEEP or number > _PROSE * 2:
            continue
        if document.grounds[number].barred or (section.level > 1 and SOFT_STOP.fullmatch(heading)):
            continue
        blocks = content(section.blocks)[: 4 * _PROSE]
        for at, block in enumerate(blocks):
            strong = block.kind == "paragraph" and bool(DECIDES.match(plain(clean(block.text))))
            if strong and (found := lead(section, number, blocks[at:], titled=False)):
                yield True, found
            elif _is_ordered(block, about, verb):
                yield False, Finding(clean(block.text), block.first, block.last, number)


def _is_ordered(block: Block, about: frozenset[str], verb: str) -> bool:
    """Whether a paragraph orders what the title names."""
    if block.kind != "paragraph" or not about:
        return False
    first = next(iter(sentences(plain(clean(block.text))[:400])), "")
    ordered = ORDERS.match(first) or _BINDS.search(first) or _first_word(first) == verb
    return bool(ordered) and len(about & _words(first)) >= _MOST * len(about)


_BINDS = re.compile(r"\b(?:MUST|SHALL|SHOULD|must|shall|should|will)\b(?! (?:be )?(?:able|need|have to)\b)")


def _title(document: Document) -> str:
    heading = next((section.heading for section in document.read.sections if section.level == 1), "")
    return document_title(heading)


def _first_word(text: str) -> str:
    return next(iter(text.casefold().split()), "").strip(":,;-*")


def _words(text: str) -> frozenset[str]:
    """The telling words of a text, without an s at the end."""
    found = _WORD.findall(text.casefold())
    return frozenset(word.rstrip("s") for word in found if word not in _SMALL)
