"""What a passage is about where it does not say so itself: the nearest heading above it that names a thing.

Knows heading paths. Must not know rules, or what is said of the thing.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.rules.document import Document
from atocore.knowledge.extraction.rules.headings import normal_heading
from atocore.knowledge.extraction.rules.text import document_title

MAX_NAME = 6  # words of a heading that still name a thing

_GENERAL = (  # words that say what kind of section it is
    r"parameters?|propert(?:y|ies)|specifications?|specs?|characteristics|data|ratings?|values?|performance"
    r"|dimensions?|budgets?|masses|settings|configurations?|details?|materials?|parts?|components?|suppliers?"
    r"|vendors?|results?|measurements?|tests?|testing|verification|validation|analysis|simulations?|models?"
    r"|overview|summary|introduction|general|description|background|scope|purpose|context|design|architecture"
    r"|hardware|software|mechanical|electrical|printed|3d|machined|purchased|custom|required|needed|thermal"
    r"|optical|structural|physical|technical|key|main|nominal|operating|conditions|interfaces?"
    r"|requirements?|constraints?|assumptions?|decisions?|limits|tolerances?|directory|structure|repository"
    r"|contents?|usage|installation|features?|details?|tables?|lists?|bom|bill|notes?|appendix|annex"
    r"|section|chapter|document|report|manual|guide|datasheet|readme|system|project|product"
    r"|metrics?|quality|builds?|commands?|images?|problem|statement|coverage|evidence|detailed|steps?"
    r"|environment(?:al)?|current|status|other|misc(?:ellaneous)?|manufacturing|process(?:es)?"
    r"|finish(?:es)?|production|assembly|inputs?|outputs?|of|the|and|for|a|an|in|to|&|\W+|\d+"
    r"|prompt|response|turn|conversation|transcript|capture|session|answers?|questions?|facts?"
)
_GENERAL_WORD = re.compile(_GENERAL)
_TOKEN = re.compile(r"\w+")
_KIND = (
    r"(?:(?:design|system|interface|technical|product|software|hardware|requirements?|test|mass|power"
    r"|link)[\s-]+)?"
    r"(?:parameters|properties|specifications?|specs|characteristics|data(?:sheet| sheet)?|design|description"
    r"|document|report|overview|budget|dimensions|performance|readme|parts(?: list)?|bom|bill of materials"
    r"|requirements|results|interfaces?|notes|minutes)"
)
_TAIL = re.compile(rf"[\s:–—-]+(?:{_KIND}\s*)+$", re.IGNORECASE)
_HEAD = re.compile(rf"^(?:{_KIND}) (?:of|for) (?:the |an? )?", re.IGNORECASE)
_NUMBER = re.compile(r"^\W*(?:\d+(?:\.\d+)*[a-z]?|[A-Z]\.\d+(?:\.\d+)*)[.):]?\s+")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_ACTIVITY = re.compile(  # what somebody does or did about a thing
    r"\b(?:analysis|analyses|selection|determination|methodology|method|evidence|approved|approval|comparison"
    r"|calculations?|computation|sizing|verification|validation|assessment|trade(?:-?off)?s?|steps?"
    r"|evaluation|estimat(?:e|ion)s?|review|revision|study|studies|discussion|derivation|optimi[sz]ation"
    r"|measurements?|tests?|investigation|check(?:s|list)?|findings?|conclusions?|change ?log|history"
    r"|example|traceability|matrix|log)$"
)
_SENTENCE = re.compile(
    r"[?!:;]|\b(?:we|is|are|was|were|how|why|what|when|should|must|will|use|using|add|to)\b", re.I
)


def subject_of(document: Document, place: int) -> str:
    """The thing that section `place` is about: "" where no heading names one shortly and plainly."""
    for heading in reversed(document.read.sections[place].path):
        folded = _ASIDE.sub("", normal_heading(heading))
        if _is_general(folded) or _ACTIVITY.search(folded):
            continue
        title = _NUMBER.sub("", document_title(_NUMBER.sub("", heading)))
        name = _TAIL.sub("", _HEAD.sub("", title)).strip()
        if not name or len(name.split()) > MAX_NAME or _SENTENCE.search(name):
            return ""
        return name
    return ""


def _is_general(heading: str) -> bool:
    """Whether every word of a heading only says what kind of section it is."""
    return all(_GENERAL_WORD.fullmatch(word) for word in _TOKEN.findall(heading))
