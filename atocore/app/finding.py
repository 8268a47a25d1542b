"""Finding verbs: search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from atocore.app.answers import source_changed
from atocore.app.following import followed
from atocore.app.indexing import IndexingVerbs
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.index.engine import Found, Hit
from atocore.index.queries import Filters
from atocore.index.shelves import Shelf
from atocore.knowledge.conflicts.disputes import disputes
from atocore.knowledge.pointers import GRADUATED
from atocore.knowledge.projects import spellings_of
from atocore.records.codec import parse_time
from atocore.records.kinds import KINDS, Kind, layer_name
from atocore.records.problem import is_left_out
from atocore.records.record import OtherSide, SourceChange
from atocore.views import ranking

_SEARCHED = frozenset(str(kind) for kind in Kind if kind not in (Kind.CONFLICT,))
_CURRENT = frozenset({"active", ""})
FOLLOWED = _CURRENT | {GRADUATED}
"""Statuses of what is found where none is asked for: a pointer leads to its fact's home."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One record that was found, with its best passage. `also` names records that say the same, `via` the
    pointer by whose words it was found; `committed_status` is set on drafts."""

    id: str
    kind: str
    type: str
    status: str
    layer: str
    project: str
    path: str
    heading: str
    title: str
    snippet: str
    line: int
    score: float
    why: str
    also: tuple[str, ...]
    via: str
    draft: bool
    committed_status: str
    disputed: tuple[OtherSide, ...] | None
    source_changed: SourceChange | None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found, best first; `notes` tell where the answer is less than whole."""

    query: str
    mode: str
    commit: str
    notes: tuple[str, ...]
    hits: tuple[SearchHit, ...]


