"""How a candidate's card looks to a person at a terminal. Draws; reads and decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from atocore.cli.output import plural, shown
from atocore.cli.paper import Paper

if TYPE_CHECKING:
    from atocore.knowledge.review.card import Card, Passage, Side
    from atocore.knowledge.review.likeness import Difference
    from atocore.knowledge.review.tracks import Track

_SHARED = 48  # characters that are shown on each side of a difference
_ALIKE = {"statement": "the same words", "claim": "the same claim"}
_INTENDED = {"supersede": "would supersede", "retire": "would retire", "correct": "would correct"}


def drawn(card: Card, paper: Paper, *, place: str = "", whole: bool = False) -> list[str]:
    """The card as lines that fit the paper; `whole` cuts nothing."""
    most = 0 if whole else 3 if paper.rows < 30 else 6
    named = " · ".join(filter(None, (place, f"{card.kind}/{card.type}", card.project, card.id)))
    return [
        paper.rule(named),
        *paper.wrap(paper.style(shown(card.text.strip()), bold=True), most=most and most + 1),
        *_claim(card, paper, most),
        *_marks(card, paper, most),
        *_against(card, paper, most),
        *_alike(card, paper, most, whole),
        *_passage(card, paper, most),
        *_proposer(card, paper),
    ]


def _claim(card: Card, paper: Paper, most: int) -> list[str]:
    said = card.title if card.title and shown(card.title) not in shown(card.text) else ""
    lines = paper.beside("  title  ", shown(said), most=most and 1) if said else []
    return lines + (paper.beside("  claim  ", shown(card.claim)) if card.claim else [])


def _warned(paper: Paper, text: str, *, most: int = 0) -> list[str]:
    return [paper.style(line, color="yellow") for line in paper.beside("! ", shown(text), most=most)]


def _marks(card: Card, paper: Paper, most: int) -> Iterator[str]:
    """What a reviewer must know before anything else."""
    if card.draft:
        state = f"as {card.draft}" if card.draft in ("active", "rejected") else f"({card.draft})"
        yield from _warned(
            paper, f"saved by hand {state} and not committed: commit {card.path}, or restore it"
        )
    if card.machine_made:
        told = f"a machine's commit made it {card.machine_made}, which counts for nothing: promote to confirm"
        yield from _warned(paper, told)
    if card.review_after:
        yield from _warned(paper, f"put off until {card.review_after}")
    for one in card.proposes:
        what = _INTENDED.get(one.what, one.what)
        yield from _warned(paper, f"{what} {one.id} ({one.status}): {one.title}")
    if card.rejected_before:
        why = card.rejected_before.why or "no reason was given"
        yield from _warned(paper, f"rejected before ({card.rejected_before.id}): {why}")
    if card.source_changed:
        yield from _source_changed(card, paper, most)


def _source_changed(card: Card, paper: Paper, most: int) -> Iterator[str]:
    change = card.source_changed
    assert change is not None
    if not change.text:
        gone = "the document is gone" if change.gone else "the passage is gone from its document"
        yield from _warned(paper, f"source changed: {gone}")
        return
    yield from _warned(paper, f"source changed: it says now (lines {change.lines})")
    yield from paper.beside("  was  ", shown(card.provenance.get("quote", "")), most=most)
    yield from paper.beside("  now  ", shown(change.text), most=most)


def _against(card: Card, paper: Paper, most: int) -> Iterator[str]:
    """What the candidate would contradict: both values, one below the other."""
    for side in card.would_conflict:
        told = f"would contradict {side.id} ({side.layer} {side.status}): {side.title}"
        yield from _warned(paper, told, most=2)
        yield from _both(side, card, paper, most)


def _both(side: Side, card: Card, paper: Paper, most: int) -> Iterator[str]:
    if side.differs is None:
        return
    here, there = _marked(side.differs if not most else _near(side.differs), paper)
    yield from paper.beside("  here   ", here, most=most)
    yield from paper.beside("  there  ", there, most=most)


def _near(differs: Difference) -> Difference:
    """A difference with so much of what is shared as shows where it lies."""
    before, after = differs.before, differs.after
    if len(before) > _SHARED:
        before = f"… {before[-_SHARED:].partition(' ')[2]}"
    if len(after) > _SHARED:
        after = f"{after[:_SHARED].rpartition(' ')[0]} …"
    return replace(differs, before=before, after=after)


def _marked(differs: Difference, paper: Paper) -> tuple[str, str]:
    here = paper.mark(differs.before, differs.here, differs.after, "green")
    return here, paper.mark(differs.before, differs.there, differs.after, "red")


def _alike(card: Card, paper: Paper, most: int, whole: bool) -> Iterator[str]:
    listed = card.resembles if whole else card.resembles[:2]
    for side in listed:
        how = _ALIKE.get(side.why, f"{side.share:.0%} of its words")
        decided = f" ({side.decided})" if side.decided and side.status == "rejected" else ""
        yield from paper.beside("~ ", shown(f"resembles {side.id}, {side.status}{decided}: {how}"), most=2)
        if side.differs is not None:
            yield from _both(side, card, paper, most and 2)
    if len(card.resembles) > len(listed):
        yield f"~ and {plural(len(card.resembles) - len(listed), 'other')} (v shows them)"


def _passage(card: Card, paper: Paper, most: int) -> Iterator[str]:
    passage = card.passage
    if passage is None:
        return
    last = f"-{passage.said_last}" if passage.said_last > passage.said_first else ""
    lines = f":{passage.said_first}{last}" if passage.is_here else ""
    heading = f" › {passage.heading}" if passage.heading else ""
    away = "" if passage.is_here else " (quoted: the document is not here, or has changed)"
    yield from paper.beside("from ", shown(f"{passage.origin}{lines}{heading}{away}"), most=2)
    yield from _quoted(passage, paper, most)


def _quoted(passage: Passage, paper: Paper, most: int) -> list[str]:
    """The lines around what was said, and those that say it in a mark of their own."""
    numbered = list(enumerate(passage.lines, passage.first))
    said = [one for one in numbered if passage.said_first <= one[0] <= passage.said_last]
    shown_lines = numbered if not most or len(numbered) <= most else said[:most]
    lines: list[str] = []
    for number, line in shown_lines:
        is_said = passage.said_first <= number <= passage.said_last
        text = paper.style(shown(line), dim=not is_said)
        lines += paper.wrap(text, first="  > " if is_said else "  | ", indent="    ", most=most)
    left_out = len(said) - most if most and len(numbered) > most else 0
    return lines + [f"    … {plural(left_out, 'more line')} (v shows them)"] * (left_out > 0)


def _proposer(card: Card, paper: Paper) -> Iterator[str]:
    came = card.provenance
    if card.confidence is not None:
        because = f": {'; '.join(card.explain)}" if card.explain else ""
        yield from paper.beside("sure ", shown(f"{card.confidence:g}{because}"), most=2)
    for track in card.tracks:
        yield from paper.beside(f"{track.family} ", shown(f"{track.name}: {kept_of(track)}"), most=2)
    if not card.tracks and came.get("by"):
        yield from paper.beside("by ", shown(came["by"]), most=2)


def kept_of(track: Track) -> str:
    """A track record in words: `kept 14 of 20 (2 rejected, 4 wait)`."""
    rest = [
        f"{track.rejected} rejected" * bool(track.rejected),
        f"{track.merged} merged" * bool(track.merged),
        f"{track.waiting} wait" * bool(track.waiting),
    ]
    told = ", ".join(filter(None, rest))
    return f"kept {track.kept} of {track.proposed}{f' ({told})' if told else ''}"
