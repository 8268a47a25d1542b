"""Markdown in which what a record says is text and nothing else: no structure, no HTML, no link or picture of
its own, whether a git host shows it, an editor or Obsidian.

Sources: CommonMark 0.31 and GitHub's extensions of it; Obsidian's comments, highlights and tags.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_MARKS = re.compile(
    r"[\\`*\[\]|~$<]"  # emphasis, code, links, tables, strikes, formulas, HTML
    r"|(?<![^\W_])_|_(?![^\W_])"  # not inside a word
    r"|&(?=[#\w])|(?<=%)%|(?<==)=|(?<!\S)#(?=\S)"  # entities; Obsidian's comment, highlight and tag
    r"|(?<=:)/(?=/)|(?<=\bwww)\.",  # an address that would be a link by itself
    re.IGNORECASE,
)
_AT_START = re.compile(r"^(?:[#>+=-]|\d{1,9}(?=[.)](?:\s|$)))")
_AS_ENTITY = {"<": "&lt;", "&": "&amp;", "/": "&#47;", ".": "&#46;"}
LONGEST_LINE_CHARS = 300


def text(said: str, longest: int = LONGEST_LINE_CHARS) -> str:
    """What a record says, on one line and cut where it is longer than `longest` characters; safe anywhere in
    a line, also in a table and at a line's start."""
    return started(marked(shown(said, longest)))


def marked(part: str) -> str:
    """A part of a line, with every mark in it that could mean something as text."""
    return _MARKS.sub(lambda match: _AS_ENTITY.get(match[0], f"\\{match[0]}"), part)


def started(line: str) -> str:
    """A line of marked parts, with what would mean something at its start as text."""
    return _AT_START.sub(_escaped_start, line)


def _escaped_start(match: re.Match[str]) -> str:
    start = match[0]
    return f"&#{ord(start[0])};{start[1:]}" if start[0].isdigit() else f"\\{start}"


def shown(said: str, longest: int = LONGEST_LINE_CHARS) -> str:
    """A text on one line without what cannot be seen (controls, marks of direction, soft hyphens), cut."""
    line = " ".join(visible(said).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def visible(said: str) -> str:
    """A text with nothing in it that cannot be seen: controls and line ends are spaces."""
    return "".join(char if char.isprintable() else " " for char in _UNSEEN.sub("", said))


def code(said: str, longest: int = LONGEST_LINE_CHARS) -> str:
    """A text as code, on one line; safe in a table too."""
    line = shown(said, longest).replace("|", "¦")  # a table's cell ends at any `|`, in code too
    if not line:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{space}{line}{space}{fence}"


def link(label: str, page: str, target: str, anchor: str = "") -> str:
    """A link from a page to a file, both by their paths from the vault's top; `label` is what is said."""
    return f"[{text(label) or 'untitled'}]({address(page, target, anchor)})"


def address(page: str, target: str, anchor: str = "") -> str:
    """The relative address of a file of the vault (or of an anchor in it) as a page's links give it."""
    raw = target.encode("utf-8", "surrogateescape")
    relative = posixpath.relpath(raw, posixpath.dirname(page.encode()) or b".") if target != page else b""
    return quote(relative, safe="/") + (f"#{anchor}" if anchor else "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are safe already; nothing where there are no rows."""
    lines = [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |", *lines, ""] if lines else []


def items(lines: Iterable[str]) -> list[str]:
    """A list of lines that are safe already; nothing where there are none."""
    found = [f"- {line}" for line in lines]
    return [*found, ""] if found else []


def fenced(said: str, language: str = "") -> list[str]:
    """Lines as a block of code that nothing in them can end."""
    ticks = max((len(run) for run in re.findall("`+", said)), default=0)
    fence = "`" * max(3, ticks + 1)
    return [f"{fence}{language}", *said.rstrip("\n").split("\n"), fence, ""]
