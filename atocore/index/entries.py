"""From one version of a file to what the catalog keeps of it. Pure, and nothing in it but texts and numbers,
so that another process can make it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from atocore.index.catalog_rows import slot_key
from atocore.records.brief import stored_brief
from atocore.records.codec import Reading, links, read
from atocore.records.lifecycle import explained, has_ties
from atocore.records.linking import name_keys
from atocore.records.naming import Naming, namings
from atocore.records.problem import Problem
from atocore.records.proposer import Proposer, outcome, proposers
from atocore.records.record import Record
from atocore.records.slots import about, stated_slot
from atocore.records.statement import statement_key
from atocore.records.wording import wording_key


@dataclass(frozen=True, slots=True)
class File:
    """One file's version as it is to be catalogued. `raw` None: deleted (a draft) or unreadable; `signature`
    tells cheaply whether a saved file is still the one that was read."""

    path: str
    oid: str
    raw: bytes | None
    signature: str = ""
    problem: Problem | None = None


class Columns(NamedTuple):
    """The columns of a file's row that follow from what it says."""

    id: str = ""
    kind: str = ""
    type: str = ""
    status: str = ""
    project: str = ""
    created: str = ""
    slot: str = ""
    scope: str = ""
    thing: str = ""
    statement: str = ""
    wording: str = ""
    problems: str = "[]"
    brief: str = ""
    ties: int = 0


class Entry(NamedTuple):
    """What the catalog keeps of a version: its row, the ids and names it refers to and is found by, who
    proposed it with what came of that, what it names, and whether its own ruling explains its status."""

    columns: Columns
    refs: tuple[str, ...] = ()
    link_names: tuple[str, ...] = ()
    proposers: tuple[Proposer, ...] = ()
    outcome: str = ""
    namings: tuple[Naming, ...] = ()
    explained: bool = True


def entry_of(file: File, max_bytes: int) -> tuple[Entry, Record | None]:
    """What a version says, and its record where no error stands against it."""
    reading = _read(file, max_bytes)
    record = reading.record
    listed = [[p.line, p.code, p.message] for p in reading.problems]
    problems = json.dumps(listed) if listed else "[]"
    if record is None:
        return Entry(Columns(problems=problems)), None
    slot = stated_slot(record)
    scope, thing = about(slot or ())
    columns = Columns(
        record.id,
        str(record.kind),
        record.type,
        record.status,
        record.project,
        record.created,
        slot_key(slot),
        scope,
        thing,
        statement_key(record),
        wording_key(record) if record.status == "active" else "",
        problems,
        stored_brief(record),
        int(has_ties(record)),
    )
    entry = Entry(
        columns,
        tuple(sorted(links(record))),
        tuple(sorted(name_keys(record))),
        proposers(record),
        outcome(record),
        namings(record),
        explained(record),
    )
    return entry, record


def _read(file: File, max_bytes: int) -> Reading:
    if file.problem is not None:
        return Reading(None, (file.problem,))
    if file.raw is None:
        return Reading(None)
    return read(file.path, file.raw, max_bytes=max_bytes)
