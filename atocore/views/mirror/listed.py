"""Lists of a project: each type of entity, trusted state, memories, and the decision log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from atocore.records.brief import Brief
from atocore.records.kinds import ENTITY_TYPES, Kind
from atocore.views.mirror import pictures
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import link, table, text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import folder, page
from atocore.views.mirror.parts import (
    ROWS_A_PAGE,
    cited,
    counted,
    day,
    grown,
    grown_paths,
    key_of,
    lived,
    parted,
    person,
    trail,
    turned,
    valued,
)

Cells = Callable[[Material, str, Brief], Sequence[str]]


class List(NamedTuple):
    """One list of a project: the page's name and title, which records, and the columns that show them."""

    name: str
    title: str
    kind: Kind
    types: tuple[str, ...]
    head: tuple[str, ...]
    cells: Cells
    newest_first: bool = False


def _entity(material: Material, here: str, brief: Brief) -> Sequence[str]:
    about = brief.question or brief.component or " ".join(filter(None, (brief.subject, brief.attribute)))
    return (
        cited(material, here, brief),
        text(about),
        valued(material, brief),
        day(brief.at or brief.created),
    )


def _state(material: Material, here: str, brief: Brief) -> Sequence[str]:
    since = day(brief.at or brief.created)
    name = cited(material, here, brief, key_of(brief)) + lived(material, here, brief.id)
    return (name, valued(material, brief), text(brief.type), since, person(brief.by))


def _memory(material: Material, here: str, brief: Brief) -> Sequence[str]:
    about = " ".join(part for part in (brief.subject, brief.attribute) if part)
    return (cited(material, here, brief), text(brief.type), text(about), valued(material, brief))


def _decision(material: Material, here: str, brief: Brief) -> Sequence[str]:
    decided = day(brief.at or brief.created)
    replaced = [old for old in material.replaced_by(brief.id) if old.type == "decision"]
    instead = ", ".join(cited(material, here, old) for old in replaced)
    return (decided, cited(material, here, brief), text(brief.question), person(brief.by), instead)


_PLURALS = {"analysis_model": "analysis models", "process": "processes"}


def plural(type_: str) -> str:
    """A type's name for many: `requirements`, `processes`."""
    return _PLURALS.get(
        type_, f"{type_.replace('_', ' ')}s" if not type_.endswith("y") else f"{type_[:-1]}ies"
    )


LISTS: tuple[List, ...] = (
    List(
        "state",
        "Trusted state",
        Kind.STATE,
        (),
        ("What", "Value", "Category", "Since", "Declared by"),
        _state,
    ),
    List(
        "decisions",
        "Decision log",
        Kind.ENTITY,
        ("decision",),
        ("Decided", "Decision", "Question", "By", "Instead of"),
        _decision,
        newest_first=True,
    ),
    *(
        List(
            f"entities-{type_.replace('_', '-')}",
            plural(type_).capitalize(),
            Kind.ENTITY,
            (type_,),
            ("Name", "About", "Value", "Since"),
            _entity,
        )
        for type_ in ENTITY_TYPES
        if type_ not in ("decision", "requirement", "parameter")  # they have pages of their own
    ),
    List("memories", "Memories", Kind.MEMORY, (), ("Memory", "Type", "About", "Value"), _memory),
)


def listed(material: Material, project: str) -> Iterator[Page]:
    """The lists of a project that hold anything."""
    for row in LISTS:
        found = material.of(project, row.kind, types=row.types)
        if row.newest_first:
            found.sort(key=lambda brief: (brief.at or brief.created, brief.id), reverse=True)
        if found:
            yield from _pages(material, project, row, found)


def _pages(material: Material, project: str, row: List, found: Sequence[Brief]) -> Iterator[Page]:
    if row.newest_first:
        parts = grown(found)
        paths = grown_paths(len(parts), folder(project), row.name)
    else:
        parts = parted(found, ROWS_A_PAGE)
        paths = [page(folder(project), row.name, number=number + 1) for number in range(len(parts))]
    for at, (here, briefs) in enumerate(zip(paths, parts, strict=True)):
        lines = [
            f"{counted(len(found), 'record')}.",
            "",
            *table(row.head, [row.cells(material, here, brief) for brief in briefs]),
            *turned(here, paths, at),
        ]
        if row.name == "decisions" and at == 0:
            lines = [*pictures.decisions(briefs), *lines]
        yield Page(
            here,
            row.title,
            lines,
            trail(material, project),
            len(briefs),
            material.newest([brief.path for brief in briefs]),
        )


MAIN = ("state", "decisions")
"""The lists that an overview names first."""


def contents(material: Material, here: str, project: str, *, main: bool) -> list[str]:
    """The lists of a project that hold anything, as links with how much they hold; the main ones, or the
    others."""
    found = []
    for row in (row for row in LISTS if (row.name in MAIN) is main):
        number = len(material.of(project, row.kind, types=row.types))
        if number:
            found.append(f"{link(row.title, here, page(folder(project), row.name))} ({number:,})")
    return found
