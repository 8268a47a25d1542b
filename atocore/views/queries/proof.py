"""Proof: what shows that something holds, and which claims and requirements have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from atocore.views.queries.graph import Graph

PROVING = ("result", "artifact", "source", "note")
"""What proves by itself: a result, or a document. A model that was not run or what was said does not."""
SHOWN_BY = ("evidenced_by", "analyzed_by")
"""The relations by which a record names what shows that it holds."""


@dataclass(frozen=True)
class Proof:
    """What the graph proves."""

    graph: Graph
    _proving: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def claims(self) -> set[str]:
        """The validation claims with a result or document behind them, directly or through other claims."""
        claims = {one.id for one in self.graph.of_type("validation_claim")}
        proven = {one for one in claims if any(self._proves(other) for other in self.behind(one))}
        due = sorted(proven)
        while due:
            for other in self._resting_on(due.pop()):
                if other in claims and other not in proven:
                    proven.add(other)
                    due.append(other)
        return proven

    def behind(self, claim: str) -> list[str]:
        """What a claim rests on: its evidence, its basis, and what validates it."""
        held = (arrow.target for arrow in self.graph.holds(claim, *SHOWN_BY, "based_on"))
        return [*dict.fromkeys((*held, *self._validating(claim)))]

    def shown(self, record_id: str) -> list[str]:
        """What was brought forward for a record: what validates it, and what it names as its evidence. What
        it is based on is where it came from, and shows nothing."""
        held = (arrow.target for arrow in self.graph.holds(record_id, *SHOWN_BY))
        return [*dict.fromkeys((*self._validating(record_id), *held))]

    def proving(self, record_id: str) -> list[str]:
        """What of it proves: results, documents, and claims that are supported."""
        if record_id not in self._proving:
            shown = self.shown(record_id)
            self._proving[record_id] = [one for one in shown if self._proves(one) or one in self.claims]
        return self._proving[record_id]

    def _validating(self, record_id: str) -> list[str]:
        return [arrow.holder for arrow in self.graph.reaching(record_id, "validates")]

    def _resting_on(self, record_id: str) -> Iterator[str]:
        yield from (a.holder for a in self.graph.reaching(record_id, *SHOWN_BY, "based_on"))
        yield from (a.target for a in self.graph.holds(record_id, "validates"))

    def _proves(self, record_id: str) -> bool:
        return self.graph.type_of(record_id) in PROVING

    def lacking(self, offered: Iterable[str], lost: Iterable[str], nothing: str) -> str:
        """In words, what is wrong with what was brought forward; `nothing` where there is none of it."""
        told = [self._weak(one) for one in offered]
        told += [f"{one} is {self.graph.standing(one)}" for one in lost]
        return "; ".join(told) or nothing

    def _weak(self, one: str) -> str:
        title = self.graph.brief(one).title or one
        match self.graph.type_of(one):
            case "validation_claim":
                return f"the claim “{title}” has no result"
            case "analysis_model":
                return f"only a model, and no result of it: {title}"
            case kind:
                return f"only a {kind.replace('_', ' ')}: {title}"
