"""A project's overview: what it is, what is trusted, what is disputed, what was decided and what changed, on
one screen; then where the rest is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.views.mirror import claims, listed, queried
from atocore.views.mirror.body import opening
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import items, link, table
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import folder, page
from atocore.views.mirror.parts import (
    INDEX_TITLE,
    cited,
    conflict_at,
    counted,
    day,
    either,
    home,
    is_shown,
    key_of,
    lived,
    project_record,
    some,
    title_of,
    valued,
)
from atocore.views.mirror.passed import Passed, lately, recent, ruled

_MOST_STATE, _MOST_CONFLICTS, _MOST_DECISIONS, _MOST_CHANGES = 5, 4, 3, 4


def overview(material: Material, project: str) -> Iterator[Page]:
    """The page of a project."""
    if not is_shown(material, project):
        return
    here = home(project)
    shown: list[Brief] = []
    every = ruled(material, project)
    passed = recent(every)
    lines = [
        *_what_it_is(material, project),
        " · ".join(_main(material, here, project, every)),
        "",
        *_state(material, here, project, shown),
        *_conflicts(material, here, project),
        *_decisions(material, here, project, shown),
        *lately(material, here, project, passed, _MOST_CHANGES),
        *_rest(material, here, project),
    ]
    shown += [one.record for one in passed]
    yield Page(
        here,
        title_of(material, project),
        lines,
        ((INDEX_TITLE, page("index")),),
        len({brief.id for brief in shown}),
        material.newest([brief.path for brief in shown]),
    )


def _what_it_is(material: Material, project: str) -> Sequence[str]:
    record = project_record(material, project)
    return opening(material.bodies(record.id)) if record else []


def _main(material: Material, here: str, project: str, every: Sequence[Passed]) -> list[str]:
    """Where people go first."""
    pages = [*queried.contents(material, here, project), *listed.contents(material, here, project, main=True)]
    needed = len(material.of(project, Kind.ENTITY, types=("requirement",)))
    if needed:
        pages.insert(1, f"{link('Requirements', here, page(folder(project), 'requirements'))} ({needed:,})")
    return [*pages, *([link("Timeline", here, page(folder(project), "timeline"))] if every else [])]


def _rest(material: Material, here: str, project: str) -> list[str]:
    """Everything else that is known."""
    pages = listed.contents(material, here, project, main=False)
    told = claims.of_project(material, project)
    if told:
        lives = link("Lives of disputed or often changed claims", here, page(folder(project), "claims"))
        pages.append(f"{lives} ({len(told):,})")
    record = project_record(material, project)
    if record is not None:
        pages.append(link("the project's record", here, record.path))
    return ["## Everything else", "", " · ".join(pages), ""] if pages else []


def _state(material: Material, here: str, project: str, shown: list[Brief]) -> list[str]:
    found = material.of(project, Kind.STATE)
    shown += found
    rows = [
        (
            cited(material, here, b, key_of(b)) + lived(material, here, b.id),
            valued(material, b),
            day(b.at or b.created),
        )
        for b in found[:_MOST_STATE]
    ]
    more = [f"{link(f'All {len(found)}', here, page(folder(project), 'state'))}", ""]
    return [
        "## Trusted state",
        "",
        *(table(("What", "Value", "Since"), rows) or ["Nothing is declared trusted.", ""]),
        *(more if len(found) > _MOST_STATE else []),
    ]


def _conflicts(material: Material, here: str, project: str) -> list[str]:
    found = [one for one in material.open_conflicts if one.project == project]
    if not found:
        return ["No open conflicts.", ""]
    told = (
        f"{link(one.slot or one.id, here, conflict_at(material, one.id))}: "
        + either(member.value for member in one.members)
        for one in found
    )
    more = link("{} more", here, page("conflicts"))
    return [
        f"## {counted(len(found), 'open conflict')}",
        "",
        *items(some(told, _MOST_CONFLICTS, more)),
    ]


def _decisions(material: Material, here: str, project: str, shown: list[Brief]) -> list[str]:
    found = sorted(
        material.of(project, Kind.ENTITY, types=("decision",)), key=lambda b: (b.at or b.created, b.id)
    )[::-1]
    shown += found
    told = (f"{day(b.at or b.created)} {cited(material, here, b)}" for b in found)
    more = link("{} more", here, page(folder(project), "decisions"))
    return ["## Latest decisions", "", *items(some(told, _MOST_DECISIONS, more))] if found else []
