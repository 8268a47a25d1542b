"""What git's trees and their differences hold, as values, and how git writes them down."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

SYMLINK, SUBMODULE, FOLDER = "120000", "160000", "040000"
FILES = ("100644", "100755")
# Git compares every name with every limit: beyond so many, listing everything and choosing costs less.
FEW_NAMES = 200


class TreeEntry(NamedTuple):
    """One name in a commit: `mode` as git writes it (100644, 100755, 120000, 160000), and the object's id."""

    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        """A regular file: neither a symbolic link nor a submodule."""
        return self.mode in FILES


class TreeChange(NamedTuple):
    """One path that differs between two commits. `old_oid` is None where it is new, `new_oid` where it is
    gone; `mode` is the new one, or the old one of what is gone; `old_path` is set where it was renamed."""

    path: str
    old_oid: str | None
    new_oid: str | None
    mode: str
    old_path: str | None = None


def blob_id(content: bytes, like: str) -> str:
    """The id git gives these bytes, by the same hash as the id `like`."""
    digest = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(content) + content).hexdigest()


def within(path: str, prefix: str) -> str | None:
    """The path as the vault sees it, or None where it lies outside; `prefix` is "" or ends with a slash."""
    return path[len(prefix) :] if path.startswith(prefix) else None


def parse_tree(listing: bytes, prefix: str) -> dict[str, TreeEntry]:
    """`ls-tree -z`: path in the vault -> entry."""
    found: dict[str, TreeEntry] = {}
    for line in listing.split(b"\0"):
        if line:
            facts, _, name = line.partition(b"\t")
            mode, _, oid = facts.split(b" ")
            path = within(os.fsdecode(name), prefix)
            if path is not None:
                found[path] = TreeEntry(mode.decode(), oid.decode())
    return found


def chosen(listing: bytes, names: Mapping[bytes, str]) -> dict[str, TreeEntry]:
    """`ls-tree -z`: the entries of these names, by what they stand for. Everything else is passed over."""
    found: dict[str, TreeEntry] = {}
    for line in listing.split(b"\0"):
        facts, _, name = line.partition(b"\t")
        if name in names:
            mode, _, oid = facts.split(b" ")
            found[names[name]] = TreeEntry(mode.decode(), oid.decode())
    return found


def parse_changes(pieces: Iterable[bytes], prefix: str) -> Iterator[TreeChange]:
    """`--raw -z`: the changes inside the vault. A rename across its edge is a birth or an end."""
    source = iter(pieces)
    for facts in source:
        yield from one_change(facts, source, prefix)


def one_change(facts: bytes, source: Iterator[bytes], prefix: str) -> Iterator[TreeChange]:
    """One raw record, whose path (two for a rename) is still to be taken from `source`."""
    old_mode, mode, old, new, status = facts.decode().lstrip("\n:").split(" ")
    before = os.fsdecode(next(source))
    after = os.fsdecode(next(source)) if status[0] in "RC" else before
    inside, was_inside = within(after, prefix), within(before, prefix)
    old_oid, new_oid = (None if set(oid) == {"0"} else oid for oid in (old, new))
    if status[0] == "C":  # `log --follow` takes a new file that resembles another for its copy: it is born
        old_oid = None
    if status[0] == "R" and inside is None and was_inside is not None:
        yield TreeChange(was_inside, old_oid, None, old_mode)
    elif status[0] == "R" and inside is not None and was_inside is None:
        yield TreeChange(inside, None, new_oid, mode)
    elif inside is not None:
        renamed = was_inside if status[0] == "R" else None
        yield TreeChange(inside, old_oid, new_oid, mode if new_oid else old_mode, renamed)
