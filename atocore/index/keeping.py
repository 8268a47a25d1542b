"""Keeping the search indexes in step with the catalog: what it noted as pending is taken in, and marked done.

Taking the same in twice changes nothing, so a kill anywhere costs time only. An index that is lost or damaged
is discarded and lacks everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm, Row
from atocore.index.fulltext import FullText, IndexBusy, IndexDamaged, Passage
from atocore.index.locking import Held, locked
from atocore.index.passages import passages_of
from atocore.index.shelves import Part, Shelf, Shelves
from atocore.progress import Progress, silent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from atocore.index.vectors import VectorIndex

    _Vectors = dict[str, NDArray[np.float32]]

T = TypeVar("T")
_Pending = dict[Realm, dict[str, int]]
"""What a shelf lacks, by realm: path to mark."""
_OF_NO_USE: Mapping[Part, str] = {
    "text": "the text index was damaged or of another language, and is built anew",
    "vectors": "the vectors were damaged or another model's, and are made anew",
}
_TEXT_WAIT_SECONDS = 10.0
_TEXT_BATCH = 20_000
_FILES_AT_ONCE = 5_000  # whose vectors are looked up together
_FILES_IN_A_HURRY = 32  # between two looks at the clock
_SAVED_EVERY_SECONDS = 20.0


class Keeper:
    """What brings both search indexes of a generation in step with its catalog."""

    def __init__(self, catalog: Catalog, shelves: Shelves) -> None:
        self._catalog = catalog
        self._shelves = shelves
        self._news: list[str] = []
        self.cut: Mapping[str, Sequence[Passage]] = {}
        """By path, the passages of committed files that were just read and cut."""

    def told(self) -> list[str]:
        """What happened to the indexes since it was asked last."""
        news, self._news = self._news, []
        return news

    # -- words -----------------------------------------------------------------------------------------

    def sync_text(self) -> None:
        """Take into the text indexes what is pending; raises `IndexBusy`."""
        if self._catalog.waiting("text") == 0 and not self._lost("text"):
            return
        with self._writing("text", _TEXT_WAIT_SECONDS):
            for shelf in self._lost("text"):
                self._renew("text", shelf)
            for shelf in Shelf:
                self._mended("text", shelf, partial(self._sync_text, shelf))

    def _sync_text(self, shelf: Shelf) -> None:
        while paths := _paths(pending := self._pending("text", shelf, _TEXT_BATCH)):
            self._shelves.text(shelf).replace(paths, self.passages(shelf, paths))
            self._done("text", pending, paths)

    @contextmanager
    def filling(self) -> Iterator[Callable[[Iterable[Passage]], None]]:
        """Learn the words of committed files while the catalog is loaded with them. Raises `IndexBusy`."""
        with (
            self._writing("text", _TEXT_WAIT_SECONDS),
            self._shelves.text(Shelf.COMMITTED).adding() as learn,
        ):
            yield learn

    def ask_text(self, shelf: Shelf, ask: Callable[[FullText], T]) -> T:
        """What the text index of a shelf answers; one that turns out damaged is built anew, unless another
        process has done so already."""
        try:
            return ask(self._shelves.text(shelf))
        except IndexDamaged:
            with self._writing("text", _TEXT_WAIT_SECONDS):
                return self._mended("text", shelf, partial(self._asked_in_step, shelf, ask))

    def _asked_in_step(self, shelf: Shelf, ask: Callable[[FullText], T]) -> T:
        self._sync_text(shelf)
        return ask(self._shelves.text(shelf))

    # -- meaning ---------------------------------------------------------------------------------------

    def left(self) -> int:
        """How many files wait for their embeddings."""
        return self._catalog.waiting("vectors")

    def sync_vectors(
        self, seconds: float | None = None, progress: Progress = silent, *, retry: bool = True
    ) -> int:
        """Embed and take in what is pending, for at most `seconds`; how many files are left over. What failed
        before is tried again with `retry`. Raises `EmbedderUnavailable`, and `EmbeddingFailed` where the
        model cannot embed anything."""
        self._shelves.model.get()
        if not self._lost("vectors") and self.left() == (0 if retry else self._catalog.failures()):
            return self.left()
        deadline = None if seconds is None else time.monotonic() + seconds
        try:
            with self._writing("vectors", -1 if seconds is None else seconds):
                for shelf in self._lost("vectors"):
                    self._renew("vectors", shelf)
                for shelf in Shelf:
                    work = partial(self._sync_vectors, shelf, deadline, progress, retry)
                    self._mended("vectors", shelf, work)
        except IndexBusy:
            pass  # another process is embedding: what it has not done yet is told as left over
        return self.left()

    def _sync_vectors(self, shelf: Shelf, deadline: float | None, progress: Progress, retry: bool) -> None:
        pending = self._pending("vectors", shelf)
        waiting = _paths(pending) if retry else self._untried(pending)
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
            failures = self._embed_files(shelf, vectors, held, paths, told)
            self._note_failures(pending, failures)
            taken += (path for path in paths if path not in failures)
            done += len(paths)
            if time.monotonic() - saved_at > _SAVED_EVERY_SECONDS:
                self._save(vectors, pending, taken)
                taken, saved_at = [], time.monotonic()
        self._save(vectors, pending, taken)

    def _untried(self, pending: _Pending) -> list[str]:
        """Of what is pending, what has not failed before."""
        tried = {realm: self._catalog.failed(realm).keys() for realm in pending}
        return _paths({realm: marks.keys() - tried[realm] for realm, marks in pending.items()})

    def _save(self, vectors: VectorIndex, pending: _Pending, taken: Sequence[str]) -> None:
        if not self._catalog.path.exists():
            raise IndexDamaged(f"{self._catalog.path.parent}: gone")
        vectors.save()
        self._done("vectors", pending, taken)

    def _embed_files(
        self,
        shelf: Shelf,
        vectors: VectorIndex,
        held: Mapping[str, Sequence[str]],
        paths: Sequence[str],
        told: Callable[[float], None],
    ) -> dict[str, str]:
        """Give the vector index what these files say, in place of what they said; the files that could not be
        embedded, each with the reason. These keep no vector, since it would be another text's."""
        from atocore.index.embedding_work import embed_passages

        passages = list(self.passages(shelf, paths))
        made, bad = embed_passages(self._shelves.model.get(), passages, told)
        failures = {passage.path: bad[passage.key] for passage in passages if passage.key in bad}
        gone = [key for path in paths for key in held.get(path, ())]
        good = {key: vector for key, vector in made.items() if key.rpartition("#")[0] not in failures}
        vectors.replace(gone, good)
        return failures

    def _note_failures(self, pending: _Pending, failures: Mapping[str, str]) -> None:
        if failures:
            with self._catalog.change():
                for realm, marks in pending.items():
                    self._catalog.set_failed(realm, marks, failures)

    # -- both ------------------------------------------------------------------------------------------

    def passages(self, shelf: Shelf, paths: Sequence[str] | None = None) -> Iterator[Passage]:
        """The passages of a shelf's files (of those at `paths`), cut from the catalog."""
        if paths is not None and shelf is Shelf.COMMITTED and self.cut:
            yield from chain.from_iterable(self.cut.get(path, ()) for path in paths)
            paths = [path for path in paths if path not in self.cut]
        seen: set[str] = set()
        for realm in shelf.value:
            for row in self._catalog.rows(realm, paths):
                if row.path not in seen:
                    seen.add(row.path)
                    yield from passages_of(row, self._raw_of_problem(row))

    def _raw_of_problem(self, row: Row) -> bytes | None:
        return self._catalog.raw(row.realm, row.path) if row.record is None else None

    @contextmanager
    def _writing(self, part: Part, seconds: float) -> Iterator[None]:
        """Be the one that writes a part: what is read of the catalog then is not older than what is written.
        Raises `IndexBusy`, naming who writes, after so many seconds."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._catalog.path.parent, part, seconds))
            except Held as held:
                raise IndexBusy(f"it is being written{held.by}") from held
            except FileNotFoundError as error:
                raise IndexDamaged(f"{error}: gone") from error
            yield

    def _mended(self, part: Part, shelf: Shelf, work: Callable[[], T]) -> T:
        """Do `work`; where an index turns out damaged, and was not merely replaced, build it anew and do it
        again."""
        try:
            return work()
        except IndexDamaged:
            self._shelves.reopen(part, shelf)
        try:
            return work()
        except IndexDamaged:
            self._renew(part, shelf)
            return work()

    def _lost(self, part: Part) -> list[Shelf]:
        """The shelves whose index somebody removed, whatever the catalog remembers, or that cannot be used:
        it is damaged, or of another language or model."""
        kept = [shelf for shelf in Shelf if part == "text" or self._is_filled(shelf)]
        return [shelf for shelf in kept if not self._shelves.is_useful(part, shelf)]

    def _is_filled(self, shelf: Shelf) -> bool:
        return any(self._catalog.count(realm) for realm in shelf.value)

    def _renew(self, part: Part, shelf: Shelf) -> None:
        """Begin an index anew: it lacks everything."""
        if self._shelves.is_there(part, shelf):
            self._news = [_OF_NO_USE[part]]
        self._shelves.discard(part, shelf)
        with self._catalog.change():
            for realm in shelf.value:
                self._catalog.again(part, realm)
        if part == "text":
            self._shelves.begin_text(shelf)

    def _pending(self, part: Part, shelf: Shelf, limit: int = -1) -> _Pending:
        return {realm: self._catalog.pending(part, realm, limit) for realm in shelf.value}

    def _done(self, part: Part, pending: _Pending, paths: Iterable[str]) -> None:
        taken = set(paths)
        with self._catalog.change():
            for realm, marks in pending.items():
                self._catalog.done(part, realm, {path: mark for path, mark in marks.items() if path in taken})


def _paths(pending: Mapping[Realm, Iterable[str]]) -> list[str]:
    """What is pending in any realm, once."""
    return list(dict.fromkeys(path for paths in pending.values() for path in paths))


def _told(progress: Progress, done: int, of: int, files: int, share: float) -> None:
    """Tell how far the embedding is: `share` of the present `files` after `done` of all."""
    progress("embedding", min(of, done + round(files * min(share, 1.0))), of)


def _by_path(keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys of each path's vectors."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key.rpartition("#")[0], []).append(key)
    return found
