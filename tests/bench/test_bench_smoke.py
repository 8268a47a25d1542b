"""The benchmark still runs: figures once, on a small vault. What it measures is not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

RUN = Path(__file__).with_name("run.py")
QUICK = ("version", "words", "unchanged", "promotion", "health", "batch", "sweep")


def ran(tmp_path: Path, *names: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, output and JSON of a run on 50 records."""
    env = os.environ | {"ATOCORE_BENCH_CACHE": str(tmp_path / "cache")}
    told = tmp_path / "figures.json"
    only = [part for name in names for part in ("--only", name)]
    command = [sys.executable, str(RUN), "--records", "50", "--runs", "1", "--json", str(told), *only]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr, json.loads(told.read_text()) if told.exists() else {}


def test_figures_are_measured_beside_their_floors(tmp_path: Path) -> None:
    code, said, found = ran(tmp_path, *QUICK)
    assert code == 0, said
    assert found["conditions"]["records"] == 50
    figures = found["figures"]
    assert len(figures) == len(QUICK)
    assert all(figure["median"] > 0 and figure["floor_median"] > 0 for figure in figures)
    assert all(figure["name"] in said for figure in figures)


def test_a_figure_that_fails_leaves_the_others_standing() -> None:
    show = (
        "import bench_figures as f, bench_measure as m, sys\n"
        "def fails(bench): raise m.BenchError('no such thing here')\n"
        "def stands(bench): yield m.Figure('stands', m.Sample((2.0,)), 'floor', m.Sample((1.0,)), 3.0)\n"
        "f.FIGURES = {'fails': fails, 'stands': stands}\n"
        "figures, failed = f.measured(None, f.FIGURES)\n"
        "assert failed == {'fails': 'no such thing here'}\n"
        "assert [(one.ratio, one.met) for one in figures] == [(2.0, True)]\n"
    )
    done = subprocess.run([sys.executable, "-c", show], cwd=RUN.parent, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_vault_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    show = (
        "import hashlib, pathlib, sys, bench_vault as b\n"
        "pages = [*b.files(60, pathlib.Path(sys.argv[1]))]\n"
        "assert len({raw.split(b'---\\n')[-1] for _, raw in pages}) == len({p for p, _ in pages}) == 60\n"
        "print(hashlib.sha256(repr(pages).encode()).hexdigest())"
    )
    told = set()
    for number in range(2):
        command = [sys.executable, "-c", show, str(tmp_path)]
        told.add(subprocess.run(command, cwd=RUN.parent, capture_output=True, check=True).stdout)
        assert len(told) == 1, f"differs when made {number + 1} times"
