"""Git's index of one repository: reading entries, and the private copy that a step commits through.

The person's index is replaced once, whole, by a file prepared beside it: everything they have staged or
flagged stays as it was. Who calls this holds `index.lock`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from atocore.store.files import remove
from atocore.store.git import Git
from atocore.store.trees import FEW_NAMES, TreeEntry, within

# By default git leaves new objects to the system's own time: a power cut could take them from under a branch.
DURABLE = ("-c", "core.fsync=all", "-c", "core.fsyncMethod=batch")


class IndexEntry(NamedTuple):
    """One path of the index. `stage` is 0 unless unmerged; `flag` is git's letter: `S` skips the work tree
    (sparse checkout), lower case is assumed unchanged."""

    mode: str
    oid: str
    stage: str
    flag: str


class PrivateIndex:
    """A copy of the person's index in git's folder, under a name of ours."""

    def __init__(self, git_dir: Path, top: Path, prefix: str, tag: str) -> None:
        self.real = git_dir / "index"
        self.path = git_dir / f"{tag}.index"
        self.prefix = prefix
        self.git = Git(top)
        self.env = {"GIT_INDEX_FILE": str(self.path)}

    def copy(self) -> None:
        """Start from the person's index as it is now (it may not be there yet).

        With its time: from that git knows which entries are too young to be trusted by their files' times.
        """
        remove(self.path)
        if self.real.exists():
            shutil.copy2(self.real, self.path)

    def add(self, paths: Iterable[str], *, objects: bool = True) -> None:
        """Take the paths as they are in the work tree, ignored or not; their contents flushed in one go.

        Without `objects` the contents are not stored, for whoever stores them before this is published.
        """
        names = b"".join(os.fsencode(self.prefix + path) + b"\0" for path in paths)
        if names:
            options = ("--add", *(() if objects else ("--info-only",)), "-z", "--stdin")
            self.git.run(*DURABLE, "update-index", *options, stdin=names, env=self.env)

    def put(self, entries: Mapping[str, TreeEntry | None], commit: str) -> None:
        """Set entries without looking at the work tree; None removes. Then note the files' times."""
        absent = TreeEntry("0", "0" * len(commit))
        lines = b"".join(self._line(path, entry or absent) for path, entry in entries.items())
        if lines:
            self.git.run("update-index", "-z", "--index-info", stdin=lines, env=self.env)
            self._refresh([path for path, entry in entries.items() if entry])

    def _line(self, path: str, entry: TreeEntry) -> bytes:
        return f"{entry.mode} {entry.oid}\t".encode() + os.fsencode(self.prefix + path) + b"\0"

    def _refresh(self, paths: list[str]) -> None:
        """Let the entries carry their files' times, so that git need not read these files again."""
        names = b"".join(os.fsencode(self.prefix + path) + b"\0" for path in paths)
        if names:  # an entry that differs from its file, or has none, stays as it is
            options = ("--refresh", "--pathspec-from-file=-", "--pathspec-file-nul")
            self.git.ask("add", *options, stdin=names, env=self.env)

    def differing(self, commit: str, paths: Iterable[str]) -> set[str]:
        """Those of the paths whose entry is not what the commit holds."""
        wanted = set(paths)
        limits = [self.prefix + path for path in sorted(wanted)] if len(wanted) <= FEW_NAMES else []
        options = (
            "--cached",
            "--name-only",
            "-z",
            "--no-renames",
            "--no-relative",
            "--ita-invisible-in-index",
        )
        out = self.git.run("diff-index", *options, commit, "--", *limits, env=self.env)
        found = (within(os.fsdecode(name), self.prefix) for name in out.split(b"\0") if name)
        return {path for path in found if path in wanted}

    def publish(self) -> None:
        """Make this copy the person's index."""
        if self.path.exists():
            self.path.replace(self.real)

    def discard(self) -> None:
        """Remove the copy and what a killed git left of it."""
        remove(self.path)
        remove(self.path.with_name(self.path.name + ".lock"))


def entries(git: Git, prefix: str, paths: Iterable[str]) -> dict[str, list[IndexEntry]]:
    """What the person's index holds at these paths; more than one entry is an unfinished merge."""
    names = {os.fsencode(prefix + path): path for path in paths}
    limits = [prefix + path for path in names.values()] if len(names) <= FEW_NAMES else []
    found: dict[str, list[IndexEntry]] = {}
    for line in git.run("ls-files", "-s", "-v", "-z", "--full-name", "--", *limits).split(b"\0"):
        facts, _, name = line.partition(b"\t")
        if name in names:
            flag, mode, oid, stage = facts.decode().split(" ")
            found.setdefault(names[name], []).append(IndexEntry(mode, oid, stage, flag))
    return found
