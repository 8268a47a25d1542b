"""A batch of queries takes its filters from its lines alone, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest


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
