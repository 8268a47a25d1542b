"""`status` tells what is indexed, what is not and why, and how far the index is behind."""

from __future__ import annotations

import pytest
from desk import Desk

from atocore.app.build import build
from atocore.app.standing import Lag, Named
from atocore.index import fulltext
from atocore.index.shelves import Shelf

NEW = """
-- notes/new.md --
A note about anamorphic lenses.
"""


def test_an_index_in_step_covers_everything(desk: Desk) -> None:
    desk.found("mirror")
    status = desk.vault.status()
    assert status.commit == status.indexed_commit == desk.head()
    assert (status.lag.commits, status.lag.text) == (0, 0)
    assert status.covered.files == status.covered.of == len(desk.git("ls-files", "*.md").split())
    assert status.covered.missing == ()
    assert status.build_sha == build().sha


def test_lag_is_how_far_the_index_was_behind_when_asked(desk: Desk) -> None:
    desk.found("mirror")
    desk.git("commit", "-q", "--allow-empty", "-m", "Nothing")
    desk.commit(NEW)
    status = desk.vault.status()
    assert (status.lag.commits, status.lag.text) == (2, 1)
    assert status.commit == status.indexed_commit == desk.head()
    assert desk.vault.status().lag == Lag(commits=0, text=0, vectors=status.lag.vectors)


def test_what_another_process_keeps_from_the_text_index_is_no_coverage(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.found("mirror")
    before = desk.head()
    held = desk.vault.engine._shelves.text(Shelf.COMMITTED)._writer(threads=1)
    monkeypatch.setattr(fulltext, "_LOCK_SECONDS", 0.1)
    desk.commit(NEW)
    status = desk.vault.status()
    held.wait_merging_threads()
    assert status.covered.missing == (Named("notes/new.md", "not taken in yet"),)
    assert (status.commit, status.indexed_commit) == (desk.head(), before)
    assert "behind" in status.notes[0]
    assert desk.vault.status().covered.missing == ()


def test_a_file_with_an_error_is_named_with_its_reason(desk: Desk) -> None:
    desk.commit("-- memories/scope/broken.md --\nid: [\n--\nBroken.\n")
    desk.found("mirror")
    (missing,) = desk.vault.status().covered.missing
    assert missing.path == "memories/scope/broken.md"
    assert missing.reason.startswith("broken-yaml")


def test_without_vectors_no_model_is_named_and_with_them_their_space(desk: Desk) -> None:
    assert desk.vault.status().model == ""
    desk.vault.index_sync()
    status = desk.vault.status()
    assert "-384-unit-" in status.model
    assert status.lag.vectors == 0
