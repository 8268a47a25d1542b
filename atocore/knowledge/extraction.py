"""Extraction: from a document's text to proposals, each with the passage it rests on.

Knows the table of rules and how findings are judged. Must not know records, captures, caps or the vault: the
same text gives the same proposals, whatever was proposed before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from atocore.knowledge.chunks import Chunk, chunks
from atocore.knowledge.chunks_outline import Outline, outline
from atocore.knowledge.extraction_claims import Claimed, claimed
from atocore.knowledge.extraction_confidence import (
    confidence,
    is_for_readers,
    is_manual,
    why_whole_document_not,
)
from atocore.knowledge.extraction_status import statuses
from atocore.knowledge.rule import MARKED, SPOKEN, Rule
from atocore.knowledge.rules import RULES, SIGNS, labelled_otherwise
from atocore.knowledge.rules_bound import is_bound, is_limit, is_name, why_no_statement
from atocore.knowledge.rules_document import Document, Finding, document_of
from atocore.knowledge.rules_headings import normal_heading
from atocore.knowledge.rules_patterns import BINDING
from atocore.knowledge.rules_records import is_record
from atocore.knowledge.rules_text import ABOUT_DOCUMENT, REMARK, is_too_short, short, why_not
from atocore.knowledge.speech_hear import hear
from atocore.knowledge.voices import Voice
from atocore.records.header import Value
from atocore.records.statement import text_key

_AFTERMATH = re.compile(
    r"(?:(?:negative|positive|bad|good|neutral)(?: .*)?|(?:.* )?consequences?(?: .*)?|cons"
    r"|pros and cons(?: .*)?|drawbacks|disadvantages|downsides|trade-?offs(?: .*)?"
    r"|implications|risks(?: .*)?)"
)
_SHALL = re.compile(r"\bshall\b", re.IGNORECASE)
STATED_TYPES = ("requirement", "constraint", "assumption")  # what needs a sentence, however short
EXTRACTOR_VERSION = "2"
MAX_QUOTE = 1_000
MAX_STATEMENT = 2_000
"""Characters after which a quote or a statement is cut, with …"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one passage may be remembered as. Fields that the text does not state are "".

    Any extractor makes these: the rules here, a plug-in, a tool's hand-over. `rule` names what found it, and
    `extractor` who, with a version; `provenance` holds further keys of the candidate's provenance (a tool, an
    external id), `keys` further keys of its header (relations, `proposes`).

    `value` holds relation, number and unit (`<= 4.5 kg`), or the option chosen. `fingerprint` is the same for
    the same claim or statement, whatever its case, spacing, punctuation and markup. Lines are 1-based in the
    file.
    """

    kind: str
    type: str
    title: str
    statement: str
    quote: str
    subject: str
    attribute: str
    value: str
    question: str
    component: str
    rule: str
    confidence: float
    explain: tuple[str, ...]
    chunk: str
    headings: tuple[str, ...]
    first_line: int
    last_line: int
    fingerprint: str
    aliases: tuple[str, ...] = ()
    extractor: str = EXTRACTOR_VERSION
    provenance: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, Value], ...] = ()


class Skipped(NamedTuple):
    """A passage a rule looked at and left alone."""

    reason: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was found in one text: proposals in order of their lines, and how many each rule gave."""

    proposals: tuple[Proposal, ...]
    skipped: tuple[Skipped, ...]
    found: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Source:
    """One text with all that is needed to judge what is found in it."""

    body: str
    path: str
    document: Document
    statuses: tuple[str, ...]
    first_line: int
    freshness: float
    manual: bool
    for_readers: bool
    chunks: Sequence[Chunk]

    @property
    def read(self) -> Outline:
        return self.document.read


def extract(
    body: str,
    *,
    path: str = "",
    title: str = "",
    frontmatter: Mapping[str, str] | None = None,
    first_line: int = 1,
    freshness: float = 0.0,
    cut: Sequence[Chunk] | None = None,
    voice: Voice = Voice.DOCUMENT,
) -> Extraction:
    """Read `body` (without its frontmatter) by every rule of the table.

    `path` is the document's, for its place; `first_line` the file's line on which `body` begins; `freshness`
    is 0 to 1; `cut` the chunks, where they were made before with the same `first_line`; `voice` is who
    speaks.
    """
    read = outline(body)
    if not read.parsed:
        return Extraction((), (Skipped("too large to be read by rules", first_line, path),), {})
    if reason := why_whole_document_not(path):
        return Extraction((), (Skipped(reason, first_line, path),), {})
    header = frontmatter or {}
    status = statuses(read.sections, header)
    record = voice is Voice.DOCUMENT and is_record(path, read, status)
    document = hear(replace(document_of(read, SIGNS, voice), statuses=status, record=record))
    parts = chunks(body, first_line) if cut is None else cut
    source = _Source(
        body,
        path,
        document,
        status,
        first_line,
        freshness,
        is_manual(path, read.sections),
        is_for_readers(path),
        parts,
    )
    return _judge(source, title or header.get("title", ""))


def joined(parts: Sequence[Extraction]) -> Extraction:
    """Put together what the parts of one text give; what two parts say counts where the first says it."""
    if len(parts) == 1:
        return parts[0]
    made = [proposal for part in parts for proposal in part.proposals]
    return _collect(made, {skipped for part in parts for skipped in part.skipped})


