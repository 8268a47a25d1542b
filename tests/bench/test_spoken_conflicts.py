"""The benchmark of contradictions in plain sentences runs, and counts what it is given."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).with_name("run_spoken_conflicts.py")


def test_it_counts_what_is_remembered_claimed_and_flagged(tmp_path: Path) -> None:
    pairs = [
        ("conflict", "The mast of the buoy weighs 14 kg.", "The mast of the buoy weighs 19 kg."),
        ("unrelated", "[project: a] The mast weighs 14 kg.", "[project: b] The mast weighs 19 kg."),
        ("unrelated", "Thanks.", "The mast of the buoy weighs 19 kg."),
    ]
    file = tmp_path / "pairs.jsonl"
    lines = [json.dumps({"label": label, "class": "mass", "a": a, "b": b}) for label, a, b in pairs]
    file.write_text("\n".join(lines), "utf-8")
    command = [sys.executable, str(RUN), str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in said.splitlines()]
    assert ["conflict", "all", "1", "1", "1", "1"] in rows
    assert ["unrelated", "all", "2", "1", "1", "0"] in rows
