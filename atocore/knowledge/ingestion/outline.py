"""The outline of a Markdown text: its sections, and in them paragraphs, lists, tables and the rest.

Knows Markdown (through markdown-it) and lines. Must not know what a chunk or a rule is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_LINES = 20_000
"""A longer text is not parsed: markdown-it needs up to 70 µs a line, so this bounds it to about a second."""
MAX_CHARS = 3_000_000
MAX_TABLE_BARS = 100_000
"""Tables are completed cell by cell, which a line of a hundred thousand bars would make dear."""
MAX_INLINE = 4_000
"""Inline marks are read in this many characters of one passage: enough for a sentence, too few to hang in."""

Filled = Callable[[int], bool]
_LINE = re.compile(r"([^\r\n]*)(\r\n?|\n|$)")
# a fence, a line of YAML, and within so many characters the closing fence
_FRONTMATTER = re.compile(
    r"\A---[ \t]*(?:\r\n?|\n)(?=#|[\w\"'][^\r\n:]*:(?:[ \t\r\n]))"
    r"[^\0]{0,20000}?(?:\r\n?|\n)(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)"
)
MAX_HEADING = 300  # characters of a heading that are kept
_MARKS = re.compile(r"[*_`<\[\]\\&!~]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `line` is 1-based in the text."""

    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: what it holds, and the 1-based lines it stands on."""

    blocks: tuple[Block, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block: `kind` is paragraph, list, table, code, quote, html, rule or heading (inside another block).

    `text` is the source of a paragraph or heading with its inline marks. Lines are 1-based in the text.
    """

    kind: str
    first: int
    last: int
    text: str = ""
    items: tuple[Item, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (none for what stands before the first) and the blocks up to the next heading of any level.

    `path` is the heading path, this heading last; `parent` the index of the section above, -1 for none;
    `body` the first line after the heading (a Setext heading takes two or more).
    """

    heading: str
    level: int
    path: tuple[str, ...]
    parent: int
    first: int
    body: int
    last: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """All of a text: `starts[n]` and `ends[n]` bound line n + 1 without its line end; `parsed` is False where
    the text passes the limits and is one section without blocks.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sections: tuple[Section, ...]
    parsed: bool


@dataclass(slots=True)
class _Open:
    heading: str
    level: int
    first: int
    body: int
    blocks: list[Block] = field(default_factory=list)


@lru_cache(maxsize=4)
def outline(body: str) -> Outline:
    """Read `body`. Frontmatter of its own is in a section without blocks. A text past the limits is not
    parsed; see `Outline.parsed`."""
    starts, ends = line_bounds(body)
    total = len(starts)
    if total > MAX_LINES or len(body) > MAX_CHARS or body.count("|") > MAX_TABLE_BARS:
        whole = Section("", 0, (), -1, 1, 1, total, ())
        return Outline(starts, ends, (whole,) if total else (), False)
    opened = _open_sections(_parser().parse(_without_frontmatter(body)), body, starts, ends)
    return Outline(starts, ends, _close_sections(opened, total), True)


@lru_cache(maxsize=1024)
def _without_frontmatter(body: str) -> str:
    """The body with empty lines where its own frontmatter stands, which Markdown would take for a heading."""
    found = _FRONTMATTER.match(body)
    if found is None:
        return body
    return re.sub(r"[^\r\n]+", "", body[: found.end()]) + body[found.end() :]


def plain(text: str) -> str:
    """Give the words of `text` without Markdown's inline marks, on one line; struck-out words are dropped."""
    text = text[:MAX_INLINE]
    if _MARKS.search(text):
        parser = _parser()
        tokens: list[Token] = []
        parser.inline.parse(text, parser, {}, tokens)
        text = "".join(_words(tokens))
    return " ".join(text.split())


_SPACES = ("softbreak", "hardbreak")
_TEXTS = ("text", "code_inline", "text_special")


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    struck = 0
    for token in tokens:
        struck += token.nesting if token.type in ("s_open", "s_close") else 0
        if struck:
            continue
        if token.type in _SPACES or (token.type == "html_inline" and token.content[:3].lower() == "<br"):
            yield " "
        elif token.type in _TEXTS:
            yield token.content


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 85 ms: only when a document is read

    parser = MarkdownIt("commonmark", {"maxNesting": 20}).enable(["table", "strikethrough"])
    return parser.disable(["inline", "text_join"])  # inline text is read later, where it matters


@lru_cache(maxsize=8)
def line_bounds(body: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where each line of a text starts, and where it ends without its line end."""
    starts, ends = [], []
    for match in _LINE.finditer(body):
        if match.start() == len(body):
            break
        starts.append(match.start())
        ends.append(match.end(1))
    return tuple(starts), tuple(ends)


def _open_sections(
    tokens: Sequence[Token], body: str, starts: Sequence[int], ends: Sequence[int]
) -> list[_Open]:
    def filled(line: int) -> bool:
        return bool(body[starts[line - 1] : ends[line - 1]].strip())

    opened = [_Open("", 0, 1, 1)]
    for node, inner in _nodes(tokens):
        first, last = _lines_of(node, filled)
        if node.type == "heading_open":
            opened.append(_Open(plain(inner[0].content)[:MAX_HEADING], int(node.tag[1:]), first, last + 1))
        else:
            opened[-1].blocks.append(_block(node, inner, first, last, filled))
    if len(opened) > 1 and opened[1].first == 1:
        del opened[0]
    return opened


def _close_sections(opened: Sequence[_Open], total: int) -> tuple[Section, ...]:
    sections: list[Section] = []
    above: list[int] = []
    for number, part in enumerate(opened):
        last = opened[number + 1].first - 1 if number + 1 < len(opened) else total
        while above and sections[above[-1]].level >= part.level:
            above.pop()
        parent = above[-1] if above else -1
        path = sections[parent].path if above else ()
        if part.level:
            path = (*path, part.heading)
            above.append(number)
        lines = (part.first, part.body, last)
        sections.append(Section(part.heading, part.level, path, parent, *lines, tuple(part.blocks)))
    return tuple(sections)


def _nodes(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[Token]]]:
    """Give each node of one level with the tokens inside it."""
    at = 0
    while at < len(tokens):
        node, end = tokens[at], at + 1
        if node.nesting == 1:
            while tokens[end].level != node.level or tokens[end].nesting != -1:
                end += 1
            yield node, tokens[at + 1 : end]
            at = end + 1
        else:
            yield node, ()
            at = end


def _lines_of(node: Token, filled: Filled) -> tuple[int, int]:
    begin, end = node.map or (0, 1)
    while end > begin + 1 and not filled(end):
        end -= 1
    return begin + 1, end


_KINDS = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "blockquote_open": "quote",
    "html_block": "html",
}


def _block(node: Token, inner: Sequence[Token], first: int, last: int, filled: Filled) -> Block:
    kind = _KINDS.get(node.type, "rule")
    if kind in ("paragraph", "heading"):
        return Block(kind, first, last, inner[0].content)
    if kind == "list":
        return Block(kind, first, last, items=tuple(_item(n, i, filled) for n, i in _nodes(inner)))
    if kind == "table":
        rows = [_row(n, i) for part, head in _nodes(inner) for n, i in _nodes(head)]
        return Block(kind, first, last, header=rows[0].cells, rows=tuple(rows[1:]))
    return Block(kind, first, last)


def _item(node: Token, inner: Sequence[Token], filled: Filled) -> Item:
    blocks = tuple(_block(n, i, *_lines_of(n, filled), filled) for n, i in _nodes(inner))
    return Item(blocks, *_lines_of(node, filled))


def _row(node: Token, inner: Sequence[Token]) -> Row:
    cells = tuple(i[0].content if i else "" for _, i in _nodes(inner))
    return Row(cells, (node.map or (0, 1))[0] + 1)
