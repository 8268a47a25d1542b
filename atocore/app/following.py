"""Finding follows pointers: who finds a graduated memory's words finds the record where its fact lives now.

A pointer is no knowledge of its own: what it says is shown only where it was asked for by its status.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from atocore.index.engine import Found, Hit
from atocore.index.fulltext import Passage
from atocore.index.queries import Filters
from atocore.knowledge.pointers import GRADUATED, home_of
from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Followed:
    """What was found, each pointer's passage replaced by its home's record under the same key; `pointers` are
    the hits that were replaced, by key."""

    found: Found
    pointers: Mapping[str, Hit]


def followed(snapshot: Snapshot, found: Found, filters: Filters) -> Followed:
    """Follow the pointers among what was found. One whose fact is in force nowhere, or whose home the filters
    leave out, finds nothing."""
    pointers = {
        hit.passage.key: hit
        for hit in (*found.words, *(found.vectors or ()))
        if hit.passage.status == GRADUATED and hit.passage.kind == Kind.MEMORY
    }
    homes = {hit.passage.record: _home(snapshot, hit, filters) for hit in pointers.values()}

    def through(hits: Iterable[Hit]) -> Iterator[Hit]:
        for hit in hits:
            if hit.passage.key not in pointers:
                yield hit
            elif (home := homes[hit.passage.record]) is not None:
                yield replace(hit, passage=_passage(hit.passage.key, home))

    vectors = tuple(through(found.vectors)) if found.vectors is not None else None
    return Followed(replace(found, words=tuple(through(found.words)), vectors=vectors), pointers)


def _home(snapshot: Snapshot, hit: Hit, filters: Filters) -> Record | None:
    pointer = snapshot.get(hit.passage.record)
    home = home_of(snapshot, pointer).record if pointer is not None else None
    if home is None or home.status != "active":
        return None
    asked = (
        (filters.kinds, {str(home.kind)}),
        (filters.types, {home.type}),
        (filters.projects, {home.project}),
        (filters.tags, set(home.tags)),
        (filters.paths, {home.path}),
    )
    return home if all(allowed is None or allowed & stated for allowed, stated in asked) else None


def _passage(key: str, home: Record) -> Passage:
    return Passage(
        key=key,
        path=home.path,
        record=home.id,
        kind=str(home.kind),
        type=home.type,
        status=home.status,
        project=home.project,
        tags=home.tags,
        title=home.title,
        heading="",
        claim=home.claim,
        text=home.body,
        first_line=home.body_line,
    )
