"""Lines that several pages show: a record as a link with its marks, its value beside the other side's, tables
cut to a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.views.mirror.markdown import address, link, text
from atocore.views.mirror.material import MARK, ClaimSeen, Material
from atocore.views.mirror.names import MIRROR, claim_page, conflict_page, folder, page, record_page
from atocore.views.mirror.steps import name

ROWS_A_PAGE = 100
_MOST_SIDES = 3
INDEX_TITLE = "All projects"
_T = TypeVar("_T")


def cited(material: Material, here: str, brief: Brief, name: str = "", *, marked: bool = True) -> str:
    """A record's title (or another `name` of it) as a link: to its own page where it has one, else to its
    file; with its marks."""
    target = record_page(brief) if has_page(brief) else brief.path
    told = marks(material, here, brief) if marked else ""
    return f"{link(name or brief.title or brief.id, here, target)}{told}"


def key_of(brief: Brief) -> str:
    """What a record of trusted state is about, as people write it: `primary mirror.mass`; "" for what has a
    question instead."""
    return ".".join(part for part in (brief.subject, brief.attribute) if part)


def has_page(brief: Brief) -> bool:
    """Whether a record is of weight: it has a page of its own."""
    return brief.kind == "entity" and brief.status == "active"


def marks(material: Material, here: str, brief: Brief) -> str:
    """What a reader must know before believing it: disputed, with a link to the conflict; stale."""
    told = []
    for other in material.graph.disputed.get(brief.id, ())[:1]:
        where = address(here, conflict_at(material, other.conflict))
        told.append(f"**[{MARK}]({where})**")
    if why := material.stale.get(brief.id):
        told.append(f"*(stale: {text(why)})*")
    return f" {' '.join(told)}" if told else ""


def valued(material: Material, brief: Brief) -> str:
    """What a record claims, and what the other sides of a dispute say."""
    sides = material.graph.disputed.get(brief.id, ())
    others = [text(value) for value in dict.fromkeys(other.value for other in sides) if value]
    said = text(brief.value)
    return f"{said} *(others say {listing(others, _MOST_SIDES)})*" if others else said


def day(time: str) -> str:
    """The day of a time, as records write it; what is none is text."""
    return text(time[:10])


def person(by: str) -> str:
    """Who took a step, without the address: pages are read by many."""
    return text(name(by))


def parted(rows: Sequence[_T], size: int = ROWS_A_PAGE) -> list[Sequence[_T]]:
    """Rows by page; one page at least."""
    return [rows[at : at + size] for at in range(0, len(rows), size)] or [()]


def grown(rows: Sequence[_T], size: int = ROWS_A_PAGE) -> list[Sequence[_T]]:
    """Rows that come newest first, by page: only the first page grows, the others stay as they are, since
    they are filled from the oldest on."""
    first = len(rows) % size or size
    return [rows[:first], *parted(rows[first:], size)] if len(rows) > first else [rows] if rows else []


def grown_paths(pages: int, *parts: str) -> list[str]:
    """The paths of pages that `grown` made: the newest has the plain name, the oldest the number 1."""
    name = "/".join((MIRROR, *parts))
    return [page(*parts), *(f"{name}-{number}.md" for number in range(pages - 1, 0, -1))][:pages]


def turned(here: str, paths: Sequence[str], at: int) -> list[str]:
    """The line that leads to the other parts of a long page; nothing where there is one."""
    if len(paths) < 2:
        return []
    numbers = [
        f"**{number + 1}**" if number == at else link(str(number + 1), here, path)
        for number, path in enumerate(paths)
        if abs(number - at) < 4 or number in (0, len(paths) - 1)
    ]
    return [f"Page {at + 1} of {len(paths)}: {' '.join(numbers)}", ""]


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 record`, `3 records`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def some(lines: Iterable[str], most: int, rest: str) -> list[str]:
    """The first lines, and what says where the rest is; `rest` holds `{}` for how many that are."""
    found = list(lines)
    left = len(found) - most
    return [*found[:most], *([rest.format(left)] if left > 0 else [])]


NO_PROJECT = "Without a project"


def title_of(material: Material, project: str) -> str:
    """A project's name for people: its record's title, or its name key."""
    record = project_record(material, project)
    return (record.title if record and record.title else project) or NO_PROJECT


def home(project: str) -> str:
    """The path of a project's overview."""
    return page(folder(project), "index")


def project_record(material: Material, project: str) -> Brief | None:
    """The record of a project, None where nobody wrote one."""
    return next(iter(material.of(project, Kind.PROJECT, status="")), None) if project else None


def trail(material: Material, project: str = "") -> tuple[tuple[str, str], ...]:
    """The pages above one of a project; of the vault's own pages where there is none."""
    top = (INDEX_TITLE, page("index"))
    return (top, (title_of(material, project), home(project)))


def is_shown(material: Material, project: str) -> bool:
    """Whether a project has pages: a named one has; what has none, where anything is known of it."""
    return bool(project or material.of("", Kind.MEMORY, Kind.ENTITY, Kind.STATE, status=""))


def conflict_at(material: Material, conflict: str) -> str:
    """The path of the page that shows an open conflict."""
    known = material.conflict_by_id.get(conflict)
    return conflict_page(known.project, known.id) if known else page("conflicts")


def listing(names: Sequence[str], most: int) -> str:
    """Some names in a row, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def proven(material: Material, here: str, record_id: str) -> str:
    """Where a record came from, with the words themselves, as one line; "" where it does not say."""
    told = []
    for source in material.sources(record_id):
        where = link(source.told, here, source.path) if source.path else text(source.told)
        told.append(f"{where}: “{text(source.quote)}”" if source.quote else where)
    return "; ".join(told)


def lived_at(claim: ClaimSeen) -> str:
    """The path of the page of a claim's life."""
    return claim_page(claim.project, claim.key, claim.about)


def lived(material: Material, here: str, record_id: str) -> str:
    """A link to the life of the claim that a record (or a conflict) is about, after a space; "" where none is
    told."""
    claim = material.claim_of.get(record_id)
    return f" ({link('its life', here, lived_at(claim))})" if claim else ""


def either(values: Iterable[str]) -> str:
    """The values that stand against each other, the first of them."""
    found = list(dict.fromkeys(text(value, 80) for value in values))
    told = " or ".join(found[:_MOST_SIDES])
    return f"{told} or {len(found) - _MOST_SIDES} others" if len(found) > _MOST_SIDES else told
