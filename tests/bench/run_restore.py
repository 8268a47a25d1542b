"""A restore with embeddings in the backup, beside `git clone` of the same vault, in turns.

    python tests/bench/run_restore.py                    # 10,000 records, three runs
    python tests/bench/run_restore.py --records 1000 --runs 5

The command is run as a person would: in a process of its own, onto a folder that is not there yet, with
an empty embedding cache, index and vectors included. Embedding the vault with the model would take
minutes, so the backup holds cheap vectors under the model's name, which cost a restore the same. The goal
is twice the clone and 5 s.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

GOAL_SECONDS = 5.0


def main() -> int:
    """Measure, print, and say whether the goal is met."""
    options = _options()
    cache = Path(os.environ.get("ATOCORE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "atocore-bench")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=cache) as scratch:
        os.environ |= {"ATOCORE_CACHE_DIR": f"{scratch}/embeddings", "ATOCORE_NO_DAEMON": "1"}
        costs, told = measured(options.records, options.runs, cache, Path(scratch))
    load = f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    print(
        f"{options.records:,} records, {options.runs} runs in turns, {os.cpu_count()} cores, {load}; medians"
    )
    for name, found in costs.items():
        seconds, busy = (statistics.median(each) for each in zip(*found, strict=True))
        print(f"{name:26} {seconds:7.2f} s, of processors {busy:6.2f} s")
    clone, whole, bare = (statistics.median(one for one, _ in found) for found in costs.values())
    goal = 2 * clone + GOAL_SECONDS
    print(f"ratio {whole / clone:.1f} ({bare / clone:.1f} without the index); goal {goal:.2f} s:", end=" ")
    print("met" if whole <= goal else "missed")
    print(", ".join(f"{name} {value}" for name, value in told.items()))
    return 0 if whole <= goal else 1


def measured(
    records: int, runs: int, cache: Path, scratch: Path
) -> tuple[dict[str, list[tuple[float, float]]], dict[str, object]]:
    """Seconds by the clock and of processors, of each clone and each restore; and what was restored."""
    from bench_inside_meaning import fill
    from bench_vault import copy, vault

    source = copy(vault(records, cache), scratch / "vault")
    fill(source)
    atocore("--vault", source, "backup", "create", "--to", scratch / "kept")
    place = ("--from", scratch / "kept", "--target", scratch / "new", "--confirm-service-stopped")
    costs: dict[str, list[tuple[float, float]]] = {}
    told: dict[str, object] = {}
    for _ in range(runs):
        git = ["git", "clone", "-q", "--no-local", str(source), str(scratch / "clone")]
        for name, command in (
            ("git clone", git),
            ("backup restore", ours("backup", "restore", "latest", *place, "--json")),
            (
                "backup restore --no-index",
                ours("backup", "restore", "latest", *place, "--json", "--no-index"),
            ),
        ):
            cost, out = timed(command)
            costs.setdefault(name, []).append(cost)
            told = checked(out) or told
            for left in ("clone", "new", "embeddings"):
                shutil.rmtree(scratch / left, ignore_errors=True)
    return costs, told


def checked(out: bytes) -> dict[str, object]:
    """What a restore tells of its index, once its integrity is sure; nothing for a clone."""
    if not out:
        return {}
    answer = json.loads(out)
    assert answer["restored_integrity_ok"], answer["findings"]
    index = answer["index"] or {}
    names = ("passages", "vectors", "notes")
    return {name: index[name] for name in names if name in index}


def ours(*args: str | Path) -> list[str]:
    """A command line of AtoCore's."""
    return [sys.executable, "-m", "atocore", *map(str, args)]


def atocore(*args: str | Path) -> None:
    """Run one to its end."""
    subprocess.run(ours(*args), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def timed(command: list[str]) -> tuple[tuple[float, float], bytes]:
    """What a command cost, and its output."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    seconds, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return (seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), out


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A restore beside git clone.")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
