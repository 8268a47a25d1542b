"""What a finding claims: its title, and the slot it speaks about where the text itself states one.

Knows a document's sections around a decision. Must not know rules or confidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from atocore.knowledge.rules_claims import chosen, quantity, question_in
from atocore.knowledge.rules_find import Document, Finding
from atocore.knowledge.rules_headings import normal_heading
from atocore.knowledge.rules_text import clean, document_title, short

_ASKS = re.compile(
    r"(?:context|problem|issue|question|background|motivation|the problem|decision drivers)\b.*"
)
_SHAPE = re.compile(
    r"(?:(?:context|problem|issue|status|considered|alternatives|options|consequences|rationale|drivers)\b.*)"
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The title of a proposal and its slot's parts, "" where none is stated."""

    title: str
    subject: str = ""
    attribute: str = ""
    value: str = ""
    question: str = ""


def claimed(findings: Sequence[tuple[str, Finding]], document: Document, title: str) -> list[Claimed]:
    """Read the claim of each finding (its type and itself). A question that two decisions of the document
    would answer is given to neither: which of them answers it is not stated.
    """
    claims = [_decided(f, document, title) if type_ == "decision" else _stated(f) for type_, f in findings]
    asked = Counter(claim.question for claim in claims)
    found = []
    for (type_, finding), claim in zip(findings, claims, strict=True):
        if claim.question and asked[claim.question] > 1:
            claim = replace(claim, question="", value="", title=_title(finding))
        found.append(claim if claim.question or type_ != "decision" else replace(claim, value=""))
    return found


def _stated(finding: Finding) -> Claimed:
    claim = quantity(finding.text)
    if claim is None:
        return Claimed(_title(finding))
    return Claimed(_title(finding), claim.subject, claim.attribute, claim.value)


def _title(finding: Finding, name: str = "") -> str:
    words = short(finding.title or name) or short(finding.text)
    return f"{finding.alias}: {words}" if finding.alias and finding.alias not in words else words


def _decided(finding: Finding, document: Document, title: str) -> Claimed:
    option = chosen(finding.text)
    heads = _above(finding.place, document)
    shaped = heads is not None and _is_record(heads, finding.place, document)
    name = _name(heads, document, title) if shaped else ""
    question = (_question(heads, document) or name) if shaped else ""
    return Claimed(_title(finding, name or option), value=option, question=question)


def _above(place: int, document: Document) -> int | None:
    """The section (-1: the document) whose decision `place` belongs to; None for a decision in passing."""
    governor = document.governor(place)
    return document.read.sections[governor.root].parent if governor else None


def _around(heads: int | None, document: Document) -> list[int]:
    if heads is None:
        return []
    if heads >= 0:
        return list(document.children[heads])
    return [n for n, section in enumerate(document.read.sections) if section.parent == -1]


def _is_record(heads: int | None, place: int, document: Document) -> bool:
    """Whether the sections around a decision are those of a decision record."""
    headings = [normal_heading(document.read.sections[n].heading) for n in _around(heads, document)]
    return any(_SHAPE.fullmatch(heading) for heading in headings)


def _name(heads: int | None, document: Document, title: str) -> str:
    sections = document.read.sections
    if heads is not None and heads >= 0:
        own = document_title(sections[heads].heading)
        return own or (document_title(title) if sections[heads].parent == -1 else "")
    first = next((s.heading for s in sections if s.level == 1), "")
    return document_title(title) or document_title(first)


def _question(heads: int | None, document: Document) -> str:
    for number in _around(heads, document):
        section = document.read.sections[number]
        if _ASKS.fullmatch(normal_heading(section.heading)):
            text = " ".join(clean(block.text) for block in section.blocks if block.kind == "paragraph")
            if question := question_in(text):
                return question
    return ""
