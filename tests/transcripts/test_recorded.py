"""Recorded sessions go as they are shown."""

from __future__ import annotations

from pathlib import Path

from recorded import blocks, play, same
from reviewed import review_desk

HERE = Path(__file__).resolve().parent


def test_the_review_goes_as_it_was_recorded(tmp_path: Path) -> None:
    desk = review_desk(tmp_path / "vault")
    for block in blocks((HERE / "review.md").read_text("utf-8")):
        played = play(block, desk.folder)
        assert same(block, played), played
    assert desk.statuses("mem-c1", "mem-kept", "mem-c2", "mem-c4", "mem-c5") == [
        "active",
        "superseded",
        "rejected",
        "rejected",
        "active",
    ]
    desk.close()


def test_a_session_that_went_otherwise_is_told() -> None:
    assert not same("$ atocore review\npromoted in …\n", "$ atocore review\nrejected in 0123456789\n")
    assert same("$ atocore review\npromoted in …\n", "$ atocore review\npromoted in 0123456789\n")
