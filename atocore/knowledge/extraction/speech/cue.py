"""What a cue of plain speech is: one wording of a rule, and what must hold for it to count.

Knows gates. Must not know any cue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from atocore.knowledge.extraction.speech.gates import leans
from atocore.knowledge.ingestion.voices import Voice

EVERYONE = frozenset(Voice)


PEOPLE = frozenset([Voice.DOCUMENT, Voice.PERSON])


PERSON = frozenset([Voice.PERSON])


Check = Callable[[str, str], bool]
"""Says of (what the cue speaks of, the whole clause) whether it may count."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One wording of a rule. `needs` are words of which one stands in every such clause; the group `of`,
    where the pattern has one, is what must not lean on other text; of a `named` cue the group `who` is
    written as a name is.
    """

    rule: str
    needs: frozenset[str]
    pattern: str
    voices: frozenset[Voice]
    check: Check
    named: bool = False

    def match(self, clause: str) -> re.Match[str] | None:
        """Match the beginning of a clause. A pattern is compiled when it is first needed."""
        return _compiled(self.pattern).match(clause)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def cue(
    rule: str,
    needs: str,
    pattern: str,
    voices: frozenset[Voice] = PEOPLE,
    check: Check = lambda of, clause: True,
    *,
    named: bool = False,
) -> Cue:
    """Make a cue; `needs` are words apart by spaces."""
    return Cue(rule, frozenset(needs.split()), pattern, voices, check, named)


_SMALL = frozenset(("and", "&", "de", "da", "van", "von", "der", "dr", "mr", "mrs", "ms", "prof"))


def is_name(who: str, source: str) -> bool:
    """Whether folded words stand in the source as names are written, each with a capital."""
    parts = [part for part in who.replace(".", "").split() if part not in _SMALL]
    found = [re.findall(rf"\b{re.escape(part)}", source, re.IGNORECASE) for part in parts]
    return bool(parts) and all(any(word[:1].isupper() for word in words) for words in found)


def enough(of: str, least: int = 2) -> bool:
    """Whether words say enough to be remembered without the text around them."""
    return len(re.findall(r"[^\W_]{2,}|~code~|~link~|\d+", of)) >= least


Index = Mapping[Voice, Mapping[str, tuple[int, ...]]]
"""For each voice, the places in a table of cues that ask for a word."""


def indexed(cues: tuple[Cue, ...]) -> Index:
    """Give the index of a table of cues."""
    found: dict[Voice, dict[str, list[int]]] = {voice: {} for voice in Voice}
    for at, one in enumerate(cues):
        for voice in one.voices:
            for word in one.needs:
                found[voice].setdefault(word, []).append(at)
    return {voice: {word: tuple(places) for word, places in words.items()} for voice, words in found.items()}


def wordings(cues: tuple[Cue, ...], index: Index, voice: Voice, words: frozenset[str]) -> Iterator[Cue]:
    """Give the cues of a voice that may stand in a sentence of these words, in their order."""
    asked = index[voice]
    places = {at for word in words if word in asked for at in asked[word]}
    return (cues[at] for at in sorted(places))


_TO_OBJECT = re.compile(
    r"(?:not )?(?:go |just |also )?\w+"
    r"(?: (?:up|out|on|with|to|for|from|in|at|off|over|by|into|against|all))? "
)


def stands_alone(of: str, rule: str) -> bool:
    """Whether what a cue speaks of needs no other sentence to be understood; of a decision, neither that nor
    its object may lean.
    """
    if rule in ("spoken-identity", "spoken-project"):
        return True
    if leans(of):
        return False
    rest = _TO_OBJECT.sub("", of, count=1)
    return rule != "spoken-decision" or rest[:1].isdigit() or not leans(rest)
