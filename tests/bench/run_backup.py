"""Backups of vaults of N records: `backup create` from the shell beside `git bundle create --all`.

    python tests/bench/run_backup.py                          # 1,000 and 10,000 records, three runs of each
    python tests/bench/run_backup.py --records 100000 --runs 1

The index is in step beforehand, and each passage has a random vector in the embedding cache, as if it had
been embedded. Each run makes a bundle with git, a backup with embeddings, one with the bundle alone, and
reads both again with `validate --read-data`. Medians of the runs: seconds by the clock, and of a processor
with all processes that were started; `MB` is the most memory that any one of them had.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import bench_vault
import numpy as np

from atocore.app import Vault
from atocore.index.embedding_cache import EmbeddingCache, cache_folder
from atocore.index.passages import embedded_text
from atocore.index.shelves import Shelf

DIMENSIONS = 384
FINGERPRINT = "bench-384-unit-2"
Figures = tuple[float, float, float, int]
_ATOCORE = (sys.executable, "-m", "atocore", "backup")


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    cache = Path(os.environ.get("ATOCORE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "atocore-bench")
    cache.mkdir(parents=True, exist_ok=True)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(" records  what                     clock   proc.    ratios to git     MB       size")
    for records in options.records:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=cache) as scratch:
            os.environ["ATOCORE_CACHE_DIR"] = str(Path(scratch) / "cache")
            folder = bench_vault.copy(bench_vault.vault(records, cache), Path(scratch) / "vault")
            prepare(folder)
            show(records, [one_run(folder, Path(scratch) / "kept") for _ in range(options.runs)])
    return 0


def prepare(folder: Path) -> None:
    """Bring the index in step, and give every passage a vector."""
    chance = np.random.default_rng(7)
    with Vault.open(folder) as vault:
        vault.catch_up()
        vault.engine.sync_text()
        kept = EmbeddingCache(cache_folder(), FINGERPRINT)
        some: dict[str, np.ndarray] = {}
        for passage in vault.engine.each_passage(Shelf.COMMITTED):
            some[embedded_text(passage)] = chance.standard_normal(DIMENSIONS).astype(np.float32)
            if len(some) == 5_000:
                kept.put_many(some)
                some = {}
        kept.put_many(some)
        kept.close()
        place = vault.catalog.path.parent / "vectors-committed"
        place.mkdir(exist_ok=True)
        (place / "vectors.json").write_text(json.dumps({"fingerprint": FINGERPRINT}))


def one_run(folder: Path, place: Path) -> dict[str, Figures]:
    """Each command once: seconds by the clock and of a processor, megabytes, and the size of what it made."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    bundle = place / "git.bundle"
    of_git = timed("git", "-C", str(folder), "bundle", "create", "-q", str(bundle), "--all")
    to, source = ("--to", str(place)), ("--from", str(place))
    whole = timed(*_ATOCORE, "create", *to, "--vault", str(folder))
    size = newest(place)
    alone = timed(*_ATOCORE, "create", "--no-embeddings", "--no-local", *to, "--vault", str(folder))
    read = timed(*_ATOCORE, "validate", "all", "--read-data", *source)
    return {
        "git bundle --all": (*of_git, bundle.stat().st_size),
        "backup, all parts": (*whole, size),
        "backup, bundle alone": (*alone, newest(place)),
        "validate both": (*read, 0),
    }


def timed(*command: str) -> tuple[float, float, float]:
    """Seconds of a command by the clock and of a processor, and the most megabytes of any of its processes.

    It is started by a small process: what this one holds would count as the child's.
    """
    script = (
        "import os, resource, subprocess, sys, time; start = time.perf_counter(); "
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(code, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script, *command], capture_output=True, check=True)
    code, seconds, processor, kilobytes = done.stdout.split()
    if int(code):
        raise SystemExit(f"{command}: {done.stderr.decode()}")
    return float(seconds), float(processor), float(kilobytes) / 1024


def newest(place: Path) -> int:
    """The size of the backup made last."""
    folder = max(
        (path for path in place.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime_ns
    )
    return sum(path.stat().st_size for path in folder.iterdir())


def show(records: int, runs: Sequence[dict[str, Figures]]) -> None:
    """Print what each command took, beside git's own bundle."""
    floor = [statistics.median(run["git bundle --all"][at] for run in runs) for at in (0, 1)]
    for name in runs[0]:
        clock, processor = (statistics.median(run[name][at] for run in runs) for at in (0, 1))
        ratios = f"{clock / floor[0]:6.1f}  {processor / floor[1]:6.1f}"
        memory, size = max(run[name][2] for run in runs), runs[0][name][3]
        told = f"{size / 1e6:,.1f} MB" if size else ""
        print(f"{records:>8,}  {name:21}  {clock:7.2f}  {processor:7.2f}  {ratios}  {memory:5.0f}  {told:>9}")


if __name__ == "__main__":
    sys.exit(main())
