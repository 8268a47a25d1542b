"""Hearing: which sentences of a text say something that may be remembered, and by which rule.

Knows the order of cues. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from atocore.knowledge.extraction.claims.reader import said_claim, stated
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.items import items
from atocore.knowledge.extraction.rules.text import clean
from atocore.knowledge.extraction.speech.bounds import BOUNDS
from atocore.knowledge.extraction.speech.choices import CHOICES
from atocore.knowledge.extraction.speech.clauses import clauses
from atocore.knowledge.extraction.speech.cue import Cue, indexed, is_name, stands_alone, wordings
from atocore.knowledge.extraction.speech.decisions import DECISIONS
from atocore.knowledge.extraction.speech.facts import CORRECTIONS, EPISODES, KNOWLEDGE, REMEMBERED
from atocore.knowledge.extraction.speech.gates import (
    TASK_NOUN,
    is_conditional,
    is_hour,
    is_howto,
    is_hypothetical,
    is_meanwhile,
    is_passing,
    is_question,
    is_reported,
    is_saying,
    is_superseded,
    is_task,
    retracts,
)
from atocore.knowledge.extraction.speech.givens import GIVENS
from atocore.knowledge.extraction.speech.habits import HABITS
from atocore.knowledge.extraction.speech.lessons import ADAPTATION
from atocore.knowledge.extraction.speech.limits import ASSUMPTIONS, CONSTRAINTS
from atocore.knowledge.extraction.speech.needs import NEEDS
from atocore.knowledge.extraction.speech.passages import Passage, speech_in
from atocore.knowledge.extraction.speech.people import IDENTITY, PROJECT
from atocore.knowledge.extraction.speech.preferences import PREFERENCES
from atocore.knowledge.extraction.speech.roles import ROLES
from atocore.knowledge.extraction.speech.sentences import MAX_SENTENCE, Sentence, folded, sentences_of
from atocore.knowledge.extraction.speech.stages import STAGES
from atocore.knowledge.extraction.speech.statements import REMARKS, STATEMENTS
from atocore.knowledge.extraction.speech.tasks import before_task
from atocore.knowledge.extraction.speech.verdicts import VERDICTS
from atocore.knowledge.extraction.speech.words import BUG, is_of_task
from atocore.knowledge.ingestion.voices import Voice

CUES: tuple[Cue, ...] = (
    *DECISIONS,
    *CONSTRAINTS,
    *ASSUMPTIONS,
    *PREFERENCES,
    *IDENTITY,
    *PROJECT,
    *ADAPTATION,
    *EPISODES,
    *GIVENS,
    *CHOICES,
    *VERDICTS,
    *STAGES,
    *ROLES,
    *BOUNDS,
    *HABITS,
    *CORRECTIONS,
    *REMEMBERED,
    *REMARKS,
)
PLAIN: tuple[Cue, ...] = (*NEEDS, *KNOWLEDGE, *STATEMENTS)
"""Cues that count only where no clause of a sentence has one of the others."""

MAX_HEARD = 1000
"""Sentences of one text that count: more would make no conversation."""

_TABLES = tuple((table, indexed(table)) for table in (CUES, PLAIN))
_HALVES = frozenset(("m", "ll", "re", "t", "lets", "im", "dont"))  # what contractions leave of cues' words
_QUICK = frozenset(word for one in (*CUES, *PLAIN) for word in one.needs) | _HALVES
_WORD = re.compile(r"[a-z]+")
_TAKEN_OUT = "[REDACTED"  # what is left of a secret states nothing
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_ORDERS = re.compile(
    r"\W*(?:x\W+)?(?:verify|check|ensure|confirm|measure|test|make|set|use|add|show|see|note|todo|assume"
    r"|let|choose|select)\b"
)
_OF_THE_TASK = re.compile(rf"(?:[\w-]+ )?{TASK_NOUN}", re.IGNORECASE)
_BINDS = re.compile(r"\b(?:must|shall|may not|cannot|exceed|at most|has to|have to|allowed|limit\w*)\b")
_DIGIT = re.compile(r"\d")


def spoken(document: Document, rule: str) -> Iterator[Finding]:
    """What one rule of plain speech finds in a document that was heard."""
    yield from document.heard.get(rule, ())


def hear(document: Document) -> Document:
    """Give the document with what each rule of plain speech finds in it, in the order of the text (a
    sentence has but one rule), and with where in a turn its speaker's own words end.
    """
    speech = speech_in(document)
    heard: dict[str, list[Finding]] = {}
    said = (one for passage in speech.passages for one in _said(passage, document.voice))
    for rule, finding in islice(said, MAX_HEARD):
        heard.setdefault(rule, []).append(finding)
    found = {rule: tuple(findings) for rule, findings in heard.items()}
    return replace(document, heard=found, ends=speech.ends, why=speech.why)


def _said(passage: Passage, voice: Voice) -> Iterator[tuple[str, Finding]]:
    all_said = list(sentences_of(passage.text, passage.first, voice))
    for at, sentence in enumerate(all_said):
        if len(sentence.text) > MAX_SENTENCE or _TAKEN_OUT in sentence.text:
            continue
        if _QUICK.isdisjoint(_WORD.findall(sentence.text.casefold())) and not _DIGIT.search(sentence.text):
            continue
        rule, text, leans = _heard(sentence.text, voice)
        if not rule or (at + 1 < len(all_said) and retracts(folded(all_said[at + 1].text[:200]))):
            continue
        if finding := _finding(passage.place, all_said, at, text, leans=leans):
            yield rule, finding
    if passage.agreed is not None:
        for finding in items(passage.agreed, passage.place):
            words = folded(finding.text)
            if not (is_question(words) or is_hypothetical(words) or is_superseded(words) or is_task(words)):
                yield "spoken-decision", finding


def _heard(sentence: str, voice: Voice) -> tuple[str, str, bool]:
    """The rule that a sentence speaks for ("" for none), what of it states that, and whether it leans. A task
    behind a person's statement is no part of it.
    """
    said = before_task(sentence) if voice is Voice.PERSON else ""
    for text in filter(None, (said, sentence)):
        words = folded(text)
        rule, leans = _rule_of(text, words, voice)
        if not rule and _claims(_untagged(text), words, voice):
            rule = "spoken-fact"
        if rule:
            return rule, text, leans
    return "", sentence, False


def _untagged(text: str) -> str:
    """A sentence without HTML's tags: a picture above its caption."""
    return _TAG.sub(" ", text) if "<" in text else text


