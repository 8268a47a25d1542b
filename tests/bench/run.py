"""Figures beside their floors, on a vault of N records of real text, from an installed wheel.

    python tests/bench/run.py                        # 10,000 records, some minutes
    python tests/bench/run.py --quick                # 1,000 records, three runs of each
    python tests/bench/run.py --records 1000 --only words --only promotion
    python tests/bench/run.py --json figures.json

Vaults, their text and the measured installation are kept between runs in the folder that ATOCORE_BENCH_CACHE
names, else in the system's temporary folder. A figure that cannot be measured
says why, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench_figures import FIGURES, measured
from bench_install import installed
from bench_kit import Bench
from bench_measure import as_json, conditions, table
from bench_vault import vault


def main() -> int:
    """Measure, and print the table."""
    options = _options()
    records = options.records or (1000 if options.quick else 10_000)
    runs = options.runs or (3 if options.quick else 11)
    cache = Path(os.environ.get("ATOCORE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "atocore-bench")
    cache.mkdir(parents=True, exist_ok=True)
    told = conditions(records, runs)
    measured_one, pristine = installed(cache), vault(records, cache)
    with tempfile.TemporaryDirectory(prefix="run-", dir=cache) as scratch:
        bench = Bench(measured_one, pristine, Path(scratch), cache, records, runs)
        figures, failed = measured(bench, options.only or FIGURES)
    print("\n" + ", ".join(f"{name} {value}" for name, value in told.items()) + "\n")
    if figures:
        print(table(figures))
    for name, why in failed.items():
        print(f"\n{name} failed: {why}", file=sys.stderr)
    if options.json:
        options.json.write_text(as_json(figures, failed, told))
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Figures beside their floors.")
    parser.add_argument("--records", type=int, help="of the vault; 10,000 unless told")
    parser.add_argument("--runs", type=int, help="how often each figure is measured; 11 unless told")
    parser.add_argument("--quick", action="store_true", help="1,000 records, three runs, unless told")
    parser.add_argument("--only", action="append", choices=FIGURES, help="one figure; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
