"""Markdown in which what a record says is text and nothing else: no structure, no HTML, no link or picture of
its own, whether a git host shows it, an editor or Obsidian.

What would be text anyway stays as it was typed, since pages are read in editors, too.
Sources: CommonMark 0.31 and GitHub's extensions of it; Obsidian's comments, highlights, tags, fields and
block names; what GitHub, GitLab and Gitea look for in the text of a page once it is HTML.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from unicodedata import category
from urllib.parse import quote

_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
"""Joins what is no letter of a script that needs joining, nor an emoji."""
_SIGN = re.compile("\u26a0\ufe0f?|:warning:")
"""The mirror's own mark of what is disputed; a record's words cannot wear it."""
_MARKS = re.compile(
    r"[`\[\]|~$]"  # code, links, tables, strikes, formulas
    r"|(?<!\s)\*|\*(?!\s)"  # emphasis, but no `2 * 3`
    r"|(?<![^\W_])_|_(?![^\W_])"  # not inside a word
    r"|\\(?=[!-/:-@\[-`{-~]|$)"  # what would take a mark for text
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"  # HTML
    r"|(?<=%)%|(?<==)=|(?<=:):|(?<!\S)#|(?<!\S)\^"  # Obsidian; `[^…]` is a footnote
    r"|(?<=:)/(?=/)|(?<!\w)/(?=/\w)|(?<=www)\.|@(?=\w)",  # an address or a person: a link by itself
    re.IGNORECASE,
)
_AT_START = re.compile(r"^(?:>|[+*-](?=\s|$)|[=-]+\s*$|:(?=[\s-]|$)|(?P<number>\d{1,9})(?=[.)](?:\s|$)))")
_NOTHING = "&#8203;"
"""Shows as nothing, and keeps two signs apart for those who look for links in what Markdown became."""
_AS_ENTITY = {"<": "&lt;", "&": "&amp;", "/": "&#47;", ".": "&#46;", "@": f"@{_NOTHING}"}
_TWO_OPEN = re.compile(r"\[(?=\\\[)")
"""Gitea makes links and pictures of `[[...]]` also where Markdown said that it is text."""
_NOTIFIES = re.compile(r"(?<!&)#(?=\d)|\bGH-(?=\d)")
LONGEST_LINE_CHARS = 300
_UNNAMED = ("Cn", "Co")


def text(said: str, longest: int = LONGEST_LINE_CHARS) -> str:
    """What a record says, on one line and cut where it is longer than `longest` characters; safe anywhere in
    a line, also in a table and at a line's start."""
    return started(marked(shown(said, longest)))


def marked(part: str) -> str:
    """A part of a line, with every mark in it that could mean something as text."""
    return _TWO_OPEN.sub(f"[{_NOTHING}", _MARKS.sub(_as_text, part))


def _as_text(match: re.Match[str]) -> str:
    return _AS_ENTITY.get(match[0], f"\\{match[0]}")


def unheard(safe: str) -> str:
    """Marked text for a comment on a git host, where `#12` would tell the thread 12 of it."""
    return _NOTIFIES.sub(lambda match: match[0] + _NOTHING, safe)


def started(line: str) -> str:
    """A line of marked parts, with what would mean something at its start as text."""
    return _AT_START.sub(_escaped_start, line)


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match["number"] else f"\\{match[0]}"


def shown(said: str, longest: int = LONGEST_LINE_CHARS) -> str:
    """A text on one line without what cannot be seen (controls, marks of direction, soft hyphens), cut."""
    line = " ".join(visible(said).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def visible(said: str) -> str:
    """A text with nothing in it that cannot be seen, nor taken for a mark of the mirror: controls and line
    ends are spaces."""
    seen = _JOINER.sub("", _UNSEEN.sub("", said))
    return _SIGN.sub("!", "".join(char if _is_seen(char) else " " for char in seen))


def _is_seen(char: str) -> bool:
    """Whether a character shows, whatever version of Unicode this Python knows: what none of them has named
    yet may be a letter."""
    return (
        char.isprintable() or char in "\u200c\u200d" or (category(char) in _UNNAMED and char < "\U000e0000")
    )


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
