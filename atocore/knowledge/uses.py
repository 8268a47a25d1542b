"""Uses: whether an answer rests on a memory, by its wording or its meaning, and why.

An answer uses a memory where one or two sentences of it say what the memory says: enough of its words, every
number of it, and no negation more or less. What the prompt said itself, a question, a quotation and code show
no use. Knows texts; must not know how a memory is found, or where uses are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from atocore.knowledge.extraction.speech.sentences import folded, sentences_of
from atocore.knowledge.ingestion.opened_capture import spoken_parts
from atocore.knowledge.ingestion.voices import Voice
from atocore.records.codec import parse_time
from atocore.records.record import Record
from atocore.records.statement import normal_statement

FEWEST_WORDS = 3
"""Fewer words in common prove nothing, whatever part of a memory they are."""
MOST_SENTENCES = 200
_MOST_WORDS = 60  # of a memory's statement that are looked for
_BIRTHS = ("promote", "add", "restore", "ungraduate")
_HEADINGS = ("## Prompt", "## Response")
_QUANTITY = re.compile(r"(?<![^\W\d])(\d+(?:[.,]\d+)*)(?:[ \u00a0]?([^\W\d_]+|%))?")
_UNIT_BEHIND = re.compile(r"(?<=\d)(?=[^\W\d_])")  # 40kg
_FENCED = re.compile(r"^(```|~~~).*?(?:^\1[^\n]*$|\Z)", re.DOTALL | re.MULTILINE)
_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
_NEGATIONS = frozenset(["not", "no", "never", "cannot", "without", "none", "neither", "nor"])
_EMPTY_WORDS = """
a about above after again all also am an and any are as at be because been before being below between both but
by can could did do does doing down during each few for from further had has have having he her here him his
how i if in into is it its itself just me more most my of off on once only or other our out over own same she
should so some such than that the their them then there these they this those through to too under until up
very was we were what when where which while who whom why will with would you your must shall may might
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Answer:
    """What an assistant answered, in sentences; `said` is what the person had said before."""

    sentences: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def spans(self) -> Iterator[str]:
        """One or two sentences at a time."""
        yield from self.sentences
        yield from (f"{one} {other}" for one, other in pairwise(self.sentences))


def answer_of(capture: Record) -> Answer:
    """The answer of a capture, and what was said before it."""
    parts: dict[Voice, tuple[str, ...]] = {}
    for voice, text in spoken_parts(capture.body):
        plain = _QUOTED_LINE.sub("", _FENCED.sub("", text))
        found = [
            one.text for one in sentences_of(plain, 1, voice) if one.text not in ("## Prompt", "## Response")
        ]
        parts[voice] = tuple(found[:MOST_SENTENCES])
    stated = tuple(one for one in parts.get(Voice.ASSISTANT, ()) if not one.rstrip().endswith(("?", "？")))
    return Answer(stated, parts.get(Voice.PERSON, ()))


def could_use(capture: Record, memory: Record, project: str) -> bool:
    """Whether an answer could have used a memory at all: one that was known then, of its project or of none,
    and not one that came from this very capture."""
    if memory.provenance.interaction == capture.id:
        return False
    if project and memory.project not in ("", project):
        return False
    known = memory.ruling.at if memory.ruling.step in _BIRTHS and memory.ruling.at else memory.created
    then, start = parse_time(capture.created), parse_time(known)
    if then is None or start is None:
        return then is not None
    if then.tzinfo is None or start.tzinfo is None:
        return start.date() <= then.date()
    return start <= then


def wording(answer: Answer, memory: Record) -> tuple[float, tuple[str, ...]]:
    """The greatest part of a memory's words that one or two sentences of the answer have, and those words."""
    wanted = _telling_words(_statement(memory))
    best: tuple[str, ...] = ()  # as the memory has them, not their roots
    if len(wanted) < FEWEST_WORDS:
        return 0.0, ()
    for span in answer.spans:
        if says_no_other(span, memory):
            held = _telling_words(span).keys()
            shared = tuple(word for root, word in wanted.items() if root in held)
            best = max(best, shared, key=len)
    return (len(best) / len(wanted), best) if len(best) >= FEWEST_WORDS else (0.0, ())


def says_no_other(span: str, memory: Record) -> bool:
    """Whether sentences name a memory's subject where it states one, hold every number of it, with its unit,
    and deny just what it denies."""
    stated = _statement(memory)
    named = _telling_words(memory.subject).keys() <= _telling_words(span).keys()
    return named and _quantities(stated) <= _quantities(span) and _denies(stated) == _denies(span)


def said_before(answer: Answer, memory: Record, enough: float) -> bool:
    """Whether the person said by themselves what a memory says: an answer that repeats it used nothing."""
    share, _ = wording(Answer(answer.said, ()), memory)
    return share >= enough


def _statement(memory: Record) -> str:
    first = memory.body.strip().split("\n\n")[0]
    return f"{first} {memory.value}" if memory.value and memory.value not in first else first


def _telling_words(text: str) -> dict[str, str]:
    """The roots of the words that tell something, each with the word."""
    apart = _UNIT_BEHIND.sub(" ", text)
    words = [word for word in normal_statement(apart).split() if word not in _EMPTY]
    told = [word for word in words if any(map(str.isalnum, word))]
    return {_root(word): word for word in told[:_MOST_WORDS]}


def _root(word: str) -> str:
    """A word without the s of its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _quantities(text: str) -> set[tuple[str, str]]:
    """The numbers of a text, each alone and with the word behind it: 40 days are no 40 kg."""
    found = set()
    for number, unit in _QUANTITY.findall(text.casefold()):
        found |= {(number, ""), (number, "" if unit in _EMPTY else _root(unit))}
    return found


def _denies(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(re.findall(r"\w+", folded(text)))
