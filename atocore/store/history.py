"""The log: commits as values, streamed newest first from one git process."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from atocore.store.git import Answer, Git, failure, pieces
from atocore.store.trees import TreeChange, one_change

FIELDS = ("H", "P", "an", "ae", "cn", "ce", "ad", "s", "b", "(trailers:only)")
# A leading NUL makes an empty piece, which neither a raw record nor a path can be: it parts the commits.
_FORMAT = "tformat:" + "".join(f"%x00%{field}" for field in FIELDS)
_OPTIONS = (
    "-z",
    "--raw",
    "--no-abbrev",
    "-M",
    "--diff-merges=first-parent",
    "--date=raw",
    "--encoding=UTF-8",
    "--no-relative",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
    "--no-notes",
    "--no-color",
    f"--format={_FORMAT}",
)


class Commit(NamedTuple):
    """One commit. `date` is the author's, with its zone; `body` is without the trailers; `changes` are those
    inside the vault, a merge's against its first parent."""

    id: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    committer_name: str
    committer_email: str
    date: datetime
    subject: str
    body: str
    trailers: tuple[tuple[str, str], ...]
    changes: tuple[TreeChange, ...]

    def trailer(self, key: str) -> tuple[str, ...]:
        """Every value of one trailer, compared without case as git does."""
        return tuple(value for name, value in self.trailers if name.lower() == key.lower())


def log(git: Git, prefix: str, span: str, paths: tuple[str, ...]) -> Iterator[Commit]:
    """The commits of `span` that touch `paths` (relative to the vault; none: all of it), newest first.

    One path is followed through its renames.
    """
    limits = [prefix + path for path in paths] or ([prefix] if prefix else [])
    follow = ["--follow"] if len(paths) == 1 else []
    return _streamed(git, prefix, *follow, span, "--", *limits)


def ancestry(git: Git, prefix: str, commit: str) -> Iterator[Commit]:
    """A commit and all that came before it in the vault, each after its last child. Its `parents` are those
    among them: what left the vault as it was is passed over."""
    limits = [prefix] if prefix else []
    return _streamed(git, prefix, "--date-order", "--parents", commit, "--", *limits)


def ever(git: Git, prefix: str) -> Iterator[Commit]:
    """Every commit below `prefix` that a reference, a stash, a reflog or HEAD has, each after its parents; a
    rename is an end and a birth."""
    limits = [prefix] if prefix else []
    order = ("--topo-order", "--reverse", "--no-renames")
    return _streamed(git, prefix, *order, "--all", "--reflog", "--", *limits)


def _streamed(git: Git, prefix: str, *asked: str) -> Iterator[Commit]:
    args = ("log", *_OPTIONS, *asked)
    with git.streamed(*args) as process:
        yield from parse(pieces(process), prefix)
        if process.wait():
            assert process.stderr
            raise failure(args, Answer(process.returncode, b"", os.fsdecode(process.stderr.read())))


def parse(source: Iterator[bytes], prefix: str) -> Iterator[Commit]:
    """Commits from the pieces of `git log -z --raw` in this module's format."""
    start = next(source, None)
    while start is not None:
        fields = [os.fsdecode(next(source)) for _ in FIELDS]
        changes: list[TreeChange] = []
        start = None
        for piece in source:
            if not piece:
                start = piece
                break
            changes += one_change(piece, source, prefix)
        yield _commit(fields, tuple(changes))


def _commit(fields: list[str], changes: tuple[TreeChange, ...]) -> Commit:
    oid, parents, author, email, committer, committer_email, date, subject, text, trailers = fields
    return Commit(
        oid,
        tuple(parents.split()),
        author,
        email,
        committer,
        committer_email,
        raw_date(date),
        subject,
        text.rstrip("\n").removesuffix(trailers.rstrip("\n")).strip("\n"),
        tuple(_trailers(trailers)),
        changes,
    )


def _trailers(text: str) -> Iterator[tuple[str, str]]:
    """Key and value of each trailer; one that is folded over several lines becomes one line again."""
    unfolded = re.sub(r"\n[ \t]+", " ", text)
    for line in unfolded.split("\n"):
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()


def raw_date(text: str) -> datetime:
    """Git's `seconds +hhmm`. What no calendar can hold (git checks neither) becomes the epoch, or UTC."""
    seconds, _, zone = text.partition(" ")
    try:
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        where = timezone(-offset if zone[:1] == "-" else offset)
    except ValueError:
        where = UTC
    try:
        return datetime.fromtimestamp(int(seconds), where)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, where)