def _claims(text: str, words: str, voice: Voice) -> bool:
    """Whether a sentence without a cue states a claim as a fact; a document's is read strictly."""
    if (
        voice is Voice.ASSISTANT
        or not _DIGIT.search(text)
        or is_question(words)
        or is_superseded(words)
        or is_reported(words)
    ):
        return False
    vague = is_hypothetical(words) or is_conditional(words) or is_passing(words) or BUG.search(words)
    if vague or _ORDERS.match(words) or (voice is Voice.PERSON and is_of_task(words)):
        return False
    if voice is not Voice.PERSON:
        return stated(clean(text).strip("*_ ")) is not None
    claim = said_claim(text)
    return claim is not None and not _OF_THE_TASK.fullmatch(claim.subject)


def _finding(place: int, said: Sequence[Sentence], at: int, stated: str, *, leans: bool) -> Finding | None:
    """What a sentence states as a finding; one that leans on the sentence before it is given with that."""
    sentence = said[at]
    text = clean(_untagged(stated))
    if not leans:
        claim = said_claim(text)
        return Finding(text, sentence.first, sentence.last, place, claim=claim, quote=sentence.source)
    above = said[at - 1] if at else None
    if above is None or len(above.text) > MAX_SENTENCE:
        return None
    words = folded(above.text)
    if is_question(words) or is_hypothetical(words) or is_superseded(words) or len(words.split()) < 4:
        return None
    both, quote = f"{clean(above.text)} {text}", f"{above.source} {sentence.source}"
    return Finding(both, above.first, sentence.last, place, title=text, quote=quote)


def _rule_of(source: str, words: str, voice: Voice) -> tuple[str, bool]:
    """The rule that a sentence speaks for, "" for none, and whether it leans on the text before it."""
    if is_question(words) or is_superseded(words) or is_reported(words) or words.endswith(":"):
        return "", False
    starts = [start for start in clauses(source, words, voice) if _counts_after(words[:start], voice)]
    for table, index in _TABLES:
        for clause in (words[start:] for start in starts):
            for one in wordings(table, index, voice, frozenset(_WORD.findall(clause))):
                match = one.match(clause)
                if match and (said := _said_by(one, match, clause, source, voice)):
                    return said
    return "", False


def _counts_after(before: str, voice: Voice) -> bool:
    """Whether a clause may state something, from the words before it."""
    return not (
        is_hypothetical(before)
        or is_conditional(before)
        or is_saying(before)
        or is_hour(before)
        or is_meanwhile(before)
        or (voice is Voice.DOCUMENT and is_howto(before))
    )


def _said_by(
    one: Cue, match: re.Match[str], clause: str, source: str, voice: Voice
) -> tuple[str, bool] | None:
    """What a cue that matched makes of a clause: its rule, or that of what it asks to remember."""
    of = (match.groupdict().get("of") or "").strip()
    if one.named and not is_name(match["who"], source):
        return None
    if one.rule == "spoken-remember":
        inner = _rule_of(source, of, voice)
        weak = inner[0] == "spoken-fact" or (inner[0] == "spoken-constraint" and not _BINDS.search(of))
        if inner[0] and not weak:
            return inner
    return (one.rule, not stands_alone(of, one.rule)) if one.check(of, clause) else None
