"""The requirements of a project: what satisfies each, what shows that it holds, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import table
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import folder, page
from atocore.views.mirror.parts import ROWS_A_PAGE, cited, counted, listing, parted, trail, turned, valued
from atocore.views.queries.proof import SHOWN_BY, Proof
from atocore.views.queries.requirements import satisfied, satisfiers
from atocore.views.queries.verification import verified

_MOST_NAMED = 3
_HEAD = ("Requirement", "Value", "Satisfied by", "Shown by", "Lacks")


def requirements(material: Material, project: str) -> Iterator[Page]:
    """The page of a project's requirements, those that lack something first."""
    found = material.of(project, Kind.ENTITY, types=("requirement",))
    if not found:
        return
    met, (_, shown) = satisfied(material.graph), verified(material.graph, Proof(material.graph))
    found.sort(key=lambda one: (one.id in met) + (one.id in shown))
    told = (
        f"{counted(len(found), 'requirement')}: nothing satisfies {sum(one.id not in met for one in found)}, "
        f"nothing shows that {sum(one.id not in shown for one in found)} hold. "
        "Each has its trace on its own page."
    )
    parts = parted(found, ROWS_A_PAGE)
    paths = [page(folder(project), "requirements", number=number + 1) for number in range(len(parts))]
    for at, (here, some) in enumerate(zip(paths, parts, strict=True)):
        rows = [_row(material, here, one, met, shown) for one in some]
        lines = [told, "", *table(_HEAD, rows), *turned(here, paths, at)]
        newest = material.newest([one.path for one in some])
        yield Page(here, "Requirements", lines, trail(material, project), len(some), newest)


def _row(material: Material, here: str, one: Brief, met: set[str], shown: set[str]) -> Sequence[str]:
    graph = material.graph
    proofs = [a.holder for a in graph.reaching(one.id, "validates")]
    proofs += [a.target for a in graph.holds(one.id, *SHOWN_BY)]
    lacks = [
        told for told, held in (("not satisfied", met), ("not shown to hold", shown)) if one.id not in held
    ]
    return (
        cited(material, here, one),
        valued(material, one),
        _named(material, here, satisfiers(graph, one.id)),
        _named(material, here, proofs),
        ", ".join(lacks),
    )


def _named(material: Material, here: str, ids: Iterable[str]) -> str:
    found = [material.by_id[one] for one in dict.fromkeys(ids) if one in material.by_id]
    return listing([cited(material, here, one) for one in found], _MOST_NAMED)
