"""What an audit has found so far in versions, files and messages: one finding a secret and path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from atocore.knowledge.leaks import Finder, Leak, leaks_in, leaks_of_file, redacted
from atocore.store.history import Commit

_LOOKED_FOR_NUL = 8000
"""Git itself takes a file with a NUL byte among so many for binary."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Found:
    """A secret that is where it should not be, not named: see `Leak`.

    `where` is `committed` or `saved` (it is there now), `capture`, `history` (a file of former commits, or of
    other branches, or its name), `message` (of a commit or tag), `name` (of a file that is there, a branch or
    a tag; then `path` has a placeholder in it). `commit` and `date` tell what brought it in, "" where no
    commit did. `line` is that of the present file, else that of the version that brought it in.
    """

    path: str
    line: int
    label: str
    hint: str
    fingerprint: str
    where: str
    present: bool
    commit: str
    date: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What was not looked at, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class Known:
    """Blobs and where they came from: the first path and commit of each, and where each is committed now."""

    first: dict[str, tuple[str, Commit | None]] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)


class LeakSearch:
    """What was found so far: one finding for each secret and path, however many versions hold it."""

    def __init__(self, find: Finder, allowed: frozenset[str]) -> None:
        self._find, self._allowed = find, allowed
        self.known = Known()
        self.found: dict[tuple[str, str], Found] = {}
        self.skipped: list[PassedOver] = []

    def version(self, oid: str, raw: bytes | None, size: int) -> None:
        """Look through one blob."""
        path, commit = self.known.first[oid]
        now = self.known.now.get(oid)
        path = now or path
        if raw is None:
            reason = f"too-large: {size:,} bytes" if size >= 0 else "git does not have it: run git fsck"
            self.skipped.append(PassedOver(path, reason))
            return
        for leak in self._leaks(path, raw):
            self._add(leak, "committed" if now else "history", commit)

    def file(self, path: str, raw: bytes, where: str) -> None:
        """Look through a file that lies in the vault and may not be committed."""
        for leak in self._leaks(path, raw):
            self._add(leak, where, None)

    def message(self, commit: Commit) -> None:
        """Look through a commit's message."""
        trailers = "\n".join(f"{name}: {value}" for name, value in commit.trailers)
        self.text(
            f"message of {commit.id[:10]}",
            f"{commit.subject}\n\n{commit.body}\n\n{trailers}",
            "message",
            commit,
        )

    def text(self, path: str, text: str, where: str, commit: Commit | None = None) -> None:
        """Look through a text that is no file."""
        for leak in leaks_in(path, text, self._find, self._allowed):
            self._add(leak, where, commit)

    def names(self, names: Iterable[str], where: str) -> None:
        """Look through names of files, branches and tags: all at once, and the few that hold one again."""
        lines = [name.replace("\n", " ") for name in sorted(names)]
        for leak in list(leaks_in("", "\n".join(lines), self._find, self._allowed)):
            name = lines[leak.line - 1]
            shown = f"name of {redacted(name, self._find, self._allowed)}"
            for named in leaks_in(shown, name, self._find, self._allowed):
                self._add(named, where, None)

    def _leaks(self, path: str, raw: bytes) -> Iterator[Leak]:
        if raw.startswith(_UTF16):
            yield from leaks_in(path, raw.decode("utf-16", "replace"), self._find, self._allowed)
        elif b"\0" not in raw[:_LOOKED_FOR_NUL]:
            yield from leaks_of_file(path, raw, self._find, self._allowed)

    def _add(self, leak: Leak, where: str, commit: Commit | None) -> None:
        key = (leak.fingerprint, leak.path)
        present = where not in ("history", "message")
        before = self.found.get(key)
        if before is None:
            brought_in = (commit.id, commit.date.isoformat()) if commit else ("", "")
            self.found[key] = Found(
                leak.path,
                leak.line,
                leak.label,
                leak.hint,
                leak.fingerprint,
                where,
                present,
                *brought_in,
            )
        elif present and not before.present:
            self.found[key] = replace(before, where=where, present=True, line=leak.line)


def by_urgency(one: Found) -> tuple[bool, str, int, str]:
    """What is there now first."""
    return not one.present, one.path, one.line, one.fingerprint
