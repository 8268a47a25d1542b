"""The benchmark of plain speech tells what it is asked for. What it measures is not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def told(*arguments: str) -> str:
    command = [sys.executable, str(HERE / "run_speech.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_it_measures_labelled_utterances_and_lists_what_went_wrong(tmp_path: Path) -> None:
    file = tmp_path / "said.tsv"
    file.write_text(
        "decision\tWe decided to weld the frame.\n-\tuse tabs here\nidentity\tI like it.\n", "utf-8"
    )
    lines = told(str(file)).splitlines()
    assert lines[0].split() == ["identity", "nothing", "I", "like", "it."]
    assert ["decision", "1/1", "1.000", "1.000"] in [line.split() for line in lines]


def test_it_lists_the_candidates_in_transcripts(tmp_path: Path) -> None:
    turn = {"type": "user", "uuid": "u", "message": {"role": "user", "content": "We decided to weld it all."}}
    (tmp_path / "a.jsonl").write_text(json.dumps(turn) + "\n", "utf-8")
    found = told("--transcripts", str(tmp_path))
    assert found.endswith("1 turns, 0 candidates, 0.00 in 100 turns\n")  # it leans on what nobody said
