"""The review as a text: a line per candidate with its verb in front, as `git rebase -i` does it. Written for
an editor, and read back into decisions. Pure: text in, text out.

A line is `VERB ID …`, below comments that tell what the candidate is; one of them holds the hash of what was
shown, to which the decision is bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import shorten

from atocore.knowledge.review.card import Card
from atocore.knowledge.review.decisions import Decision
from atocore.records.codec import parse_time
from atocore.records.ids import is_id
from atocore.records.kinds import ENTITY_TYPES
from atocore.records.record import printable

HEAD = """\
# Change the first word of a line to decide; save and close to carry all of it out, in one commit.
#
#   promote ID [+ID…] [reason]   it is knowledge from now on; +ID: it supersedes that record
#   reject ID reason             it is refused, for this reason
#   off ID DATE [reason]         it is not to be seen until that day
#   merge ID INTO [reason]       it leaves in favour of the record INTO, which says the same
#   graduate ID [TYPE] [reason]  a memory: it is proposed as an entity
#   skip ID                      nothing (a line that is deleted: the same)
#
# A first letter will do. Lines that begin with # are comments. An emptied file does nothing.
"""
_VERBS = {
    "promote": "promote",
    "reject": "reject",
    "off": "put-off",
    "merge": "merge",
    "graduate": "graduate",
}
_LETTERS = {word[0]: word for word in (*_VERBS, "skip")}
_HASH = re.compile(r"^#.*\bhash ([0-9a-f]{16})\b")
_LONG = 100


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that cannot be understood, by its number, and why."""

    line: int
    told: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A list read back: the decisions with the lines they stand on, and what is wrong."""

    decisions: tuple[Decision, ...]
    lines: dict[str, int]
    mistakes: tuple[Mistake, ...]


def review_list(cards: Iterable[Card]) -> str:
    """The text for an editor: how it is used, then every candidate, all of them skipped."""
    return HEAD + "".join("\n" + "".join(f"{line}\n" for line in _entry(card)) for card in cards)


def _entry(card: Card) -> Iterator[str]:
    yield f"# {_short(card.text or card.title)}"
    about = [f"{card.kind}/{card.type}", card.project, card.claim]
    if card.confidence is not None:
        about.append(f"{card.confidence:g}")
    about += [f"{track.name} kept {track.kept} of {track.proposed}" for track in card.tracks]
    if card.passage is not None:
        lines = f":{card.passage.said_first}" if card.passage.is_here else ""
        about.append(f"{card.passage.origin}{lines}")
    yield f"#   {_short(' · '.join(filter(None, about)))}"
    yield from (f"#   ! {_short(told)}" for told in _marks(card))
    yield f"#   hash {card.hash}"
    yield f"skip {card.id}"


def _marks(card: Card) -> Iterator[str]:
    if card.draft:
        yield f"saved by hand ({card.draft}) and not committed: commit that first"
    for one in card.proposes:
        yield f"proposes to {one.what} {one.id}: {one.title}"
    if card.rejected_before:
        yield f"rejected before: {card.rejected_before.why or 'no reason was given'}"
    if card.source_changed:
        yield f"its source says now: {card.source_changed.text or 'nothing of it'}"
    for side in card.would_conflict:
        yield f"would contradict +{side.id} ({side.layer}): {side.value}"
    for side in card.resembles:
        yield f"resembles {side.id} ({side.status}): {side.title}"


def _short(text: str) -> str:
    """A text on one line, without what an editor or a terminal would obey."""
    return shorten(printable(text), _LONG, placeholder=" …") or "(no text)"


def read_list(text: str, at: str, born: Iterator[str]) -> Listed:
    """The decisions of a saved text. `at` is when they are made, `born` gives ids for entities."""
    decisions: list[Decision] = []
    mistakes: list[Mistake] = []
    lines: dict[str, int] = {}
    seen = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") or not line.strip():
            found = _HASH.match(line.lstrip())
            seen = found[1] if found else seen
            continue
        read = _read(line.split(), seen, at, born)
        seen = ""
        if isinstance(read, str):
            mistakes.append(Mistake(number, read))
        elif read is not None and read.record in lines:
            mistakes.append(Mistake(number, f"{read.record} stands on line {lines[read.record]} already"))
        elif read is not None:
            lines[read.record] = number
            decisions.append(read)
    return Listed(tuple(decisions), lines, tuple(mistakes))


def _read(words: list[str], seen: str, at: str, born: Iterator[str]) -> Decision | str | None:
    """One line's decision; what is wrong with it; or None where it says to skip."""
    word = _LETTERS.get(words[0].lower(), words[0].lower())
    if word == "skip":
        return None
    if word not in _VERBS:
        return f"{words[0]!r} is no verb: one of {', '.join((*_VERBS, 'skip'))}"
    if len(words) < 2:
        return f"{word} of what? its id is missing"
    if not seen:
        return "the comment with its hash is gone: it cannot be told whether it is still as it was shown"
    decision = Decision(_VERBS[word], words[1], seen, at)
    return _FURTHER[word](decision, words[2:], born)


def _promote(decision: Decision, rest: list[str], _born: Iterator[str]) -> Decision | str:
    replaced = [word[1:] for word in rest if word.startswith("+") and "-" in word]
    if rest and is_id(rest[0]):
        return f"promote takes one id a line; what it is to supersede stands after a +, like +{rest[0]}"
    why = " ".join(word for word in rest if not (word.startswith("+") and "-" in word))
    return _with(decision, supersede=tuple(replaced), why=why)


def _reject(decision: Decision, rest: list[str], _born: Iterator[str]) -> Decision | str:
    return _with(decision, why=" ".join(rest)) if rest else "reject needs its reason after the id"


def _off(decision: Decision, rest: list[str], _born: Iterator[str]) -> Decision | str:
    if not rest or parse_time(rest[0]) is None:
        return "off needs a date after the id, like 2027-01-31"
    return _with(decision, until=rest[0], why=" ".join(rest[1:]))


def _merge(decision: Decision, rest: list[str], _born: Iterator[str]) -> Decision | str:
    if not rest:
        return "merge needs the id that it is merged into after its own"
    return _with(decision, into=rest[0], why=" ".join(rest[1:]))


def _graduate(decision: Decision, rest: list[str], born: Iterator[str]) -> Decision | str:
    typed = rest[:1] if rest and rest[0] in ENTITY_TYPES else []
    if rest and not typed and (len(rest) == 1 or get_close_matches(rest[0].lower(), ENTITY_TYPES)):
        return f"{rest[0]!r} is no entity type: one of {', '.join(ENTITY_TYPES)}"
    return _with(decision, type="".join(typed), why=" ".join(rest[len(typed) :]), born=next(born))


def _with(decision: Decision, **said: str | tuple[str, ...]) -> Decision:
    from dataclasses import replace

    return replace(decision, **said)  # type: ignore[arg-type]


_FURTHER = {"promote": _promote, "reject": _reject, "off": _off, "merge": _merge, "graduate": _graduate}
