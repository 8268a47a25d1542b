"""Briefs: what a list, a table or a graph needs of a record, without its text.

A catalog stores them, so that thousands can be read without parsing a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from atocore.records.kinds import Kind
from atocore.records.record import Record, Relation


class Brief(NamedTuple):
    """One record in brief; the texts are those of `Record`. `step`, `by`, `at` and `why` are its ruling's,
    `source` its provenance's; `wave` the one it came in with, "" for a source that vanished."""

    id: str
    kind: Kind
    type: str
    status: str
    project: str
    path: str
    title: str
    aliases: tuple[str, ...]
    subject: str
    attribute: str
    value: str
    question: str
    component: str
    created: str
    valid_from: str
    valid_until: str
    superseded_by: str
    graduated_to: str
    step: str
    by: str
    at: str
    why: str
    stale_after: str
    source: str
    wave: str
    relations: tuple[Relation, ...]


def brief_of(record: Record) -> Brief:
    """The brief of a record."""
    return Brief(
        record.id,
        record.kind,
        record.type,
        record.status,
        record.project,
        record.path,
        record.title,
        record.aliases,
        record.subject,
        record.attribute,
        record.value,
        record.question,
        record.component,
        record.created,
        record.valid_from,
        record.valid_until,
        record.superseded_by,
        record.graduated_to,
        record.ruling.step,
        record.ruling.by,
        record.ruling.at,
        record.ruling.why,
        record.stale_after,
        record.provenance.source,
        _wave(record),
        record.relations,
    )


def _wave(record: Record) -> str:
    if record.kind is not Kind.SOURCE:
        return record.provenance.wave
    return "" if record.header.get("vanished") else str(record.header.get("wave") or "")


_COLUMNS = Brief._fields.index("title")
"""So many fields have a column of their own in a catalog: what it selects by."""


def stored_brief(record: Record) -> str:
    """What a catalog stores of a brief beside its columns."""
    brief = brief_of(record)
    relations = [(one.type, one.target) for one in brief.relations]
    return json.dumps([*brief[_COLUMNS:-1], relations], ensure_ascii=False)


def restored_brief(columns: Iterable[str], stored: str) -> Brief:
    """A brief from its columns (id, kind, type, status, project, path) and what `stored_brief` made."""
    identity, kind, *selected = columns
    title, aliases, *texts, relations = json.loads(stored)
    links = tuple(Relation(*pair) for pair in relations)
    return Brief._make((identity, Kind(kind), *selected, title, tuple(aliases), *texts, links))