def ranked(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Order proposals best first: by confidence, then by the strength of the rule's signal, then by line."""
    strength = {rule.id: rule.strength for rule in RULES}
    return tuple(
        sorted(
            proposals, key=lambda p: (-p.confidence, -strength.get(p.rule, 0), p.first_line, p.fingerprint)
        )
    )


def _judge(source: _Source, title: str) -> Extraction:
    taken: dict[int, str] = {}
    accepted: list[tuple[Rule, Finding]] = []
    skipped: set[Skipped] = set()
    for rule in RULES:
        lines: set[int] = set()
        for finding in rule.find(source.document):
            span = range(finding.first, finding.last + 1)
            mine = rule.beside or rule.id
            if any(taken.get(line, mine) != mine for line in span) or labelled_otherwise(rule, finding.text):
                continue
            lines.update(span)
            if reason := _why_not(source, rule, finding):
                skipped.add(Skipped(reason, source.first_line + finding.first - 1, short(finding.text)))
            else:
                accepted.append((rule, finding))
        taken.update(dict.fromkeys(lines, rule.beside or rule.id))
    claims = claimed([(rule.type, finding) for rule, finding in accepted], source.document, title)
    made = [_proposal(source, *pair, claim) for pair, claim in zip(accepted, claims, strict=True)]
    return _collect(made, skipped)


def _why_not(source: _Source, rule: Rule, finding: Finding) -> str:
    if reason := _why_not_said(source.document, rule, finding):
        return reason
    status = source.statuses[finding.place]
    if status.startswith("dead: "):
        return f"the document's status is {status[6:]}"
    if source.manual and rule.id in ("requirement-heading", "requirement-label") and not finding.alias:
        return "what a reader needs to have, in a manual"
    if (
        source.for_readers
        and rule.id in ("requirement-heading", "constraint-heading")
        and not is_bound(finding)
    ):
        return "in a guide or on a front page, and not worded as a requirement"
    told_readers = source.manual or source.for_readers
    if told_readers and rule.id == "shall-sentence" and not _SHALL.search(finding.text):
        return "what a reader must do, in a guide"
    if rule.type in STATED_TYPES and not finding.alias and is_too_short(finding.text):
        return "too short to state anything"
    if rule.type in (*STATED_TYPES, "decision", "result") and REMARK.match(finding.text):
        return "a remark"
    if rule.type in STATED_TYPES and ABOUT_DOCUMENT.match(finding.text):
        return "about the document itself"
    if rule.type in ("requirement", "constraint") and rule.strength > SPOKEN and not finding.alias:
        if rule.id == "constraint-label" and not is_limit(finding.text) and _is_aftermath(source, finding):
            return "a weakness among the consequences"
        if rule.id.endswith("-label") and is_name(finding.text):
            return "a name, no statement"
        return why_not(finding.text) or why_no_statement(finding.text)
    return why_not(finding.text)


def _is_aftermath(source: _Source, finding: Finding) -> bool:
    """Whether a passage stands among the consequences of a decision."""
    return any(
        _AFTERMATH.fullmatch(normal_heading(name)) for name in source.read.sections[finding.place].path
    )


def _why_not_said(document: Document, rule: Rule, finding: Finding) -> str:
    """Say why a passage of a turn is no statement of its speaker's that lasts; "" where it is."""
    if document.voice is Voice.ASSISTANT and (rule.type != "decision" or rule.sign):
        return "an assistant's own words"
    if 0 < document.ends <= finding.first:
        return document.why
    if document.voice is not Voice.PERSON or finding.alias or rule.type in ("decision", "assumption"):
        return ""
    if rule.sign:
        return "what a prompt asks for under a heading"
    asks = rule.strength == MARKED and rule.type in ("requirement", "constraint")
    return "what a prompt asks for" if asks and not BINDING.search(finding.text) else ""


def _collect(made: Sequence[Proposal], skipped: set[Skipped]) -> Extraction:
    kept: dict[str, Proposal] = {}
    for proposal in sorted(made, key=lambda p: (p.first_line, p.last_line, p.rule)):
        known = kept.setdefault(f"{proposal.type} {proposal.fingerprint}", proposal)
        if known is not proposal:
            skipped.add(Skipped("said before in this document", proposal.first_line, proposal.title))
    counts = Counter(proposal.rule for proposal in kept.values())
    ordered = sorted(skipped, key=lambda s: (s.line, s.reason, s.text))
    return Extraction(tuple(kept.values()), tuple(ordered), dict(sorted(counts.items())))


def _proposal(source: _Source, rule: Rule, finding: Finding, claim: Claimed) -> Proposal:
    read = source.read
    statement = f"{finding.text}\n\n{finding.more}" if finding.more else finding.text
    sure = confidence(
        rule.prior,
        source.path,
        source.statuses[finding.place],
        finding,
        rule.type,
        source.freshness,
        source.document.voice,
    )
    first, last = (source.first_line + line - 1 for line in (finding.first, finding.last))
    start, end = read.starts[finding.first - 1], read.ends[finding.last - 1]
    said = (
        f"{claim.subject} {claim.attribute} {claim.value}" if claim.subject else finding.text[:MAX_STATEMENT]
    )
    return Proposal(
        kind=rule.kind,
        type=rule.type,
        title=claim.title,
        statement=_shortened(statement, MAX_STATEMENT),
        quote=_shortened(finding.quote or source.body[start:end], MAX_QUOTE),
        subject=claim.subject,
        attribute=claim.attribute,
        value=claim.value,
        question=claim.question,
        component=claim.component,
        rule=rule.id,
        confidence=sure.value,
        explain=sure.explain,
        chunk=_chunk_at(source.chunks, start),
        headings=read.sections[finding.place].path,
        first_line=first,
        last_line=last,
        fingerprint=text_key(said),
        aliases=(finding.alias,) if finding.alias else (),
    )


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _chunk_at(parts: Sequence[Chunk], start: int) -> str:
    low, high = 0, len(parts)
    while low < high:
        middle = (low + high) // 2
        if parts[middle].end <= start:
            low = middle + 1
        else:
            high = middle
    return parts[low].id if low < len(parts) else ""
