"""A file that two sides changed, merged as git would merge it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from atocore.store.git import Git


def merged(git: Git, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """What git makes of two versions that come from one, line by line; None where it needs a person. Nothing
    is written to the repository."""
    with TemporaryDirectory(prefix="atocore-merge-") as folder:
        paths = [str(Path(folder, name)) for name in ("ours", "base", "theirs")]
        for path, raw in zip(paths, (ours, base, theirs), strict=True):
            Path(path).write_bytes(raw)
        answer = git.ask("merge-file", "-p", "-q", *paths)
    return answer.out if answer.code == 0 else None
