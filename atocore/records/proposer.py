"""Who proposed a record, and what became of that: the parts of which track records are made."""

from __future__ import annotations

from typing import NamedTuple

from atocore.records.kinds import Kind
from atocore.records.record import Record


class Proposer(NamedTuple):
    """A rule, an assistant, a tool or a plugged-in extractor, by name and without its version."""

    family: str
    name: str


RULE, ASSISTANT, TOOL, EXTRACTOR = "rule", "assistant", "tool", "extractor"
KEPT, REJECTED, MERGED, WAITING = "kept", "rejected", "merged", "waiting"
_PROPOSED = (Kind.MEMORY, Kind.ENTITY)


def proposers(record: Record) -> tuple[Proposer, ...]:
    """Who proposed a memory or entity: nobody where a person made it, or where it was born of a record (that
    one counts)."""
    came = record.provenance
    if record.kind not in _PROPOSED or came.record:
        return ()
    found = []
    if came.rule:
        found.append(Proposer(RULE, came.rule))
    if came.by and "@" not in came.by:  # `Name <email>`: a person
        found.append(Proposer(ASSISTANT, came.by.partition("/")[0].strip()))
    if came.tool:
        found.append(Proposer(TOOL, came.tool))
    if came.extractor and not came.extractor.isdigit():  # a number: the version of AtoCore's own rules
        found.append(Proposer(EXTRACTOR, came.extractor.partition("/")[0].strip()))
    return tuple(found)


def outcome(record: Record) -> str:
    """What people made of a proposal: kept is what was accepted at any time, whatever became of it since, or
    lives on as an entity; merged is what was known already."""
    if record.status == "candidate":
        return WAITING
    if record.status != "rejected" or record.graduated_to:
        return KEPT
    return MERGED if record.ruling.step == "merge" else REJECTED
