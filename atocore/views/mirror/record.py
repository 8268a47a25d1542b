"""A record of weight on a page of its own: what it claims, what it is linked to, where it came from, and who
accepted it."""

from __future__ import annotations

from collections.abc import Iterator

from atocore.records.brief import Brief
from atocore.records.relation_table import RELATIONS
from atocore.views.mirror.body import body
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import items, link, text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import page, record_page
from atocore.views.mirror.parts import cited, day, has_page, home, marks, person, title_of, valued

_MOST_LINKED = 40


def record(material: Material, record_id: str) -> Iterator[Page]:
    """The page of an active entity; nothing for what has none."""
    brief = material.by_id[record_id]
    if not has_page(brief):
        return
    here = record_page(brief)
    shown = [brief.path]
    lines = [
        *_claim(material, here, brief),
        *body(material.bodies(record_id)),
        *_linked(material, here, brief, shown),
        *_about(material, here, brief, shown),
        *_origin(material, here, brief),
    ]
    yield Page(
        here,
        brief.title or brief.id,
        lines,
        (("AtoCore", page("index")), (title_of(material, brief.project), home(brief.project))),
        len(shown),
        material.newest(shown),
        f"correct {link(brief.path, here, brief.path)}, and commit",
    )


def _claim(material: Material, here: str, brief: Brief) -> list[str]:
    name = brief.question or " ".join(part for part in (brief.subject, brief.attribute) if part)
    name = name or brief.component
    told = [f"*{text(brief.type.replace('_', ' '))}*{marks(material, here, brief)}"]
    if brief.value:
        told.append(
            f"{text(name)}: **{valued(material, brief)}**" if name else f"**{valued(material, brief)}**"
        )
    return [line for one in told for line in (one, "")]


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
        told.append(f"{text(brief.step)} by {person(brief.by)} on {day(brief.at)}")
    for source in material.sources(brief.id):
        said = f": “{text(source.quote)}”" if source.quote else ""
        where = link(source.told, here, source.path) if source.path else text(source.told)
        told.append(f"From {where}{said}")
    aliases = ", ".join(map(text, brief.aliases))
    return ["## Where it comes from", "", *items([*told, *([f"Also called {aliases}"] if aliases else [])])]
