"""A bar ends with its work, so that what is printed next stands on a line of its own."""

from __future__ import annotations

import pytest

from atocore.cli import progress


def test_a_bar_ends_with_its_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE_SECONDS", -1.0)
    with progress.Bar() as bar:
        bar.show("reading", 1, 3)
        shown = bar._bar
        bar.show("reading", 3, 3)
        assert (shown.pos, shown.finished) == (3, True)
        assert bar._bar is None
    assert capsys.readouterr().err.endswith("\n")


def test_what_is_done_at_once_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.Bar() as bar:
        for done in range(1, 4):
            bar.show("reading", done, 3)
    assert capsys.readouterr().err == ""
