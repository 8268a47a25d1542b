"""Pages that answer named queries for a project: the system with its map, the bill of materials, parameters,
open questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from atocore.records.brief import Brief
from atocore.records.record import OtherSide
from atocore.views.mirror import pictures
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import link, table, text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import folder, page
from atocore.views.mirror.parts import ROWS_A_PAGE, cited, trail, turned, valued
from atocore.views.queries.answer import Cell, Cited, Found, Line, Row
from atocore.views.queries.asked import Asked, Query
from atocore.views.queries.table import query_called


class Section(NamedTuple):
    """One query on a page. `heading` "" for the page's first. `drawn`: the system's map stands above it."""

    query: str
    heading: str = ""
    drawn: bool = False


class QueryPage(NamedTuple):
    """One page of a project: its name, its title, and what it answers."""

    name: str
    title: str
    sections: tuple[Section, ...]


QUERY_PAGES: tuple[QueryPage, ...] = (
    QueryPage("system", "System map", (Section("system-map", drawn=True),)),
    QueryPage("parameters", "Parameters", (Section("parameters"),)),
    QueryPage("questions", "Open questions", (Section("open-questions"),)),
    QueryPage("materials", "Bill of materials", (Section("bill-of-materials"),)),
)


def queried(material: Material, project: str) -> Iterator[Page]:
    """The pages of a project that have an answer."""
    for row in QUERY_PAGES:
        yield from _pages(material, project, row)


def _pages(material: Material, project: str, row: QueryPage) -> Iterator[Page]:
    asked = Asked(material.graph, project)
    found = [(section, query_called(section.query).answer(asked)) for section in row.sections]
    shown = [one for one in found if one[1].rows or one[1].lines]
    if not shown or not project:
        return
    whole = max((len(one.rows) or len(one.lines) for _, one in shown), default=0)
    parts = range(-(-whole // ROWS_A_PAGE))
    paths = [page(folder(project), row.name, number=number + 1) for number in parts]
    for at, here in enumerate(paths):
        seen: dict[str, Brief] = {}
        lines = turned(here, paths, at)
        for section, answer in shown:
            lines += _section(material, here, section, answer, asked, at, seen)
        lines += turned(here, paths, at)
        yield Page(
            here,
            row.title,
            lines,
            trail(material, project),
            len(seen),
            material.newest([brief.path for brief in seen.values()]),
        )


def contents(material: Material, here: str, project: str) -> list[str]:
    """The pages of a project that have an answer, as links."""
    asked = Asked(material.graph, project)
    return [
        link(row.title, here, page(folder(project), row.name))
        for row in QUERY_PAGES
        if project and any(_answers(section.query, asked) for section in row.sections)
    ]


def _answers(query: str, asked: Asked) -> bool:
    found = query_called(query).answer(asked)
    return bool(found.rows or found.lines)


def _section(
    material: Material,
    here: str,
    section: Section,
    found: Found,
    asked: Asked,
    at: int,
    seen: dict[str, Brief],
) -> list[str]:
    """One part of an answer: its picture where the answer begins, then its rows or lines."""
    query = query_called(section.query)
    size = ROWS_A_PAGE
    rows, lines = found.rows[at * size : (at + 1) * size], found.lines[at * size : (at + 1) * size]
    if not rows and not lines:
        return []
    told = [f"## {section.heading}", ""] if section.heading else []
    if section.drawn and at == 0:
        told += pictures.system(asked.graph, asked.project)
    seen.update((str(row["id"]), material.by_id[str(row["id"])]) for row in rows)
    seen.update((line.record.id, material.by_id[line.record.id]) for line in lines)
    if rows:
        return [*told, *_table(material, here, query, rows)]
    return [*told, *tree(material, here, lines), ""]


def _table(material: Material, here: str, query: Query, rows: Sequence[Row]) -> list[str]:
    head = [column.heading.capitalize() for column in query.columns]
    cells = [column.cell for column in query.columns]
    naming = "title" if "title" in cells else cells[1]
    return table(head, [[_cell(material, here, row, one, one == naming) for one in cells] for row in rows])


def _cell(material: Material, here: str, row: Row, name: str, is_naming: bool) -> str:
    """One cell; the one that names its record is a link to it."""
    brief = material.by_id[str(row["id"])]
    if is_naming:
        return cited(material, here, brief, "" if name == "title" else str(row.get(name) or ""))
    return valued(material, brief) if name == "value" else shown(material, here, row.get(name))


def shown(material: Material, here: str, cell: Cell | OtherSide) -> str:
    """One cell of an answer: records as links, everything else as text."""
    match cell:
        case None:
            return ""
        case Cited():
            return cited(material, here, material.by_id[cell.id])
        case OtherSide():
            return text(f"{cell.value} ({cell.id})")
        case tuple():
            return ", ".join(shown(material, here, one) for one in cell)
        case _:
            return text(str(cell))


def tree(material: Material, here: str, lines: Iterable[Line]) -> Iterator[str]:
    """The lines of a tree as a nested list."""
    for line in lines:
        brief = material.by_id[line.record.id]
        via = f"{text(line.via)}: " if line.via not in ("", "part") else ""
        value = f" = {valued(material, brief)}" if brief.value and brief.type != "decision" else ""
        note = f" *({text(line.note)})*" if line.note else ""
        yield f"{'  ' * min(line.depth, 8)}- {via}{cited(material, here, brief)}{value}{note}"
