"""From passages to vectors: from the cache where it has them, else from the model, at once kept there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from atocore.index.embedding import Embedder, EmbeddingFailed
from atocore.index.embedding_cache import EmbeddingCache, cache_folder
from atocore.index.fulltext import Passage
from atocore.index.passages import embedded_text, lead_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = dict[str, NDArray[np.float32]]

_TEXTS_AT_ONCE = 64  # embedded together, of similar length: what an interruption waits for, or loses
_HOPELESS = 3
"""Where so many single texts in a row cannot be embedded, it is the model that fails."""


def embed_passages(
    embedder: Embedder, passages: Sequence[Passage], told: Callable[[float], None]
) -> tuple[Vectors, dict[str, str]]:
    """Vectors by key, and why some passages (by their key) have none. A passage that is longer than the model
    reads has several, `path#3`, `path#3~1` and so on. `told` hears which share is done. Raises
    `EmbeddingFailed` where the model cannot embed anything."""
    cache = EmbeddingCache(cache_folder(), embedder.fingerprint)
    try:
        windows = _windows(embedder, cache, passages)
        texts = dict.fromkeys(text for keyed in windows.values() for text in keyed.values())
        known = cache.get_many(list(texts))
        failed = _compute_missing(embedder, cache, list(texts), known, told)
    finally:
        cache.close()
    bad = {
        passage: next(failed[text] for text in keyed.values() if text in failed)
        for passage, keyed in windows.items()
        if not failed.keys().isdisjoint(keyed.values())
    }
    good = (keyed for passage, keyed in windows.items() if passage not in bad)
    return {key: known[text] for keyed in good for key, text in keyed.items()}, bad


def _windows(
    embedder: Embedder, cache: EmbeddingCache, passages: Sequence[Passage]
) -> Mapping[str, dict[str, str]]:
    """For each passage, the texts to embed by the key of their vectors. A text that has a vector fits the
    model's window; cutting costs more than looking it up."""
    whole = {passage.key: embedded_text(passage) for passage in passages}
    fits = cache.get_many(list(dict.fromkeys(whole.values()))).keys()
    found: dict[str, dict[str, str]] = {}
    for passage in passages:
        text = whole[passage.key]
        pieces = [text] if text in fits else embedder.windows(text, lead_of(passage))
        found[passage.key] = {
            f"{passage.key}~{number}" if number else passage.key: piece for number, piece in enumerate(pieces)
        }
    return found


def _compute_missing(
    embedder: Embedder,
    cache: EmbeddingCache,
    texts: Sequence[str],
    known: Vectors,
    told: Callable[[float], None],
) -> dict[str, str]:
    """Add to `known` what the cache lacks, and keep it there; the texts that failed, each with the reason."""
    failed: dict[str, str] = {}
    new = sorted((text for text in texts if text not in known), key=len)
    told(1 - len(new) / max(len(texts), 1))
    for start in range(0, len(new), _TEXTS_AT_ONCE):
        made: Vectors = {}
        try:
            _compute(embedder, new[start : start + _TEXTS_AT_ONCE], made, failed)
        finally:
            cache.put_many(made)
        known.update(made)
        told(1 - (len(new) - start - _TEXTS_AT_ONCE) / max(len(texts), 1))
    return failed


def _compute(embedder: Embedder, texts: Sequence[str], made: Vectors, failed: dict[str, str]) -> None:
    """Vectors from the model; where it fails on all together, one by one."""
    try:
        made.update(zip(texts, embedder.embed(texts), strict=True))
    except EmbeddingFailed:
        in_a_row = 0
        for text in texts:
            try:
                made[text] = embedder.embed([text])[0]
                in_a_row = 0
            except EmbeddingFailed as error:
                failed[text] = error.reason
                in_a_row += 1
                if in_a_row >= _HOPELESS:
                    raise
