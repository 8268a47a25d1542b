"""Both halves of the search over one generation of the index: brought in step, and asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import log
from typing import TYPE_CHECKING, TypeVar

from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog
from atocore.index.fulltext import FullText, IndexBusy, IndexDamaged, Passage
from atocore.index.keeping import Keeper
from atocore.index.model import Model
from atocore.index.queries import Filters
from atocore.index.shelves import Shelf, Shelves
from atocore.progress import Progress, silent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
_DEEP = 100
"""So many passages of each half and shelf are ranked together, and more where few records have them all."""
_DEEPER = 4
"""Where so many passages do not do, so many times more are looked for."""
_RARE = 20_000
"""Where a filter leaves no more passages than this, they are searched alone."""


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
    """The indexes of one generation. Not for two threads at once; others may read and write meanwhile.

    Where it `follows`, another session keeps the indexes in step, and this one tells what they lack.
    """

    catalog: Catalog
    model: Model
    wait_seconds: float = 10.0
    language: str = "english"
    follows: bool = False
    _shelves: Shelves = field(init=False)
    _keeper: Keeper = field(init=False)
    _asked: tuple[str, str, NDArray[np.float32]] | None = None

    def __post_init__(self) -> None:
        self._shelves = Shelves(self.catalog.path.parent, self.model, self.language)
        self._keeper = Keeper(self.catalog, self._shelves)

    # -- keeping in step --------------------------------------------------------------------------------

    @contextmanager
    def filling(self) -> Iterator[Callable[[Iterable[Passage]], None]]:
        """Learn the words of passages while the catalog is loaded with their committed files, which it does
        not note as pending for the text index."""
        with _busy_as_refusal(), self._keeper.filling() as learn:
            yield learn

    def take(self, passages: Mapping[str, Sequence[Passage]], work: Callable[[], None]) -> None:
        """Do `work`, during which the passages of committed files, by path, need not be cut again."""
        self._keeper.cut = passages
        try:
            work()
        finally:
            self._keeper.cut = {}

    def sync_text(self) -> None:
        """Take into the text indexes what the catalog noted as pending; `vault-busy`, naming who writes."""
        with _busy_as_refusal():
            self._keeper.sync_text()

    def sync_vectors(
        self, seconds: float | None = None, progress: Progress = silent, *, retry: bool = True
    ) -> int:
        """See `Keeper.sync_vectors`."""
        return self._keeper.sync_vectors(seconds, progress, retry=retry)

    def counts(self) -> tuple[int, int]:
        """How many passages and vectors are held."""
        passages = sum(self._shelves.text(shelf).count() for shelf in Shelf)
        vectors = sum(len(self._shelves.vectors(shelf)) for shelf in Shelf) if self.model.loaded else 0
        return passages, vectors

    def told(self) -> list[str]:
        """What happened to the indexes since it was asked last."""
        return self._keeper.told()

    # -- asking -----------------------------------------------------------------------------------------

    def find(
        self,
        query: str,
        filters: Mapping[Shelf, Filters],
        *,
        words: bool = True,
        meaning: bool = True,
        records: int = 10,
    ) -> Found:
        """Ask both halves, or one, for what fits the filters of each shelf, once the indexes are in step;
        embeddings are waited for a bounded time. Each half finds so many `records` where so many fit, however
        many passages one of them has."""
        notes = self.text_in_step()
        by_words = self._by_words(query, filters, records) if words else []
        by_meaning = self._by_meaning(query, filters, records, notes) if meaning else None
        notes += self.told()
        return Found(tuple(by_words), None if by_meaning is None else tuple(by_meaning), tuple(notes))

    def text_in_step(self) -> list[str]:
        """Bring the text indexes in step; what keeps an answer from being whole."""
        if self.follows:
            behind = self.catalog.waiting("text")
            return [f"the index is behind: {behind} files are being taken in"] if behind else []
        try:
            self._keeper.sync_text()
        except IndexBusy as busy:
            return [f"the text index is behind: {busy}"]
        except AtocoreError as error:
            if error.code != "vault-busy":
                raise
            return [f"the text index is behind: {error.message}"]
        return []

    def _text(self, shelf: Shelf, ask: Callable[[FullText], T]) -> T:
        """What the text index of a shelf answers; a damaged one is built anew, but by whoever keeps it."""
        if self.follows:
            return ask(self._shelves.text(shelf))
        with _busy_as_refusal():
            return self._keeper.ask_text(shelf, ask)

    def _by_words(self, query: str, filters: Mapping[Shelf, Filters], records: int) -> list[Hit]:
        counted = {shelf: self._text(shelf, lambda text: text.frequencies(query)) for shelf in filters}
        known = {word for _, found in counted.values() for word, number in found.items() if number}
        hits = []
        for shelf, wanted in filters.items():
            scale = rarity_scale(counted[shelf], list(counted.values()))
            search = partial(FullText.search, query=query, filters=wanted, known=known)
            found, deep = self._text(shelf, partial(search, limit=_DEEP)), _DEEP
            while len(found) == deep and not _enough([hit.passage for hit in found], records):
                deep *= _DEEPER
                found = self._text(shelf, partial(search, limit=deep))
            hits += _spread([Hit(hit.passage, hit.score * scale, shelf) for hit in found])
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.key))

    def _by_meaning(
        self, query: str, filters: Mapping[Shelf, Filters], records: int, notes: list[str]
    ) -> list[Hit] | None:
        from atocore.index.embedding import EmbedderUnavailable, EmbeddingFailed

        try:
            self.model.get()  # without a model that alone is told
            notes += self._vectors_in_step()
            held = [shelf for shelf in filters if self._shelves.has_vectors(shelf)]
            hits = [hit for shelf in held for hit in self._near(shelf, query, filters[shelf], records)]
        except (EmbedderUnavailable, EmbeddingFailed) as error:
            notes.append(f"words only: {error.reason}")
            return None
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.key))

    def _vectors_in_step(self) -> list[str]:
        notes = []
        if not self.follows:
            try:
                self._keeper.sync_vectors(self.wait_seconds, retry=False)
            except AtocoreError as error:
                if error.code != "vault-busy":
                    raise
                notes.append(f"the vectors are behind: {error.message}")
        left, failed = self._keeper.left(), self.catalog.failures()
        if left > failed:
            told = f"{left - failed} files have no embedding yet: found by words only"
            notes.append(told if self.follows else f"{told} (atocore index sync)")
        if failed:
            notes.append(f"{failed} files could not be embedded: found by words only (atocore status)")
        return notes

    def _near(self, shelf: Shelf, query: str, filters: Filters, records: int) -> list[Hit]:
        """The nearest that fit the filters: looked for ever deeper, and where few fit, among these alone."""
        vector, vectors = self._embedded_query(query), self._shelves.vectors(shelf)
        deep, among, allowed = 2 * _DEEP, len(vectors), None
        while True:
            found = self._fetched(shelf, vectors.search(vector, deep, allowed), filters)
            if deep >= among or _enough([hit.passage for hit in found], records):
                return _spread(found)
            if allowed is not None or len(found) >= _DEEP or deep <= _DEEPER * _DEEP:
                deep *= _DEEPER
            elif (fitting := self._text(shelf, lambda text: text.keys(filters, _RARE))) is None:
                deep = among
            else:
                allowed = vectors.windows_of(fitting)
                deep, among = 2 * _DEEP, len(allowed)

    def _embedded_query(self, query: str) -> NDArray[np.float32]:
        """The query's vector; a question is asked on more than one shelf."""
        embedder = self.model.get()
        if self._asked is None or self._asked[:2] != (query, embedder.fingerprint):
            self._asked = (query, embedder.fingerprint, embedder.embed([query])[0])
        return self._asked[2]

    def _fetched(self, shelf: Shelf, near: Sequence[tuple[str, float]], filters: Filters) -> list[Hit]:
        """The passages behind these vectors, each with the cosine of its nearest window."""
        best: dict[str, float] = {}
        for key, cosine in near:
            best.setdefault(_passage_key(key), cosine)
        known = self._text(shelf, lambda text: text.fetch(best))
        return [
            Hit(known[key], cosine, shelf)
            for key, cosine in best.items()
            if key in known and _fits(known[key], filters)
        ]

    def snippet(self, query: str, hit: Hit) -> str:
        """Where a hit's passage fits the query best, in some 200 characters."""
        return self._shelves.text(hit.shelf).snippet(query, hit.passage)

    def coverage(self, query: str, hit: Hit) -> float:
        """The share of the query's content words that a passage has, rare ones counting more: 0 to 1."""
        return self._shelves.text(hit.shelf).coverage(query, hit.passage)

    # -- the parts, for backups and verification ------------------------------------------------------------

    def each_passage(self, shelf: Shelf) -> Iterator[Passage]:
        """The passages of a shelf, one by one: from the text index, which costs a third of cutting them anew,
        and where it is damaged from the catalog, so that some come twice."""
        self.text_in_step()
        try:
            yield from self._shelves.text(shelf).passages()
        except IndexDamaged:
            yield from self._keeper.passages(shelf)

    def space(self) -> str:
        """The fingerprint of the model whose vectors are held; "" where there are none."""
        from atocore.index.vectors import stated_fingerprint

        folder = self.catalog.path.parent
        found = (stated_fingerprint(folder / f"vectors-{shelf.name.lower()}") for shelf in Shelf)
        return next((one for one in found if one), "")

    def passages(self, shelf: Shelf) -> dict[str, Passage]:
        """Every passage that the text index of a shelf holds, by its key."""
        return {passage.key: passage for passage in self._shelves.text(shelf).passages()}

    def damaged_files(self, shelf: Shelf) -> list[str]:
        """The files of a shelf's text index whose checksum is wrong."""
        return self._shelves.text(shelf).damaged_files()

    def vectors(self, shelf: Shelf) -> dict[str, NDArray[np.float32]]:
        """Every vector of a shelf by its key."""
        held = self._shelves.vectors(shelf)
        return held.vectors(held.keys())


