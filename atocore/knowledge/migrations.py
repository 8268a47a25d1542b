"""From one vault format to the next: one table of pure functions, from a vault's committed files to edits.

A migration sees the files as they are committed, by path, and says what each shall be. It is told once, here:
the verb shows it as a diff, applies all of it in one commit, and undoing that commit undoes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from atocore.config import read_document
from atocore.config_format import FORMAT, format_of
from atocore.errors import AtocoreError
from atocore.records.plan import Change

SETTINGS = "atocore.yaml"
Files = Mapping[str, bytes]
"""Path in the vault to bytes, of every regular file that is committed."""


class Edit(NamedTuple):
    """What one file shall be (None: removed), and the kind of change, as it is counted."""

    path: str
    text: bytes | None
    told: str


class Migration(NamedTuple):
    """One row: the format that it leads to from the one before, what it does, and the edits it makes. The
    format's number in `atocore.yaml` is written for each row, whatever its edits are."""

    to: int
    told: str
    edits: Callable[[Files], Iterable[Edit]]


def _nothing(_files: Files) -> Iterable[Edit]:
    return ()


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "the format is written down; nothing else differs", _nothing),
)
"""Every format that there is, in order. No key of a record or setting was renamed so far."""
assert MIGRATIONS[-1].to == FORMAT


@dataclass(frozen=True, slots=True)
class Migrated:
    """What leads a vault from one format to another: the rows, each file's change, and how many files each
    kind of change touched."""

    before: int
    after: int
    steps: tuple[Migration, ...]
    changes: tuple[Change, ...]
    counts: tuple[tuple[str, int], ...]


def migrate(
    files: Files, table: Sequence[Migration] = MIGRATIONS, *, heard: Callable[[int, int], None] | None = None
) -> Migrated:
    """What is due for these files, nothing where they are of the newest format of the table. `heard` is told
    of each row that is done, and of how many. Raises `newer-format`, `bad-settings`, and whatever a row does:
    nothing is half decided."""
    before = _named(files)
    newest = table[-1].to
    if before > newest:
        told = f"atocore.yaml: the vault is of format {before}, and this AtoCore knows formats up to {newest}"
        raise AtocoreError("newer-format", told, "upgrade AtoCore, or undo the migration's commit")
    steps = tuple(row for row in table if row.to > before)
    edited = _Edited(files)
    touched: set[tuple[str, str]] = set()
    for number, row in enumerate(steps, 1):
        for edit in row.edits(edited):
            edited.put(edit.path, edit.text)
            touched.add((edit.told, edit.path))
        edited.put(SETTINGS, with_format(edited[SETTINGS], row.to))
        touched.add(("the format written down", SETTINGS))
        if heard is not None:
            heard(number, len(steps))
    changes = tuple(edited.changes())
    changed = {change.path for change in changes}
    counts = Counter(told for told, path in touched if path in changed)
    return Migrated(before, newest, steps, changes, tuple(sorted(counts.items())))


class _Edited(Mapping[str, bytes]):
    """The files behind the edits so far; each row sees what those before it made."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._edits: dict[str, bytes | None] = {}

    def put(self, path: str, text: bytes | None) -> None:
        self._edits[path] = text

    def changes(self) -> Iterator[Change]:
        for path, text in sorted(self._edits.items()):
            old = self._files.get(path)
            if old != text:
                yield Change(path, old, text)

    def __getitem__(self, path: str) -> bytes:
        text = self._edits[path] if path in self._edits else self._files[path]
        if text is None:
            raise KeyError(path)
        return text

    def __iter__(self) -> Iterator[str]:
        yield from (path for path in self._files if self._edits.get(path, b"") is not None)
        yield from (
            path for path, text in self._edits.items() if text is not None and path not in self._files
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _named(files: Files) -> int:
    if SETTINGS not in files:
        hint = f"git add {SETTINGS} && git commit"
        raise AtocoreError("not-found", f"{SETTINGS} is not committed yet", hint)
    return format_of(read_document(_text(files[SETTINGS])))


# -- writing the number down, and no other byte -------------------------------------------------------------

_KEY = re.compile(r"""^(?P<key>(?P<quote>["']?)format(?P=quote)[ \t]*:)(?P<value>[^\r\n#]*)""", re.MULTILINE)
_HEAD = re.compile(r"\A\ufeff?(?:(?:[ \t]*#[^\n]*|[ \t\r]*|%[^\n]*|---[ \t\r]*(?:#[^\n]*)?)(?:\n|\Z))*")
_BLANK = re.compile(r"^[ \t\r]*\n", re.MULTILINE)


def with_format(raw: bytes, number: int) -> bytes:
    """An `atocore.yaml` that names a format, every other byte as it was: comments, order, line ends.

    Raises `bad-settings` where the file is of a form in which that cannot be done safely."""
    text = _text(raw)
    document = read_document(text)
    wanted = {**document, "format": number}
    if format_of(document) == number and "format" in document:
        return raw
    for candidate in _candidates(text, number):
        try:
            if read_document(candidate) == wanted:
                return candidate.encode()
        except AtocoreError:
            continue
    told = f"{SETTINGS}: its form leaves no line of its own for the format"
    raise AtocoreError("bad-settings", told, f"write `format: {number}` into it, and commit it")


def _candidates(text: str, number: int) -> Iterator[str]:
    """Ways to write the number: in the line that is there; on a line behind the comments and blank lines at
    the top; at the end."""
    for found in _KEY.finditer(text):
        value = found["value"]
        space = value[len(value.rstrip()) :]
        yield f"{text[: found.end('key')]} {number}{space}{text[found.end('value') :]}"
    end = "\r\n" if "\r\n" in text else "\n"
    head = _HEAD.match(text)
    at = head.end() if head is not None else 0
    blank = [found.end() for found in _BLANK.finditer(text, 0, at)]
    for place in (*blank[-1:], at):  # a comment that stands right above a key is that key's
        before, after = text[:place], text[place:]
        gap = "" if before in ("", "\ufeff") or before.endswith("\n") else end
        yield f"{before}{gap}format: {number}{end}{after}"
    yield f"{text.rstrip()}{end}format: {number}{end}"


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise AtocoreError("bad-settings", f"{SETTINGS}: not UTF-8: {error}", "mend the file") from error
