"""One row of the table of extraction rules.

Knows what a rule must say of itself. Must not know any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.headings import Sign
from atocore.knowledge.ingestion.voices import Voice

SPOKEN, MARKED, HEADED = 1, 2, 3
"""How strong a rule's signal is: plain words, a mark in the passage, a heading above it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `prior` is the confidence before place and status count; `strength` (1 to 3) says how sure the
    signal is; `sign` names the headings that it goes by, where it goes by headings. Those with the same word
    in `beside` may read one passage side by side: a row names a part, its material and its vendor. `voice` is
    who speaks in the examples.
    """

    id: str
    looks_for: str
    kind: str
    type: str
    prior: float
    strength: int
    find: Callable[[Document], Iterator[Finding]]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    sign: Sign | None = None
    beside: str = ""
    voice: Voice = Voice.DOCUMENT
