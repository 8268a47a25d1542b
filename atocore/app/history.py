"""The audit trail from git alone: AtoCore's own commits by their trailers, hand-made ones by their diffs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from atocore.app.answers import HistoryEntry
from atocore.app.deciders import authors, machine_of
from atocore.config import Settings
from atocore.knowledge.life import Version
from atocore.knowledge.recognition import Deed, recognise
from atocore.records.record import Record, is_page
from atocore.store.history import Commit
from atocore.store.repository import Repository
from atocore.store.trees import TreeChange

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Told:
    """One commit with the steps that its diff shows, and the machine that made it ("" for a person)."""

    commit: Commit
    deeds: tuple[Deed, ...]
    machine: str


def told(repository: Repository, settings: Settings, *paths: str) -> Iterator[Told]:
    """The commits that touched the paths (none: the vault), newest first, with the steps each took."""
    batch: list[Commit] = []
    for commit in repository.history(*paths):
        batch.append(commit)
        if len(batch) == _BATCH:
            yield from _told(repository, settings, batch)
            batch = []
    yield from _told(repository, settings, batch)


def _told(repository: Repository, settings: Settings, commits: list[Commit]) -> Iterator[Told]:
    oids = {oid for commit in commits for change in commit.changes for oid in _pages(change) if oid}
    blobs = dict(repository.blobs(sorted(oids)))
    for commit in commits:
        changed = [
            (change.old_path or change.path, blobs.get(old or ""), change.path, blobs.get(new or ""))
            for change in commit.changes
            for old, new in (_pages(change),)
            if old or new
        ]
        machine = machine_of(settings, commit)
        yield Told(commit, tuple(deed for one in changed for deed in recognise(*one)), machine)


def _pages(change: TreeChange) -> tuple[str | None, str | None]:
    """The blobs before and after a change, as far as they were pages: what is moved away is gone."""
    return (
        change.old_oid if is_page(change.old_path or change.path) else None,
        change.new_oid if is_page(change.path) else None,
    )


def entries(
    repository: Repository, settings: Settings, record: Record | None = None
) -> Iterator[HistoryEntry]:
    """What `atocore log` shows: one entry a commit that took a step (on one record)."""
    for one in told(repository, settings, *([record.path] if record else ())):
        found = entry(one)
        if found is not None and (record is None or _concerns(one, record)):
            yield found


def whole_history(
    repository: Repository, settings: Settings, record: Record, merged: Iterable[Record]
) -> Iterator[HistoryEntry]:
    """The steps on a record and on those that were merged into it, newest first."""
    others = [one for other in merged for one in entries(repository, settings, other)]
    if not others:
        yield from entries(repository, settings, record)
        return
    every = {one.commit: one for one in (*entries(repository, settings, record), *others)}
    yield from sorted(every.values(), key=lambda one: datetime.fromisoformat(one.date), reverse=True)


def versions(
    repository: Repository, settings: Settings, wanted: Callable[[bytes], bool]
) -> Iterator[Version]:
    """Every change of a page in the log, the oldest first, where the page before or after it is `wanted`.
    What a merge brings in from a branch is told where the branch's own commit made it."""
    changed = [(one, change, _pages(change)) for one in repository.history() for change in one.changes]
    oids = {oid for _, _, pages in changed for oid in pages if oid}
    kept = {oid: raw for oid, raw in repository.blobs(sorted(oids)) if wanted(raw)}
    told = [one for one in changed if not kept.keys().isdisjoint(one[2])]
    beside = {oid for _, _, pages in told for oid in pages if oid} - kept.keys()
    raws = {**kept, **dict(repository.blobs(sorted(beside)))}
    seen: set[tuple[str, str]] = set()
    for commit, change, (old, new) in reversed(told):
        made = (change.path, new or "")
        if len(commit.parents) > 1 and made in seen:
            continue
        seen.add(made)
        yield Version(
            commit.id,
            commit.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            authors(commit)[0],
            bool(machine_of(settings, commit)),
            " ".join(commit.body.split()),
            change.old_path or change.path,
            raws.get(old or ""),
            change.path,
            raws.get(new or ""),
        )


def _concerns(one: Told, record: Record) -> bool:
    """Whether a commit is about the record: git follows a file into what it was copied from, too."""
    named = one.commit.trailer("Atocore-Record")
    return record.id in named or any(deed.record == record.id for deed in one.deeds)


def entry(one: Told) -> HistoryEntry | None:
    """A commit as `atocore log` shows it, None where it took no step."""
    commit = one.commit
    actions = commit.trailer("Atocore-Action")
    records = commit.trailer("Atocore-Record") or tuple(dict.fromkeys(deed.record for deed in one.deeds))
    steps = tuple(dict.fromkeys(deed.step for deed in one.deeds))
    if not actions and not steps:
        return None
    return HistoryEntry(
        commit=commit.id,
        date=commit.date.isoformat(),
        author=authors(commit)[0],
        actor="machine" if one.machine else "person",
        action=actions[0] if actions else ", ".join(steps),
        records=records,
        subject=commit.subject,
        reason=commit.body,
    )
