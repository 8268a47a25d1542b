"""Briefs: what a list, a table or a graph needs of a record, without its text.

A catalog stores them, so that thousands can be read without parsing a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
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
_ALIASES = Brief._fields.index("aliases") - _COLUMNS
_TOGETHER = 1000
_KINDS = {str(kind): kind for kind in Kind}


def stored_brief(record: Record) -> str:
    """What a catalog stores of a brief beside its columns."""
    brief = brief_of(record)
    relations = [(one.type, one.target) for one in brief.relations]
    return json.dumps([*brief[_COLUMNS:-1], relations], ensure_ascii=False)


def restored_briefs(rows: Iterable[Sequence[str]]) -> Iterator[Brief]:
    """The briefs of rows: the columns (id, kind, type, status, project, path), then what `stored_brief` made.

    Every question reads all of them, so this is written to be fast: many texts are parsed as one list, and
    the tuples are made without a look at their names.
    """
    left, made, related = iter(rows), tuple.__new__, partial(tuple.__new__, Relation)
    while some := list(islice(left, _TOGETHER)):
        parsed = json.loads(f"[{','.join([row[_COLUMNS] for row in some])}]")
        for row, parts in zip(some, parsed, strict=True):
            parts[_ALIASES] = tuple(parts[_ALIASES])
            parts[-1] = tuple(map(related, parts[-1]))
            yield made(Brief, (row[0], _KINDS[row[1]], *row[2:_COLUMNS], *parts))
