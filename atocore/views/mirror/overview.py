"""A project's overview: what it is, what is trusted, what is disputed, what was decided and what changed, on
one screen; then where the rest is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.views.mirror import listed, queried
from atocore.views.mirror.body import opening
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import items, link, table, text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import folder, page
from atocore.views.mirror.parts import (
    cited,
    counted,
    day,
    home,
    key_of,
    project_record,
    some,
    title_of,
    valued,
)
from atocore.views.mirror.passed import lately, recent, ruled

_MOST_STATE, _MOST_CONFLICTS, _MOST_DECISIONS, _MOST_CHANGES = 8, 4, 4, 6


def overview(material: Material, project: str) -> Iterator[Page]:
    """The page of a project."""
    here = home(project)
    shown: list[Brief] = []
    passed = recent(ruled(material, project))
    lines = [
        *_what_it_is(material, project),
        " · ".join([*queried.contents(material, here, project), *listed.contents(material, here, project)]),
        "",
        *_state(material, here, project, shown),
        *_conflicts(material, here, project),
        *_decisions(material, here, project, shown),
        *lately(material, here, passed, _MOST_CHANGES),
    ]
    shown += [one.record for one in passed]
    yield Page(
        here,
        title_of(material, project),
        lines,
        (("AtoCore", page("index")),),
        len({brief.id for brief in shown}),
        material.newest([brief.path for brief in shown]),
    )


def _what_it_is(material: Material, project: str) -> Sequence[str]:
    record = project_record(material, project)
    return opening(material.bodies(record.id)) if record else []


def _state(material: Material, here: str, project: str, shown: list[Brief]) -> list[str]:
    found = material.of(project, Kind.STATE)
    shown += found
    rows = [
        (cited(material, here, b, key_of(b)), valued(material, b), text(b.type), day(b.at or b.created))
        for b in found[:_MOST_STATE]
    ]
    more = [f"{link(f'All {len(found)}', here, page(folder(project), 'state'))}", ""]
    return [
        "## Trusted state",
        "",
        *(table(("what", "value", "category", "since"), rows) or ["Nothing is declared trusted.", ""]),
        *(more if len(found) > _MOST_STATE else []),
    ]


def _conflicts(material: Material, here: str, project: str) -> list[str]:
    found = [one for one in material.open_conflicts if one.project == project]
    if not found:
        return ["No open conflicts.", ""]
    told = (
        f"{link(one.slot, here, page('conflicts'), one.id)}: "
        + " or ".join(text(member.value) for member in one.members)
        for one in found
    )
    return [
        f"## {counted(len(found), 'open conflict')}",
        "",
        *items(some(told, _MOST_CONFLICTS, "{} more")),
    ]


def _decisions(material: Material, here: str, project: str, shown: list[Brief]) -> list[str]:
    found = sorted(
        material.of(project, Kind.ENTITY, types=("decision",)), key=lambda b: (b.at or b.created, b.id)
    )[::-1]
    shown += found
    told = (f"{day(b.at or b.created)} {cited(material, here, b)}" for b in found)
    return ["## Latest decisions", "", *items(some(told, _MOST_DECISIONS, "{} more"))] if found else []
