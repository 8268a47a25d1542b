"""How the answer to a query looks at a terminal: a table with a citation below each row, or a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import wcwidth

from atocore.cli.output import shown
from atocore.cli.paper import Paper
from atocore.cli.printing import disputed_line
from atocore.views.queries.answer import Cited
from atocore.views.queries.table import QUERIES

if TYPE_CHECKING:
    from atocore.views.queries.answer import Branch, Cell, Row
    from atocore.views.queries.asking import QueryAnswer

_GAP = 2
_NARROWEST = 4
_ID = re.compile(r"\b[a-z]{3}-[0-9a-z]{12,}\b")
_UNBROKEN = "\ue000"
"""Stands for the hyphen of an id while a line is broken at hyphens."""


def table_lines(answer: QueryAnswer, paper: Paper | None = None) -> Iterator[str]:
    """A table that fits the terminal, a group for each project; below each row its id and path, and what
    disputes it."""
    paper = paper or Paper.here()
    rows = answer.rows or ()
    columns = [c for c in QUERIES[answer.query].columns if any(_text(row.get(c.cell)) for row in rows)]
    texts = [[_text(row.get(column.cell)) for column in columns] for row in rows]
    heads = [column.heading for column in columns]
    widths = _widths([heads, *texts], paper.columns - 1)
    several = len({row["project"] for row in rows}) > 1
    project = None
    for number, (row, cells) in enumerate(zip(rows, texts, strict=True)):
        if several and row["project"] != project:
            project = row["project"]
            yield paper.rule(str(project) or "(no project)")
        if number == 0:
            yield from (paper.style(line, bold=True) for line in _wrapped(heads, widths))
        yield from _wrapped(cells, widths)
        if number + 1 == len(rows) or rows[number + 1]["id"] != row["id"]:  # once for rows about one record
            yield from _citation(row, paper)


def _text(cell: Cell) -> str:
    """A cell in words."""
    if cell is None:
        return ""
    if isinstance(cell, Cited):
        return cell.title or cell.id
    if isinstance(cell, tuple):
        return "; ".join(one.title or one.id if isinstance(one, Cited) else str(one) for one in cell)
    return str(cell)


def _widths(table: Sequence[Sequence[str]], columns: int) -> list[int]:
    """How wide each column is: as its widest entry, the widest ones cut until all of it fits."""
    widths = [max(min(_width(shown(cell)), 400) for cell in column) for column in zip(*table, strict=True)]
    while sum(widths) + _GAP * (len(widths) - 1) > columns and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _width(text: str) -> int:
    """How many columns a text takes. Most are plain, and measured in no time."""
    return len(text) if text.isascii() else wcwidth.width(text)


def _lines(text: str, width: int) -> list[str]:
    """A text in lines so wide."""
    if len(text) <= width and text.isascii():
        return [text]
    return wcwidth.wrap(text, width) or [""]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return (" " * _GAP).join(padded).rstrip()


def _wrapped(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """One row, in as many lines as its longest cell takes."""
    columns = [_lines(" ".join(shown(c).split()), width) for c, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, columns))):
        yield _line([column[number] if number < len(column) else "" for column in columns], widths)


def _citation(row: Row, paper: Paper) -> Iterator[str]:
    """Where the row's record lies; a path that does not fit is shortened in its middle."""
    lead = f"  {row['id']}  "
    room = paper.columns - 1 - wcwidth.width(lead)
    yield paper.style(f"{lead}{_shortened(shown(str(row['path'])), room)}", dim=True)
    disputed = row.get("disputed")
    if disputed:
        yield from _marked(disputed_line(disputed), "  ", paper)  # type: ignore[arg-type]


def _marked(text: str, indent: str, paper: Paper) -> Iterator[str]:
    for line in paper.wrap(shown(text), first=indent, indent=f"{indent}  "):
        yield paper.style(line, color="yellow")


def _shortened(path: str, room: int) -> str:
    if wcwidth.width(path) <= room:
        return path
    end = room // 2
    return f"{wcwidth.clip(path, 0, room - end - 1)}…{path[-end:]}"


def tree_lines(answer: QueryAnswer, paper: Paper | None = None) -> Iterator[str]:
    """A tree that fits the terminal: each record with its type and id, how it hangs on the one above, and
    what else is told of it below."""
    paper = paper or Paper.here()
    several = len({root.project for root in answer.tree or ()}) > 1
    project = None
    for root in answer.tree or ():
        if several and root.project != project:
            project = root.project
            yield paper.rule(project or "(no project)")
        yield from _branch(root, "", "", paper)


def _branch(branch: Branch, lead: str, below: str, paper: Paper) -> Iterator[str]:
    via = f"{branch.via}: " if branch.via else ""
    cited = f"({branch.type or branch.kind} {branch.id})"
    told = f"{via}{branch.title or branch.id}  {cited}"
    under = f"{below}{'│ ' if branch.branches else '  '} "
    deep = paper.columns // 2  # a tree that is deeper than the page is wide goes on at its middle
    lead, under = lead[-deep:], under[-deep:]
    yield from _drawn(told, lead, under, paper)
    if branch.note:
        for line in _drawn(branch.note, under, under, paper):
            yield paper.style(line, dim=True)
    if branch.disputed:
        yield from _marked(disputed_line(branch.disputed), under, paper)
    for number, inner in enumerate(branch.branches):
        last = number == len(branch.branches) - 1
        yield from _branch(
            inner, f"{below}{'└─ ' if last else '├─ '}", f"{below}{'   ' if last else '│  '}", paper
        )


def _drawn(text: str, lead: str, under: str, paper: Paper) -> list[str]:
    """A text in lines that fit, with the tree's own lines before them."""
    text = shown(text)
    if len(lead) + len(text) < paper.columns and _width(text) == len(text):
        return [f"{lead}{text}"]
    whole = _ID.sub(lambda found: found[0].replace("-", _UNBROKEN), text)
    return [line.replace(_UNBROKEN, "-") for line in paper.wrap(whole, first=lead, indent=under)]
