"""Hearing: which sentences of a text say something that may be remembered, and by which rule.

Knows sections, who speaks, and the order of cues. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from atocore.knowledge.chunks_outline import Block, Section
from atocore.knowledge.rules_document import Document, Finding
from atocore.knowledge.rules_headings import SOFT_STOP, Ground, normal_heading
from atocore.knowledge.rules_text import clean
from atocore.knowledge.speech_clauses import clauses
from atocore.knowledge.speech_cue import Cue, stands_alone, wordings
from atocore.knowledge.speech_decisions import DECISIONS
from atocore.knowledge.speech_facts import EPISODES, KNOWLEDGE, REMEMBERED
from atocore.knowledge.speech_gates import (
    introduces_paste,
    is_conditional,
    is_hypothetical,
    is_question,
    is_reported,
    is_saying,
    is_superseded,
    pasted,
    retracts,
    tag_of,
    why_unheard,
)
from atocore.knowledge.speech_lessons import ADAPTATION
from atocore.knowledge.speech_limits import ASSUMPTIONS, CONSTRAINTS
from atocore.knowledge.speech_people import IDENTITY, PROJECT
from atocore.knowledge.speech_preferences import PREFERENCES
from atocore.knowledge.speech_sentences import MAX_SENTENCE, Sentence, folded, sentences_of
from atocore.knowledge.voices import Voice

CUES: tuple[Cue, ...] = (
    *DECISIONS,
    *CONSTRAINTS,
    *ASSUMPTIONS,
    *PREFERENCES,
    *IDENTITY,
    *PROJECT,
    *ADAPTATION,
    *EPISODES,
    *KNOWLEDGE,
    *REMEMBERED,
)
MAX_HEARD = 1000
"""Sentences of one text that count: more would make no conversation."""

_PARTS = frozenset(("Prompt", "Response"))  # a capture's own headings
_HALVES = frozenset(("m", "ll", "re", "t", "lets", "im", "dont"))  # what contractions leave of cues' words
_QUICK = frozenset(word for one in CUES for word in one.needs) | _HALVES
_WORD = re.compile(r"[a-z]+")
_PLANS = re.compile(
    r"(?:next steps?|action items?|actions|plan|plans|roadmap|follow[- ]?ups?|todo.*|to[- ]do.*|backlog"
    r"|future.*|ideas?|proposals?.*|agenda.*|open .*"
    r"|questions?.*|abstract|usage|installation|getting started|quick ?start|tutorial|how to.*|faq"
    r"|license|contributing.*|references|motivation"
    r"|alternatives?.*|options?.*|(?:changes|release notes|changelog).*)"
)


@dataclass(frozen=True, slots=True)
class _Passage:
    text: str
    first: int
    place: int


def spoken(document: Document, rule: str) -> Iterator[Finding]:
    """What one rule of plain speech finds in a document that was heard."""
    yield from document.heard.get(rule, ())


def hear(document: Document) -> Mapping[str, tuple[Finding, ...]]:
    """Give what each rule of plain speech finds, in the order of the text; a sentence has but one rule."""
    heard: dict[str, list[Finding]] = {}
    said = (one for passage in _passages(document) for one in _said(passage, document.voice))
    for rule, finding in islice(said, MAX_HEARD):
        heard.setdefault(rule, []).append(finding)
    return {rule: tuple(found) for rule, found in heard.items()}


# -- where somebody speaks ---------------------------------------------------------------------------------


def _passages(document: Document) -> Iterator[_Passage]:
    decided = any(ground.governor for ground in document.grounds)
    for number, section in enumerate(document.read.sections):
        if document.voice is Voice.DOCUMENT:
            if _speaks(section, document.grounds[number], decided):
                for block in section.blocks:
                    yield from _prose(block, number)
        elif section.level and section.heading not in _PARTS:
            return  # nobody speaks in headings: from here on it is a document
        elif number == 0 or section.heading in _PARTS:
            yield from _turn(section, number, document.voice)


def _speaks(section: Section, ground: Ground, decided: bool) -> bool:
    """Whether a section of a document may hold speech: no rule of structure has it, and it is not about"
    " plans
    or options. What stands around a decision only argues for it.
    """
    heading = normal_heading(section.heading)
    if ground.barred or ground.governor or _PLANS.fullmatch(heading):
        return False
    return not (decided and SOFT_STOP.fullmatch(heading))


def _turn(section: Section, number: int, voice: Voice) -> Iterator[_Passage]:
    """What a speaker says for themselves: no tags of the host's, nothing pasted, no role to play."""
    inside = ""
    for at, block in enumerate(section.blocks):
        name = inside or tag_of(block.text)
        if name:
            inside = "" if f"</{name}>" in block.text else name
        elif block.kind == "html":
            return
        elif block.kind == "paragraph":
            if at == 0 and voice is Voice.PERSON and why_unheard(folded(block.text[:400])):
                return
            whose = pasted(block.text)
            if whose == "all":
                return
            if not whose:
                yield _Passage(block.text, block.first, number)
            if voice is Voice.PERSON and introduces_paste(block.text):
                return
        else:
            yield from _prose(block, number)


def _prose(block: Block, number: int) -> Iterator[_Passage]:
    if block.kind == "paragraph":
        yield _Passage(block.text, block.first, number)
    for item in block.items:
        for inner in item.blocks:
            yield from _prose(inner, number)


# -- what is said ------------------------------------------------------------------------------------------


def _said(passage: _Passage, voice: Voice) -> Iterator[tuple[str, Finding]]:
    all_said = list(sentences_of(passage.text, passage.first, voice))
    for at, sentence in enumerate(all_said):
        if len(sentence.text) > MAX_SENTENCE or _QUICK.isdisjoint(_WORD.findall(sentence.text.casefold())):
            continue
        rule, leans = _rule_of(sentence.text, folded(sentence.text), voice)
        if not rule or (at + 1 < len(all_said) and retracts(folded(all_said[at + 1].text[:200]))):
            continue
        if finding := _finding(passage.place, all_said, at, leans=leans):
            yield rule, finding


def _finding(place: int, said: Sequence[Sentence], at: int, *, leans: bool) -> Finding | None:
    """A sentence as a finding; one that leans on the sentence before it is given with that, or not at"
    " all."""
    sentence = said[at]
    text = clean(sentence.text)
    if not leans:
        return Finding(text, sentence.first, sentence.last, place)
    above = said[at - 1] if at else None
    if above is None or len(above.text) > MAX_SENTENCE:
        return None
    words = folded(above.text)
    if is_question(words) or is_hypothetical(words) or len(words.split()) < 4:
        return None
    return Finding(f"{clean(above.text)} {text}", above.first, sentence.last, place, title=text)


def _rule_of(source: str, words: str, voice: Voice) -> tuple[str, bool]:
    """The rule that a sentence speaks for, "" for none, and whether it leans on the text before it."""
    if is_question(words) or is_superseded(words) or is_reported(words) or words.endswith(":"):
        return "", False
    for start in clauses(source, words, voice):
        before, clause = words[:start], words[start:]
        if is_hypothetical(before) or is_conditional(before) or is_saying(before):
            continue
        present = frozenset(_WORD.findall(clause))
        for one in wordings(CUES, present):
            if voice in one.voices and (match := one.pattern.match(clause)):
                of = (match.groupdict().get("of") or "").strip()
                inner = _rule_of("", of, voice) if one in REMEMBERED else ("", False)
                if inner[0]:
                    return inner
                if one.check(of, clause):
                    return one.rule, not stands_alone(of)
    return "", False
