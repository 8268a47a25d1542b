"""Figures of the indexes, measured inside the installation."""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Iterator

import bench_text
from bench_kit import Bench, in_process, require
from bench_measure import RATE, SHARE, Figure, Sample

_BASE, _QUERIES = 1500, 100


def parse(bench: Bench) -> Iterator[Figure]:
    """Reading and understanding pages."""
    found = bench.inside("parts", "parse", bench.pristine, times=bench.few(5))
    rate = found["files"][0] / statistics.median(found["ours"])
    yield in_process("parse", found, "reading the files", None, note=f"{rate:,.0f} files a second")


def rebuild(bench: Bench) -> Iterator[Figure]:
    """Everything anew with every embedding cached."""
    require(bench.filled["vectors"][0] > 0, "nothing was embedded")
    found = bench.inside("meaning", "rebuild", times=bench.few(3))
    require(found["embedded"][0] == 0, f"{found['embedded'][0]} texts were embedded")
    note = f"{found['vectors'][0]:,.0f} vectors, cheap ones"
    parts = {name: found[name][0] for name in ("catalog", "text", "vectors alone")}
    goal = bench.at(1.5, 15.0)
    yield in_process("rebuild", found, "read + CSafeLoader", goal, parts=parts, note=note)


def unchanged(bench: Bench) -> Iterator[Figure]:
    """Catching up with a vault in which nothing changed, drafts and captures too."""
    found = bench.inside("parts", "unchanged", bench.indexed, times=bench.times)
    parts = {"of the commit alone": statistics.median(found["committed"])}
    yield in_process("catch-up, unchanged", found, "a stat of every file", bench.at(0.2, 1.0), parts=parts)


def recall(bench: Bench) -> Iterator[Figure]:
    """The vector half against an exact scan of the same vectors."""
    texts = bench_text.sentences(bench.cache, _BASE + _QUERIES)
    base = bench.cache / f"real-{bench_text.identity()}-{len(texts)}.npy"
    if not base.exists():
        listed = bench.scratch / "sentences.json"
        listed.write_text(json.dumps(texts))
        draft = base.with_suffix(".draft.npy")
        bench.inside("meaning", "real", texts=str(listed), into=str(draft))
        draft.replace(base)
    given = {"base": str(base), "vectors": bench.records, "queries": _QUERIES}
    found = bench.inside("meaning", "recall", bench.scratch / "recall", **given)
    note = f"{bench.records:,} vectors: {len(texts):,} real ones enlarged by small perturbations"
    mean = Sample(tuple(found["mean"]))
    goal = 1.0 if bench.records <= 100_000 else 0.99
    parts = {"worst query": min(found["recall"])}
    exact = Sample((1.0,))
    yield Figure("recall@10 of meaning", mean, "exact scan", exact, goal, parts, note, unit=SHARE)
    note = f"taking them in took {found['build'][0]:.1f} s"
    yield in_process("nearest ten", found, "numpy exact scan", None, note=note)


def throughput(bench: Bench) -> Iterator[Figure]:
    """Texts a second through AtoCore's embedder, beside the model alone at its best."""
    chance, pool = random.Random(5), bench_text.pieces(bench.cache)
    count = 36 if bench.times == 1 else 120
    lengths = (1, 3, 6)
    texts = [" ".join(chance.sample(pool, lengths[number % 3])) for number in range(count)]
    listed = bench.scratch / "texts.json"
    listed.write_text(json.dumps(texts))
    found = bench.inside("meaning", "throughput", texts=str(listed), times=min(3, bench.times))
    ours, alone = (Sample(tuple(found[name])) for name in ("ours", "floor"))
    kind = "bfloat16" if found["half"][0] else "float32"
    note = f"{count} texts of some 29, 87 and 174 words; bare loop: batch {found['batch'][0]}, {kind}"
    goal = 0.8 * alone.median
    yield Figure("embedding", ours, "the model alone", alone, goal, note=note, unit=RATE)
