"""What a rule may look at, and what it gives: a document made ready, and findings that nobody has"
" judged yet.

Knows sections and which rule speaks for them. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from atocore.knowledge.extraction.claims.reader import Claim
from atocore.knowledge.extraction.rules.headings import Governor, Ground, Sign, govern
from atocore.knowledge.ingestion.outline import Outline
from atocore.knowledge.ingestion.voices import Voice


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that may state something. `text` is its Markdown on one line, `lines` 1-based in the body.

    `more` are lines that belong below the statement (a list it introduces, a rationale); `place` the section;
    `claim` what the passage's own form states (the columns of a table), where it is more than its words;
    `quote` the passage as it stands, where that is less than its lines.
    """

    text: str
    first: int
    last: int
    place: int
    title: str = ""
    alias: str = ""
    more: str = ""
    claim: Claim | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """All that a finder may look at. `heard` holds what each rule of plain speech finds in it, `statuses` the
    status that holds for each section, `record` whether it is a decision record. From line `ends` on (0:
    never) a turn is not its speaker's own words, for the reason `why`. One is like no other, so that what
    was read of it once can be kept.
    """

    read: Outline
    grounds: tuple[Ground, ...]
    children: tuple[tuple[int, ...], ...]
    voice: Voice = Voice.DOCUMENT
    heard: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    statuses: tuple[str, ...] = ()
    record: bool = False
    ends: int = 0
    why: str = ""

    def governor(self, number: int) -> Governor | None:
        """The rule that speaks for section `number`."""
        return self.grounds[number].governor

    def below(self, number: int) -> list[int]:
        """The sections directly under `number` that its rule speaks for too."""
        return [n for n in self.children[number] if (g := self.governor(n)) and not g.own]


def document_of(read: Outline, signs: Mapping[str, Sign], voice: Voice = Voice.DOCUMENT) -> Document:
    """Prepare a text for the finders."""
    children: list[list[int]] = [[] for _ in read.sections]
    for number, section in enumerate(read.sections):
        if section.parent >= 0:
            children[section.parent].append(number)
    return Document(read, govern(read.sections, signs), tuple(tuple(c) for c in children), voice)
