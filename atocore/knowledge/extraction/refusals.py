"""Why what a rule found is left alone: by who speaks, where it stands, and its wording.

Knows rules, places and words. Must not know claims, confidence or what becomes of a finding that stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from atocore.knowledge.extraction.confidence import is_for_readers, is_manual
from atocore.knowledge.extraction.rules.bound import is_bound, is_limit, is_name, why_no_statement
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.headings import normal_heading
from atocore.knowledge.extraction.rules.patterns import BINDING
from atocore.knowledge.extraction.rules.rule import MARKED, SPOKEN, Rule
from atocore.knowledge.extraction.rules.text import ABOUT_DOCUMENT, REMARK, is_too_short, why_not
from atocore.knowledge.ingestion.voices import Voice

STATED_TYPES = ("requirement", "constraint", "assumption")  # what needs a sentence, however short

_READERS = ("requirement-heading", "constraint-heading", "limitation-heading", "lesson-heading")
_AFTERMATH = re.compile(
    r"(?:(?:negative|positive|bad|good|neutral)(?: .*)?|(?:.* )?consequences?(?: .*)?|cons"
    r"|pros and cons(?: .*)?|drawbacks|disadvantages|downsides|trade-?offs(?: .*)?"
    r"|implications|risks(?: .*)?)"
)
_LEGAL_NAME = re.compile(
    r"(?:^|[/\\])(?:.*[-_ ])?(?:disclaimer|licen[cs]e|terms|privacy|copying|legal|cla|dco)[^/\\]*$",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"\b(?:not (?:yet |currently )?(?:implemented|validated|tested|done)|todo|early stages?|in theory|yet"
    r"|until|pre-existing|for now|at the moment|(?:toggle|placeholder) exists)\b",
    re.IGNORECASE,
)
_ABOUT_REQUIREMENTS = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:(?:an?|all|the|each|every|individual) )?(?:requirements?|acceptance criteria)"
    r"(?: \([^()]{0,80}\))? (?:shall|should|must)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"(?:^|[-_ /\\.])(?:reports?|summary|reviews?|release[-_ ]?notes|phase[-_ ]?\d*|complete|deliverables?"
    r"|sessions?|status)(?:[-_ .\d][^/\\]*)?\.\w+$",
    re.IGNORECASE,
)
_SHALL = re.compile(r"\bshall\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands and what it is: a manual tells its reader what to do, so does a front page."""

    path: str
    manual: bool
    for_readers: bool


def place_of(document: Document, path: str) -> Place:
    """Say of a document by its path and headings whom it speaks to."""
    return Place(path, is_manual(path, document.read.sections), is_for_readers(path))


def why_left(document: Document, place: Place, rule: Rule, finding: Finding) -> str:
    """Say why a finding is no statement that lasts; "" where it is one."""
    status = document.statuses[finding.place]
    if reason := _by_voice(document, rule, finding):
        return reason
    if status.startswith("dead: "):
        return f"the document's status is {status[6:]}"
    return _by_place(place, rule, finding) or _by_wording(document, rule, finding)


def _by_place(place: Place, rule: Rule, finding: Finding) -> str:
    if place.manual and rule.id in ("requirement-heading", "requirement-label") and not finding.alias:
        return "what a reader needs to have, in a manual"
    if place.for_readers and rule.id in _READERS and not is_bound(finding):
        return "in a guide or on a front page, and not worded as a requirement"
    if rule.id in ("limitation-heading", "lesson-heading") and _REPORT.search(place.path):
        return "how work stood at one time, in a report"
    if rule.id != "shall-sentence":
        return ""
    if _LEGAL_NAME.search(place.path):
        return "in a legal text"
    for_readers = place.manual or place.for_readers
    return "what a reader must do, in a guide" if for_readers and not _SHALL.search(finding.text) else ""


def _by_wording(document: Document, rule: Rule, finding: Finding) -> str:
    if rule.id == "limitation-heading" and _UNDONE.search(finding.text):
        return "not done yet, and so no limit"
    if rule.type == "requirement" and not finding.alias and _ABOUT_REQUIREMENTS.match(finding.text):
        return "about requirements, and none itself"
    if rule.type in STATED_TYPES and not finding.alias and is_too_short(finding.text):
        return "too short to state anything"
    if rule.type in (*STATED_TYPES, "decision", "result") and REMARK.match(finding.text):
        return "a remark"
    if rule.type in STATED_TYPES and ABOUT_DOCUMENT.match(finding.text):
        return "about the document itself"
    if rule.type in ("requirement", "constraint") and rule.strength > SPOKEN and not finding.alias:
        return _by_form(document, rule, finding) or why_not(finding.text) or why_no_statement(finding.text)
    return why_not(finding.text)


def _by_form(document: Document, rule: Rule, finding: Finding) -> str:
    if rule.id == "constraint-label" and not is_limit(finding.text) and _is_aftermath(document, finding):
        return "a weakness among the consequences"
    if rule.id == "requirement-label" and not is_bound(finding):
        return "what a reader needs to have"
    return "a name, no statement" if rule.id.endswith("-label") and is_name(finding.text) else ""


def _is_aftermath(document: Document, finding: Finding) -> bool:
    """Whether a passage stands among the consequences of a decision."""
    path = document.read.sections[finding.place].path
    return any(_AFTERMATH.fullmatch(normal_heading(name)) for name in path)


def _by_voice(document: Document, rule: Rule, finding: Finding) -> str:
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
