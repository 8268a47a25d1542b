"""What a vault of N records takes on a disk, and a drill of it: the figures of the operator's page.

    python tests/bench/run_sizes.py                      # 1,000 and 10,000 records
    python tests/bench/run_sizes.py --records 100000

The index is in step, and every passage has a cheap vector in the embedding cache, under the model's name.
Sizes are what files take up on the disk, in MB; the scratch space is the most that was seen while the drill
ran, looked at ten times a second. Seconds are by the clock, and of a processor (`busy`): where other things
run at the same time, the latter tell more.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter

import bench_vault
from bench_inside_meaning import fill


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000])
    options = parser.parse_args()
    cache = Path(os.environ.get("ATOCORE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "atocore-bench")
    cache.mkdir(parents=True, exist_ok=True)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for records in options.records:
        with tempfile.TemporaryDirectory(prefix="sizes-", dir=cache) as scratch:
            os.environ |= {"ATOCORE_CACHE_DIR": f"{scratch}/cache", "ATOCORE_NO_DAEMON": "1"}
            os.environ["ATOCORE_BACKUP_FOLDER"] = f"{scratch}/backups"
            for name, figure in measured(records, cache, Path(scratch)).items():
                print(f"{records:>8,}  {name:24} {figure:8.1f}")
    return 0


def measured(records: int, cache: Path, scratch: Path) -> dict[str, float]:
    """Sizes in MB, and seconds."""
    folder = bench_vault.copy(bench_vault.vault(records, cache), scratch / "vault")
    fill(folder)
    create, _ = timed(folder, "create")
    (kept,) = (scratch / "backups").iterdir()
    drill, most = timed(folder, "drill", scratch=scratch / "drills")
    target = ("--target", str(scratch / "new"), "--confirm-service-stopped")
    restore, _ = timed(folder, "restore", "latest", *target)
    return {
        "files": size(folder) - size(folder / ".git") - size(folder / ".atocore"),
        ".git": size(folder / ".git"),
        "index": size(folder / ".atocore"),
        "embedding cache": size(scratch / "cache"),
        **{f"backup: {path.name}": size(path) for path in sorted(kept.iterdir())},
        "drill: scratch space": most,
        **{
            f"{name}, {how}": seconds
            for name, spent in (("create", create), ("drill", drill), ("restore", restore))
            for how, seconds in zip(("seconds", "busy"), spent, strict=True)
        },
    }


def timed(
    folder: Path, verb: str, *args: str, scratch: Path | None = None
) -> tuple[tuple[float, float], float]:
    """Seconds of a command, by the clock and of a processor, and the most that its scratch folder held."""
    more = ("--scratch", str(scratch)) if scratch else ()
    if scratch:
        scratch.mkdir()
    most, ended = [0.0], threading.Event()

    def watch() -> None:
        while scratch and not ended.wait(0.1):
            most[0] = max(most[0], size(scratch))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, before = perf_counter(), os.times()
    command = [
        sys.executable,
        "-m",
        "atocore",
        "--vault",
        str(folder),
        "backup",
        verb,
        *args,
        *more,
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    taken, after = perf_counter() - start, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    ended.set()
    watcher.join()
    if done.returncode:
        raise SystemExit(f"{verb} failed: {done.stdout.decode()}{done.stderr.decode()}")
    told = json.loads(done.stdout)
    assert told.get("passed", True), told
    return (taken, busy), most[0]


def size(path: Path) -> float:
    """What a file, or all in a folder, takes up on the disk, in MB."""
    if path.is_file():
        return path.lstat().st_blocks * 512 / 1e6
    found = 0
    for here, _, files in os.walk(path):
        for name in files:
            try:
                found += os.lstat(os.path.join(here, name)).st_blocks  # noqa: PTH118  many, quickly
            except OSError:  # gone meanwhile
                continue
    return found * 512 / 1e6


if __name__ == "__main__":
    sys.exit(main())
