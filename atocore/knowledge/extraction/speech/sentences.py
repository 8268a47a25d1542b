"""Sentences of prose with the lines they stand on, and their words folded for comparing.

Knows punctuation and contractions. Must not know what a sentence may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from atocore.knowledge.ingestion.voices import Voice

MAX_SENTENCE = 500
"""A longer sentence says too much to be one statement, and is left alone."""

_END = re.compile(r"[.!?]+[\"')\]”’*_]{0,4}(?=\s|$)|[。！？]|…(?=\s|$)")
_ABBREVIATION = re.compile(  # an initial and the like; behind a number it is a unit, and "24 V." ends
    r"(?:^|[\s(\"'])(?:e\.g|i\.e|etc|vs|cf|incl|approx|resp|no|nos|fig|figs|st|dr|mr|mrs|ms|prof|rev|ver|max"
    r"|temp|dept|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$|(?:^|(?<!\d)[\s(\"'])(?:min|sec|[a-z])\.$",
    re.IGNORECASE,
)
_WRAPPED = 60  # a shorter line that a person typed was ended on purpose

_GOES_ON = re.compile(
    r"(?:,|\b(?:the|an?|of|for|to|and|or|with|in|on|at|by|from|that|is|are|not|than|as|we|i|our"
    r"|instead))\s*$",
    re.I,
)

_CODE = re.compile(r"``[^`]{0,300}``|`[^`]{0,300}`")
_URL = re.compile(r"https?://\S{1,500}|\bwww\.\S{1,300}")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\](?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")
_QUOTED = re.compile(
    r"“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»|(?<!\w)\"[^\"\n]{1,400}\"(?!\w)"
    r"|(?<![\w'])'[^'\n]{2,400}'(?![\w'])|(?<!\w)‘[^’\n]{1,400}’(?!\w)"
)
_STRUCK = re.compile(r"~~[^~\n]{1,400}~~")
_MARKS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|<!--.{0,300}?-->")
_PLEASE = re.compile(r"\bpl[sz]\b")
_CONTRACTIONS = (
    (re.compile(r"\b(?:can't|can not|cant)\b"), "cannot"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bshan't\b"), "shall not"),
    (
        re.compile(
            r"\b(do|does|did|is|are|was|were|has|have|had|must|should|could|would|might|need|ai)n't\b"
        ),
        r"\1 not",
    ),
    (re.compile(r"\b(do|does|did|is|was)nt\b"), r"\1 not"),
    (re.compile(r"\blet's\b|\blets(?= (?:use|go|keep|take|not|drop|stick|say|assume)\b)|^lets\b"), "let us"),
    (re.compile(r"\bmustnt\b"), "must not"),
    (re.compile(r"\bim\b(?= )"), "i am"),
    (re.compile(r"\bi'm\b|^im\b"), "i am"),
    (re.compile(r"\b(we|you|they|who)'re\b"), r"\1 are"),
    (re.compile(r"\b(i|we|you|they|it|that|team)'ll\b"), r"\1 will"),
    (re.compile(r"\b(i|we|you|they)'ve\b"), r"\1 have"),
    (re.compile(r"\b(i|we|you|they|he|she)'d\b"), r"\1 would"),
    (re.compile(r"\b(it|that|there|here|what|he|she)'s\b"), r"\1 is"),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its source on one line and as it stands, and the 1-based lines that it stands on."""

    text: str
    source: str
    first: int
    last: int


def sentences_of(text: str, first: int, voice: Voice) -> Iterator[Sentence]:
    """Cut a passage that begins on line `first` into sentences. A person's short line is a sentence too."""
    line = first
    for part in _pieces(text, voice):
        stripped = part.strip()
        if stripped:
            begin = line + part.count("\n", 0, len(part) - len(part.lstrip()))
            yield Sentence(" ".join(stripped.split()), stripped, begin, begin + stripped.count("\n"))
        line += part.count("\n")


def _pieces(text: str, voice: Voice) -> Iterator[str]:
    start = 0
    for end in _ends(text, voice):
        if _ABBREVIATION.search(text[max(start, end - 8) : end]):
            continue
        yield text[start:end]
        start = end
    yield text[start:]


def _ends(text: str, voice: Voice) -> list[int]:
    ends = [match.end() for match in _END.finditer(text)]
    if voice is not Voice.DOCUMENT:
        at = 0
        for line in text.split("\n"):
            if len(line) < _WRAPPED and not _GOES_ON.search(line):
                ends.append(at + len(line))
            at += len(line) + 1
    return sorted(set(ends))


def folded(sentence: str) -> str:
    """Give a sentence's words for comparing: lower case, contractions written out, no emphasis. What is
    code, quoted, linked or struck out cannot say anything by itself and stands as `~code~`, `~quote~`,
    `~link~`.
    """
    text = _STRUCK.sub(" ", _CODE.sub(" ~code~ ", sentence))
    text = _LINK.sub(r"\1", text) if "](" in text or "][" in text else text
    text = _URL.sub(" ~link~ ", text)
    text = _QUOTED.sub(" ~quote~ ", text.replace("’s", "'s"))
    text = _MARKS.sub("", text).replace("’", "'").casefold()
    if "pl" in text:
        text = _PLEASE.sub("please", text)
    if "'" in text or "nt" in text or "can not" in text or text.startswith(("im", "lets")) or "lets " in text:
        for pattern, whole in _CONTRACTIONS:
            text = pattern.sub(whole, text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    return text.strip()
