"""Forms: what a passage of a kind must look like, and what it then states: a part, a material, a result.

Knows the words of one passage and the thing that its heading names. Must not know sections, labels or rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from atocore.knowledge.extraction.claims.reader import Claim, of_heading
from atocore.knowledge.extraction.rules.bound import ORDERS
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.subject import subject_of
from atocore.knowledge.extraction.rules.text import document_title, leading_id
from atocore.knowledge.extraction.rules.values import has_quantity, measured
from atocore.knowledge.ingestion.outline import plain

Form = Callable[[Document, Finding], Finding | None]
"""Says what a passage states, in its own form; None where it has not the form."""

_WORD = re.compile(r"[^\W_]*[^\W\d_]{2}[^\W_]*")
_NAMED = re.compile(
    r"\s*(?P<name>[^:|.?!]{2,60}?)(?:[*_`]{0,3}\s*[:：][*_`]{0,3}\s+|[*_`]{0,3}\s+[-–—]\s+"
    r"|[*_]{2,3}\s+(?=\())(?P<says>\S.*)",
    re.DOTALL,
)
_ASPECT = re.compile(  # what is told of a thing, not a thing
    r"(?:the )?(?:purpose|functions?|descriptions?|notes?|status|types?|locations?|owners?|goals?|inputs?"
    r"|outputs?|examples?|responsibilit(?:y|ies)|features?|advantages?|disadvantages?|pros|cons|benefits?"
    r"|requirements?|interfaces?|dependenc(?:y|ies)|materials?|suppliers?|vendors?|size|mass|weight|colou?r"
    r"|price|cost|options?|default|usage|warning|important|tip|caution|todo|links?|see also|version|date"
    r"|file|path|reference|name)",
    re.IGNORECASE,
)
_NO_THING = re.compile(
    r"^(?:qty|quantity|step|option|version|fig(?:ure)?|table|note|part)\b.{0,12}$|^\d+$|\b(?:must|should"
    r"|shall|is|are|can|may|will|we|you|if|when|how)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:which|that|where|maintained|used|see|outside|our|your|must|should|will|is|are)\b", re.I
)
_EITHER = re.compile(r"\bor\b|\s/\s|\?", re.IGNORECASE)
_CLAUSE = re.compile(  # a sentence or an order, not a part
    r"\b(?:is|are|was|were|can|could|will|should|must|has|have|be|been|we|you|your|it|this|these|there|if"
    r"|when|how|print|use|used|see|make|note|please|attach|remove|insert|available|instructions?"
    r"|alternatively|need(?:s|ed)?|weights?|click|download|order|buy|check|ensure|install)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_ASIDE = re.compile(  # a remark on the part before
    r"(?:for|with|added|adding|from|to|in|at|on|or|and|alternative(?:ly)?|optional|optionally"
    r"|more information|credits?|minimal|same|any|some|all|also|as|tools?|total)\b",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"\s*(?:->|→|=>|\||\s[-–—]\s|:\s).*$")
_COUNT = re.compile(r"\W*(?:\(?\d+\)?\s*(?:x|×|pcs\.?|pieces|off)?|(?:x|×)\s*\d+)\s+", re.IGNORECASE)
_VERDICT = re.compile(
    r"\b(?:pass(?:ed|es)?|fail(?:ed|s)?|met|meets|exceed(?:ed|s)|withstood|survived|verified|confirmed"
    r"|complies|compliant|within|no (?:leak|crack|damage|failure|deformation)\w*|demonstrated)\b",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"\b(?:pass(?:ed)?|fail(?:ed)?|withstood|survived|verified|confirmed|compliant|no (?:leak|crack|damage"
    r"|failure|deformation)\w*)\b|\b(?:without|no) (?:an? )?(?:leak|crack|damage|failure)\w*",
    re.IGNORECASE,
)
_MIGHT_BE = re.compile(r"\b(?:when|if|will|would|can|could|may|might|should|must|maximum|minimum)\b", re.I)
_LIKES = re.compile(
    r"\b(?:prefer\w*|like|likes|favou?r\w*|rather|instead|avoid|always|never|use|uses|want\w*|should|don't"
    r"|do not|no|over|keep|write|answer|speak|please|default)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:\d{4}(?:-\d\d(?:-\d\d)?)?|q[1-4]|week \d+|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*"
    r"|sep\w*|oct\w*|nov\w*|dec\w*|spring|summer|autumn|winter|t[+-]\s?\d+)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"\W*(?:an?|the) (?:\w+ ){0,3}(?:used|that|which|defines|provides)\b", re.IGNORECASE)
_MIGHT = re.compile(r"\b(?:would|could|might)\b", re.IGNORECASE)
_FILE = re.compile(r"[\w./*-]+\.[a-z]\w{1,4}\b")
_JOINS = re.compile(
    r"\b(?:connect\w*|interfac\w*|ports?|signals?|bus|protocols?|pins?|plugs?|cables?|harness|wires?"
    r"|mount\w*|flange|bolt\w*|sends?|receiv\w*|exchang\w*"
    r"|communicat\w*|from .{2,40} to|usb|uart|spi|i2c|ethernet|https?|mqtt|tcp|udp"
    r"|rs-?\d{3}|rf|ghz|mhz)\b|\d\s?[VAW]\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\b(?:graph|figure|image|plot|picture|diagram|photo|chart|table)s?\b.{0,40}\b(?:shows?|gives?"
    r"|illustrates?|depicts?)\b|^\W*\$\$|\\(?:frac|Delta|times)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|shall|must|should|will|can|may|we|you|this document)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\W*(?:updated?|new|added?|attached|code|tagged|all|refactored|implemented)\b|[✅☑✔⏳❌]", re.I
)
_PAPER = re.compile(
    r"\b(?:drawings?|documents?|documentation|reports?|specifications?|models?|plans?|manuals?|handbooks?|procedures?"
    r"|schematics?|layouts?|diagrams?|certificates?|datasheets?|guides?|gerbers?|bom|icd|srs|analysis|standard|rfc"
    r"|iso|iec|en|mil|ecss)\b|\.(?:pdf|docx?|xlsx?|step|stp|dxf|dwg|stl|csv)\b|\b[A-Z]{2,}-[A-Z\d-]*\d",
    re.IGNORECASE,
)
_NAME_WORDS = 10  # words within which a sentence shows that it is one
_TO_READERS = re.compile(r"\b(?:you|your|please|if)\b", re.IGNORECASE)
_IS_MADE = re.compile(r"\b(?:is|are)\b (?:\w+ ){0,3}\w+(?:ed|t|n)\b", re.IGNORECASE)
_MADE_WORDS = 30
_MEANS = re.compile(
    r"\b(?:tests?|tested|analys[ei]s|inspections?|demonstrations?|reviews?|reports?|simulations?|measure\w*"
    r"|inspected)\b",
    re.IGNORECASE,
)


def any_statement(least: int = 3) -> Form:
    """Any passage of at least so many words."""

    def form(_: Document, finding: Finding) -> Finding | None:
        return finding if len(_WORD.findall(plain(finding.text))) >= least else None

    return form


def named_thing(document: Document, finding: Finding) -> Finding | None:
    """A document, drawing, model or file by its name: no sentence about it, and nothing to be done."""
    text = plain(finding.text)
    words = " ".join(text.split()[:_NAME_WORDS])
    told = _SENTENCE.search(words) or ORDERS.match(text) or _DONE.match(text)
    return None if told or not _PAPER.search(words) else any_statement(2)(document, finding)


def opening(document: Document, finding: Finding) -> Finding | None:
    """The first paragraph of a section, of at least six words."""
    blocks = document.read.sections[finding.place].blocks
    first = next((block for block in blocks if block.kind == "paragraph"), None)
    if first is None or first.first != finding.first or first is not blocks[0]:
        return None
    return finding if len(_WORD.findall(plain(finding.text))) >= 6 else None


def described(_: Document, finding: Finding) -> Finding | None:
    """`name: what it is`, or `name – what it is`."""
    match = _NAMED.match(finding.text)
    name = plain(match["name"]).strip(" *_`") if match else ""
    if not match or not name or len(name.split()) > 5 or _ASPECT.fullmatch(name) or _NO_THING.search(name):
        return None
    says = plain(match["says"])
    if len(says.split()) < 2 or (_DATE.search(says) and len(says.split()) < 4):
        return None
    return replace(finding, title=finding.title or name)


def part(_: Document, finding: Finding) -> Finding | None:
    """A part of a list of parts, with or without its count."""
    words = plain(_TAG.sub(" ", finding.text))
    counted = _COUNT.match(words)
    name = _TRAILER.sub("", words[counted.end() :] if counted else words)
    if not re.search(r"[^\W\d_]{3}", name) or len(words.split()) > 20 or _CLAUSE.search(words):
        return None
    if _ASIDE.match(words) or _FILE.match(words):
        return None
    return replace(finding, text=_TAG.sub(" ", finding.text).strip(), title=name[:80].strip())


def interface(_: Document, finding: Finding) -> Finding | None:
    """What connects to what: more than the name of a piece of code."""
    if _MIGHT.search(finding.text) or _DEFINES.match(finding.text):
        return None
    words = re.sub(r"`[^`]*`|\b\w+\([^)]*\)", " ", finding.text)
    return finding if len(_WORD.findall(plain(words))) >= 4 and _JOINS.search(plain(finding.text)) else None


def quantified(document: Document, finding: Finding) -> Finding | None:
    """A passage that gives a number with its unit, and does not only tell of a picture."""
    words = plain(finding.text)
    return finding if has_quantity(words) and not _PICTURE.search(words) else None


def result(document: Document, finding: Finding) -> Finding | None:
    """A quantity, what was passed, failed or met: of what the heading names, where the passage is short."""
    words = plain(finding.text)
    if _MIGHT_BE.search(words) or not (has_quantity(words) or _PASSED.search(words)):
        return None
    if len(finding.text.split()) > 3:
        return finding
    about = document_title(document.read.sections[finding.place].heading)
    return replace(finding, text=f"{about}: {finding.text}") if about else None


def verdict(_: Document, finding: Finding) -> Finding | None:
    """What was passed, failed or met."""
    return finding if _VERDICT.search(finding.text) else None


def made(document: Document, finding: Finding) -> Finding | None:
    """How a part is made or treated: told of the part, not ordered of a reader."""
    words = plain(finding.text)
    if ORDERS.match(words) or _TO_READERS.search(words) or len(words.split()) > _MADE_WORDS:
        return None
    told = _NAMED.match(finding.text) or _IS_MADE.search(words)
    return any_statement()(document, finding) if told else None


def preference(_: Document, finding: Finding) -> Finding | None:
    """What somebody prefers, wants or avoids."""
    return finding if _LIKES.search(finding.text) and len(finding.text.split()) > 2 else None


def dated(_: Document, finding: Finding) -> Finding | None:
    """Something with a date."""
    return finding if _DATE.search(finding.text) and len(finding.text.split()) > 2 else None


def parameter(document: Document, finding: Finding) -> Finding | None:
    """`attribute: value with unit`, of what the heading above names."""
    match = _NAMED.match(finding.text)
    name = plain(match["name"]).strip(" *_`") if match else ""
    value = measured(plain(match["says"])) if match else ""
    if not name or not value or len(name.split()) > 5:
        return None
    subject = subject_of(document, finding.place)
    claim = of_heading(subject, name, value)
    text = f"{subject}: {name} = {value}" if subject else f"{name} = {value}"
    return replace(finding, text=text, title=name, claim=claim)


def of_component(verb: str, *, claims: bool = True) -> Form:
    """A material or vendor by its name: of the part that the passage names first, or the heading above."""

    def form(document: Document, finding: Finding) -> Finding | None:
        match = _NAMED.match(finding.text)
        component = plain(match["name"]).strip(" *_`") if match else subject_of(document, finding.place)
        value = plain(match["says"] if match else finding.text).strip(" .;")
        if not re.search(r"[^\W\d_]{2}", value) or len(value.split()) > 8 or len(component.split()) > 6:
            return None
        if _NO_NAME.search(value) or not component:
            return None
        text = f"{component} {verb} {value}" if component else value
        stated = component and claims and not _EITHER.search(value)
        claim = Claim("", "", value, component, borrowed=not match) if stated else None
        return replace(finding, text=text, title=finding.title or value, claim=claim)

    return form


def _named_first(form: Form) -> Form:
    def named(document: Document, finding: Finding) -> Finding | None:
        return form(document, finding) if _NAMED.match(finding.text) else None

    return named


named_material = _named_first(of_component("is made of"))
"""`part: material`."""

named_vendor = _named_first(of_component("is supplied by"))
"""`part: who supplies it`."""


def of_subject(attribute: str) -> Form:
    """How the thing that the heading above names is made, or the like."""

    def form(document: Document, finding: Finding) -> Finding | None:
        value = plain(finding.text).strip(" .;")
        if not re.search(r"[^\W\d_]{2}", value) or len(value.split()) > 25:
            return None
        subject = subject_of(document, finding.place)
        short = len(value.split()) <= 6
        text = f"{subject}: {attribute} {value}" if subject else f"{attribute}: {value}"
        return replace(
            finding,
            text=text,
            claim=of_heading(subject, attribute, value) if short else None,
        )

    return form


def about_requirement(document: Document, finding: Finding) -> Finding | None:
    """How something was verified: of the requirement that the heading above carries, where it carries one."""
    if not _MEANS.search(finding.text):
        return None
    heading = document.read.sections[finding.place].heading
    alias, _ = leading_id(heading)
    return replace(finding, text=f"{alias}: {finding.text}" if alias else finding.text)
