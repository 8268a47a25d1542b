"""Whether what was purged came back: in git's history, in what is staged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from atocore.app.purge.repurging import brings_back
from atocore.knowledge.purged import PURGED_FILE, parse, wrong_lines
from atocore.records.problem import Problem
from atocore.store import files
from atocore.store.purged import purged_ids
from atocore.store.repository import Repository
from atocore.store.trees import TreeChange

_TOLD = 20


def purged_problems(repository: Repository) -> Iterator[Problem]:
    """What of the list any reference holds again, be it only fetched; and lines that say nothing."""
    raw = files.read(repository.vault / PURGED_FILE)
    if not raw:
        return
    for number, line in wrong_lines(raw):
        yield Problem(PURGED_FILE, number, "purged-list", f"no entry: {line[:40]!r}")
    found = brings_back(repository, "--all", parse(raw))
    for one in islice(found, _TOLD):
        named = f"as {one.path}" if one.path else "as a commit or tag"
        yield Problem(PURGED_FILE, 0, "purged-again", f"{one.oid[:10]} is there again, {named}")
    if len(found) > _TOLD:
        yield Problem(PURGED_FILE, 0, "purged-again", f"and {len(found) - _TOLD} more objects")


def staged_purged(vault: Path, changes: Iterable[TreeChange]) -> Iterator[Problem]:
    """The staged files whose content was purged."""
    listed = purged_ids(vault)
    for change in changes:
        if change.new_oid in listed:
            told = "this content was purged from history, and may not come back"
            yield Problem(change.path, 0, "purged-again", told)
