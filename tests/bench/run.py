"""Figures beside their floors, on a vault of N records of real text, from an installed wheel.

    python tests/bench/run.py                        # 10,000 records, some three minutes
    python tests/bench/run.py --records 1000 --only words --only promotion
    python tests/bench/run.py --json figures.json

Vaults and the measured installation are kept between runs in the folder that ATOCORE_BENCH_CACHE names, else
in the system's temporary folder.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from bench_figures import FIGURES, Bench, measured
from bench_install import installed
from bench_measure import as_json, conditions, table
from bench_vault import vault


def main() -> None:
    """Measure, and print the table."""
    options = _options()
    cache = Path(os.environ.get("ATOCORE_BENCH_CACHE") or Path(tempfile.gettempdir()) / "atocore-bench")
    cache.mkdir(parents=True, exist_ok=True)
    told = conditions(options.records, options.runs)
    pristine, measured_one = vault(options.records, cache), installed(cache)
    with tempfile.TemporaryDirectory(prefix="run-", dir=cache) as scratch:
        bench = Bench(measured_one, pristine, Path(scratch), options.records, options.runs)
        figures = list(measured(bench, options.only or FIGURES))
    print("\n" + ", ".join(f"{name} {value}" for name, value in told.items()) + "; milliseconds\n")
    print(table(figures))
    if options.json:
        options.json.write_text(as_json(figures, told))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Figures beside their floors.")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=11, help="how often each figure is measured")
    parser.add_argument("--only", action="append", choices=FIGURES, help="one figure; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
