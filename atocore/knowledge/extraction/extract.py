"""Extraction: from a document's text to proposals, each with the passage it rests on.

Knows the table of rules and how findings are judged. Must not know records, captures, caps or the vault: the
same text gives the same proposals, whatever was proposed before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from atocore.knowledge.extraction.claimed import Claimed, claimed
from atocore.knowledge.extraction.confidence import confidence, why_whole_document_not
from atocore.knowledge.extraction.refusals import Place, place_of, why_left
from atocore.knowledge.extraction.rules.document import Document, Finding, document_of
from atocore.knowledge.extraction.rules.records import is_record
from atocore.knowledge.extraction.rules.rule import Rule
from atocore.knowledge.extraction.rules.table import RULES, SIGNS, labelled_otherwise
from atocore.knowledge.extraction.rules.text import short
from atocore.knowledge.extraction.speech.hear import hear
from atocore.knowledge.extraction.status import statuses
from atocore.knowledge.ingestion.chunks import Chunk, chunks
from atocore.knowledge.ingestion.outline import Outline, outline
from atocore.knowledge.ingestion.voices import Voice
from atocore.records.header import Value
from atocore.records.statement import text_key

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
    place: Place
    document: Document
    first_line: int
    freshness: float
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
    source = _Source(body, place_of(document, path), document, first_line, freshness, parts)
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
            if reason := why_left(source.document, source.place, rule, finding):
                skipped.add(Skipped(reason, source.first_line + finding.first - 1, short(finding.text)))
            else:
                accepted.append((rule, finding))
        taken.update(dict.fromkeys(lines, rule.beside or rule.id))
    claims = claimed([(rule.type, finding) for rule, finding in accepted], source.document, title)
    made = [_proposal(source, *pair, claim) for pair, claim in zip(accepted, claims, strict=True)]
    return _collect(made, skipped)


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
        source.place.path,
        source.document.statuses[finding.place],
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
