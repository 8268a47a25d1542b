"""The pages of vaults that are literal text, and the links on them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from helpers import vault_of

from atocore.knowledge.conflicts.clash import sweep
from atocore.knowledge.conflicts.disputes import disputed_records, stands_against
from atocore.records.slots import slot_text
from atocore.records.snapshot import MemorySnapshot
from atocore.views.mirror.frame import rendered
from atocore.views.mirror.material import ClaimSeen, ConflictSeen, Material, SourceSeen
from atocore.views.mirror.site import pages
from atocore.views.queries.graph import Graph

_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\(([^)]*)\)")


def material_of(snapshot: MemorySnapshot) -> Material:
    """The vault as pages show it, as the app gathers it from a catalog."""
    found = sweep(snapshot)
    conflicts, claims = [], []
    for one in found:
        members = [record for member in one.members if (record := snapshot.get(member.id))]
        project, about = members[0].project, slot_text(one.slot)
        seen = (one.id, one.type, one.status, project, about, one.members, one.prevailing, one.path)
        conflicts.append(ConflictSeen(*seen))
        ids = tuple(record.id for record in snapshot.in_slot(one.slot))
        claims.append(ClaimSeen(about, about.rpartition(" / ")[2], project, ids, (one.id,)))
    briefs = list(snapshot.briefs())

    def sources(record_id: str) -> tuple[SourceSeen, ...]:
        record = snapshot.get(record_id)
        said = record.provenance if record else None
        return (SourceSeen(said.path, said.quote),) if said and said.path else ()

    def bodies(record_id: str) -> str:
        record = snapshot.get(record_id)
        return record.body if record else ""

    return Material(
        briefs=briefs,
        graph=Graph(briefs, disputed_records(snapshot, [one.slot for one in found])),
        conflicts=tuple(sorted(conflicts, key=lambda one: one.id)),
        problems=snapshot.problems(),
        bodies=bodies,
        sources=sources,
        claims=tuple(claims),
        against=lambda one: stands_against(snapshot, record) if (record := snapshot.get(one)) else (),
    )


def site_of(snapshot: MemorySnapshot) -> dict[str, str]:
    """Each page's file by its path."""
    material = material_of(snapshot)
    made = [(page.path, rendered(page)) for page in pages(material, material.projects, material.by_id)]
    assert len({path for path, _ in made}) == len(made)
    return dict(made)


def site(blocks: str) -> dict[str, str]:
    """The pages of a vault with these files."""
    return site_of(vault_of(blocks))


def targets(path: str, text: str) -> Iterator[str]:
    """What the links of a page lead to, by path from the vault's top."""
    for address in _LINK.findall(re.sub(r"(?s)^```.*?^```", "", text, flags=re.MULTILINE)):
        raw, _, anchor = address.partition("#")
        assert not anchor, f"{path}: {address}"
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(raw)))


def dead_links(site: dict[str, str], files: Iterable[str]) -> list[tuple[str, str]]:
    """The links that lead nowhere, as (page, target)."""
    there = {*site, *files}
    return [(path, to) for path, text in site.items() for to in targets(path, text) if to not in there]


def unreached(site: dict[str, str]) -> set[str]:
    """The pages that nobody finds who starts at the index."""
    due, seen = ["mirror/index.md"], {"mirror/index.md"}
    while due:
        page = due.pop()
        found = {to for to in targets(page, site[page]) if to in site} - seen
        seen |= found
        due += sorted(found)
    return site.keys() - seen
