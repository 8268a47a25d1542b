"""A vault that brings its own `.atocore/`: nothing in it is used, and no link of it followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, run_git

from atocore.errors import AtocoreError


def bring(desk: Desk, victim: Path) -> None:
    """Commit a link in the local folder that leads out of the vault."""
    victim.write_text("precious words")
    (desk.folder / ".atocore").mkdir(exist_ok=True)
    (desk.folder / ".atocore" / "clone").symlink_to(victim)
    run_git(desk.folder, "add", "-f", ".atocore/clone")
    run_git(desk.folder, "commit", "-qm", "Bring a local folder", "--", ".atocore/clone")


def test_a_commit_that_brings_it_is_not_taken_in(desk: Desk, tmp_path: Path) -> None:
    desk.vault.status()
    bring(desk, tmp_path / "victim")
    with pytest.raises(AtocoreError) as caught:  # in a session that was open before, the daemon's say
        desk.vault.list()
    assert caught.value.code == "local-tracked"
    desk.close()
    with pytest.raises(AtocoreError, match="git tracks"):
        desk.vault.reinforce(words=True)
    assert (tmp_path / "victim").read_text() == "precious words"
    run_git(desk.folder, "rm", "-rq", "--cached", ".atocore")
    (desk.folder / ".atocore" / "clone").unlink()
    run_git(desk.folder, "commit", "-qm", "Take it out")
    desk.close()
    desk.vault.list()


def test_the_clones_name_is_written_over_a_link_and_not_through_it(desk: Desk, tmp_path: Path) -> None:
    desk.vault.status()
    (tmp_path / "victim").write_text("precious words")
    (desk.folder / ".atocore" / "clone").symlink_to(tmp_path / "victim")
    desk.vault.reinforce(words=True)
    assert (tmp_path / "victim").read_text() == "precious words"
    assert not (desk.folder / ".atocore" / "clone").is_symlink()
