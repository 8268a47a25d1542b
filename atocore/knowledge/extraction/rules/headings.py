"""Headings: what a heading announces, and which sections it speaks for.

Knows headings' words and the tree of sections. Must not know what is done with a section.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from atocore.knowledge.ingestion.outline import Section

_NUMBER = re.compile(r"(?:§\s*)?(?:(?:\d+(?:\.\d+)*|[a-z]|[ivx]+)[.):]|\d+(?:\.\d+)*)\s+[-–—]?\s*")
_OPTIONAL = re.compile(
    r"[(\[](?:optional|required|mandatory|(?:non-)?normative|informative|draft|wip)[)\]]|\(s\)|\boptional$"
)

_UNMEANT = (
    r"(?:decisions?|requirements?|constraints?|assumptions?|limitations?|options?|alternatives?|solutions?"
    r"|ideas?|designs?|approach(?:es)?|proposals?|concepts?|questions?|issues?|topics?|items?|points?"
    r"|candidates?|variants?|goals?|work)"
)
HARD_STOP = re.compile(
    r"(?:(?:considered|available|possible|design|solution|technical|technology|implementation|architecture"
    r"|the|our|main|other|discarded|rejected|evaluated|potential|alternative|candidate|all|list of"
    r"|summary of) )*(?:alternatives?|options?)"
    r"(?: (?:considered|discussed|evaluated|rejected|analysis|discarded|(?:and|&) .*))?|(?:considered"
    r"|rejected|discarded|dismissed|other|previous|former|past|old|obsolete|superseded|deprecated|withdrawn"
    r"|removed|deferred|postponed|open|pending|future|related|upcoming|potential|possible|unresolved"
    r"|invalid|violated"
    rf"|alternative|outstanding|hypothetical|removed|failed) (?:[\w/-]+ ){{0,3}}{_UNMEANT}"
    rf"|{_UNMEANT} (?:considered|rejected|discarded|not taken|to be (?:made|taken)|deferred"
    rf"|under consideration)|positions"
    r"|(?:option|alternative|variant|approach|solution|candidate)s? #?(?:\d+|[a-z])\b.*|pros(?: and|/|,"
    r"| &) cons(?: .*)?"
    rf"|(?:non|no|not)[- ](?:[\w/-]+ ){{0,2}}{_UNMEANT}|out[- ]of[- ]scope(?: .*)?|(?:what |things )?(?:we "
    rf"|is |are |will )*not "
    r"(?:in scope|part|considered|decided|doing|do|done|required|chosen|planned|included|covered"
    r"|supported)\b.*|(?:examples?|samples?|templates?|glossary|definitions?|terminology|terms|abbreviations"
    r"|acronyms)(?: (?:and|of|&|for) .*)?|(?:unanswered )?(?:questions?|issues)(?: (?:and|&) answers?)?"
    r"|todos?|to-?do|backlog|(?:change ?log|changes|history|revision history|references|links|see also"
    r"|further reading|bibliography|contents|table of contents|toc|index|appendix)|faq|(?:betrachtete"
    r"|mögliche|verworfene|weitere) (?:optionen|alternativen|lösungen)|alternativen|optionen|beispiele?"
    r"|(?:options|alternatives|solutions) (?:envisagées|considérées|rejetées)|exemples?|(?:opciones"
    r"|alternativas|opções)(?: consideradas| descartadas)?|ejemplos?|exemplos?|glossar"
)
"""What stands under these is nobody's present statement, however its own headings read."""

SOFT_STOP = re.compile(
    r"(?:(?:positive |negative |neutral |expected |good |bad )*(?:consequences?|implications?|impacts?"
    r"|effects?|outcomes?)"
    r"(?: .*)?|positive|negative|neutral|good|bad|pros|cons|advantages|disadvantages|benefits|drawbacks"
    r"|trade-?offs?|(?:decision |design )?(?:drivers?|criteria|forces)|decision (?:drivers?|criteria"
    r"|makers?|process|date|status|matrix|tree)|rationale(?: .*)?|justification|reasons?(?:ing| for .*)?"
    r"|why(?: .*)?|motivation|argument(?:s|ation)?|discussion|notes?|context(?: .*)?|problems?(?: .*)?"
    r"|background|situation|introduction|overview|summary|scope|purpose|abstract|issue|risks?(?: .*)?"
    r"|mitigations?|status|date|authors?|deciders|stakeholders|validation|confirmation|verification(?: .*)?"
    r"|compliance|more information|additional information|implementation(?: .*)?|next steps|follow[- ]?ups?"
    r"|action items|actions|plan|timeline|schedule|testing|tests|test cases|design|usage|installation"
    r"|(?:future|further) .*|goals?|objectives?|license|konsequenzen|auswirkungen|folgen|begründung|kontext"
    r"|problem(?:stellung)?|ausgangslage|conséquences|contexte|justification|consecuencias|contexto"
    r"|consequências|motivación|motivação|justificación|justificativa)"
)
"""What stands under these does not speak for the section above them."""

