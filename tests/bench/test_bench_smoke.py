"""The benchmark still runs: every figure once, on a small vault. What it measures is not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).with_name("run.py")


def test_every_figure_is_measured_beside_its_floor(tmp_path: Path) -> None:
    env = os.environ | {"ATOCORE_BENCH_CACHE": str(tmp_path / "cache")}
    told = tmp_path / "figures.json"
    command = [sys.executable, str(RUN), "--records", "50", "--runs", "1", "--json", str(told)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(told.read_text())
    assert found["conditions"]["records"] == 50
    names = {figure["name"] for figure in found["figures"]}
    assert {"version", "capture hook", "parse", "first index", "search --words", "promote"} <= names
    assert all(figure["median"] > 0 and figure["floor_median"] > 0 for figure in found["figures"])
    assert all(figure["name"] in done.stdout for figure in found["figures"])


def test_a_vault_is_the_same_whenever_it_is_made() -> None:
    show = (
        "import hashlib, bench_vault as b; print(hashlib.sha256(repr([*b.files(30)]).encode()).hexdigest())"
    )
    command = [sys.executable, "-c", show]
    twice = {
        subprocess.run(command, cwd=RUN.parent, capture_output=True, check=True).stdout for _ in range(2)
    }
    assert len(twice) == 1
