"""Trees without what is purged from them: read, changed and sorted as git has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from atocore.store.rewriting.pack import Pack
from atocore.store.rewriting.place import Asking

_FOLDER, _SUBMODULE, _LINK = b"40000", b"160000", b"120000"


class Entry(NamedTuple):
    """One name in a tree: git's mode without leading zero, the name, and the object's id."""

    mode: bytes
    name: bytes
    oid: str


def parse(raw: bytes, width: int) -> Iterator[Entry]:
    """The entries of a tree; `width` is how many bytes an id has."""
    for mode, name, oid in _pattern(width).findall(raw):
        yield Entry(mode, name, oid.hex())


@cache
def _pattern(width: int) -> re.Pattern[bytes]:
    return re.compile(rb"(\d+) ([^\0]+)\0(.{%d})" % width, re.DOTALL)


def written(entries: Iterable[Entry]) -> bytes:
    """A tree of these entries, in git's order: a folder's name counts as if it ended in a slash."""
    ordered = sorted(entries, key=lambda one: one.name + (b"/" if one.mode.lstrip(b"0") == _FOLDER else b""))
    return b"".join(b"%s %s\0" % (one.mode, one.name) + bytes.fromhex(one.oid) for one in ordered)


class TreeRules(NamedTuple):
    """What changes in trees. `blobs`: id -> new content, None for one that is taken out. `name` gives a name
    its new one. `removed` are paths (files or folders) that go; `prefix` is the folder (with a slash at its
    end, or nothing) outside of which everything stays."""

    blobs: Mapping[str, bytes | None]
    name: Callable[[bytes], bytes]
    removed: frozenset[bytes] = frozenset()
    prefix: bytes = b""


class TreeMapping:
    """Old tree -> new tree, each looked at once."""

    def __init__(self, asking: Asking, pack: Pack, rules: TreeRules, width: int) -> None:
        self._asking, self._pack, self._rules, self._width = asking, pack, rules, width
        self._known: dict[tuple[str, bytes], str | None] = {}
        self.blobs: dict[str, str | None] = {}
        """What each blob became that was met and changed; None for one that was taken out."""
        self._changed = frozenset(map(bytes.fromhex, rules.blobs))
        self._anywhere = rules.prefix + b"\0"
        """A path within the scope that no file has."""
        self._above = frozenset(
            path[:at]
            for path in rules.removed
            for at in (index for index, letter in enumerate(path) if letter == ord("/"))
        )

    def root(self, oid: str) -> str:
        """The new tree of a commit; an empty one where nothing is left."""
        return self._tree(oid, b"") or self._pack.add("tree", b"")

    def blob(self, oid: str) -> str | None:
        """What stands for a blob from now on."""
        if oid not in self._rules.blobs:
            return oid
        if oid not in self.blobs:
            content = self._rules.blobs[oid]
            self.blobs[oid] = None if content is None else self._pack.add("blob", content)
        return self.blobs[oid]

    def _tree(self, oid: str, path: bytes) -> str | None:
        """The new tree of a folder; None where nothing is left of it. What depends on where it is, is kept
        by its path."""
        prefix = self._rules.prefix
        inside = path == b"" if not prefix else (path + b"/").startswith(prefix)
        on_the_way = bool(prefix) and not inside
        placed = on_the_way or path in self._above or path == b""
        key = (oid, path if placed else b"/")
        if key not in self._known:
            raw = self._asking.get(oid).content
            if not placed and self._is_untouched(raw):
                self._known[key] = oid
                return oid
            entries = list(parse(raw, self._width))
            new = [one for entry in entries if (one := self._entry(entry, path)) is not None]
            if new == entries:
                self._known[key] = oid
            else:
                self._known[key] = self._pack.add("tree", written(_apart(new))) if new else None
        return self._known[key]

    def _is_untouched(self, raw: bytes) -> bool:
        """Whether nothing changes in a folder whose place does not matter: the usual case, without a value
        for each of thousands of names. A name that only looks like one that changes is for the thorough
        look."""
        if self._rules.name(raw) != raw:
            return False
        return not any(
            self._tree(oid.hex(), self._anywhere) != oid.hex() if mode == _FOLDER else oid in self._changed
            for mode, _, oid in _pattern(self._width).findall(raw)
        )

    def _entry(self, entry: Entry, folder: bytes) -> Entry | None:
        rules = self._rules
        path = folder + b"/" + entry.name if folder else entry.name
        whole = path + b"/"
        if not (whole.startswith(rules.prefix) or rules.prefix.startswith(whole)):
            return entry
        if path in rules.removed:
            return None
        if entry.mode.lstrip(b"0") == _FOLDER:
            oid = self._tree(entry.oid, path)
        elif entry.mode == _SUBMODULE or not path.startswith(rules.prefix):
            oid = entry.oid
        else:
            oid = self.blob(entry.oid)
        if oid is None:
            return None
        name = rules.name(entry.name) if path.startswith(rules.prefix) else entry.name
        return Entry(entry.mode, name, oid)


def _apart(entries: list[Entry]) -> list[Entry]:
    """The entries, none of which shares its name with another after names were changed."""
    taken: set[bytes] = set()
    found = []
    for entry in entries:
        name, number = entry.name, 2
        while name in taken:
            stem, dot, end = entry.name.rpartition(b".")
            name = (stem + b"-%d" % number + dot + end) if stem else entry.name + b"-%d" % number
            number += 1
        taken.add(name)
        found.append(entry._replace(name=name))
    return found
