"""What hostile and careless use of the command line's searches and `status` brought to light."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk


def batch(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "queries.txt"
    file.write_text(text)
    return ["search", "--words", "--batch", str(file)]


@pytest.mark.parametrize("more", [["mirror"], ["--kind", "entity"], ["--draft"], ["--since", "2026-01-01"]])
def test_what_a_batch_would_not_heed_is_refused(run, tmp_path: Path, more: list[str]) -> None:
    done = run(*batch(tmp_path, "mirror\n"), *more)
    assert done.code == 2
    assert "--batch" in done.err


@pytest.mark.parametrize(
    "line", ['{"query": null}', '{"query": "x", "kind": null}', '{"query": "x", "tag": ["a"]}']
)
def test_a_value_that_is_no_text_is_refused(run, tmp_path: Path, line: str) -> None:
    done = run(*batch(tmp_path, line))
    assert (done.code, done.out) == (2, "")
    assert "line 1" in done.err


def test_status_names_some_of_very_many_drafts_and_counts_the_others(run, desk: Desk) -> None:
    for number in range(100):
        desk.put(f"notes/draft-{number:03}.md", "A draft.\n")
    told = run("status").out
    assert "drafts     100\n" in told
    assert told.count("notes/draft-") == 20
    assert "and 80 more (--json lists all)" in told
    assert len(run("status", "--json").json["drafts"]) == 100


def test_a_reader_that_went_away_is_no_failure(desk: Desk) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "atocore", "status"],
            cwd=desk.folder,
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
