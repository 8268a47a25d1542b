"""How the extraction benchmark judges. What it measures is not judged here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("said", "label", "right"),
    [
        ("We weld the frame of the gate.", "**We weld the frame**", True),
        ("We weld the frame", "We weld the frame from tubes, because they are cheap and many", False),
        (
            "the frame is welded from tubes",
            "The frame is welded from tubes, says [Ada](a.md), who knows",
            True,
        ),
        ("We paint the gate.", "The hall is heated in winter.", False),
    ],
)
def test_a_statement_covers_a_label_by_its_words(said: str, label: str, right: bool) -> None:
    code = f"from bench_labelled import covers\nprint(covers({said!r}, {label!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(right)


def test_without_labelled_documents_there_is_nothing_to_measure(tmp_path: Path) -> None:
    bench = tmp_path / "main" / "tests" / "bench"
    bench.mkdir(parents=True)
    for name in ("run_extraction.py", "bench_labelled.py"):
        shutil.copy(HERE / name, bench)
    env = os.environ | {"PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(
        [sys.executable, str(bench / "run_extraction.py")],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "nothing to measure" in done.stderr
