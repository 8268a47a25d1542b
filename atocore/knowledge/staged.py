"""What a commit would do to the vault: the problems and the new contradictions in what it changes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from atocore.knowledge import check
from atocore.knowledge.conflicts.claimed import claim_in
from atocore.knowledge.conflicts.clash import Clash, clash_in
from atocore.knowledge.conflicts.duplicates import duplicates
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.recognition import IMPOSSIBLE, recognise
from atocore.knowledge.relation_problems import around, circle_problems, relation_problems
from atocore.records.codec import read
from atocore.records.kinds import Kind
from atocore.records.linking import Links
from atocore.records.plan import Change, Plan
from atocore.records.problem import Problem
from atocore.records.record import Record
from atocore.records.snapshot import AfterSnapshot, Snapshot

_OURS = re.compile(rb"^<{7} ", re.MULTILINE)
_THEIRS = re.compile(rb"^>{7} ", re.MULTILINE)


def marker_line(raw: bytes) -> int:
    """The line of git's first conflict marker in a file of any kind; 0 where there is none."""
    found = _OURS.search(raw)
    return raw.count(b"\n", 0, found.start()) + 1 if found and _THEIRS.search(raw, found.end()) else 0


def file_problems(plan: Plan, max_bytes: int) -> Iterator[Problem]:
    """What is wrong with the changed files, each for itself."""
    for change in plan.changes:
        if change.new is None:
            continue
        problems = read(change.path, change.new, max_bytes=max_bytes).problems if _is_page(change) else ()
        line = marker_line(change.new)
        if line and all(problem.code != "conflict-markers" for problem in problems):
            yield Problem(change.path, line, "conflict-markers", "git conflict markers are left in the file")
        yield from problems


def vault_problems(snapshot: Snapshot, plan: Plan) -> Iterator[Problem]:
    """What is wrong with the changed records beside the others, as the vault would then be."""
    after = AfterSnapshot(snapshot, plan)
    records = list(_records(plan))
    yield from check.reference_problems(after, records)
    yield from _relation_problems(after, records)
    yield from check.alias_problems(after, records)
    removed = {change.path for change in plan.changes}
    for record in records:
        other = snapshot.get(record.id)
        if other is not None and other.path not in removed:
            told = f"{record.id} is the id of {other.path}"
            yield Problem(record.path, record.header.line("id"), "duplicate-id", told)
    yield from _impossible_steps(snapshot, plan, records)


def _relation_problems(after: Snapshot, records: list[Record]) -> Iterator[Problem]:
    links: Links[Record] = Links(after.get, after.named)
    yield from relation_problems(links, records)
    paths = {record.path for record in records}
    near = {one.id: one for record in records for one in around(links, record)}
    yield from (problem for problem in circle_problems(links, near.values()) if problem.path in paths)


def _impossible_steps(snapshot: Snapshot, plan: Plan, records: list[Record]) -> Iterator[Problem]:
    """Against the committed record of the same id: a file may have moved with its step."""
    for record in records:
        before = snapshot.get(record.id)
        old_path, old = (before.path, before.raw) if before is not None else (record.path, None)
        for deed in recognise(old_path, old, record.path, record.raw):
            if deed.step == IMPOSSIBLE:
                told = f"no step leads from {deed.before} to {deed.after}"
                yield Problem(record.path, record.header.line("status"), "impossible-step", told)


def new_conflicts(snapshot: Snapshot, plan: Plan) -> tuple[Clash, ...]:
    """The open conflicts that the commit would make, or add a side to."""
    _, clashes = with_conflicts(snapshot, plan)
    return tuple(clash for clash in clashes if not _is_known(snapshot, clash))


def _is_known(snapshot: Snapshot, clash: Clash) -> bool:
    if clash.type == "duplicate":
        return clash.id in {group.id for group in duplicates(snapshot, (one.id for one in clash.members))}
    record = snapshot.get(clash.id) if clash.type == "claimed" else None
    before = claim_in(snapshot, record) if record is not None else clash_in(snapshot, clash.slot)
    return before is not None and before.status == "open" and set(clash.members) <= set(before.members)


def _records(plan: Plan) -> Iterator[Record]:
    for change in plan.changes:
        if change.new is not None and _is_page(change):
            record = read(change.path, change.new, max_bytes=len(change.new)).record
            if record is not None and record.kind is not Kind.NOTE:
                yield record


def _is_page(change: Change) -> bool:
    return change.path.lower().endswith(".md")
