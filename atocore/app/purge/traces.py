"""What this machine derived from purged files: the index, extractors' answers, embeddings. It is thrown
away, and made anew from what is there."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.index.catalog_rows import Realm, Row
from atocore.index.embedding_cache import EmbeddingCache, cache_folder, is_begun
from atocore.index.fulltext import Passage
from atocore.index.passages import embedded_text, lead_of, passages_of
from atocore.records.codec import read

if TYPE_CHECKING:
    from atocore.index.embedding import Embedder
    from atocore.index.model import Model

_ANSWERS = "extractors.sqlite"

Embedded = Mapping[str, Passage]
"""Texts that are embedded, each with the passage that it is of."""


def passages_in(files: Iterable[tuple[str, bytes]]) -> dict[str, Passage]:
    """What is embedded of files, given as (path, bytes)."""
    found: dict[str, Passage] = {}
    for path, raw in files:
        reading = read(path, raw, max_bytes=len(raw))
        row = Row(Realm.COMMITTED, path, "", reading.record, reading.problems)
        found.update((embedded_text(passage), passage) for passage in passages_of(row, raw))
    return found


def forget_index(local: Path) -> list[str]:
    """Remove the index and extractors' answers in `.atocore/`; what could not be removed, as sentences."""
    for path in local.glob(f"{_ANSWERS}*"):
        with suppress(FileNotFoundError):
            path.unlink()
    index = local / "index"
    if index.exists():
        shutil.rmtree(index, ignore_errors=True)
        if index.exists():
            return [f"{index} could not be removed: remove it"]
    return []


def forget_embeddings(gone: Embedded, models: Collection[str], model: Model) -> list[str]:
    """Remove what was computed of these passages from the user's cache: by the `models` named (see
    `models_of`), and by the one that is installed, which alone can tell the windows of a long passage. What
    could not be removed, as sentences."""
    if not gone or not is_begun(cache_folder()):
        return []
    embedder, told = _embedder(model), []
    for name in sorted({*models, *([embedder.fingerprint] if embedder else [])}):
        with closing(EmbeddingCache(cache_folder(), name)) as cache:
            texts = list(gone)
            if embedder is not None and embedder.fingerprint == name:
                known = cache.get_many(texts)  # a text that is there whole was not cut
                texts += _windows(embedder, [gone[text] for text in texts if text not in known])
            cache.forget(texts)
            told += cache.notes
    return told


def models_of(local: Path) -> set[str]:
    """The models of which the index in `.atocore/` has vectors."""
    if not any(local.glob("index/*/vectors*")):
        return set()
    from atocore.index.vectors import stated_fingerprint

    return {stated_fingerprint(path.parent) for path in local.glob("index/*/**/vectors.json")} - {""}


def _embedder(model: Model) -> Embedder | None:
    from atocore.index.embedding import EmbedderUnavailable

    try:
        return model.get()
    except EmbedderUnavailable:
        return None


def _windows(embedder: Embedder, passages: Iterable[Passage]) -> Iterator[str]:
    from atocore.index.embedding import EmbedderUnavailable

    with suppress(EmbedderUnavailable):
        for passage in passages:
            yield from embedder.windows(embedded_text(passage), lead_of(passage))
