"""The byte-exact frontmatter reader: a file's bytes to header, body and problems.

Knows fences, encodings and line ends. Knows nothing of kinds, keys' meanings, files or git, and never raises
for what a file holds: each thing wrong is a `Problem` with the line in the file.

Decisions: `<<` is an ordinary key (nothing is merged, so every item has a line of its own); a key that stands
twice keeps its first value; in front of the fence only a byte order mark is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from atocore.records.header_fast import read_plain
from atocore.records.header_text import Fault, Item, Value, line_of
from atocore.records.problem import Problem

if TYPE_CHECKING:
    from atocore.records.header_yaml import Reading

__all__ = ["MAX_BYTES", "MAX_HEADER", "Document", "Frame", "Header", "Item", "Value", "frame", "parse"]

MAX_BYTES = 10 * 1024 * 1024
MAX_HEADER = 256 * 1024

_OPENING = re.compile(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_CLOSING = re.compile(r"[\r\n](?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_OURS = re.compile(r"(?:\A|[\r\n])<<<<<<< ")
_THEIRS = re.compile(r"[\r\n]>>>>>>> ")


@dataclass(frozen=True, slots=True, init=False)
class Header:
    """The keys of a frontmatter in the file's order, each with its value and its line in the file, from 1."""

    values: Mapping[str, Value]
    _lines: Mapping[str, int]

    def __init__(self, items: Iterable[tuple[str, Value, int]] = ()) -> None:
        values, lines = {}, {}
        for key, value, line in items:
            values[key] = value
            lines[key] = line
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "_lines", lines)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items in the file's order; keys are unique."""
        return tuple(map(Item, self.values, self.values.values(), self._lines.values()))

    def get(self, key: str) -> Value | None:
        """The key's value, None where the key is absent (an empty value is "")."""
        return self.values.get(key)

    def line(self, key: str) -> int:
        """The key's line in the file, 0 where the key is absent."""
        return self._lines.get(key, 0)

    def keys(self) -> Iterator[str]:
        """The keys in the file's order."""
        return iter(self.values)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text in two parts. `header` is None where there is no frontmatter: `body` is the whole text.

    `body` keeps its line ends; a byte order mark is not in it. `body_line` is its first line, from 1.
    """

    header: Header | None
    body: str
    body_line: int


class Frame(NamedTuple):
    """Where the parts of a text lie: the header is `text[opened:closed]`, the body `text[body:]`."""

    opened: int
    closed: int
    body: int


def frame(text: str) -> Frame | None:
    """Find the two fences. None: no frontmatter. A frame with `closed` -1: the closing fence is missing.

    The fence is `---` alone on line 1; `---` or `...` closes. `text` holds no byte order mark.
    """
    if text.startswith("---\n") and (end := text.find("\n---\n", 3)) > 0 and _is_whole(text[3:end]):
        return Frame(4, end + 1, end + 5)
    opening = _OPENING.match(text)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end() - 1)
    if closing is None:
        return Frame(opening.end(), -1, len(text))
    return Frame(opening.end(), closing.start() + 1, closing.end())


def _is_whole(head: str) -> bool:
    """Whether no fence of another form stands in a header's text."""
    return "\r" not in head and "\n---" not in head and "\n..." not in head


def parse(
    data: bytes, path: str, *, max_bytes: int = MAX_BYTES
) -> tuple[Document | None, tuple[Problem, ...]]:
    """Read a file. The document is None only where no header can be trusted; problems come in line order."""
    if len(data) > max_bytes:
        message = f"the file has {len(data)} bytes; the limit is {max_bytes}"
        return None, (Problem(path, 0, "too-large", message),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = line_of(data[: error.start].decode("utf-8"), error.start) + 1
        return None, (Problem(path, line, "not-utf8", f"byte {error.start} is not UTF-8: {error.reason}"),)
    text = text.removeprefix("\ufeff")
    faults = _marks(text)
    document, more = _document(text, conflicted=any(fault.code == "conflict-markers" for fault in faults))
    problems = [Problem(path, f.line + 1, f.code, f.message) for f in sorted((*faults, *more))]
    return document, tuple(problems)


def _marks(text: str) -> list[Fault]:
    """What is wrong with a text wherever it stands: NUL bytes and conflict markers."""
    faults = []
    nul = text.find("\0")
    if nul >= 0:
        faults.append(Fault(line_of(text, nul), "nul-byte", "the file holds a NUL byte"))
    if "<<<<<<< " in text:
        ours = _OURS.search(text)
        if ours and _THEIRS.search(text, ours.end()):
            message = "git conflict markers start here"
            faults.append(Fault(line_of(text, ours.end()), "conflict-markers", message))
    return faults


def _document(text: str, *, conflicted: bool) -> tuple[Document | None, tuple[Fault, ...]]:
    """Split a text and read its header; a conflict explains whatever else is wrong with the header."""
    parts = frame(text)
    if parts is None:
        return Document(None, text, 1), ()
    if parts.closed < 0:
        fault = Fault(
            0, "unclosed-frontmatter", "the frontmatter that starts here is never closed by a line ---"
        )
        return None, () if conflicted else (fault,)
    head = text[parts.opened : parts.closed]
    body = text[parts.body :], line_of(text, parts.body) + 1
    plain = read_plain(head, 2)
    if plain is not None:
        return Document(Header(plain), *body), ()
    reading = _read(head)
    faults = () if conflicted else tuple(fault._replace(line=fault.line + 1) for fault in reading.faults)
    if reading.entries is None:
        return None, faults
    header = Header((entry.key, entry.value, entry.line + 2) for entry in reading.entries)
    return Document(header, *body), faults


def _read(text: str) -> Reading:
    from atocore.records.header_yaml import Reading, read  # YAML's own parser is slow to import

    if len(text) > MAX_HEADER:
        message = f"the frontmatter has {len(text)} characters; the limit is {MAX_HEADER}"
        return Reading(None, (Fault(-1, "too-deep", message),))
    return read(text)
