"""Finding verbs: search and context."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from atocore.app.answers import source_changed
from atocore.app.following import Followed, followed
from atocore.app.indexing import IndexingVerbs
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.index.engine import Found, Hit
from atocore.index.queries import Filters
from atocore.index.shelves import Shelf
from atocore.knowledge.conflicts.disputes import disputes, overruled
from atocore.knowledge.pointers import GRADUATED
from atocore.knowledge.projects import spellings_of
from atocore.records.codec import parse_time
from atocore.records.kinds import KINDS, Kind, layer_name
from atocore.records.problem import is_left_out
from atocore.records.record import OtherSide, Record, SourceChange
from atocore.records.statement import normal_statement
from atocore.views import ranking

if TYPE_CHECKING:
    from atocore.views.context import Candidate, Pack

_SEARCHED = frozenset(str(kind) for kind in Kind if kind not in (Kind.CONFLICT,))
_CURRENT = frozenset({"active", ""})
_FOLLOWED = _CURRENT | {GRADUATED}
"""Statuses of what is found where none is asked for: a pointer leads to its fact's home."""
_KNOWING = frozenset({"memory", "entity", "state", "source"})
_MOST_IN_PACK = 60
_GONE = frozenset({"rejected", "superseded", "retired"})
_JUDGED = 5
"""A question is off topic where none of so many best hits bears on it."""


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
    """search, context."""

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
        current = _CURRENT if kind else _FOLLOWED
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
        if filters.statuses == _FOLLOWED:
            ways = followed(self.catalog, found, filters)
            found, pointers = ways.found, ways.pointers
        by_key = {hit.passage.key: hit for hit in (*found.words, *(found.vectors or ()))}
        ranked = ranking.rank(
            _scores(found.words),
            _scores(found.vectors or ()),
            {key: _candidate(hit) for key, hit in by_key.items()},
            project="".join(project),
            limit=limit,
        )
        hits = [
            self._hit(query, by_key[one.candidate.key], one, drafts, pointers.get(one.candidate.key))
            for one in ranked
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

    # -- context ----------------------------------------------------------------------------------------

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
            statuses=_FOLLOWED,
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
        by_key = {hit.passage.key: hit for hit in (*found.words, *(found.vectors or ()))}
        cosines = {hit.passage.key: hit.score for hit in found.vectors or ()}
        ranked = ranking.rank(
            _scores(found.words),
            _scores(found.vectors or ()),
            {key: _candidate(hit) for key, hit in by_key.items()},
            project=project,
            limit=_MOST_IN_PACK,
        )
        hits = [by_key[one.candidate.key] for one in ranked]
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


def _said(record: Record) -> str:
    """What a record says, its claim first where the body does not state it."""
    body = record.body.strip()
    if record.value and record.claim and not _states(body, record.value):
        return f"{record.claim}.\n{body}" if body else f"{record.claim}."
    return body or record.title


def _states(body: str, value: str) -> bool:
    """Whether a text holds a value as a whole: `4` is neither in `14` nor in `4.2`."""
    return bool(re.search(rf"(?<![\w.,]){re.escape(value)}(?!\w|[.,]\d)", body))
