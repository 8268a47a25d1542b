"""The generated parts of the documentation are what the code's tables and the project's vault say."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SCRIPT = TOP / "docs" / "generate.py"


def test_no_page_is_stale() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], cwd=TOP, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_every_generated_part_stands_on_a_page() -> None:
    pages = "".join(page.read_text("utf-8") for page in (TOP / "docs").rglob("*.md"))
    missing = [
        name for name in runpy.run_path(str(SCRIPT))["SECTIONS"] if f"generated:{name} begin" not in pages
    ]
    assert not missing


@pytest.mark.parametrize(
    "text",
    [
        "<!-- generated:nothing-of-that-name begin -->\n<!-- generated:nothing-of-that-name end -->\n",
        "<!-- generated:slots begin -->\n",
        "<!-- generated:slots begin -->\n<!-- generated:steps end -->\n",
    ],
)
def test_a_mark_that_fits_nothing_is_told(text: str) -> None:
    generated = runpy.run_path(str(SCRIPT))["generated"]
    with pytest.raises(ValueError, match=r"generated part|is missing"):
        generated(text)


def test_text_outside_of_the_marks_stays() -> None:
    generated = runpy.run_path(str(SCRIPT))["generated"]
    text = "before\n<!-- generated:relations begin -->\nbygone\n<!-- generated:relations end -->\nafter\n"
    renewed = generated(text)
    assert renewed.startswith("before\n<!-- generated:relations begin -->\n")
    assert renewed.endswith("<!-- generated:relations end -->\nafter\n")
    assert "`part_of`" in renewed
    assert "bygone" not in renewed
    assert generated(renewed) == renewed
