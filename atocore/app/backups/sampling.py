"""Sample questions about a vault, and what its committed part answers to them by words alone.

They are chosen by the vault's records, not by chance: the same commit has the same questions. Where a vault
was restored, the answers tell whether search and context packs work as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from atocore.app.packing import PackingVerbs
from atocore.index.queries import Filters
from atocore.index.shelves import Shelf
from atocore.records.kinds import Kind
from atocore.store.backups.manifest import Sample

_QUESTIONS: Final = 5
_PACKS: Final = 2
_KEPT_IDS: Final = 10
_BEST: Final = 3
"""So many of the best that were found must be found again: the further ones can be near ties."""
_ASKED_KINDS: Final = (Kind.STATE, Kind.ENTITY, Kind.MEMORY)
_LONGEST: Final = 120


class SamplingVerbs(PackingVerbs):
    """What a vault answers to sample questions."""

    def samples(self) -> tuple[Sample, ...]:
        """A search for each of some active records, spread over the vault by their ids, and a context pack
        for the first of them."""
        asked = self._questions()
        packs = (self.sample("context", query) for query in asked[:_PACKS])
        return (*(self.sample("search", query) for query in asked), *packs)

    def sample(self, verb: str, query: str) -> Sample:
        """One question, asked now."""
        return Sample(verb, query, self._context_ids(query) if verb == "context" else self._search_ids(query))

    def _questions(self) -> list[str]:
        briefs = sorted(
            (one.id, " ".join((one.title or one.id).split())[:_LONGEST])
            for one in self.catalog.briefs(_ASKED_KINDS, ("active",))
        )
        step = max(1, len(briefs) // _QUESTIONS)
        return list(dict.fromkeys(title for _, title in briefs[::step][:_QUESTIONS]))

    def _search_ids(self, query: str) -> tuple[str, ...]:
        found = self.engine.find(query, {Shelf.COMMITTED: Filters()}, meaning=False)
        ids = (hit.passage.record or hit.passage.path for hit in found.words)
        return tuple(dict.fromkeys(ids))[:_KEPT_IDS]

    def _context_ids(self, query: str) -> tuple[str, ...]:
        pack = self.context(query, words=True)
        return tuple(dict.fromkeys(item.id for section in pack.sections for item in section.items))[
            :_KEPT_IDS
        ]


def missing(then: Sample, now: Sequence[str]) -> tuple[str, ...]:
    """Of the best that were found then, those that are not found now."""
    return tuple(found for found in then.ids[:_BEST] if found not in now)
