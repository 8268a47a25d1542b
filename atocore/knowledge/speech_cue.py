"""What a cue of plain speech is: one wording of a rule, and what must hold for it to count.

Knows gates. Must not know any cue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from atocore.knowledge.speech_gates import leans
from atocore.knowledge.voices import Voice

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
    return bool(parts) and all(
        re.search(rf"\b{re.escape(part[:1].upper() + part[1:])}", source) for part in parts
    )


def enough(of: str, least: int = 2) -> bool:
    """Whether words say enough to be remembered without the text around them."""
    return len(re.findall(r"[^\W_]{2,}|~code~|~link~|\d+", of)) >= least


def wordings(cues: tuple[Cue, ...], words: frozenset[str]) -> Iterator[Cue]:
    """Give the cues that may stand in a sentence of these words."""
    return (one for one in cues if not one.needs.isdisjoint(words))


_TO_OBJECT = re.compile(
    r"(?:not )?(?:go |just |also )?\w+"
    r"(?: (?:up|out|on|with|to|for|from|in|at|off|over|by|into|against|all))? "
)


def stands_alone(of: str, rule: str) -> bool:
    """Whether what a cue speaks of needs no other sentence to be understood; of a decision, neither that nor
    its object may lean.
    """
    if rule == "spoken-identity":
        return True
    if leans(of):
        return False
    rest = _TO_OBJECT.sub("", of, count=1)
    return rule != "spoken-decision" or rest[:1].isdigit() or not leans(rest)
