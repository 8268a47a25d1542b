"""The guard of the vault's local folder: nothing of it may come from git.

A clone could bring an index that was never made of its commits, a journal to recover from, and links to
whatever the user may write. So a vault whose commit holds the folder is refused before anything in it is
touched, and a commit that brings it later is not taken in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.git import Git
from atocore.store.lock import LOCAL


def refuse_tracked(git: Git) -> None:
    """Raise `local-tracked` where the commit that is checked out holds the local folder of git's folder."""
    if not os.path.lexists(git.cwd / LOCAL):
        return
    listing = git.ask("ls-tree", "-z", "--name-only", "HEAD")  # without a commit, nothing is tracked
    refuse_local(git.cwd, map(os.fsdecode, listing.out.split(b"\0")))


def refuse_local(vault: Path, paths: Iterable[str]) -> None:
    """Raise `local-tracked` where one of a commit's paths lies in the local folder, or is it."""
    if any(path.partition("/")[0].lower() == LOCAL for path in paths):
        told = f"git tracks {vault / LOCAL}, which is this machine's own and comes from no clone"
        hint = f"see who put it there; then: git rm -r --cached {LOCAL} && rm -r {LOCAL}, and commit"
        raise AtocoreError("local-tracked", told, hint)
