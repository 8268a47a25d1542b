"""What health tells of the committed part: it changes with the commit alone, and is kept until then.

A monitor asks each minute, and nearly always nothing was committed. What was found is written into
`.atocore/`, with what it was found on; losing it costs time only.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Final

from atocore import __version__
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.knowledge.purged import PURGED_FILE, parse
from atocore.records.kinds import Kind
from atocore.records.problem import Problem, Severity, is_left_out
from atocore.store import files
from atocore.store.repository import Repository

KEPT: Final = "health.json"
_WAITING_KINDS: Final = (Kind.MEMORY, Kind.ENTITY)
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Committed:
    """What is wrong with, waits in and contradicts itself in the committed part. `left_out` are the paths of
    files with errors; `first_errors` names some of them; `waiting` tells, by path, the id of each candidate
    and since when it waits (RFC 3339, UTC; "" where no commit told); `purged` are paths of what was purged
    from history and is there again."""

    found_on: str = ""
    commit: str = ""
    problems: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    first_errors: tuple[str, ...] = ()
    candidates: int = 0
    waiting: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    open_conflicts: int = 0
    purged: tuple[str, ...] = ()


def committed_part(folder: Path, repository: Repository, catalog: Catalog) -> Committed:
    """What is so in the commit that the catalog holds; `folder` is the vault's local one."""
    found_on = "/".join((__version__, catalog.path.parent.name, catalog.meta("policy"), catalog.commit))
    known = _kept(folder)
    if known.found_on == found_on:
        return known
    found = _found(found_on, repository, catalog, known)
    raw = json.dumps(asdict(found), ensure_ascii=True).encode()
    with suppress(AtocoreError):  # a folder that cannot be written: it is found out anew each time
        files.write(folder / KEPT, raw, mark=str(os.getpid()))
    return found


def _found(found_on: str, repository: Repository, catalog: Catalog, known: Committed) -> Committed:
    from atocore.app.conflicts import open_conflicts_in
    from atocore.knowledge import check

    paths = catalog.versions(Realm.COMMITTED)
    problems = {*catalog.problems(), *check.name_problems(paths)}
    errors = sorted(
        (problem for problem in problems if problem.severity is Severity.ERROR), key=lambda one: one.path
    )
    candidates = sum(number for (_, status), number in catalog.counts().items() if status == "candidate")
    ids = {brief.path: brief.id for brief in catalog.briefs(_WAITING_KINDS, ("candidate",))}
    return Committed(
        found_on=found_on,
        commit=catalog.commit,
        problems=by_severity(problems),
        left_out=tuple(sorted({problem.path for problem in problems if is_left_out(problem)})),
        first_errors=tuple(named(problem) for problem in errors[:_NAMED]),
        candidates=candidates,
        waiting=_waiting(repository, ids, known),
        open_conflicts=open_conflicts_in(catalog),
        purged=_purged(repository, catalog.commit),
    )


def by_severity(problems: set[Problem]) -> dict[str, int]:
    """How many problems of each severity."""
    found = Counter(str(problem.severity) for problem in problems)
    return {str(severity): found[str(severity)] for severity in Severity}


def named(problem: Problem) -> str:
    """A problem in a few words."""
    return f"{problem.path}: {problem.code}"


def _waiting(repository: Repository, ids: Mapping[str, str], known: Committed) -> dict[str, tuple[str, str]]:
    """Since when each candidate waits, by the commit that brought its file. Of those that were known, nothing
    is asked again; of the others the newest commits, and all of history only where that was not enough."""
    since = {path: at for path, (one, at) in known.waiting.items() if at and ids.get(path) == one}
    for start in [known.commit, None] if known.commit else [None]:
        missing = ids.keys() - since.keys()
        if missing:
            with suppress(AtocoreError):  # the commit that was known is gone, or history is damaged
                since |= _births(repository, set(missing), start)
    return {path: (one, since.get(path, "")) for path, one in ids.items()}


def _births(repository: Repository, missing: set[str], start: str | None) -> dict[str, str]:
    head = repository.head()
    found: dict[str, str] = {}
    for commit in repository.history_between(start, head) if head else ():
        born = {change.path for change in commit.changes if change.old_oid is None} & missing
        stamp = commit.date.astimezone(UTC).isoformat().replace("+00:00", "Z")
        found.update(dict.fromkeys(born, stamp))
        missing -= born
        if not missing:
            break
    return found


def _purged(repository: Repository, commit: str) -> tuple[str, ...]:
    """The paths of a commit that hold what was purged from history."""
    try:
        raw = repository.read_at(commit, PURGED_FILE) if commit else None
        gone = {one.old for one in parse(raw)} if raw else set()
        tree = repository.tree(commit) if gone else {}
    except AtocoreError:  # a commit that is gone, or damage: HEAD's own is told of
        return ()
    return tuple(path for path, entry in tree.items() if entry.oid in gone)


def _kept(folder: Path) -> Committed:
    """What was found the last time; nothing where that is missing or damaged."""
    try:
        told = json.loads((folder / KEPT).read_bytes())
        return Committed(
            **{
                **told,
                "left_out": tuple(told["left_out"]),
                "first_errors": tuple(told["first_errors"]),
                "purged": tuple(told["purged"]),
                "waiting": {path: (str(one), str(at)) for path, (one, at) in told["waiting"].items()},
            }
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Committed()
