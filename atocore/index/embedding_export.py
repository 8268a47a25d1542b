"""A vault's share of the user's embeddings, in a file of its own, for a backup. Computes nothing that is
missing, and needs no model but where a passage is longer than one reads at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from atocore.index.embedding_cache import EmbeddingCache, new_database
from atocore.index.fulltext import Passage
from atocore.index.passages import embedded_text, lead_of

if TYPE_CHECKING:
    import sqlite3

    from atocore.index.embedding import Embedder

_AT_ONCE: Final = 500


class Exported(NamedTuple):
    """How many passages there were, and for how many of them nothing was kept; what the cache said."""

    passages: int
    missing: int
    notes: tuple[str, ...]


def export_embeddings(
    folder: Path,
    fingerprint: str,
    passages: Iterable[Passage],
    target: Path,
    embedder: Callable[[], Embedder | None],
) -> Exported:
    """Copy what the cache in `folder` keeps for these passages to a new file. `embedder` is asked for where
    passages are to be cut into windows. Raises `sqlite3.Error` where the file cannot be written."""
    cache, total, missing = EmbeddingCache(folder, fingerprint), 0, 0
    try:
        with closing(new_database(target)) as into:
            for some in _slices(passages):
                texts = {embedded_text(passage): passage for passage in some}
                unknown = cache.copy(list(texts), into)
                long = [texts[text] for text in unknown]
                total += len(some)
                missing += len(long) and _copy_windows(cache, long, into, embedder())
        return Exported(total, missing, tuple(cache.notes))
    finally:
        cache.close()


def _copy_windows(
    cache: EmbeddingCache, passages: Sequence[Passage], into: sqlite3.Connection, embedder: Embedder | None
) -> int:
    """Copy the rows of the windows of these passages; how many passages lack some."""
    if embedder is None:
        return len(passages)
    cut = [embedder.windows(embedded_text(one), lead_of(one)) for one in passages]
    pieces = [pieces if len(pieces) > 1 else [] for pieces in cut]  # a text that fits would be there whole
    unknown = cache.copy([piece for some in pieces for piece in some], into)
    return sum(1 for some in pieces if not some or not unknown.isdisjoint(some))


def _slices(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    source = iter(passages)
    while some := list(islice(source, _AT_ONCE)):
        yield some
