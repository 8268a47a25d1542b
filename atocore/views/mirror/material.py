"""What pages are made of: the committed records in brief and what stands against them, as the app hands it
over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from atocore.records.brief import Brief
from atocore.records.codec import parse_time
from atocore.records.kinds import Kind
from atocore.records.problem import Problem
from atocore.records.record import Member, OtherSide
from atocore.views.queries.graph import Graph

MARK = "⚠ disputed"


@dataclass(frozen=True, slots=True)
class ConflictSeen:
    """A conflict as the vault shows it now: of whatever type and status. `slot` reads for people; `winner`,
    `by`, `at` and `why` are of its ruling; `path` is where its file lies, or will."""

    id: str
    type: str
    status: str
    project: str
    slot: str
    members: tuple[Member, ...]
    prevailing: str
    path: str
    winner: str = ""
    by: str = ""
    at: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """Where a record came from, as a page shows it: the document or the capture, and the words themselves."""

    told: str
    quote: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """A claim whose life has a page: its slot for people (`about`) and as one types it (`key`), the records
    that ever made it, and the conflicts about it."""

    about: str
    key: str
    project: str
    records: tuple[str, ...]
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Material:
    """A vault at one commit. `bodies` and `sources` answer for one record when a page asks: what none shows
    is not read. `stale` tells by id why a record is to be looked at again; `claims` are those whose
    life is told; `against` what a candidate would dispute."""

    briefs: Sequence[Brief]
    graph: Graph
    conflicts: Sequence[ConflictSeen]
    problems: Sequence[Problem]
    bodies: Callable[[str], str]
    sources: Callable[[str], Sequence[SourceSeen]]
    stale: Mapping[str, str] = field(default_factory=dict)
    claims: Sequence[ClaimSeen] = ()
    against: Callable[[str], Sequence[OtherSide]] = lambda _record_id: ()

    @cached_property
    def by_id(self) -> Mapping[str, Brief]:
        """Every record of the vault that can be understood."""
        return {brief.id: brief for brief in self.briefs}

    @cached_property
    def _days(self) -> Mapping[str, str]:
        """By path, the day in UTC of the newest step on a record, as it tells itself."""
        return {
            brief.path: max((at.date().isoformat() for at in _times(brief)), default="")
            for brief in self.briefs
        }

    def newest(self, paths: Iterable[str]) -> str:
        """The day of the newest step on the records at some paths, "" where none tells."""
        return max((self._days.get(path, "") for path in paths), default="")

    @cached_property
    def projects(self) -> Sequence[str]:
        """The projects that anything belongs to, "" for what belongs to none, in the order of reading."""
        names = {brief.project for brief in self.briefs if brief.kind is not Kind.CONFLICT}
        return sorted(names, key=lambda name: (name == "", name.casefold(), name))

    @cached_property
    def _of_project(self) -> Mapping[str, Sequence[Brief]]:
        found: dict[str, list[Brief]] = {}
        for brief in self.briefs:
            found.setdefault(brief.project, []).append(brief)
        return found

    def of(
        self, project: str, *kinds: Kind, types: Iterable[str] = (), status: str = "active"
    ) -> list[Brief]:
        """The records of a project, of some kinds and types and of one status ("" for any), by title."""
        wanted = frozenset(types)
        found = [
            brief
            for brief in self._of_project.get(project, ())
            if (not kinds or brief.kind in kinds)
            and (not wanted or brief.type in wanted)
            and (not status or brief.status == status)
        ]
        return sorted(found, key=lambda brief: (brief.title.casefold(), brief.id))

    @cached_property
    def _replaced(self) -> Mapping[str, Sequence[Brief]]:
        found: dict[str, list[Brief]] = {}
        for brief in self.briefs:
            if brief.superseded_by:
                found.setdefault(brief.superseded_by, []).append(brief)
        return found

    def replaced_by(self, record_id: str) -> Sequence[Brief]:
        """The records that one superseded."""
        return self._replaced.get(record_id, ())

    @cached_property
    def open_conflicts(self) -> Sequence[ConflictSeen]:
        """The conflicts that wait for a decision, by slot."""
        found = (one for one in self.conflicts if one.status == "open")
        return sorted(found, key=lambda one: (one.project, one.slot, one.id))

    @cached_property
    def conflict_by_id(self) -> Mapping[str, ConflictSeen]:
        """The open conflicts by id."""
        return {one.id: one for one in self.open_conflicts}

    @cached_property
    def claim_of(self) -> Mapping[str, ClaimSeen]:
        """By the id of a record, or of a conflict, the claim whose life is told."""
        return {one: claim for claim in self.claims for one in (*claim.records, *claim.conflicts)}

    @cached_property
    def aged(self) -> frozenset[str]:
        """What carries a mark of time, and what links to it: pages that change though no record of theirs
        does."""
        found = {one for one in self.stale if one in self.by_id and self.by_id[one].stale_after}
        near = (a.holder for one in found for a in self.graph.reaching(one))
        beside = (a.target for one in found for a in self.graph.holds(one))
        return frozenset({*found, *near, *beside})


def _times(brief: Brief) -> Iterator[datetime]:
    for said in (brief.created, brief.at):
        at = parse_time(said) if said else None
        if at is not None:
            yield at.astimezone(UTC) if at.tzinfo is not None else at
