"""Finders for requirements that only their own wording shows: a sentence with "shall" in running text, and a
binding sentence below a heading with an identifier.

Knows sentences and sections. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atocore.knowledge.extraction.rules.blocks import INTRODUCES, content
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.headings import normal_heading
from atocore.knowledge.extraction.rules.text import clean, closed, is_requirement_id, leading_id, sentences
from atocore.knowledge.ingestion.outline import MAX_INLINE, Block, Section, plain
from atocore.knowledge.ingestion.voices import Voice

MAX_WORDS = 60
"""Words after which a sentence is a paragraph of prose, not one requirement."""

_SHALL = re.compile(
    r"(?:(?:[Ww]hen|[Ii]f|[Ww]hile|[Dd]uring|[Aa]fter|[Bb]efore|[Ii]n|[Oo]n|[Uu]pon|[Ff]or|[Aa]t|[Ww]ithin)\b"
    r"[^;:?!\"“”]{2,160}?, )?"
    r"(?:[Tt]he|[Ee]ach|[Ee]very|[Aa]ll|[Aa]ny|[Nn]o|[Aa]n?|[A-Z][\w-]*)\b(?!\W+(?:word|term|following)\b)"
    r"[^;:?!\"“”]{0,110}? (?:shall|SHALL|MUST)\b"
)
_OTHER_SUBJECT = re.compile(  # who reads, what was said before, and what only follows from it
    r"\b(?:you|we|I)\b|^(?:there|one|they|users?|developers?|thus|so|therefore|hence|then|however|because|note"
    r"|this|these)\b",
    re.IGNORECASE,
)
_LEGAL = re.compile(  # statutes, licences and the order of business of a body
    r"\b(?:licensees?|licensors?|herein\w*|hereby|hereto|hereunder|thereof|therein|warrant\w*|liab\w+"
    r"|indemnif\w+|copyright|agreement|party|parties|pursuant|contributors?|board of directors|committees?"
    r"|quorum|votes?|voting|voters?|chair(?:person|man)?|members? shall|bylaws?|jurisdiction|statut\w+"
    r"|trademarks?|plaintiffs?|defendants?|employees?|students?|pull requests?|PR|RFC|TEP|KEP|ADR|proposals?"
    r"|this record|maintainers?|reviewers?|authors? shall|section \d+(?:\.\d+)* of|article \d+)\b",
    re.IGNORECASE,
)
_KEY_WORDS = re.compile(r"\b(?:keywords?|key words|interpreted as described|terms? [\"“']?shall)\b", re.I)
_QUOTED = re.compile(  # what a standard demands is not yet what this project does
    r"\b(?:ISO|IEC|IEEE|RFC|ECSS|DO|MIL|ASTM|DIN|EN|NASA|GDPR|HIPAA)\b[-\w /.:]{0,24}"
    r"\b(?:says?|states?|requires?|reads?|specif(?:y|ies)|mandates?)\b",
    re.IGNORECASE,
)
_NOT_ENGINEERING = re.compile(
    r"(?:.* )?(?:licen[cs]e|legal|terms|privacy|governance|charter|bylaws|contribut\w+|code of conduct|voting"
    r"|process|procedure|policy|definitions?|terminology|glossary|conventions|references|standards"
    r"|examples?|abstract|change ?log|history|disclaimer|liability)(?: .*)?"
)
_OTHER_ID = re.compile(
    r"(?:TC|TEST|TST|TP|VER|VAL|HAZ|RISK|RSK|ISSUE|BUG|UC|US|CVE|CWE|AD|RD|REF|FIG|TAB|STEP|TASK|ADR|RFC|OQ|Q)"
    r"[-_.]?\d",
    re.IGNORECASE,
)
_BINDING = re.compile(r"\b(?:[Ss]hall|SHALL|MUST)\b")
_MUST = re.compile(_SHALL.pattern.replace("SHALL|MUST", "SHALL|MUST|must"))
_SPECIFICATION = re.compile(  # a document that says what must be
    r"(?:.*[^a-z])?(?:srs|sss|icd|interface control|interface|specification|design rules)(?:[^a-z].*)?"
)
_BINDS = re.compile(r"\b(?:shall|must|is required to|are required to)\b", re.IGNORECASE)
_ORDERED = re.compile(r"\b(?:SHALL|MUST|REQUIRED?|REQUIRES|LIMITED|PROHIBITED|FORBIDDEN|NOT|NO|ONLY)\b")


def shall_sentences(document: Document) -> Iterator[Finding]:
    """Each sentence of running text that says what something shall do, where no heading speaks for it."""
    title = next((section.heading for section in document.read.sections if section.level == 1), "")
    specifies = bool(_SPECIFICATION.fullmatch(normal_heading(title)))
    for number, section in enumerate(document.read.sections if document.voice is Voice.DOCUMENT else ()):
        ground = document.grounds[number]
        headings = map(normal_heading, section.path)
        if ground.governor and ground.governor.own:
            continue
        if not ground.barred and not any(map(_NOT_ENGINEERING.fullmatch, headings)):
            for text, block in _prose(section.blocks):
                if _BINDING.search(text) or (specifies and "must" in text):
                    yield from _in_passage(text, block, number, _MUST if specifies else _SHALL)


def _in_passage(text: str, block: Block, number: int, wording: re.Pattern[str]) -> Iterator[Finding]:
    for sentence in sentences(clean(text)):
        if not _says_shall(plain(sentence), wording):
            continue
        first, last = _lines_of(text, sentence, block)
        quote = "" if (first, last) == (block.first, block.last) else sentence
        yield Finding(closed(sentence), first, last, number, quote=quote)


def _says_shall(words: str, wording: re.Pattern[str]) -> bool:
    match = wording.match(words.lstrip("-–•* "))
    if not match or len(words.split()) > MAX_WORDS or _OTHER_SUBJECT.search(match[0]):
        return False
    if match[0].count("(") != match[0].count(")"):  # an aside names the word, and asks nothing
        return False
    aside = _LEGAL.search(words) or _KEY_WORDS.search(words) or _QUOTED.search(words)
    return not aside and not INTRODUCES.search(words)


def _lines_of(text: str, sentence: str, block: Block) -> tuple[int, int]:
    """The lines of a block on which a sentence stands, by the words with which it begins and ends."""
    lines, words = text[: 2 * MAX_INLINE].split("\n"), sentence.split()
    starts = [n for n, line in enumerate(lines) if " ".join(words[:4]) in " ".join(line.split())]
    ends = [n for n, line in enumerate(lines) if " ".join(words[-3:]) in " ".join(line.split())]
    if not starts or not ends or ends[-1] < starts[0]:
        return block.first, block.last
    end = next(n for n in ends if n >= starts[0])
    return block.first + starts[0], block.first + end


def _prose(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    for block in blocks:
        if block.kind == "paragraph":
            yield block.text, block
        for item in block.items:
            yield from _prose(item.blocks)


def headed_by_id(document: Document) -> Iterator[Finding]:
    """The binding sentence right below a heading with an identifier, such as `MR-101: Passes`."""
    for number, section in enumerate(document.read.sections):
        if not document.grounds[number].barred and (found := _below_id(section, number)):
            yield found


def _below_id(section: Section, number: int) -> Finding | None:
    alias, title = leading_id(section.heading)
    if not is_requirement_id(alias) or _OTHER_ID.match(alias):
        return None
    block = next(iter(content(section.blocks)), None)
    if block is None or block.kind != "paragraph":
        return None
    text = clean(block.text)
    words = plain(text)
    capitals = words.upper() == words and bool(_ORDERED.search(words))
    if not (capitals or _BINDS.search(words)) or INTRODUCES.search(text) or len(words.split()) > MAX_WORDS:
        return None
    stated = words if capitals else text
    return Finding(stated, section.first, block.last, number, title, alias)
