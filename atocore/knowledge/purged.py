"""The list of what was purged from history: which objects may never come back, and what stands for them.

Pure. The list is a committed file of the vault, so that every clone knows it; it tells no secret and no path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

PURGED_FILE = "purged.txt"
HEAD = """\
# What was purged from this vault's history: an object's id, the id of what stands for it since (- where
# nothing does), and the day. Written by `atocore purge`; whoever brings one of these back is told so.
# Never delete a line.
"""
_LINE = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}|-) (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Purged:
    """One object that was purged: its id, the id of what stands for it (None: nothing does), and the day
    (`YYYY-MM-DD`). Mostly blobs; also commits and tags whose message was changed."""

    old: str
    new: str | None
    day: str

    def line(self) -> str:
        """The entry as the list has it."""
        return f"{self.old} {self.new or '-'} {self.day}"


def parse(raw: bytes) -> tuple[Purged, ...]:
    """The entries of a list, each object once, in the list's order. Comments, blank lines and whatever a
    merge left that is no entry say nothing: a list that people merged still guards."""
    found: dict[str, Purged] = {}
    for line in raw.decode("utf-8", "replace").splitlines():
        match = _LINE.fullmatch(line.strip())
        if match:
            old, new, day = match.groups()
            found.setdefault(old, Purged(old, None if new == "-" else new, day))
    return tuple(found.values())


def wrong_lines(raw: bytes) -> Iterator[tuple[int, str]]:
    """Line number and text of what is neither an entry nor a comment."""
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith("#") and not _LINE.fullmatch(text):
            yield number, text


def with_entries(raw: bytes | None, entries: Iterable[Purged]) -> bytes:
    """A list with further entries at its end; an object that is listed already keeps its line."""
    text = (raw or HEAD.encode()).decode("utf-8", "surrogateescape")
    known = {entry.old for entry in parse(raw or b"")}
    new = {entry.old: entry for entry in entries if entry.old not in known}
    text += "" if text.endswith("\n") or not text else "\n"
    lines = "".join(f"{new[old].line()}\n" for old in sorted(new))
    return (text + lines).encode("utf-8", "surrogateescape")


def entries_of(replaced: Mapping[str, str | None], day: str) -> tuple[Purged, ...]:
    """Entries for objects and what stands for them; one that stands for itself was not purged."""
    return tuple(Purged(old, new, day) for old, new in sorted(replaced.items()) if new != old)
