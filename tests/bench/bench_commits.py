"""Figures of what AtoCore commits by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import bench_vault
from bench_kit import Bench, in_process
from bench_measure import Figure

_BATCH = 1000
_CLASHES = 200


def batch(bench: Bench) -> Iterator[Figure]:
    """A thousand machine-made files in one commit."""
    before = bench_vault.git(bench.other, "rev-parse", "HEAD").decode().strip()
    try:
        found = bench.inside("git", "batch", bench.other, files=_BATCH, times=bench.few(3))
    finally:
        bench_vault.git(bench.other, "reset", "-q", "--hard", before)
    yield in_process(f"{_BATCH:,} files, one commit", found, "git fast-import", 1.0)


def sweep(bench: Bench) -> Iterator[Figure]:
    """A look at every slot for conflicts."""
    vault = bench_vault.copy(bench.pristine, bench.scratch / "swept")
    bench_vault.commit(vault, _clashing(vault), "Measure again", after="refs/heads/main^0")
    bench_vault.git(vault, "reset", "-q", "--hard")
    found = bench.inside("git", "sweep", vault, times=bench.few(3))
    slots, conflicts = int(found["slots"][0]), int(found["conflicts"][0])
    note = f"{slots:,} slots with several claims, {conflicts:,} conflicts, all of them written before"
    yield in_process("conflict sweep", found, "reading the records", bench.at(3.0, 3.0), note=note)


def _clashing(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Copies of some active records that claim another value."""
    clashes = 0
    for path in bench_vault.saying(folder, "value: ", "memories", "entities"):
        raw = (folder / path).read_bytes()
        if b"\nstatus: active\n" in raw and clashes < _CLASHES:
            clashes += 1
            start = raw.index(b"id: ") + 8
            other = raw[:start] + b"%012d" % clashes + raw[start + 12 :]
            yield path.replace(".md", f"-{clashes}.md"), other.replace(b"\nvalue: ", b"\nvalue: 1", 1)
