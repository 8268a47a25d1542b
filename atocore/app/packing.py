"""Packing verbs: context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from atocore.app.answers import source_changed
from atocore.app.finding import FOLLOWED, FindingVerbs, ranked
from atocore.app.following import Followed, followed
from atocore.errors import AtocoreError
from atocore.index.engine import Hit
from atocore.index.queries import Filters
from atocore.index.shelves import Shelf
from atocore.knowledge.conflicts.disputes import disputes, overruled
from atocore.knowledge.projects import spellings_of
from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.statement import normal_statement
from atocore.views import ranking

if TYPE_CHECKING:
    from atocore.views.context import Candidate, Pack

_KNOWING = frozenset({"memory", "entity", "state", "source"})
_MOST_IN_PACK = 60
_GONE = frozenset({"rejected", "superseded", "retired"})
_JUDGED = 5
"""A question is off topic where none of so many best hits bears on it."""


class PackingVerbs(FindingVerbs):
    """context."""

    def context(
        self,
        query: str,
        *,
        project: str = "",
        budget: int = 0,
        pointers: bool = False,
        max_chars: int = 0,
        words: bool = False,
    ) -> Pack:
        """A cited pack within `budget` tokens (the settings' where 0), from committed knowledge alone."""
        if budget < 0 or max_chars < 0:
            raise AtocoreError("usage", "a budget is no negative number", "--budget TOKENS")
        budget = budget or self.settings.whole("context.budget_tokens")
        return self.mended(lambda: self._context(query, project, budget, pointers, max_chars, words))

    def _context(
        self, query: str, project: str, budget: int, pointers: bool, max_chars: int, words: bool
    ) -> Pack:
        from atocore.views.context import pack

        notes = self.in_step()
        meant = spellings_of(self.catalog, project)
        filters = Filters(
            kinds=_KNOWING,
            statuses=FOLLOWED,
            projects=frozenset((*meant, "")) if meant else None,
        )
        found = self.engine.find(query, {Shelf.COMMITTED: filters}, meaning=not words)
        ways = followed(self.catalog, found, filters)
        found = ways.found
        relevant = self._relevant(query, ways, "".join(meant[:1]))
        return pack(
            self._parts(relevant, meant),
            query=query,
            commit=self.catalog.commit,
            budget_tokens=budget,
            entities_share=self.settings.number("context.entities_share"),
            pointers=pointers,
            max_chars=max_chars,
            notes=(*notes, *found.notes),
        )

    def _relevant(self, query: str, ways: Followed, project: str) -> list[Hit]:
        """The hits that bear on the question, best first; none where there is no evidence. The words by which
        a pointer was found are evidence for what it leads to."""
        found = ways.found
        cosines = {hit.passage.key: hit.score for hit in found.vectors or ()}
        hits = [hit for _, hit in ranked(found, project, _MOST_IN_PACK)]
        known = found.vectors is not None

        def bears(hit: Hit) -> bool:
            cosine = cosines.get(hit.passage.key, 0.0) if known else None
            said = ways.pointers.get(hit.passage.key, hit)
            return ranking.has_evidence(cosine, self.engine.coverage(query, said))

        return [hit for hit in hits if bears(hit)] if any(map(bears, hits[:_JUDGED])) else []

    def _parts(self, relevant: Sequence[Hit], projects: tuple[str, ...]) -> list[list[Candidate]]:
        state: list[Candidate] = []
        personal: list[Candidate] = []
        entities: list[Candidate] = []
        memories: list[Candidate] = []
        passages: list[Candidate] = []
        for hit in relevant:
            record = self.catalog.get(hit.passage.record)
            if record is None or overruled(self.catalog, record):
                continue
            candidate = self._candidate(record, hit)
            match record.kind:
                case Kind.STATE:
                    state.append(candidate)
                case Kind.ENTITY:
                    entities.append(candidate)
                case Kind.SOURCE:
                    if not self._outdated(record, hit):
                        passages.append(candidate)
                case _:
                    (personal if record.type in ("identity", "preference") else memories).append(candidate)
        if projects:
            state += self._standing(state, (Kind.STATE,), projects)
            for type_ in ("identity", "preference"):
                personal += self._standing(personal, (Kind.MEMORY,), (*projects, ""), type_)
        return [state, personal, entities, memories, passages]

    def _outdated(self, source: Record, hit: Hit) -> bool:
        """Whether a passage says what people since refused, replaced or withdrew: it is not to come back by
        this door."""
        text = normal_statement(hit.passage.text)
        derived = (r for r in self.catalog.referring(source.id) if r.provenance.source == source.id)
        return any(
            record.status in _GONE and normal_statement(record.provenance.quote.removesuffix("…")) in text
            for record in derived
            if record.provenance.quote
        )

    def _standing(
        self, known: Sequence[Candidate], kinds: tuple[Kind, ...], names: tuple[str, ...], type_: str = ""
    ) -> list[Candidate]:
        """What belongs in the pack of a project of these names whatever was asked, after what was found."""
        told = {candidate.record.id for candidate in known}
        records = [
            record
            for record in self.catalog.select(kinds, ("active",), "", type_)
            if record.project in names and record.id not in told and not overruled(self.catalog, record)
        ]
        return [self._candidate(record, None) for record in records]

    def _candidate(self, record: Record, hit: Hit | None) -> Candidate:
        from atocore.views.context import Candidate

        text = hit.passage.text if hit is not None and record.kind is Kind.SOURCE else _said(record)
        return Candidate(
            record,
            text,
            heading=hit.passage.heading if hit is not None else "",
            line=hit.passage.first_line if hit is not None and record.kind is Kind.SOURCE else 0,
            relevant=hit is not None,
            disputed=disputes(self.catalog, record),
            source_changed=source_changed(self.catalog, record),
        )


def _said(record: Record) -> str:
    """What a record says, its claim first where the body does not state it."""
    body = record.body.strip()
    if record.value and record.claim and not _states(body, record.value):
        return f"{record.claim}.\n{body}" if body else f"{record.claim}."
    return body or record.title


def _states(body: str, value: str) -> bool:
    """Whether a text holds a value as a whole: `4` is neither in `14` nor in `4.2`."""
    return bool(re.search(rf"(?<![\w.,]){re.escape(value)}(?!\w|[.,]\d)", body))
