"""A record of weight on a page of its own: what it claims, what it is linked to, where it came from, and who
accepted it."""

from __future__ import annotations

from collections.abc import Iterator

from atocore.records.brief import Brief
from atocore.records.relation_table import RELATIONS
from atocore.views.mirror import pictures, queried
from atocore.views.mirror.body import body
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import items, link, text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import folder, page, record_page
from atocore.views.mirror.parts import (
    cited,
    conflict_at,
    day,
    has_page,
    lived,
    marks,
    person,
    proven,
    trail,
    valued,
)
from atocore.views.mirror.steps import taken

_MOST_LINKED = 40
_MOST_SIDES = 5


def record(material: Material, record_id: str) -> Iterator[Page]:
    """The page of an active entity; nothing for what has none."""
    brief = material.by_id[record_id]
    if not has_page(brief):
        return
    here = record_page(brief)
    shown = [brief.path]
    lines = [
        *_claim(material, here, brief),
        *_sides(material, here, brief),
        *body(material.bodies(record_id)),
        *_drawn(material, here, brief, shown),
        *_linked(material, here, brief, shown),
        *_about(material, here, brief, shown),
        *_origin(material, here, brief),
    ]
    yield Page(
        here,
        brief.title or brief.id,
        lines,
        trail(material, brief.project),
        len(shown),
        material.newest(shown),
        f"correct {link(brief.path, here, brief.path)}, and commit",
    )


def _claim(material: Material, here: str, brief: Brief) -> list[str]:
    name = brief.question or " ".join(part for part in (brief.subject, brief.attribute) if part)
    name = name or brief.component
    kind = link(brief.type.replace("_", " "), here, _list_of(brief))
    told = [f"{kind}{marks(material, here, brief)}{lived(material, here, brief.id)}"]
    if brief.value:
        told.append(f"{text(name)}: **{text(brief.value)}**" if name else f"**{text(brief.value)}**")
    return [line for one in told for line in (one, "")]


def _list_of(brief: Brief) -> str:
    """The page that lists what is of its type."""
    named = {"decision": "decisions", "requirement": "requirements", "parameter": "parameters"}
    return page(folder(brief.project), named.get(brief.type, f"entities-{brief.type.replace('_', '-')}"))


def _sides(material: Material, here: str, brief: Brief) -> list[str]:
    """What the other sides of its disputes say, and where that is decided."""
    told = []
    others = material.graph.disputed.get(brief.id, ())
    for other in others[:_MOST_SIDES]:
        side = material.by_id.get(other.id)
        name = cited(material, here, side, marked=False) if side else text(other.id)
        both = link("both sides", here, conflict_at(material, other.conflict))
        told.append(f"⚠ **{text(other.value) or 'otherwise'}**, says {name} ({both})")
    left = len(others) - len(told)
    return items([*told, *([f"{left} more say otherwise"] if left > 0 else [])])


def _drawn(material: Material, here: str, brief: Brief, shown: list[str]) -> list[str]:
    """The trace of a requirement, and the map of what has parts."""
    if brief.type == "requirement":
        drawing, lines = pictures.tracing(material.graph, brief)
        shown += [line.record.path for line in lines[:_MOST_LINKED]]
        tree = queried.tree(material, here, lines[1 : _MOST_LINKED + 1])
        return ["## Trace", "", *drawing, *tree, ""] if drawing else []
    if brief.type in ("subsystem", "component"):
        drawing = pictures.system(material.graph, brief.project, brief)
        return ["## Its parts", "", *drawing] if drawing else []
    return []


def _linked(material: Material, here: str, brief: Brief, shown: list[str]) -> list[str]:
    """Both directions of its relations, each reading as a sentence would."""
    rows: dict[str, list[Brief]] = {}
    for arrow in material.graph.holds(brief.id):
        rows.setdefault(arrow.type.replace("_", " "), []).append(material.by_id[arrow.target])
    for arrow in material.graph.reaching(brief.id):
        rule = RELATIONS[arrow.type]
        rows.setdefault(arrow.type.replace("_", " ") if rule.symmetric else rule.reverse, []).append(
            material.by_id[arrow.holder]
        )
    lines = []
    for reads, others in rows.items():
        found = sorted(
            {other.id: other for other in others}.values(), key=lambda o: (o.title.casefold(), o.id)
        )
        shown += [other.path for other in found]
        titles = [cited(material, here, other) for other in found[:_MOST_LINKED]]
        more = f" and {len(found) - _MOST_LINKED} more" if len(found) > _MOST_LINKED else ""
        lines.append(f"{reads}: {', '.join(titles)}{more}")
    return ["## Linked to", "", *items(lines)] if lines else []


def _about(material: Material, here: str, brief: Brief, shown: list[str]) -> list[str]:
    """What other records claim about it."""
    found = [material.by_id[one] for one in material.graph.about(brief.id)]
    shown += [other.path for other in found]
    told = [
        f"{cited(material, here, other)}" + (f": {valued(material, other)}" if other.value else "")
        for other in found[:_MOST_LINKED]
    ]
    return ["## Known about it", "", *items(told)] if told else []


def _origin(material: Material, here: str, brief: Brief) -> list[str]:
    told = [f"The record: {link(brief.path, here, brief.path)} (`{brief.id}`)"]
    if brief.step:
        told.append(f"{text(taken(brief.step).capitalize())} by {person(brief.by)} on {day(brief.at)}")
    if source := proven(material, here, brief.id):
        told.append(f"From {source}")
    aliases = ", ".join(map(text, brief.aliases))
    return ["## Where it comes from", "", *items([*told, *([f"Also called {aliases}"] if aliases else [])])]
