"""Keeping the search indexes in step with the catalog: what it noted as pending is taken in, and marked done.

Taking the same in twice changes nothing, so a kill anywhere costs time only. An index that is lost or damaged
is discarded and lacks everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Row
from atocore.index.fulltext import IndexDamaged, Passage
from atocore.index.passages import embedded_text, passages_of
from atocore.index.shelves import Part, Shelf, Shelves

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from atocore.index.vectors import VectorIndex

    _Vectors = dict[str, NDArray[np.float32]]

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
_TEXT_BATCH = 20_000
_FILES_AT_ONCE = 5_000  # whose vectors are looked up together
_FILES_IN_A_HURRY = 32  # between two looks at the clock
_TEXTS_AT_ONCE = 256  # embedded together, of similar length: what an interruption can lose
_SAVED_EVERY_SECONDS = 20.0
_HOPELESS = 3
"""Where so many single texts in a row cannot be embedded, it is the model that fails."""


class Keeper:
    """What brings both search indexes of a generation in step with its catalog."""

    def __init__(self, catalog: Catalog, shelves: Shelves) -> None:
        self._catalog = catalog
        self._shelves = shelves

    # -- words -----------------------------------------------------------------------------------------

    def sync_text(self) -> None:
        """Take into the text indexes what is pending; raises `IndexBusy`."""
        self._notice_losses("text")
        for shelf in Shelf:
            self._mended("text", shelf, partial(self._sync_text, shelf))

    def _sync_text(self, shelf: Shelf) -> None:
        if self._shelves.is_there("text", shelf):
            self._shelves.text(shelf)  # one that cannot be used shows, with nothing to take in, too
        while paths := self._pending("text", shelf, _TEXT_BATCH):
            self._shelves.text(shelf).replace(paths, self.passages(shelf, paths))
            self._done("text", shelf, paths)

    # -- meaning ---------------------------------------------------------------------------------------

    def left(self) -> int:
        """How many files wait for their embeddings."""
        return self._catalog.waiting("vectors")

    def sync_vectors(
        self, seconds: float | None = None, progress: Progress | None = None, *, retry: bool = True
    ) -> int:
        """Embed and take in what is pending, for at most `seconds`; how many files are left over. What failed
        before is tried again with `retry`. Raises `EmbedderUnavailable`, and `EmbeddingFailed` where the
        model cannot embed anything."""
        self._notice_losses("vectors")
        self._notice_useless_vectors()
        if self.left() == 0 or (not retry and self.left() == len(self._catalog.failed())):
            return self.left()
        from filelock import FileLock, Timeout

        deadline = None if seconds is None else time.monotonic() + seconds
        lock = FileLock(self._catalog.path.with_name("vectors.lock"))
        try:
            with lock.acquire(timeout=-1 if seconds is None else seconds):
                for shelf in Shelf:
                    work = partial(self._sync_vectors, shelf, deadline, progress, retry)
                    self._mended("vectors", shelf, work)
        except Timeout:
            pass  # another process is embedding: what it has not done yet is told as left over
        return self.left()

    def _sync_vectors(
        self, shelf: Shelf, deadline: float | None, progress: Progress | None, retry: bool
    ) -> None:
        failed = set() if retry else self._catalog.failed().keys()
        waiting = [path for path in self._pending("vectors", shelf, -1) if path not in failed]
        if not waiting:
            return
        vectors = self._shelves.vectors(shelf)
        held = _by_path(vectors.keys())
        taken: list[str] = []
        saved_at = time.monotonic()
        size = _FILES_AT_ONCE if deadline is None else _FILES_IN_A_HURRY
        done = 0
        for start in range(0, len(waiting), size):
            if deadline is not None and time.monotonic() > deadline:
                break
            paths = waiting[start : start + size]
            told = partial(_told, progress, done, len(waiting), len(paths))
            taken += self._embed_files(shelf, vectors, held, paths, told)
            done += len(paths)
            if time.monotonic() - saved_at > _SAVED_EVERY_SECONDS:
                self._save(shelf, vectors, taken)
                taken, saved_at = [], time.monotonic()
        self._save(shelf, vectors, taken)

    def _save(self, shelf: Shelf, vectors: VectorIndex, taken: Sequence[str]) -> None:
        vectors.save()
        self._done("vectors", shelf, taken)

    def _embed_files(
        self,
        shelf: Shelf,
        vectors: VectorIndex,
        held: dict[str, list[str]],
        paths: Sequence[str],
        told: Callable[[float], None],
    ) -> list[str]:
        """Give the vector index what these files say; those that could be embedded."""
        windows = self._windows(shelf, paths)
        texts = dict.fromkeys(text for keyed in windows.values() for text in keyed.values())
        known, failures = self._embedded(list(texts), told)
        good = {p: keyed for p, keyed in windows.items() if not any(t in failures for t in keyed.values())}
        bad = {
            path: next(failures[text] for text in windows[path].values() if text in failures)
            for path in windows.keys() - good.keys()
        }
        gone = [key for path in good for key in held.get(path, ())]
        vectors.replace(gone, {key: known[text] for keyed in good.values() for key, text in keyed.items()})
        if bad:
            with self._catalog.change():
                for realm in shelf.value:
                    self._catalog.set_failed(realm, bad)
        return list(good)

    def _windows(self, shelf: Shelf, paths: Sequence[str]) -> dict[str, dict[str, str]]:
        """For each path, the texts to embed by the key of their vectors: a passage that is longer than the
        model reads has more than one, `path#3`, `path#3~1` and so on."""
        embedder = self._shelves.model.get()
        found: dict[str, dict[str, str]] = {path: {} for path in paths}
        for passage in self.passages(shelf, paths):
            for number, text in enumerate(embedder.windows(embedded_text(passage))):
                found[passage.path][f"{passage.key}~{number}" if number else passage.key] = text
        return found

    def _embedded(
        self, texts: Sequence[str], told: Callable[[float], None]
    ) -> tuple[_Vectors, dict[str, str]]:
        """Vectors of texts, from the cache where it has them, and why the others have none. What is computed
        is kept in the cache at once."""
        from atocore.index.embedding_cache import EmbeddingCache, cache_folder

        cache = EmbeddingCache(cache_folder(), self._shelves.model.get().fingerprint)
        failures: dict[str, str] = {}
        try:
            known = dict(cache.get_many(texts))
            new = sorted((text for text in texts if text not in known), key=len)
            told(1 - len(new) / max(len(texts), 1))
            for start in range(0, len(new), _TEXTS_AT_ONCE):
                made = self._computed(new[start : start + _TEXTS_AT_ONCE], failures)
                cache.put_many(made)
                known.update(made)
                told(1 - (len(new) - start - _TEXTS_AT_ONCE) / max(len(texts), 1))
        finally:
            cache.close()
        return known, failures

    def _computed(self, texts: Sequence[str], failures: dict[str, str]) -> _Vectors:
        """Vectors from the model; where it fails on all together, one by one."""
        from atocore.index.embedding import EmbeddingFailed

        embedder = self._shelves.model.get()
        try:
            return dict(zip(texts, embedder.embed(texts), strict=True))
        except EmbeddingFailed:
            made: _Vectors = {}
            in_a_row = 0
            for text in texts:
                try:
                    made[text] = embedder.embed([text])[0]
                    in_a_row = 0
                except EmbeddingFailed as error:
                    failures[text] = error.reason
                    in_a_row += 1
                    if in_a_row >= min(_HOPELESS, len(texts)):
                        raise
            return made

    # -- both ------------------------------------------------------------------------------------------

    def passages(self, shelf: Shelf, paths: Sequence[str] | None = None) -> Iterator[Passage]:
        """The passages of a shelf's files (of those at `paths`), cut from the catalog."""
        seen: set[str] = set()
        for realm in shelf.value:
            for row in self._catalog.rows(realm, paths):
                if row.path not in seen:
                    seen.add(row.path)
                    yield from passages_of(row, self._raw_of_problem(row))

    def _raw_of_problem(self, row: Row) -> bytes | None:
        return self._catalog.raw(row.realm, row.path) if row.record is None else None

    def _mended(self, part: Part, shelf: Shelf, work: Callable[[], T]) -> T:
        """Do `work`; where the index turns out damaged, build it anew and do it again."""
        try:
            return work()
        except IndexDamaged:
            self.discard(part, shelf)
            return work()

    def discard(self, part: Part, shelf: Shelf) -> None:
        """A damaged index is removed, and lacks everything."""
        self._shelves.discard(part, shelf)
        self._lacks_all(part, shelf)

    def _notice_losses(self, part: Part) -> None:
        """What somebody removed is not in step, whatever the catalog remembers."""
        for shelf in Shelf:
            lost = not self._shelves.is_there(part, shelf)
            if lost and any(self._catalog.count(realm) for realm in shelf.value):
                self._shelves.discard(part, shelf)
                self._lacks_all(part, shelf)

    def _notice_useless_vectors(self) -> None:
        """Vectors that are damaged, or another model's, are to be made anew; the writer puts them away."""
        for shelf in Shelf:
            try:
                self._shelves.vectors(shelf)
            except IndexDamaged:
                self._lacks_all("vectors", shelf)

    def _lacks_all(self, part: Part, shelf: Shelf) -> None:
        with self._catalog.change():
            for realm in shelf.value:
                self._catalog.again(part, realm)

    def _pending(self, part: Part, shelf: Shelf, limit: int) -> list[str]:
        found: dict[str, None] = {}
        for realm in shelf.value:
            found.update(dict.fromkeys(self._catalog.pending(part, realm, limit)))
        return list(found)

    def _done(self, part: Part, shelf: Shelf, paths: Iterable[str]) -> None:
        listed = list(paths)
        with self._catalog.change():
            for realm in shelf.value:
                self._catalog.done(part, realm, listed)


def _told(progress: Progress | None, done: int, of: int, files: int, share: float) -> None:
    """Tell how far the embedding is: `share` of the present `files` after `done` of all."""
    if progress is not None:
        progress("embedding", min(of, done + round(files * min(share, 1.0))), of)


def _by_path(keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys of each path's vectors."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key.rpartition("#")[0], []).append(key)
    return found
