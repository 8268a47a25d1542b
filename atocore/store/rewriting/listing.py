"""The commit that adds files on top of a new history, before any reference knows it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.rewriting.place import Place


@dataclass(frozen=True, slots=True)
class Addition:
    """A commit that lies ready for a branch: `files` maps paths from the repository's top to (id, bytes)."""

    branch: str
    parent: str
    commit: str
    files: Mapping[str, tuple[str, bytes]]


def commit_list(
    place: Place, folder: Path, branch: str, parent: str, texts: Mapping[str, bytes], message: str
) -> Addition:
    """Commit files on top of a commit as the configured person, signed where they sign; no hook runs,
    since no reference moves. `folder` takes a scratch index. Raises `git-failed`."""
    env = {"GIT_INDEX_FILE": str(folder / "index")}
    place.run("read-tree", parent, env=env)
    added: dict[str, tuple[str, bytes]] = {}
    for path, raw in texts.items():
        oid = place.run("hash-object", "-w", "--no-filters", "--stdin", stdin=raw).decode().strip()
        added[path] = (oid, raw)
    lines = (f"100644 {oid}\t".encode() + os.fsencode(path) + b"\0" for path, (oid, _) in added.items())
    place.run("update-index", "-z", "--index-info", stdin=b"".join(lines), env=env)
    tree = place.run("write-tree", env=env).decode().strip()
    signs = place.ask("config", "--type=bool", "commit.gpgSign").out.strip() == b"true"
    options = ["-S"] if signs else []
    answer = place.ask("commit-tree", *options, "-p", parent, "-F", "-", tree, stdin=message.encode())
    if answer.code:
        told = f"the commit of the list could not be made: {answer.err.strip()}"
        raise AtocoreError("git-failed", told, "see: git config commit.gpgSign; nothing was changed")
    return Addition(branch, parent, answer.out.decode().strip(), added)
