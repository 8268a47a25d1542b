"""What a finding claims: its title, and the slot it speaks about where the text itself states one.

Knows a document's sections around a decision. Must not know rules or confidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from atocore.knowledge.extraction.claims.reader import UNCLAIMED, owned, said_claim
from atocore.knowledge.extraction.rules.choices import chosen, question_in
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.headings import normal_heading
from atocore.knowledge.extraction.rules.subject import subject_of
from atocore.knowledge.extraction.rules.text import clean, document_title, short
from atocore.knowledge.ingestion.outline import Section

_ASKS = re.compile(
    r"(?:context|problem|issue|question|background|motivation|the problem|decision drivers|kontext"
    r"|problemstellung|contexte"
    r"|contexto)\b.*"
)
_SHAPE = re.compile(
    r"(?:(?:context|problem|issue|status|considered|alternatives|options|consequences|rationale|drivers"
    r"|kontext|problem\w*"
    r"|konsequenzen|contexte|statut|conséquences|contexto|estado|consecuencias|consequências)\b.*)"
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The title of a proposal and its slot's parts, "" where none is stated."""

    title: str
    subject: str = ""
    attribute: str = ""
    value: str = ""
    question: str = ""
    component: str = ""


@dataclass(frozen=True, slots=True)
class _Around:
    """What the sections around a decision state: whether they are a decision record's, its name, and the
    question it answers.
    """

    shaped: bool
    name: str
    question: str


def claimed(findings: Sequence[tuple[str, Finding]], document: Document, title: str) -> list[Claimed]:
    """Read the claim of each finding (its type and itself). A question that two decisions of the document
    would answer is given to neither: which of them answers it is not stated. So it is with a subject that two
    passages have only from the heading above them.
    """
    known: dict[int, _Around] = {}
    claims = [
        _decided(finding, document, title, known) if type_ == "decision" else _stated(finding, document)
        for type_, finding in findings
    ]
    asked = Counter(claim.question for claim in claims)
    borrowed = Counter(_slot(finding) for _, finding in findings)
    found = []
    for (type_, finding), claim in zip(findings, claims, strict=True):
        if borrowed[_slot(finding)] > 1 and _slot(finding):
            claim = replace(claim, subject="", attribute="", value="", component="")
        if claim.question and asked[claim.question] > 1:
            claim = replace(claim, question="", title=_title(finding))
        found.append(claim if claim.question or type_ != "decision" else replace(claim, value=""))
    return found


def _slot(finding: Finding) -> tuple[str, ...]:
    """What a passage speaks about by its heading's leave; () where it says that itself."""
    claim = finding.claim
    if claim is None or not claim.borrowed:
        return ()
    return tuple(part.casefold() for part in (claim.subject, claim.attribute, claim.component))


def _stated(finding: Finding, document: Document) -> Claimed:
    claim = finding.claim or said_claim(finding.text)
    claim = claim or owned(finding.text, subject_of(document, finding.place))
    if claim is None or claim == UNCLAIMED:
        return Claimed(_title(finding))
    return Claimed(_title(finding), claim.subject, claim.attribute, claim.value, component=claim.component)


def _title(finding: Finding, name: str = "") -> str:
    words = short(finding.title or name) or short(finding.text)
    return f"{finding.alias}: {words}" if finding.alias and finding.alias not in words else words


def _decided(finding: Finding, document: Document, title: str, known: dict[int, _Around]) -> Claimed:
    option = chosen(finding.text)
    governor = document.governor(finding.place)
    if governor is None:
        return Claimed(_title(finding, option), value=option)
    above = document.read.sections[governor.root].parent
    around = known.get(above) or known.setdefault(above, _look_around(above, document, title))
    return Claimed(_title(finding, around.name or option), value=option, question=around.question)


def _look_around(above: int, document: Document, title: str) -> _Around:
    """Read the sections under section `above` (-1: those of the highest level)."""
    sections = document.read.sections
    near = [n for n, s in enumerate(sections) if s.parent == -1] if above < 0 else document.children[above]
    headings = {n: normal_heading(sections[n].heading) for n in near}
    if not any(_SHAPE.fullmatch(heading) for heading in headings.values()):
        return _Around(False, "", "")
    name = _name(above, document, title)
    asking = (sections[n] for n, heading in headings.items() if _ASKS.fullmatch(heading))
    asked = next(filter(None, map(_asked, asking)), "")
    return _Around(True, name, asked or name)


def _name(above: int, document: Document, title: str) -> str:
    sections = document.read.sections
    if above >= 0:
        own = document_title(sections[above].heading)
        return own or (document_title(title) if sections[above].parent == -1 else "")
    first = next((s.heading for s in sections if s.level == 1), "")
    return document_title(title) or document_title(first)


def _asked(section: Section) -> str:
    return question_in(" ".join(clean(block.text) for block in section.blocks if block.kind == "paragraph"))
