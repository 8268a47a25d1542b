"""The local folder: a clone that brings one is refused before anything in it is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from steps import git, open_

from atocore.errors import AtocoreError


def tracked(folder: Path, name: str = ".atocore/lock.pid") -> Path:
    """Commit a link of the local folder's that leads to a file outside; that file."""
    victim = folder.parent / "victim"
    victim.write_text("precious")
    link = folder / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(victim)
    git(folder, "add", "-f", name)
    git(folder, "commit", "-qm", "Bring a local folder", "--", name)
    return victim


@pytest.mark.parametrize("name", [".atocore/lock.pid", ".atocore", ".ATOCORE/index"])
def test_a_commit_that_holds_it_is_refused(repo: Path, name: str) -> None:
    tracked(repo, name)
    if name != ".atocore":
        (repo / ".atocore").mkdir(exist_ok=True)
    with pytest.raises(AtocoreError) as caught:
        open_(repo)
    assert caught.value.code == "local-tracked" and "git rm -r --cached .atocore" in caught.value.hint


def test_it_is_looked_for_in_the_vault_and_not_beside_it(repo: Path) -> None:
    tracked(repo)
    vault = repo / "memories"
    (vault / ".atocore").mkdir()
    open_(vault)
    tracked(vault)
    with pytest.raises(AtocoreError, match="git tracks"):
        open_(vault)
