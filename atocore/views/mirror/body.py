"""A record's own words on a page: paragraphs, lists, tables and code as they were meant, everything else as
text. Headings become bold, pictures their description, links their text with the address as code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from atocore.views.mirror.markdown import code, fenced, marked, shown, started, visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST_BODY_CHARS = 4000
_MOST_LINES = 60
_DEEPEST_LIST = 4


def body(said: str) -> list[str]:
    """The lines of a body, with a line between its blocks, cut where it is long; empty where it says
    nothing."""
    blocks, more = _cut(list(_said(said)))
    lines = [line for block in blocks for line in (*block, "")]
    return [*lines, "*The record says more.*", ""] if more or len(said) > LONGEST_BODY_CHARS else lines


def opening(said: str) -> list[str]:
    """The lines of a body's first block."""
    first = next(_said(said), None)
    return [*first, ""] if first else []


def _said(said: str) -> Iterator[list[str]]:
    return _blocks(_parser().parse(said[:LONGEST_BODY_CHARS]))


def _cut(blocks: Sequence[list[str]]) -> tuple[Sequence[list[str]], bool]:
    """The first blocks, and whether any is left."""
    room = _MOST_LINES
    for at, block in enumerate(blocks):
        room -= len(block) + 1
        if at and room < 0:
            return blocks[:at], True
    return blocks, False


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": 20}).enable("table")


def _blocks(tokens: Iterable[Token]) -> Iterator[list[str]]:
    """Each block's lines; a whole list, and a whole table, is one."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0:
            if lines := _lines(group):
                yield lines
            group = []


def _lines(group: list[Token]) -> list[str]:
    match group[0].type:
        case "bullet_list_open" | "ordered_list_open":
            return _shortened(list(_listed(group)))
        case "table_open":
            return _shortened(list(_rows(group)))
        case "fence" | "code_block":
            typed = _shortened(_unindented(group[0].content).split("\n"))
            return fenced("\n".join(typed))[:-1]
        case "html_block":
            return [said] if (said := code(group[0].content)) else []
        case first:  # of a quotation, what stands in blocks of its own is a line each
            found = [line for token in group if (line := _inline(token) or code(token.content))]
            return [f"**{line}**" for line in found] if first == "heading_open" else _shortened(found)


def _shortened(lines: list[str]) -> list[str]:
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"]


def _listed(group: Iterable[Token]) -> Iterator[str]:
    """The items of a list, none more than one step deeper than the one before it: deeper would be code."""
    depth, above, opens = 0, 0, False
    for token in group:
        if token.type.endswith("_list_open"):
            depth += 1
        elif token.type.endswith("_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            opens = True
        elif said := _inline(token) or code(token.content):
            above = min(depth, above + 1, _DEEPEST_LIST) if opens else above
            yield f"{'  ' * (max(above, 1) - 1)}{'- ' if opens else '  '}{said}"
            opens = False


def _rows(group: Iterable[Token]) -> Iterator[str]:
    row: list[str] = []
    for token in group:
        if token.type == "inline":
            row.append(_inline(token))
        elif token.type == "tr_close":
            if cells := [cell for cell in row if cell]:
                yield f"- {' · '.join(cells)}"
            row = []


def _inline(token: Token) -> str:
    """A line of text and code. Neighbouring texts are marked as one: what was between them is gone."""
    said, plain, address = [], [], ""
    for child in token.children or ():
        match child.type:
            case "text" | "html_inline" | "image":
                plain.append(child.content)
            case "softbreak" | "hardbreak":
                plain.append(" ")
            case "link_open":
                address = str(child.attrs.get("href", ""))
            case "code_inline":
                said += [marked(visible("".join(plain))), code(child.content)]
                plain = []
            case "link_close" if address:
                said += [marked(visible("".join([*plain, " ("]))), code(address), ")"]
                plain = []
    return started(" ".join("".join([*said, marked(visible("".join(plain)))]).split()))


def _unindented(block: str) -> str:
    """Lines of code without what cannot be seen; their indentation stays."""
    lines = (line.expandtabs(4) for line in block.rstrip("\n").split("\n"))
    return "\n".join(f"{' ' * (len(line) - len(line.lstrip()))}{shown(line, 200)}".rstrip() for line in lines)
