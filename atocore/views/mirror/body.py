"""A record's own words on a page: paragraphs, lists, tables and code as they were meant, everything else as
text. Headings become bold, pictures their description, links their text with the address as code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    cut = said[:LONGEST_BODY_CHARS]
    blocks = list(_blocks(_parser().parse(cut)))
    lines = [line for block in blocks for line in (*block, "")]
    if len(said) > len(cut) or len(lines) > _MOST_LINES:
        kept: list[str] = []
        for block in blocks:
            if kept and len(kept) + len(block) > _MOST_LINES:
                break
            kept += [*block, ""]
        lines = [*kept, "*The record says more.*", ""]
    return lines


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
            return list(_listed(group))
        case "table_open":
            return list(_rows(group))
        case "fence" | "code_block":
            return fenced(_unindented(group[0].content))[:-1]
        case "html_block":
            return [code(group[0].content)]
        case first:
            said = [line for token in group if token.type == "inline" and (line := _inline(token))]
            return [f"**{line}**" for line in said] if first == "heading_open" else said


def _listed(group: Iterable[Token]) -> Iterator[str]:
    depth, opens = 0, False
    for token in group:
        if token.type.endswith("_list_open"):
            depth += 1
        elif token.type.endswith("_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            opens = True
        elif said := _inline(token) or code(token.content):
            yield f"{'  ' * (min(depth, _DEEPEST_LIST) - 1)}{'- ' if opens else '  '}{said}"
            opens = False


def _rows(group: Iterable[Token]) -> Iterator[str]:
    row: list[str] = []
    for token in group:
        if token.type == "inline":
            row.append(_inline(token))
        elif token.type == "tr_close":
            yield f"- {' · '.join(cell for cell in row if cell)}"
            row = []


def _inline(token: Token) -> str:
    said = []
    address = ""
    for child in token.children or ():
        match child.type:
            case "text" | "html_inline" | "image":
                said.append(marked(visible(child.content)))
            case "softbreak" | "hardbreak":
                said.append(" ")
            case "code_inline":
                said.append(code(child.content))
            case "link_open":
                address = str(child.attrs.get("href", ""))
            case "link_close" if address:
                said.append(f" ({code(address)})")
    return started(" ".join("".join(said).split()))


def _unindented(block: str) -> str:
    """Lines of code without what cannot be seen; their indentation stays."""
    lines = (line.expandtabs(4) for line in block.rstrip("\n").split("\n"))
    return "\n".join(f"{' ' * (len(line) - len(line.lstrip()))}{shown(line, 200)}".rstrip() for line in lines)
