"""`atocore purge` of a key in one file, of one in every fourth, and of a different one in every hundredth;
beside git reading every object once.

    python tests/bench/run_purge.py                              # 4,000 and 10,000 records
    python tests/bench/run_purge.py --records 100000 --shape one

The command is run as a person would, in a process of its own. The goal is that ten times as many records take
ten times as long.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import string
import subprocess
import sys
import tempfile
from pathlib import Path

from run_restore import ours, timed

from atocore.knowledge.leaks import fingerprint

SHAPES = {"one": 0, "fourth": 4, "different": 100}
_READ = ("cat-file", "--batch-all-objects", "--batch", "--unordered")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="A purge beside git reading every object.")
    parser.add_argument("--records", type=int, nargs="+", default=[4_000, 10_000])
    parser.add_argument("--shape", choices=SHAPES, nargs="+", default=[*SHAPES])
    options = parser.parse_args()
    cache = Path(os.environ.get("ATOCORE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "atocore-bench")
    cache.mkdir(parents=True, exist_ok=True)
    os.environ["ATOCORE_NO_DAEMON"] = "1"
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; seconds by the clock, of processors")
    for records in options.records:
        for shape in options.shape:
            with tempfile.TemporaryDirectory(prefix="purge-", dir=cache) as scratch:
                os.environ["ATOCORE_CACHE_DIR"] = f"{scratch}/embeddings"
                print(f"{records:8,} {shape:10}", *measured(records, shape, cache, Path(scratch)), sep="  ")
    return 0


def measured(records: int, shape: str, cache: Path, scratch: Path) -> list[str]:
    """What the purge cost, and git's reading; how many files and keys there were."""
    from bench_vault import copy, vault

    folder = copy(vault(records, cache).resolve(), scratch / "vault")
    keys = leaked(folder, SHAPES[shape])
    (seconds, busy), _ = timed(["git", "-C", str(folder), *_READ])
    marks = (fingerprint(key) for key in keys)
    command = ours("--vault", folder, "purge", *marks, "--yes", "--json")
    purge, _ = timed(command)
    shutil.rmtree(folder)
    return [
        f"purge {purge[0]:.1f}, {purge[1]:.1f}",
        f"git {seconds:.1f}, {busy:.1f}",
        f"{len(keys)} keys",
    ]


def leaked(folder: Path, nth: int) -> list[str]:
    """Commit a key in one file, or in every `nth`; another in each where `nth` is that of `different`.
    The keys."""
    chance = random.Random(7)
    letters = string.ascii_uppercase + "234567"
    pages = sorted(folder.rglob("*.md"))[::nth] if nth else [folder / "leak.md"]
    keys = ["AKIA" + "".join(chance.choices(letters, k=16)) for _ in pages]
    keys = keys if nth == SHAPES["different"] else keys[:1] * len(keys)
    for page, key in zip(pages, keys, strict=True):
        with page.open("a") as file:
            file.write(f"\nThe key is {key} here.\n")
    for args in (("add", "-A"), ("commit", "-q", "--no-verify", "-m", "leak")):
        subprocess.run(["git", "-C", str(folder), *args], check=True)
    return sorted(set(keys))


if __name__ == "__main__":
    sys.exit(main())