class FindingVerbs(IndexingVerbs):
    """search."""

    def search(
        self,
        query: str,
        *,
        kind: str = "",
        type: str = "",
        status: str = "",
        project: str = "",
        tag: str = "",
        since: str = "",
        draft: bool = False,
        limit: int = 10,
        words: bool = False,
        vectors: bool = False,
        wait: bool = False,
    ) -> SearchAnswer:
        """Search by words and meaning; `words` or `vectors` use one half alone, `wait` waits for every
        embedding. Active knowledge, notes, sources and captures; others with `status` (`all` for any)."""

        def ask() -> SearchAnswer:
            notes = self.in_step(drafts=True)
            meant = spellings_of(self.catalog, project)
            among = self._filters(kind, type, status, meant, tag)
            if since:
                among = replace(among, paths=self._born_since(since))
            found = self._search(query, among, draft, limit, words, vectors, wait, meant[:1])
            return replace(found, notes=(*notes, *found.notes))

        return self.mended(ask)

    def search_batch(
        self,
        queries: Iterable[tuple[str, dict[str, str]]],
        *,
        limit: int = 10,
        words: bool = False,
        vectors: bool = False,
    ) -> Iterator[SearchAnswer]:
        """Answer many queries on one state of the vault; each with its own filters."""
        notes = self.in_step(drafts=True)
        for query, named in queries:
            unknown = named.keys() - {"kind", "type", "status", "project", "tag"}
            if unknown:
                raise AtocoreError(
                    "usage", f"no filter {sorted(unknown)[0]!r}", "kind, type, status, project or tag"
                )
            given = {name: named.get(name, "") for name in ("kind", "type", "status", "project", "tag")}
            meant = spellings_of(self.catalog, given.pop("project"))
            filters = self._filters(given["kind"], given["type"], given["status"], meant, given["tag"])
            found = self._search(query, filters, False, limit, words, vectors, True, meant[:1])
            yield replace(found, notes=(*notes, *found.notes))

    @staticmethod
    def _filters(kind: str, type_: str, status: str, projects: tuple[str, ...], tag: str) -> Filters:
        if kind and kind not in tuple(Kind):
            raise AtocoreError("bad-value", f"{kind!r} is no kind", f"one of: {', '.join(KINDS)}, note")
        current = _CURRENT if kind else FOLLOWED
        statuses = None if status == "all" else frozenset({status}) if status else current
        return Filters(
            kinds=frozenset({kind}) if kind else _SEARCHED,
            types=frozenset({type_}) if type_ else None,
            statuses=None if kind == Kind.CONFLICT and not status else statuses,
            projects=frozenset(projects) or None,
            tags=frozenset({tag}) if tag else None,
        )

    def _born_since(self, since: str) -> frozenset[str]:
        """The paths of records that were made on or after a day, by their `created`."""
        if parse_time(since) is None:
            raise AtocoreError("bad-value", f"{since!r} is no date", "like: --since 2026-11-01")
        return self.catalog.born_since(since)

    def _search(
        self,
        query: str,
        filters: Filters,
        draft: bool,
        limit: int,
        words: bool,
        vectors: bool,
        wait: bool,
        project: tuple[str, ...],
    ) -> SearchAnswer:
        shelves = (Shelf.LOCAL,) if draft else (Shelf.COMMITTED, Shelf.LOCAL)
        drafts = self.catalog.versions(Realm.DRAFT)
        if draft:
            saved = frozenset(drafts)
            filters = replace(filters, paths=saved if filters.paths is None else saved & filters.paths)
        found = self._find(
            query, filters, shelves, words=not vectors, meaning=not words, wait=wait, records=limit
        )
        if vectors and found.vectors is None:
            raise AtocoreError("model-missing", found.notes[-1], "install it: pip install 'atocore[embed]'")
        pointers: Mapping[str, Hit] = {}
        if filters.statuses == FOLLOWED:
            ways = followed(self.catalog, found, filters)
            found, pointers = ways.found, ways.pointers
        hits = [
            self._hit(query, hit, one, drafts, pointers.get(hit.passage.key))
            for one, hit in ranked(found, "".join(project), limit)
        ]
        mode = "words" if found.vectors is None or words else "hybrid"
        notes = [*found.notes, *self._behind()]
        return SearchAnswer(query, mode, self.catalog.commit, tuple(notes), tuple(hits))

    def _find(
        self,
        query: str,
        filters: Filters,
        shelves: Sequence[Shelf],
        *,
        words: bool,
        meaning: bool,
        wait: bool,
        records: int,
    ) -> Found:
        if wait and meaning:
            self.embed_all()
        under_drafts = replace(filters, hidden_paths=frozenset(self.catalog.versions(Realm.DRAFT)))
        of_each = {Shelf.COMMITTED: under_drafts, Shelf.LOCAL: filters}
        asked = {shelf: of_each[shelf] for shelf in shelves}
        return self.engine.find(query, asked, words=words, meaning=meaning, records=records)

    def _behind(self) -> list[str]:
        """What keeps an answer from covering the whole vault."""
        broken = sum(1 for problem in self.catalog.problems() if is_left_out(problem))
        return (
            [f"{broken} files have problems: found as notes, or not at all (atocore check)"] if broken else []
        )

    def _hit(
        self, query: str, hit: Hit, ranked: ranking.Ranked, drafts: Collection[str], pointer: Hit | None
    ) -> SearchHit:
        passage = hit.passage
        is_draft = passage.path in drafts
        record = self.catalog.get(passage.record) if passage.kind in ("memory", "entity", "state") else None
        committed = self.catalog.get(passage.record) if is_draft else None
        disputed = disputes(self.catalog, record) if record is not None else ()
        return SearchHit(
            id=passage.record,
            kind=passage.kind,
            type=passage.type,
            status=passage.status,
            layer=layer_name(Kind(passage.kind)),
            project=passage.project,
            path=passage.path,
            heading=passage.heading,
            title=passage.title,
            snippet=self.engine.snippet(query, hit),
            line=passage.first_line,
            score=ranked.score,
            why=ranked.why,
            also=ranked.also,
            via=pointer.passage.record if pointer is not None else "",
            draft=is_draft,
            committed_status=committed.status if committed is not None else "",
            disputed=disputed or None,
            source_changed=source_changed(self.catalog, record) if record is not None else None,
        )


def ranked(found: Found, project: str, limit: int) -> list[tuple[ranking.Ranked, Hit]]:
    """What both halves found, as one list: the best of each record or file, with its hit."""
    by_key = {hit.passage.key: hit for hit in (*found.words, *(found.vectors or ()))}
    candidates = {key: _candidate(hit) for key, hit in by_key.items()}
    scores = (_scores(found.words), _scores(found.vectors or ()))
    best = ranking.rank(*scores, candidates, project=project, limit=limit)
    return [(one, by_key[one.candidate.key]) for one in best]


def _scores(hits: Iterable[Hit]) -> list[ranking.Scored]:
    return [(hit.passage.key, hit.score) for hit in hits]


def _candidate(hit: Hit) -> ranking.Candidate:
    passage = hit.passage
    layer = layer_name(Kind(passage.kind))
    return ranking.Candidate(
        passage.key,
        passage.record or passage.path,
        passage.path,
        int(layer[1:]) if layer else None,
        passage.status,
        passage.project,
        None,
        passage.text,
    )
