"""What this machine derived from purged files: the index, extractors' answers, embeddings. It is thrown
away, and made anew from what is there."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from atocore.index.catalog_rows import Realm, Row
from atocore.index.embedding_cache import EmbeddingCache, cache_folder
from atocore.index.passages import embedded_text, passages_of
from atocore.records.codec import read

_ANSWERS = "extractors.sqlite"


def passages_in(old: Iterable[tuple[str, bytes]]) -> list[str]:
    """The texts that were embedded of files, given as (path, bytes)."""
    texts: dict[str, None] = {}
    for path, raw in old:
        reading = read(path, raw, max_bytes=len(raw))
        row = Row(Realm.COMMITTED, path, "", reading.record, reading.problems)
        texts.update(dict.fromkeys(embedded_text(passage) for passage in passages_of(row, raw)))
    return list(texts)


def forget_traces(local: Path, texts: Iterable[str]) -> list[str]:
    """Remove the index and extractors' answers in `.atocore/`, and the embeddings of these texts from the
    user's cache; what could not be removed, as sentences."""
    told = []
    for model in _models(local):
        cache = EmbeddingCache(cache_folder(), model)
        try:
            cache.forget(list(texts))
            told += cache.notes
        finally:
            cache.close()
    for path in local.glob(f"{_ANSWERS}*"):
        with suppress(FileNotFoundError):
            path.unlink()
    index = local / "index"
    if index.exists():
        shutil.rmtree(index, ignore_errors=True)
        if index.exists():
            told.append(f"{index} could not be removed: remove it")
    return told


def _models(local: Path) -> set[str]:
    """The models of which the index has vectors."""
    if not any(local.glob("index/*/vectors*")):
        return set()
    from atocore.index.vectors import stated_fingerprint

    return {stated_fingerprint(path.parent) for path in local.glob("index/*/**/vectors.json")} - {""}
