"""Which pages of the mirror a change of the vault can reach. Says too much rather than too little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from atocore.records.brief import Brief
from atocore.records.codec import links, read
from atocore.records.kinds import Kind
from atocore.records.linking import link_keys, name_keys
from atocore.records.naming import Naming, namings
from atocore.records.record import Record, is_page
from atocore.records.slots import normal_name, normal_thing, slot_of
from atocore.records.snapshot import Snapshot
from atocore.store.repository import Repository
from atocore.store.worktree import SETTINGS_FILE
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import MIRROR, About, about, folder, record_page_end
from atocore.views.queries.graph import Graph, reachable


@dataclass(frozen=True, slots=True)
class Reach:
    """What is reached: every page (`whole`), or those of the vault itself, of some `projects` and of some
    `records`, and those that `also` are to be looked at, by what they are about. `paths` are the files below
    `mirror/` that commits touched, None for any."""

    whole: bool = False
    projects: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    paths: frozenset[str] | None = None
    also: frozenset[About] = frozenset()

    def with_paths(self, paths: Iterable[str]) -> Reach:
        """The same and these pages, whether or not records that they show have changed."""
        if self.whole or self.paths is None:
            return self
        found = frozenset(paths)
        return replace(self, paths=self.paths | found, also=self.also | frozenset(map(about, found)))

    def covers(self, page: About) -> bool:
        """Whether a page is among those reached."""
        if self.whole or not page.folder or page in self.also:
            return True
        if page.record:
            return any(record_page_end(one) == page.record for one in self.records)
        return any(folder(project) == page.folder for project in self.projects)

    def projects_of(self, material: Material) -> list[str]:
        """The projects whose own pages are reached."""
        return [one for one in material.projects if self.covers(About(folder(one), ""))]

    def records_of(self, material: Material) -> list[str]:
        """The records whose own pages are reached."""
        if self.whole:
            return list(material.by_id)
        ends = {page.record for page in self.also if page.record}
        found = self.records & material.by_id.keys()
        return [*found, *(one for one in material.by_id if ends and record_page_end(one) in ends)]


WHOLE = Reach(whole=True)


def reach_of(repository: Repository, snapshot: Snapshot, material: Material, since: str) -> Reach:
    """What the commits from `since` to the snapshot's can have changed; everything where git cannot tell."""
    touched = repository.touched_between(since, snapshot.commit) if since else None
    if touched is None or SETTINGS_FILE in touched:
        return WHOLE
    files = sorted(path for path in touched if is_page(path))
    changed = [*_before(repository, since, files), *_after(snapshot, files)]
    if any(record.kind is Kind.PROJECT for record in changed):
        return WHOLE  # each page of the project's shows its title
    named = frozenset(path for path in touched if path.startswith(f"{MIRROR}/"))
    records = _near(snapshot, material, changed) | material.aged
    briefs = (material.by_id[one] for one in records if one in material.by_id)
    projects = {record.project for record in changed} | {brief.project for brief in briefs}
    reach = Reach(False, frozenset(_joined(material, projects)), frozenset(records), frozenset())
    return reach.with_paths(named)


def _before(repository: Repository, commit: str, paths: Iterable[str]) -> Iterator[Record]:
    entries = repository.entries(commit, paths)
    oids: dict[str, list[str]] = {}
    for path, entry in entries.items():
        if entry.is_file:
            oids.setdefault(entry.oid, []).append(path)
    for oid, raw in repository.blobs(sorted(oids)):
        for path in oids[oid]:
            record = read(path, raw, max_bytes=len(raw)).record
            if record is not None:
                yield record


def _after(snapshot: Snapshot, paths: Iterable[str]) -> Iterator[Record]:
    for path in paths:
        raw = snapshot.raw_at(path)
        record = read(path, raw, max_bytes=len(raw)).record if raw is not None else None
        if record is not None:
            yield record


def _near(snapshot: Snapshot, material: Material, changed: Iterable[Record]) -> set[str]:
    """The records whose own pages may show something of those that changed, by id; these too."""
    graph = material.graph
    records = list(changed)
    found = {record.id for record in records}
    for record in records:  # a conflict that was decided, or closed: its members show it no more
        found.update(member.id for member in record.members)
        slot = slot_of(record)
        found.update(one.id for one in snapshot.in_slot(slot)) if slot else None
        found.update(links(record))
        found.update(one.id for one in snapshot.referring(record.id))
    found.update(_naming(material.briefs, records))
    found.update(side.id for one in tuple(found) for side in graph.disputed.get(one, ()))
    found = _replaced(material, found)
    near = {other for one in found for other in _beside(graph, one)}
    return _replaced(material, found | near | _subjects(graph, found))


def _replaced(material: Material, ids: Iterable[str]) -> set[str]:
    """Some records, all that they replaced and all that replaced them."""
    found = set(ids)

    def successors(one: str) -> Iterator[str]:
        brief = material.by_id.get(one)
        return (other for other in (brief.superseded_by, brief.graduated_to) if other) if brief else iter(())

    def replaced(one: str) -> Iterator[str]:
        return (brief.id for brief in material.replaced_by(one))

    return found.union(reachable(found, successors), reachable(found, replaced))


def _beside(graph: Graph, record_id: str) -> Iterator[str]:
    """What a record's page shows."""
    yield from (arrow.target for arrow in graph.holds(record_id))
    yield from (arrow.holder for arrow in graph.reaching(record_id))
    if record_id in graph.active:
        yield from graph.about(record_id)


def _subjects(graph: Graph, ids: Iterable[str]) -> set[str]:
    """The entities that some records speak of."""
    spoken = {normal_name(brief.subject) for one in ids if (brief := graph.active.get(one)) and brief.subject}
    entities = (brief for brief in graph.active.values() if spoken and brief.kind is Kind.ENTITY)
    return {one.id for one in entities if not spoken.isdisjoint(map(normal_name, (one.title, *one.aliases)))}


def _naming(briefs: Iterable[Brief], changed: Iterable[Record]) -> Iterator[str]:
    """The records that link to one of those by name, or speak of a thing by a name which it got or lost."""
    linked: set[str] = set()
    given: dict[str, list[frozenset[Naming]]] = {}
    for record in changed:
        linked |= name_keys(record)
        given.setdefault(record.id, []).append(frozenset(namings(record)))
    spoken: set[str] = set()
    for versions in given.values():
        alike = frozenset.intersection(*versions) if len(versions) > 1 else frozenset()
        spoken.update(text for one in frozenset.union(*versions) - alike for text in (one.name, one.own))
    for brief in briefs:
        said = (text for text in (brief.subject, brief.component, brief.title, *brief.aliases) if text)
        keys = (key for relation in brief.relations for key in link_keys(relation.target))
        if not linked.isdisjoint(keys) or (spoken and not spoken.isdisjoint(map(normal_thing, said))):
            yield brief.id


def _joined(material: Material, projects: Iterable[str]) -> set[str]:
    """Some projects and all that relations join to them: an answer follows those over any number of steps."""
    beside: dict[str, set[str]] = {}
    graph = material.graph
    for holder, arrows in graph.out.items():
        here = graph.active[holder].project
        for arrow in arrows:
            there = graph.brief(arrow.target).project if arrow.target else here
            if there != here:
                beside.setdefault(here, set()).add(there)
                beside.setdefault(there, set()).add(here)
    found = set(projects)
    return found.union(reachable(found, lambda one: sorted(beside.get(one, ()))))