@contextmanager
def _busy_as_refusal() -> Iterator[None]:
    """Tell whoever asked that another process is writing."""
    try:
        yield
    except IndexBusy as busy:
        raise AtocoreError("vault-busy", f"the text index: {busy}", "try again when it is done") from busy


def _enough(found: Sequence[Passage], records: int) -> bool:
    """Whether these passages do, and are of so many records."""
    return len(found) >= _DEEP and len({_whose(passage) for passage in found}) >= records


def _spread(found: Sequence[Hit]) -> list[Hit]:
    """The best hits, and of those after them the best of each further record; best first as they came."""
    kept = list(found[:_DEEP])
    seen = {_whose(hit.passage) for hit in kept}
    for hit in found[_DEEP:]:
        if _whose(hit.passage) not in seen:
            seen.add(_whose(hit.passage))
            kept.append(hit)
    return kept


def _whose(passage: Passage) -> str:
    """The record that a passage is of, or the file that is none."""
    return passage.record or passage.path


Counted = tuple[int, Mapping[str, int]]
"""How many passages an index holds, and how many of these have each word of a query."""


def rarity_scale(own: Counted, every: Sequence[Counted]) -> float:
    """What an index's BM25 scores are multiplied by to stand beside another's: to each, a word is as rare as
    its own few or many passages make it, and here it is to be as rare as all of them make it."""
    passages = sum(number for number, _ in every)
    own_rarity = all_rarity = 0.0
    for word, frequency in own[1].items():
        if frequency:
            own_rarity += _rarity(own[0], frequency)
            all_rarity += _rarity(passages, sum(found.get(word, 0) for _, found in every))
    return all_rarity / own_rarity if own_rarity else 1.0


def _rarity(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency."""
    frequency = min(frequency, passages)
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _passage_key(key: str) -> str:
    """The key of the passage that a vector is of: `path#3~1` is the second window of `path#3`."""
    path, _, ordinal = key.rpartition("#")
    return f"{path}#{ordinal.partition('~')[0]}"


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
