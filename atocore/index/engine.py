"""Both halves of the search over one vault: kept in step with the catalog, asked, built anew when damaged.

Two shelves: COMMITTED holds what the commit holds, LOCAL what is saved over it (drafts) and captures. A
context pack reads the first alone, so that nothing of this clone's own reaches it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm, Row
from atocore.index.fulltext import Filters, FullText, IndexBusy, IndexDamaged, Passage
from atocore.index.passages import FORMAT, embedded_text, passages_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from atocore.index.embedding import Embedder
    from atocore.index.vectors import VectorIndex

T = TypeVar("T")
_TEXT_BATCH = 20_000
_VECTOR_BATCH = 256
_DEEP = 100
"""So many passages of each half and shelf are ranked together."""

Progress = Callable[[str, int, int], None]


class Shelf(Enum):
    """A pair of indexes, and the realms of the catalog that it holds."""

    COMMITTED = (Realm.COMMITTED,)
    LOCAL = (Realm.DRAFT, Realm.LOCAL)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that one half found: BM25 score or cosine, and the shelf it stands on."""

    passage: Passage
    score: float
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class Found:
    """What both halves found, each best first. `vectors` is None where meaning could not be asked."""

    words: tuple[Hit, ...]
    vectors: tuple[Hit, ...] | None
    notes: tuple[str, ...]


