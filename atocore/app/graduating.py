"""The verbs of graduation: memories whose facts are to live on as entities, one or many, and their return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atocore.app.answers import Written, parts_of
from atocore.app.steps import StepVerbs
from atocore.errors import AtocoreError
from atocore.knowledge.projects import spellings_of
from atocore.records.kinds import MEMORY_TYPES, Kind
from atocore.records.plan import Plan
from atocore.records.record import OtherSide, Record
from atocore.records.snapshot import Snapshot

if TYPE_CHECKING:
    from atocore.knowledge.review.graduation import Graduation, Passed


@dataclass(frozen=True, slots=True)
class GraduationAnswer:
    """One memory with the entity that its fact is to live on as; `joins` where that exists, or another memory
    of the same step bears it. `why` tells why that type, `sure` is false where only the memory's type speaks
    for it; `conflicts` is what the entity would contradict."""

    memory: str
    memory_type: str
    claim: str
    to: str
    why: str
    sure: bool
    entity: str
    entity_status: str
    joins: bool
    conflicts: tuple[OtherSide, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassedAnswer:
    """A memory that fits what was asked for and does not graduate, and why."""

    memory: str
    memory_type: str
    claim: str
    why: str


@dataclass(frozen=True, slots=True)
class Graduated(Written):
    """The answer of `graduate`: what graduates, and what of those asked for does not."""

    preview: tuple[GraduationAnswer, ...] = ()
    passed: tuple[PassedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which active memories are meant: every filter that is given fits. `limit` 0 means all."""

    type: str = ""
    project: str = ""
    tag: str = ""
    limit: int = 0

    @property
    def given(self) -> bool:
        """Whether anything is asked for by filters."""
        return bool(self.type or self.project or self.tag)

    def among(self, snapshot: Snapshot) -> Iterator[Record]:
        """The memories that fit, by path."""
        for project in spellings_of(snapshot, self.project) or ("",):
            for record in snapshot.select((Kind.MEMORY,), ("active",), project, self.type):
                if not self.tag or self.tag in record.tags:
                    yield record


class GraduatingVerbs(StepVerbs):
    """graduate, ungraduate."""

    def graduate(
        self,
        *ids: str,
        type: str = "",
        project: str = "",
        tag: str = "",
        limit: int = 0,
        to: str = "",
        into: str = "",
        reason: str = "",
        if_hash: str = "",
        dry_run: bool = False,
    ) -> Graduated:
        """Propose that memories live on as entities: those named, or all active ones that fit the filters.

        `to` is the entities' type where the one that fits is wrong (with ids, `type` says the same), `into`
        an entity that exists. One commit, or none.
        """
        from atocore.knowledge.review import graduation

        if ids and type and not to:
            type, to = "", type
        wanted = Selection(type, project, tag, limit)
        _checked(ids, wanted, to, into)
        told: list[tuple[tuple[Graduation, ...], tuple[Passed, ...]]] = []

        def decide(snapshot: Snapshot) -> Plan:
            memories, passed = self._asked_for(snapshot, ids, wanted, to or into)
            if into:
                found = graduation.joining(snapshot, memories, self.lookup(into), self.progress)
            else:
                found = graduation.prepared(
                    snapshot, memories, self._births(), self.deed(reason), to, self.progress
                )
            told.append((found, passed))
            return graduation.graduate_all(snapshot, found, self.deed(reason))

        written = self._bound("graduate", decide, ids, if_hash, dry_run)
        found, passed = told[-1]
        return Graduated(
            **parts_of(written), preview=tuple(map(_answer, found)), passed=tuple(map(_passed, passed))
        )

    def _births(self) -> Iterator[str]:
        while True:
            yield self.new_id(Kind.ENTITY)

    def _asked_for(
        self, snapshot: Snapshot, ids: tuple[str, ...], wanted: Selection, asked: str
    ) -> tuple[tuple[Record, ...], tuple[Passed, ...]]:
        from atocore.knowledge.review.graduation import chosen

        if ids:
            return self._all(ids), ()
        memories, passed = chosen(snapshot, wanted.among(snapshot), asked)
        if not memories:
            why = f": {passed[0].memory.id} {passed[0].why}" if passed else ""
            raise AtocoreError(
                "not-found",
                f"no active memory that fits can graduate{why}",
                "atocore list --kind memory --status active",
            )
        return memories[: wanted.limit or None], passed

    def ungraduate(self, *ids: str, reason: str = "", if_hash: str = "", dry_run: bool = False) -> Written:
        """Take graduations back, before or after their entities were promoted."""
        from atocore.knowledge.review import graduation

        return self._of_many("ungraduate", graduation.ungraduate, ids, reason, if_hash, dry_run)


def _checked(ids: tuple[str, ...], wanted: Selection, to: str, into: str) -> None:
    """Refuse what cannot be meant, before anything is read."""
    if to and into:
        told = "--to TYPE bears an entity, --into ID names one"
        raise AtocoreError("usage", "--to and --into at once", told)
    if ids and wanted.given:
        raise AtocoreError(
            "usage",
            "ids and filters at once",
            "name memories, or choose them by --type, --project and --tag; the entity's type is --to TYPE",
        )
    if not ids and not wanted.given:
        raise AtocoreError("usage", "no memory is named", "give ids, or --type, --project or --tag")
    if wanted.limit < 0:
        raise AtocoreError("usage", "a limit is no negative number", "0 means all")
    if wanted.type and wanted.type not in MEMORY_TYPES:
        told = f"{wanted.type!r} is no type of memories"
        raise AtocoreError("bad-value", told, f"one of: {', '.join(MEMORY_TYPES)}; the entity's is --to TYPE")


def _answer(one: Graduation) -> GraduationAnswer:
    memory, entity = one.memory, one.entity
    return GraduationAnswer(
        memory=memory.id,
        memory_type=memory.type,
        claim=memory.claim or memory.title,
        to=entity.type,
        why=one.why,
        sure=one.sure,
        entity=entity.id,
        entity_status=entity.status,
        joins=one.joins,
        conflicts=one.conflicts,
        notes=one.notes,
    )


def _passed(one: Passed) -> PassedAnswer:
    return PassedAnswer(one.memory.id, one.memory.type, one.memory.claim or one.memory.title, one.why)