_RETRACTED = re.compile(
    r"[(\[](?:superseded|deprecated|obsolete|rejected|withdrawn|retired|outdated|abandoned|old|removed"
    r"|draft only)\b",
    re.IGNORECASE,
)
_OPTIONS = re.compile(r"(?:the )?(?:considered )?(?:options|alternatives)(?: considered)?")
_OUTCOME = re.compile(
    r"(?:the |our |final )?(?:decision outcome|decision|chosen (?:option|solution|alternative|approach))"
    r"(?:\s*:.*)?"
)
_RECORD = re.compile(r"\b(?:records?|adr)\b")
_SEVERAL = re.compile(
    r"\b(?:decisions|resolutions|agreements|log|entscheidungen|beschlüsse|décisions|decisiones|decisões)\b"
    r"|^(?:what )?we (?:have )?decided$"
)
_MARK = re.compile(r"\s*[:–—]\s*|\s+-\s+")
_ONE = re.compile(r"(?P<word>[a-z]+)(?P<number>\s+#?[\w.-]*\d[\w.-]*)?\s*(?:[:–—]|\s-\s)\s*(?P<says>\S.*)")


@dataclass(frozen=True, slots=True)
class Governor:
    """Which rule speaks for a section: `own` if its heading itself says so, `plural` if it announces several,
    `says` what a heading such as "Decision: use steel" states by itself.
    """

    rule: str
    own: bool
    plural: bool
    says: str
    root: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What a section's place says: the rule that speaks for it, or that nothing in it is meant (`barred`)."""

    governor: Governor | None
    barred: bool


_OPEN = Ground(None, False)


@dataclass(frozen=True, slots=True)
class Sign:
    """How one rule knows its headings: whole normalised headings, and the words before a colon."""

    headings: re.Pattern[str]
    words: frozenset[str]


@lru_cache(maxsize=4096)
def normal_heading(text: str) -> str:
    """Fold a heading for comparing: case, width, numbering, decoration and "(optional)" go."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    folded = _OPTIONAL.sub("", re.sub(r"^\W+", "", folded.strip()))
    folded = re.sub(r"^\W+", "", _NUMBER.sub("", folded, count=1) if _NUMBER.match(folded) else folded)
    return " ".join(folded.split()).rstrip(" .:;-–—!*_")


def govern(sections: Sequence[Section], signs: Mapping[str, Sign]) -> tuple[Ground, ...]:
    """Say for every section which rule, named by its key in `signs`, speaks for it."""
    grounds: list[Ground] = []
    tops = [number for number, section in enumerate(sections) if section.level == 1]
    title = tops[0] if len(tops) == 1 else -1  # a document's title bars nothing
    told = [rule for section in sections if (rule := _own_rule(section, signs))]
    for number, section in enumerate(sections):
        above = grounds[section.parent] if section.parent >= 0 else _OPEN
        retracted = bool(_RETRACTED.search(section.heading))
        outcome = above.barred and _is_outcome(sections, number)
        heading = normal_heading(section.heading)
        barred = retracted or (above.barred and not outcome)
        own = None if barred else _own(section.heading, heading, signs, number)
        if own and number == title and _RECORD.search(heading) and told.count(own.rule) > 1:
            own, above = None, _OPEN  # "Decision record" names the document; its sections say what they are
        stops = number != title and bool(HARD_STOP.fullmatch(heading))
        grounds.append(_ground(own, above, heading, barred=barred or stops))
    return tuple(grounds)


def _ground(own: Governor | None, above: Ground, heading: str, *, barred: bool) -> Ground:
    if own:
        return Ground(own, False)
    if barred:
        return Ground(None, True)
    if above.governor and not SOFT_STOP.fullmatch(heading):
        return Ground(replace(above.governor, own=False, says=""), False)
    return _OPEN


def _is_outcome(sections: Sequence[Section], number: int) -> bool:
    """Whether a section tells the outcome right below the options, a level too deep."""
    parent = sections[number].parent
    heading = normal_heading(sections[number].heading)
    return bool(_OPTIONS.fullmatch(normal_heading(sections[parent].heading)) and _OUTCOME.fullmatch(heading))


def _says(heading: str, sign: Sign) -> bool:
    """Whether a heading names one thing and says what it is: "Decision outcome: steel"."""
    name, colon, says = heading.partition(":")
    one = bool(sign.words) and not name.endswith("s")
    return bool(colon and says.strip()) and one and bool(sign.headings.fullmatch(name.strip()))


def _own_rule(section: Section, signs: Mapping[str, Sign]) -> str:
    own = _own(section.heading, normal_heading(section.heading), signs, 0)
    return own.rule if own else ""


def _own(raw: str, heading: str, signs: Mapping[str, Sign], number: int) -> Governor | None:
    if not heading or raw.rstrip().endswith("?"):
        return None
    one = _ONE.fullmatch(heading)
    for rule, sign in signs.items():
        if sign.headings.fullmatch(heading):
            return Governor(rule, True, bool(_SEVERAL.search(heading)), "", number)
        if (one and one["word"] in sign.words) or _says(heading, sign):
            says = _MARK.split(raw, maxsplit=1)[-1].strip()
            return Governor(rule, True, False, says, number)
    return None
