"""Reading verbs: list, show, schema. They see the committed vault with what is saved laid over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import islice

from atocore.app import history
from atocore.app.answers import (
    RecordAnswer,
    ShownRecord,
    conflict_answer,
    full_answer,
    lives_on,
    merged_answer,
    parts_of,
    record_answer,
    waits_for,
    would_conflict,
)
from atocore.app.drafted import with_drafts
from atocore.app.relating import related
from atocore.app.session import Session
from atocore.app.used import committed_uses
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm, Row
from atocore.knowledge.conflicts.disputes import conflicts_on
from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.ingestion.known import Refusals
from atocore.knowledge.projects import spellings_of
from atocore.knowledge.reinforcement import reinforced
from atocore.knowledge.review.merging import merged_into
from atocore.records.header import Header
from atocore.records.kinds import KINDS, Kind
from atocore.records.record import Record
from atocore.records.schema import json_schema


@dataclass(frozen=True, slots=True)
class RecordList:
    """Records that fit the filters, by path; `notes` tell what limits the answer."""

    records: tuple[RecordAnswer, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A record as it stands: the committed one, the saved one laid over it, or one of them alone."""

    record: Record
    draft: bool
    committed_status: str


class ReadingVerbs(Session):
    """list, show, schema."""

    def list(
        self,
        *,
        kind: str = "",
        type: str = "",
        status: str = "",
        project: str = "",
        limit: int = 0,
        full: bool = False,
    ) -> RecordList:
        """Records that fit every filter, saved ones marked `draft`; `limit` 0 means all."""
        if limit < 0:
            raise AtocoreError("usage", "a limit is no negative number", "0 means all")
        if kind and kind not in tuple(Kind):
            raise AtocoreError("bad-value", f"{kind!r} is no kind", f"one of: {', '.join(KINDS)}, note")
        snapshot = self.catch_up(drafts=True)
        wanted = (
            shelf
            for shelf in self._shelves((Kind(kind),) if kind else (), project)
            if (not type or shelf.record.type == type) and (not status or shelf.record.status == status)
        )
        answer = full_answer if full else record_answer
        used = committed_uses(self)
        refusals, saved = Refusals(snapshot), with_drafts(self.catalog)
        found = [
            replace(
                answer(snapshot, shelf.record, draft=shelf.draft, refusals=refusals, saved=saved),
                reinforced=reinforced(shelf.record, used.get(shelf.record.id, ())),
            )
            for shelf in (islice(wanted, limit) if limit else wanted)
        ]
        return RecordList(tuple(found))

    def _shelves(self, kinds: tuple[Kind, ...], project: str) -> Iterator[Shelf]:
        overlay: dict[str, Row] = {row.path: row for row in self.catalog.rows(Realm.DRAFT)}
        moved = {
            row.record.id: row.path
            for row in overlay.values()
            if row.record is not None and self.catalog.raw_at(row.path) is None
        }
        projects = spellings_of(self.catalog, project)
        for record in (r for name in projects or ("",) for r in self.catalog.select(kinds, (), name)):
            if kinds or record.kind is not Kind.NOTE:
                row = overlay.pop(record.path, None)
                if row is not None and row.deleted and record.id in moved:
                    row = overlay.pop(moved[record.id], row)
                yield _over(record, row)
        for row in [*overlay.values(), *self.catalog.rows(Realm.LOCAL)]:
            saved = row.record
            if (
                saved is None
                or (kinds and saved.kind not in kinds)
                or (project and saved.project not in projects)
            ):
                continue
            if (kinds or saved.kind is not Kind.NOTE) and self.catalog.raw_at(row.path) is None:
                yield Shelf(saved, row.realm is Realm.DRAFT, "")

    def show(self, name: str) -> ShownRecord:
        """Everything about one record: text, hash, history, conflicts, relations, and what links to it."""
        snapshot = self.catch_up(drafts=True)
        shelf = self._shelf(name)
        record = shelf.record
        counted = snapshot.get(record.id) or record
        merged = merged_into(snapshot, record)
        told = history.whole_history(self.repository, self.settings, record, merged)
        entries = told if shelf.committed_status else ()
        problems = [problem for problem in snapshot.problems() if problem.path == record.path]
        saved = with_drafts(self.catalog) if shelf.draft else snapshot
        base = full_answer(snapshot, record, draft=shelf.draft, saved=saved)
        edited = saved.get(record.id) if shelf.draft else None
        if edited is not None:  # the committed text is shown, and what the saved one would do
            against = would_conflict(saved, edited, snapshot.get(record.id), draft=True)
            base = replace(base, would_conflict=against)
        base = replace(base, reinforced=reinforced(record, committed_uses(self).get(record.id, ())))
        relations, incoming = related(snapshot, record)
        referring = (other.id for other in snapshot.referring(record.id))
        return ShownRecord(
            **parts_of(base),
            hash=view_hash(snapshot, record),
            ruling={k: v for k, v in asdict(record.ruling).items() if v} or None,
            keys=header_json(record.header),
            committed_status=shelf.committed_status if shelf.committed_status != "-" else "",
            history=tuple(entries),
            conflicts=tuple(conflict_answer(snapshot, one) for one in conflicts_on(snapshot, counted)),
            relations=relations,
            incoming=incoming,
            linked_from=tuple(sorted({*referring, *(one.id for one in incoming)})),
            problems=tuple(problems),
            lives_on=lives_on(snapshot, record),
            waits_for=waits_for(snapshot, record),
            merged_from=tuple(merged_answer(one) for one in merged),
        )

    def _shelf(self, name: str) -> Shelf:
        rows = [*self.catalog.rows(Realm.DRAFT), *self.catalog.rows(Realm.LOCAL)]
        try:
            record = self.lookup(name)
        except AtocoreError:
            for row in rows:
                if row.record is not None and name in (row.record.id, row.path):
                    return Shelf(row.record, row.realm is Realm.DRAFT, "")
            raise
        draft = any(row.path == record.path and row.realm is Realm.DRAFT for row in rows)
        return Shelf(record, draft, record.status or "-")

    def schema(self, *, handoff: bool = False) -> Mapping[str, object]:
        """The JSON Schema of the frontmatter, or that of what a tool hands over."""
        from atocore.knowledge.handoff.table import handoff_schema

        return handoff_schema() if handoff else json_schema()


def _over(record: Record, row: Row | None) -> Shelf:
    """A committed record with its saved version laid over it, where there is one that can be read."""
    if row is None:
        return Shelf(record, False, record.status)
    return Shelf(row.record or record, True, record.status)


def header_json(header: Header) -> dict[str, object]:
    """A header's keys as JSON's types, every scalar as it was typed."""

    def plain(value: object) -> object:
        if isinstance(value, Mapping):
            return {str(key): plain(entry) for key, entry in value.items()}
        if isinstance(value, tuple):
            return [plain(entry) for entry in value]
        return value

    return {item.key: plain(item.value) for item in header.items}
