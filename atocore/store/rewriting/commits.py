"""Commits and tags with other trees, parents and messages: everything else in them stays, byte for byte.

A signature is over the bytes that were signed: an object that changes loses it, and no other does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

_SIGNED = re.compile(
    rb"^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----.*",
    re.DOTALL | re.MULTILINE,
)
_OID = re.compile(rb"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")

Message = Callable[[str, bytes], bytes]
"""The new form of what an object says, by the object's id."""


class Words(NamedTuple):
    """What becomes of texts: of a message (by its object's id and what it says), and of what stands in a
    header, a person's name say."""

    message: Message
    header: Callable[[bytes], bytes]


def commit(
    oid: str, raw: bytes, tree: str, now: Mapping[str, str], words: Words, named: Callable[[str], str]
) -> tuple[bytes, bool]:
    """A commit with another tree, on the commits that its parents are now; and whether what it says changed.

    `now` maps commits to what they became; `named` gives what stands for an id that its message names.
    """
    lines, said = _parted(raw)
    kept, changed, signed = [], False, []
    for line in lines:
        key, _, value = line.partition(b" ")
        if key == b"tree":
            kept.append(b"tree " + tree.encode())
        elif key == b"parent":
            old = value.decode()
            kept.append(b"parent " + now.get(old, old).encode())
        elif key in (b"gpgsig", b"gpgsig-sha256"):
            signed.append((len(kept), line))
            kept.append(line)
        elif key == b"mergetag":
            told = words.header(value)
            changed |= told != value
            pointed = _OID.search(value)
            if told == value and pointed and now.get(pointed[0].decode(), "") in ("", pointed[0].decode()):
                kept.append(line)
        else:
            told = words.header(value)
            changed |= told != value
            kept.append(key + b" " + told if value else line)
    told = words.message(oid, said)
    changed |= told != said
    told = _OID.sub(lambda match: named(match[0].decode()).encode(), told)
    new = b"\n".join(kept) + b"\n\n" + told
    if new != raw and signed:
        without = [line for line in kept if line.partition(b" ")[0] not in (b"gpgsig", b"gpgsig-sha256")]
        new = b"\n".join(without) + b"\n\n" + told
    return new, changed


def tag(oid: str, raw: bytes, target: str, words: Words) -> tuple[bytes, bool]:
    """An annotated tag that points to another object; and whether what it says changed."""
    lines, said = _parted(raw)
    told = words.message(oid, said)
    changed = told != said
    kept = []
    for line in lines:
        key, _, value = line.partition(b" ")
        now = target.encode() if key == b"object" else value
        if key not in (b"object", b"gpgsig-sha256", b"gpgsig"):
            now = words.header(value)
            changed |= now != value
        kept.append(key + b" " + now)
    new = b"\n".join(kept) + b"\n\n" + told
    if new != raw:
        kept = [line for line in kept if line.partition(b" ")[0] not in (b"gpgsig", b"gpgsig-sha256")]
        new = b"\n".join(kept) + b"\n\n" + _SIGNED.sub(b"", told)
    return new, changed


def tree_of(raw: bytes) -> str:
    """The tree that a commit names."""
    return next(line[5:].decode() for line in _parted(raw)[0] if line.startswith(b"tree "))


def target_of(raw: bytes) -> tuple[str, str]:
    """Id and type of what a tag points to."""
    facts = dict(line.partition(b" ")[::2] for line in _parted(raw)[0])
    return facts[b"object"].decode(), facts[b"type"].decode()


def is_signed(raw: bytes) -> bool:
    """Whether a commit or tag carries a signature."""
    return b"\ngpgsig" in raw.partition(b"\n\n")[0] or _SIGNED.search(raw) is not None


def _parted(raw: bytes) -> tuple[list[bytes], bytes]:
    """The headers of an object, each with the lines that continue it, and its message."""
    head, _, said = raw.partition(b"\n\n")
    lines: list[bytes] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and lines:
            lines[-1] += b"\n" + line
        else:
            lines.append(line)
    return lines, said
