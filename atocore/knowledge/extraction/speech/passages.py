"""Where somebody speaks: the paragraphs of a document's prose, or of a turn, in its speaker's own words.

Knows sections and who speaks. Must not know what is said there, nor rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atocore.knowledge.extraction.rules.document import Document
from atocore.knowledge.extraction.rules.headings import SOFT_STOP, Ground, normal_heading
from atocore.knowledge.extraction.speech.decisions import agrees_on_list
from atocore.knowledge.extraction.speech.gates import introduces_paste, pasted, tag_of, why_unheard
from atocore.knowledge.extraction.speech.sentences import MAX_SENTENCE, folded
from atocore.knowledge.ingestion.outline import Block, Section
from atocore.knowledge.ingestion.voices import Voice

_PARTS = frozenset(("Prompt", "Response"))  # a capture's own headings
_PLANS = re.compile(
    r"(?:next steps?|action items?|actions|plan|plans|roadmap|follow[- ]?ups?|todo.*|to[- ]do.*|backlog"
    r"|future.*|ideas?|proposals?.*|agenda.*|open .*"
    r"|questions?.*|abstract|usage|installation|getting started|quick ?start|tutorial|how to.*|faq"
    r"|license|contributing.*|references|motivation"
    r"|alternatives?.*|options?.*|(?:changes|release notes|changelog).*)"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that begins on line `first` of section `place`, and the list that it says was agreed on."""

    text: str
    first: int
    place: int
    agreed: Block | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """What a text's speakers say for themselves; from line `ends` on (0: never) nobody does, and `why`."""

    passages: tuple[Passage, ...]
    ends: int = 0
    why: str = ""


def speech_in(document: Document) -> Speech:
    """Give the passages of a text that are speech."""
    if document.voice is Voice.DOCUMENT:
        return Speech(tuple(_prose_of(document)))
    sections = document.read.sections
    number = next((n for n, section in enumerate(sections) if section.heading in _PARTS), 0)
    if not sections or (sections[number].level and sections[number].heading not in _PARTS):
        return Speech(())  # nobody speaks in headings: it is a document
    return _turn(sections[number], number, document.voice)


def _prose_of(document: Document) -> Iterator[Passage]:
    decided = any(ground.governor for ground in document.grounds)
    for number, section in enumerate(document.read.sections):
        if _speaks(section, document.grounds[number], decided):
            for block, agreed in _with_lists(section.blocks):
                yield from _prose(block, number, agreed)


def _speaks(section: Section, ground: Ground, decided: bool) -> bool:
    """Whether a section of a document may hold speech: no rule of structure has it, and it is not about
    plans or options. What stands around a decision only argues for it.
    """
    heading = normal_heading(section.heading)
    if ground.barred or ground.governor or _PLANS.fullmatch(heading):
        return False
    return not (decided and SOFT_STOP.fullmatch(heading))


def _turn(section: Section, number: int, voice: Voice) -> Speech:
    """What a speaker says for themselves: no tags of the host's, nothing pasted, no role to play."""
    own: list[Passage] = []
    inside = ""
    for at, (block, agreed) in enumerate(_with_lists(section.blocks)):
        name = inside or tag_of(block.text)
        if name:
            inside = "" if f"</{name}>" in block.text else name
            continue
        if at == 0 and voice is Voice.PERSON and (why := why_unheard(folded(block.text[:400]))):
            return Speech((), block.first, why)
        whose = "all" if block.kind == "html" else pasted(block.text)
        if whose == "all":
            return Speech(tuple(own), block.first, "somebody else's text")
        if not whose:
            own.extend(_prose(block, number, agreed))
        if agreed is None and voice is Voice.PERSON and introduces_paste(block.text):
            return Speech(tuple(own), block.last + 1, "somebody else's text")
    return Speech(tuple(own))


def _with_lists(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block | None]]:
    """Each block, a list that the paragraph above it says was agreed on together with that paragraph."""
    taken = False
    for block, below in zip(blocks, [*blocks[1:], None], strict=False):
        agreed = None
        if not taken:
            if below is not None and below.kind == "list" and block.kind == "paragraph":
                agreed = below if agrees_on_list(folded(block.text[-MAX_SENTENCE:])) else None
            yield block, agreed
        taken = agreed is not None


def _prose(block: Block, number: int, agreed: Block | None = None) -> Iterator[Passage]:
    if block.kind == "paragraph":
        yield Passage(block.text, block.first, number, agreed)
    for item in block.items:
        for inner, listed in _with_lists(item.blocks):
            yield from _prose(inner, number, listed)
