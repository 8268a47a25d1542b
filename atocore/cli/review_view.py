"""Everything about one candidate, as pages to read: what a card has no room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atocore.cli.card import drawn
from atocore.cli.output import shown
from atocore.cli.paper import Paper

if TYPE_CHECKING:
    from atocore.app.review_session import ReviewSession
    from atocore.knowledge.review.card import Card

_MOST_LINES = 3_000
"""So many lines of a source are shown."""


def everything(session: ReviewSession, card: Card, paper: Paper) -> list[str]:
    """The whole card, both sides in full, provenance, history, and the source that it comes from."""
    lines = drawn(card, paper, whole=True)
    for side in (*card.would_conflict, *card.resembles):
        lines += ["", paper.rule(f"{side.id} {side.kind} {side.layer} {side.status} · {side.path}")]
        lines += paper.wrap(shown(side.text.strip()))
    lines += ["", paper.rule("provenance")]
    for name, value in card.provenance.items():
        lines += paper.beside(f"{shown(name)}: ", shown(value))
    lines += ["", paper.rule("history")]
    for entry in session.history(card.id):
        lines += paper.wrap(shown(f"{entry.date[:10]} {entry.action} by {entry.author}: {entry.subject}"))
    return lines + _source(session, card, paper)


def _source(session: ReviewSession, card: Card, paper: Paper) -> list[str]:
    source = session.source(card.id)
    if source is None:
        return []
    lines = ["", paper.rule(f"{source.id} {source.path}")]
    body = source.body.splitlines()
    for number, line in enumerate(body[:_MOST_LINES], 1):
        lines += paper.beside(f"{number:>4} ", shown(line))
    if len(body) > _MOST_LINES:
        lines.append(f"… {len(body) - _MOST_LINES} more lines: {shown(source.path)}")
    return lines
