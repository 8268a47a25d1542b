"""The figures by name. Each is measured by itself: one that fails leaves the others standing."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from time import perf_counter

from bench_commits import batch, sweep
from bench_daemon import checkout, memory, saved, served
from bench_index import parse, rebuild, recall, throughput, unchanged
from bench_kit import Bench, Measure
from bench_measure import BenchError, Figure
from bench_shell import health, hook, hybrid, promotion, version, words

FIGURES: Mapping[str, Measure] = {
    "version": version,
    "hook": hook,
    "words": words,
    "hybrid": hybrid,
    "served": served,
    "saved": saved,
    "parse": parse,
    "unchanged": unchanged,
    "rebuild": rebuild,
    "promotion": promotion,
    "health": health,
    "recall": recall,
    "throughput": throughput,
    "batch": batch,
    "sweep": sweep,
    "checkout": checkout,
    "memory": memory,
}


def measured(bench: Bench, names: Iterable[str]) -> tuple[list[Figure], dict[str, str]]:
    """The figures of these names, and why each that failed did; each is told of as soon as it is there."""
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    for name in names:
        start = perf_counter()
        try:
            figures += FIGURES[name](bench)
            told = "done"
        except BenchError as error:
            failed[name] = told = str(error)
        except Exception:  # noqa: BLE001  a figure's own bug must not cost the others
            failed[name] = told = traceback.format_exc()
        print(f"{name}: {perf_counter() - start:.0f} s: {told}", flush=True)
    return figures, failed
