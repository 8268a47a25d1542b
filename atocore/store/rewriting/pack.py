"""New objects into a pack of their own: written here, checked and taken in by git."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

from atocore.store.git import Answer, failure
from atocore.store.rewriting.place import Place

_TYPES: Mapping[str, int] = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
_FAST = 1
_PART = 1 << 20


class Pack:
    """A pack file that grows by an object at a time; git's `index-pack` checks it before anything uses it."""

    def __init__(self, path: Path, object_format: str) -> None:
        self.path = path
        self._hash = hashlib.sha256 if object_format == "sha256" else hashlib.sha1
        self._held: set[str] = set()
        self._file = path.open("w+b")
        self._file.write(_head(0))

    def add(self, kind: str, content: bytes) -> str:
        """Keep an object; its id."""
        oid = self._hash(f"{kind} {len(content)}\0".encode() + content).hexdigest()
        if oid not in self._held:
            self._held.add(oid)
            self._file.write(_entry(_TYPES[kind], len(content)) + zlib.compress(content, _FAST))
        return oid

    def close(self) -> int:
        """End the file; how many objects it holds."""
        self._file.seek(0)
        self._file.write(_head(len(self._held)))
        self._file.seek(0)
        digest = self._hash()
        while part := self._file.read(_PART):
            digest.update(part)
        self._file.write(digest.digest())
        self._file.close()
        return len(self._held)

    def take_in(self, place: Place) -> None:
        """Have git check the objects and put them into a repository, where nothing points to them yet."""
        if not self._held:
            return
        args = ("index-pack", "--stdin")
        with self.path.open("rb") as file, place.fed(*args, lines=iter(lambda: file.read(_PART), b"")) as git:
            assert git.stderr
            said = os.fsdecode(git.stderr.read())
            if git.wait():
                raise failure(args, Answer(git.returncode, b"", said))


def _head(count: int) -> bytes:
    return b"PACK" + (2).to_bytes(4, "big") + count.to_bytes(4, "big")


def _entry(kind: int, size: int) -> bytes:
    """Type and size as a pack has them: four bits, then seven a byte."""
    first, rest = (kind << 4) | (size & 15), size >> 4
    parts = bytearray()
    while rest:
        parts.append(first | 0x80)
        first, rest = rest & 0x7F, rest >> 7
    parts.append(first)
    return bytes(parts)
