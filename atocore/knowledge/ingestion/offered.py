"""What extractors other than the rules offer: the passages they are asked about, and which of their answers
become proposals.

An answer is anybody's output. A proposal counts only with a type that exists, within limits, and with a quote
that stands in its passage; everything else is told, and the rest is taken. Must not know how one is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.extractors import Passage
from atocore.extractors import Proposal as Offer
from atocore.knowledge.extraction.confidence import LOWEST
from atocore.knowledge.extraction.extract import MAX_QUOTE, MAX_STATEMENT, Proposal
from atocore.knowledge.ingestion.chunks import chunks
from atocore.knowledge.ingestion.opened import opened
from atocore.knowledge.ingestion.restated import why_document_not
from atocore.knowledge.leaks import redacted_value
from atocore.records.edit import render
from atocore.records.kinds import KINDS, Kind
from atocore.records.record import Record, plain_line, printable
from atocore.records.statement import text_key

HIGHEST = 0.7
"""An extractor's confidence is no higher: its proposals come behind what structure shows."""
MAX_LINE = 300
MAX_PROPOSALS = 20
"""So many proposals of one passage count at most."""

_LINES = ("title", "subject", "attribute", "value", "question", "component")
_LIMITS = {
    "statement": MAX_STATEMENT,
    "quote": MAX_QUOTE,
    "explain": MAX_LINE,
    **dict.fromkeys(_LINES, MAX_LINE),
}
_KINDS = (Kind.MEMORY, Kind.ENTITY)
_RULE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_SPEAKERS = {"Prompt": "person", "Response": "assistant"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked: the extractor's name as its user gave it, and the plug-in's version."""

    name: str
    version: str


def passages(record: Record, origin: str, project: str, language: str) -> Iterator[Passage]:
    """The passages of a source or capture; none of a document that restates instructions or a memory."""
    if why_document_not(origin):
        return
    capture = record.kind is Kind.INTERACTION
    _, body, line = ({}, record.body, 1) if capture else opened(record.body)
    for chunk in chunks(body, line):
        yield Passage(
            text=chunk.text,
            headings=chunk.headings,
            source=record.id,
            kind=str(record.kind),
            path=origin,
            title=record.title,
            project=project,
            created=record.created,
            speaker=_SPEAKERS.get(chunk.headings[0], "") if capture and chunk.headings else "",
            language=language,
            chunk=chunk.id,
            first_line=chunk.first_line,
            last_line=chunk.last_line,
        )


def judged(
    asked: Asked, passage: Passage, offers: object, redact: Callable[[str], str]
) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """The proposals that an answer about a passage holds, and why each of the others is none."""
    if not isinstance(offers, list):
        return (), ("gave no list of proposals",)
    kept: list[Proposal] = []
    refused: list[str] = []
    for number, offer in enumerate(offers[:MAX_PROPOSALS], 1):
        wrong = _why_not(offer, passage)
        if wrong:
            refused.append(f"proposal {number} {wrong}")
        else:
            kept.append(_proposal(asked, passage, offer, redact))
    if len(offers) > MAX_PROPOSALS:
        refused.append(f"{len(offers) - MAX_PROPOSALS} more than {MAX_PROPOSALS} proposals of one passage")
    return tuple(kept), tuple(refused)


def _why_not(offer: object, passage: Passage) -> str:
    """What is wrong with one proposal; "" where nothing is."""
    if not isinstance(offer, Mapping):
        return "is no object"
    for name, value in offer.items():
        if name not in Offer.__dataclass_fields__:
            return f"has an unknown key {str(name)[:40]!r}"
        if name != "confidence" and not isinstance(value, str):
            return f"has a `{name}` that is no text"
    if offer.get("kind", "memory") not in _KINDS:
        return "has a `kind` that is neither memory nor entity"
    types = KINDS[Kind(str(offer.get("kind", "memory")))].types
    if offer.get("type") not in types:
        return f"has a `type` that is none of: {', '.join(types)}"
    return _wrong_texts(offer) or _wrong_confidence(offer) or _wrong_quote(offer, passage)


def _wrong_texts(offer: Mapping[str, str]) -> str:
    for name, limit in _LIMITS.items():
        text = offer.get(name, "")
        if len(text) > limit:
            return f"has a `{name}` of {len(text):,} characters; the limit is {limit:,}"
        if name in _LINES and len(text.splitlines()) > 1:
            return f"has a `{name}` of more than one line"
        if not text.isascii() and _unwritable(text):
            return f"has a `{name}` that is no valid text"
    statement = _clean(offer.get("statement", ""))
    if not statement:
        return "has no `statement`"
    try:
        render({}, statement)
    except AtocoreError as refusal:  # git's conflict markers, say
        return f"has a `statement` that cannot be kept: {refusal.message}"
    if not _RULE.fullmatch(offer.get("rule", "found")):
        return "has a `rule` that is not of a-z, 0-9, _ and -"
    return ""


def _unwritable(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def _wrong_confidence(offer: Mapping[str, object]) -> str:
    sure = offer.get("confidence", 0.5)
    fine = isinstance(sure, int | float) and not isinstance(sure, bool) and 0 <= sure <= 1
    return "" if fine else "has a `confidence` that is not from 0 to 1"


def _wrong_quote(offer: Mapping[str, str], passage: Passage) -> str:
    quote = offer.get("quote", "")
    if not quote.strip():
        return "has no `quote`"
    return "" if _place(quote, passage.text) else "has a `quote` that does not stand in the passage"


def _place(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, however its blanks are broken."""
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return found.span() if found else None


def _proposal(
    asked: Asked, passage: Passage, offer: Mapping[str, str], redact: Callable[[str], str]
) -> Proposal:
    def text(name: str) -> str:
        return _clean(redact(offer.get(name, "")))

    place = _place(offer["quote"], passage.text)
    assert place is not None
    start, end = place
    first = passage.first_line + passage.text.count("\n", 0, start)
    last = passage.first_line + passage.text.count("\n", 0, end)
    sure = round(max(LOWEST, min(HIGHEST, float(offer.get("confidence", 0.5)))), 2)
    statement = text("statement")
    title, subject, attribute, value, question, component = (text(name) for name in _LINES)
    value = redacted_value((title, subject, attribute, question, component), value, redact)
    said = f"{subject} {attribute} {value}" if subject else statement
    told = text("explain")
    return Proposal(
        kind=offer.get("kind", "memory"),
        type=offer["type"],
        title=title or plain_line(statement)[:120],
        statement=statement,
        quote=redact(passage.text[start:end]),
        subject=subject,
        attribute=attribute,
        value=value,
        question=question,
        component=component,
        rule=f"{asked.name}:{offer.get('rule', 'found')}",
        confidence=sure,
        explain=(f"{sure:.2f} as {asked.name} has it, {HIGHEST:g} at most", *([told] if told else [])),
        chunk=passage.chunk,
        headings=passage.headings,
        first_line=first,
        last_line=last,
        fingerprint=text_key(said),
        extractor=f"{asked.name}/{asked.version}" if asked.version else asked.name,
    )


def _clean(text: str) -> str:
    """A text without control characters; its lines stay."""
    return "\n".join(printable(line).rstrip() for line in text.strip().splitlines()).strip()
