"""What is staged: the difference of the index and HEAD, read without writing the index."""

from __future__ import annotations

import os
from pathlib import Path

from atocore.store.git import Git
from atocore.store.repository import Repository
from atocore.store.trees import TreeChange, parse_changes


def staged(repository: Repository, index: Path | None = None) -> list[TreeChange]:
    """The vault's paths whose staged state is not the committed one; a rename is an end and a birth, and what
    is unmerged is left out.

    `index` is the index that git prepared for the commit at hand, where it is not the repository's own.
    """
    env = {"GIT_INDEX_FILE": str(index)} if index is not None else {}
    limits = ["--", repository.prefix] if repository.prefix else []
    options = ("--cached", "--raw", "-r", "-z", "--no-abbrev", "--no-renames", "--no-relative")
    base = repository.head() or _empty_tree(repository.git)
    git = Git(repository.top, repository.top)
    out = git.run("diff-index", *options, "--no-ext-diff", "--no-textconv", base, *limits, env=env)
    pieces = (piece for piece in out.split(b"\0") if piece)
    return [change for change in parse_changes(pieces, repository.prefix) if change.old_oid or change.new_oid]


def _empty_tree(git: Git) -> str:
    return git.run("hash-object", "-t", "tree", "--stdin").decode().strip()


def merged_in(repository: Repository, paths: list[str]) -> dict[str, str]:
    """Where a merge is being concluded: the blobs that the other side has at these paths, and git with it."""
    try:
        other = (repository.git_dir / "MERGE_HEAD").read_text().split()[:1]
    except OSError:
        return {}
    entries = repository.entries(other[0], paths) if other else {}
    return {path: entry.oid for path, entry in entries.items() if entry.is_file}


def index_of_this_commit() -> Path | None:
    """The index that git told its hook to look at; None outside of a hook."""
    named = os.environ.get("GIT_INDEX_FILE", "")
    return Path(named).absolute() if named else None