@dataclass(slots=True)
class Engine:
    """The indexes of one vault. Not for two threads at once; other processes may read and write meanwhile."""

    folder: Path
    catalog: Catalog
    wait_seconds: float = 10.0
    _texts: dict[Shelf, FullText] = field(default_factory=dict)
    _meanings: dict[Shelf, VectorIndex] = field(default_factory=dict)
    _embedder: Embedder | None = None
    _asked: tuple[str, NDArray[np.float32]] | None = None

    @property
    def _home(self) -> Path:
        """The folder of this catalog's indexes: another catalog's are not for it."""
        return self.folder / f"index-{FORMAT}-{self.catalog.meta('token')}"

    # -- keeping in step --------------------------------------------------------------------------------

    def sync_text(self) -> None:
        """Take into the text indexes what the catalog noted as pending."""
        self._clear_others()
        self._notice_losses("text")
        for shelf in Shelf:
            self._mended("text", shelf, partial(self._sync_text, shelf))

    def _clear_others(self) -> None:
        if not self._home.exists():
            for old in self.folder.glob("index-*"):
                shutil.rmtree(old, ignore_errors=True)

    def _sync_text(self, shelf: Shelf) -> None:
        text = self._text(shelf)
        while paths := self._pending("text", shelf, _TEXT_BATCH):
            text.replace(paths, self._passages(shelf, paths))
            self._done("text", shelf, paths)

    def sync_vectors(self, seconds: float | None = None, progress: Progress | None = None) -> int:
        """Embed and take in what is pending, for at most `seconds`; how many files are left over."""
        self._notice_losses("vectors")
        self._notice_useless_vectors()
        if self._waiting() == 0:
            return 0
        from filelock import FileLock, Timeout

        deadline = None if seconds is None else time.monotonic() + seconds
        total = self._waiting()
        try:
            with FileLock(self.folder / "vectors.lock").acquire(timeout=-1 if seconds is None else seconds):
                self._meanings.clear()  # another process may have written meanwhile
                for shelf in Shelf:
                    self._mended(
                        "vectors", shelf, partial(self._sync_vectors, shelf, deadline, progress, total)
                    )
        except Timeout:
            pass  # another process is embedding: what it has not done yet is told as left over
        return self._waiting()

    def _waiting(self) -> int:
        return self.catalog.waiting("vectors")

    def _sync_vectors(
        self, shelf: Shelf, deadline: float | None, progress: Progress | None, total: int
    ) -> None:
        waiting = self._pending("vectors", shelf, -1)
        if not waiting:
            return
        vectors = self._vectors(shelf)
        held = _by_path(vectors.keys())
        for paths, passages in _batches(waiting, lambda paths: self._passages(shelf, paths)):
            if deadline is not None and time.monotonic() > deadline:
                break
            texts = {passage.key: embedded_text(passage) for passage in passages}
            known = self._embedded(list(dict.fromkeys(texts.values())))
            gone = [key for path in paths for key in held.get(path, ())]
            vectors.replace(gone, {key: known[text] for key, text in texts.items()})
            vectors.save()
            self._done("vectors", shelf, paths)
            if progress is not None:
                progress("embedding", total - self._waiting(), total)

    def _embedded(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Vectors of texts, from the cache where it has them; what is computed is kept there."""
        from atocore.index.embedding_cache import EmbeddingCache, cache_folder

        embedder = self.embedder()
        cache = EmbeddingCache(cache_folder(), embedder.fingerprint)
        try:
            known = dict(cache.get_many(texts))
            new = [text for text in texts if text not in known]
            if new:
                made = dict(zip(new, embedder.embed(new), strict=True))
                cache.put_many(made)
                known.update(made)
        finally:
            cache.close()
        return known

    def embedder(self) -> Embedder:
        """The model, loaded once; EmbedderUnavailable where it cannot be."""
        if self._embedder is None:
            from atocore.index.embedding import load_embedder

            self._embedder = load_embedder()
        return self._embedder

    def rebuild(self) -> None:
        """Forget both indexes: everything is pending again."""
        self._texts.clear()
        self._meanings.clear()
        shutil.rmtree(self._home, ignore_errors=True)
        with self.catalog.change():
            for part in ("text", "vectors"):
                for realm in Realm:
                    self.catalog.again(part, realm)

    def _mended(self, part: str, shelf: Shelf, work: Callable[[], T]) -> T:
        """Do `work`; where the index turns out damaged, build it anew and do it again."""
        try:
            return work()
        except IndexDamaged:
            self._discard(part, shelf)
            return work()

    def _discard(self, part: str, shelf: Shelf) -> None:
        shutil.rmtree(self._place(part, shelf), ignore_errors=True)
        self._lacks_all(part, shelf)

    def _notice_losses(self, part: str) -> None:
        """What somebody removed is not in step, whatever the catalog remembers."""
        for shelf in Shelf:
            gone = not self._place(part, shelf).exists()
            if gone and any(self.catalog.count(realm) for realm in shelf.value):
                self._lacks_all(part, shelf)

    def _notice_useless_vectors(self) -> None:
        """Vectors that are damaged, or another model's, are to be made anew; the writer puts them away."""
        for shelf in Shelf:
            try:
                self._vectors(shelf)
            except IndexDamaged:
                self._lacks_all("vectors", shelf)

    def _lacks_all(self, part: str, shelf: Shelf) -> None:
        """An index is not there (any more): everything is pending for it."""
        (self._texts if part == "text" else self._meanings).pop(shelf, None)
        with self.catalog.change():
            for realm in shelf.value:
                self.catalog.again(part, realm)

    def _place(self, part: str, shelf: Shelf) -> Path:
        return self._home / f"{part}-{shelf.name.lower()}"

    def _pending(self, part: str, shelf: Shelf, limit: int) -> list[str]:
        found: dict[str, None] = {}
        for realm in shelf.value:
            found.update(dict.fromkeys(self.catalog.pending(part, realm, limit)))
        return list(found)

    def _done(self, part: str, shelf: Shelf, paths: Iterable[str]) -> None:
        listed = list(paths)
        with self.catalog.change():
            for realm in shelf.value:
                self.catalog.done(part, realm, listed)

    def _passages(self, shelf: Shelf, paths: Sequence[str]) -> Iterator[Passage]:
        seen: set[str] = set()
        for realm in shelf.value:
            for row in self.catalog.rows(realm, paths):
                if row.path not in seen:
                    seen.add(row.path)
                    yield from passages_of(row, self._raw_of_problem(row))

    def _raw_of_problem(self, row: Row) -> bytes | None:
        return self.catalog.raw(row.realm, row.path) if row.record is None else None

    def _text(self, shelf: Shelf) -> FullText:
        if shelf not in self._texts:
            self._texts[shelf] = FullText.open(self._place("text", shelf))
        return self._texts[shelf]

    def _vectors(self, shelf: Shelf) -> VectorIndex:
        from atocore.index.vectors import VectorIndex

        embedder = self.embedder()
        if shelf not in self._meanings:
            place = self._place("vectors", shelf)
            self._meanings[shelf] = VectorIndex.open(place, embedder.fingerprint, embedder.dimensions)
        return self._meanings[shelf]

    # -- asking -----------------------------------------------------------------------------------------

    def find(
        self,
        query: str,
        filters: Filters,
        shelves: Sequence[Shelf],
        *,
        words: bool = True,
        meaning: bool = True,
    ) -> Found:
        """Ask both halves, or one, once the indexes are in step; embeddings are waited for a bounded time."""
        from atocore.index.embedding import EmbedderUnavailable

        notes: list[str] = []
        try:
            self.sync_text()
        except IndexBusy as busy:
            notes.append(f"the text index is behind: {busy}")
        by_words: list[Hit] = []
        if words:
            for shelf in shelves:
                try:
                    by_words += self._by_words(shelf, query, filters)
                except IndexDamaged:
                    self._discard("text", shelf)
                    self._sync_text(shelf)
                    by_words += self._by_words(shelf, query, filters)
        by_meaning: list[Hit] | None = None
        if meaning:
            try:
                left = self.sync_vectors(self.wait_seconds)
                if left:
                    notes.append(
                        f"{left} files have no embedding yet: found by words only (atocore index sync)"
                    )
                by_meaning = self._near(query, filters, shelves)
            except EmbedderUnavailable as error:
                notes.append(f"words only: {error.reason}")
        by_words.sort(key=lambda hit: (-hit.score, hit.passage.key))
        return Found(tuple(by_words), None if by_meaning is None else tuple(by_meaning), tuple(notes))

    def _by_words(self, shelf: Shelf, query: str, filters: Filters) -> list[Hit]:
        found = self._text(shelf).search(query, filters=filters, limit=_DEEP)
        return [Hit(hit.passage, hit.score, shelf) for hit in found]

    def _near(self, query: str, filters: Filters, shelves: Sequence[Shelf]) -> list[Hit]:
        held = [shelf for shelf in shelves if self._has_vectors(shelf)]
        hits = [hit for shelf in held for hit in self._on(shelf, query, filters)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.key))

    def _has_vectors(self, shelf: Shelf) -> bool:
        try:
            return len(self._vectors(shelf)) > 0
        except IndexDamaged:
            return False  # another process makes them anew; the note says what is missing

    def _on(self, shelf: Shelf, query: str, filters: Filters) -> list[Hit]:
        """The nearest that fit the filters: looked for ever deeper, and where few fit, among these alone."""
        vector, vectors = self._embedded_query(query), self._vectors(shelf)
        for deep in (_DEEP, 4 * _DEEP, 16 * _DEEP):
            found = self._fetched(shelf, vectors.search(vector, deep), filters)
            if len(found) >= _DEEP or deep >= len(vectors):
                return found[:_DEEP]
        paths = self._fitting_paths(shelf, filters)
        allowed = {key for key in vectors.keys() if key.rpartition("#")[0] in paths}  # noqa: SIM118
        return self._fetched(shelf, vectors.search(vector, _DEEP, allowed), filters)

    def _embedded_query(self, query: str) -> NDArray[np.float32]:
        """The query's vector; a question is asked on more than one shelf."""
        if self._asked is None or self._asked[0] != query:
            self._asked = (query, self.embedder().embed([query])[0])
        return self._asked[1]

    def _fetched(self, shelf: Shelf, near: Sequence[tuple[str, float]], filters: Filters) -> list[Hit]:
        known = self._text(shelf).fetch(key for key, _ in near)
        return [
            Hit(known[key], cosine, shelf)
            for key, cosine in near
            if key in known and _fits(known[key], filters)
        ]

    def _fitting_paths(self, shelf: Shelf, filters: Filters) -> set[str]:
        """The paths whose passages fit the filters, from the catalog."""
        rows = (row for realm in shelf.value for row in self.catalog.rows(realm))
        return {
            p.path for row in rows for p in passages_of(row, self._raw_of_problem(row)) if _fits(p, filters)
        }

    def snippet(self, query: str, hit: Hit) -> str:
        """Where a hit's passage fits the query best, in some 200 characters."""
        return self._text(hit.shelf).snippet(query, hit.passage)

    def coverage(self, query: str, hit: Hit) -> float:
        """The share of the query's content words that a passage has, rare ones counting more: 0 to 1."""
        return self._text(hit.shelf).coverage(query, hit.passage)

    def counts(self) -> tuple[int, int]:
        """How many passages and vectors are held."""
        passages = sum(self._text(shelf).count() for shelf in Shelf)
        vectors = sum(len(self._vectors(shelf)) for shelf in Shelf) if self._embedder else 0
        return passages, vectors

    def differences(self) -> list[str]:
        """How the text and vector indexes differ from a fresh cutting of the catalog's files."""
        found: list[str] = []
        for shelf in Shelf:
            name = shelf.name.lower()
            fresh = {p.key: p for p in self._passages(shelf, self._paths(shelf))}
            held = {p.key: p for p in self._text(shelf).passages()}
            found += [f"{name} text: {key} is missing" for key in sorted(fresh.keys() - held.keys())]
            found += [f"{name} text: {key} should not be there" for key in sorted(held.keys() - fresh.keys())]
            both = sorted(fresh.keys() & held.keys())
            found += [f"{name} text: {key} differs" for key in both if fresh[key] != held[key]]
            found += [
                f"{name} text: the file {file} is damaged" for file in self._text(shelf).damaged_files()
            ]
            if self._embedder is not None and self._waiting() == 0:
                keys = set(self._vectors(shelf).keys())
                found += [f"{name} vectors: {key} is missing" for key in sorted(fresh.keys() - keys)]
                found += [f"{name} vectors: {key} should not be there" for key in sorted(keys - fresh.keys())]
        return found

    def _paths(self, shelf: Shelf) -> list[str]:
        return [path for realm in shelf.value for path in self.catalog.versions(realm)]


def _batches(
    paths: Sequence[str], passages: Callable[[Sequence[str]], Iterable[Passage]]
) -> Iterator[tuple[list[str], list[Passage]]]:
    """Paths in groups whose passages fill an embedding batch."""
    for start in range(0, len(paths), _VECTOR_BATCH):
        group = list(paths[start : start + _VECTOR_BATCH])
        yield group, list(passages(group))


def _by_path(keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys of each path's passages."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key.rpartition("#")[0], []).append(key)
    return found


def _fits(passage: Passage, filters: Filters) -> bool:
    return (
        (filters.kinds is None or passage.kind in filters.kinds)
        and (filters.types is None or passage.type in filters.types)
        and (filters.statuses is None or passage.status in filters.statuses)
        and (filters.projects is None or passage.project in filters.projects)
        and (filters.tags is None or bool(filters.tags.intersection(passage.tags)))
        and (filters.paths is None or passage.path in filters.paths)
        and passage.path not in filters.hidden_paths
    )
