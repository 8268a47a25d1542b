"""Who gave a record its present status, where no ruling of its own says so: history is asked.

The answer is a function of HEAD and the record alone, whatever else is asked about, and whenever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from atocore.config import Settings
from atocore.index.catalog import Catalog
from atocore.knowledge.policy import machine_commit
from atocore.records.codec import read
from atocore.records.lifecycle import DECIDED, explained
from atocore.records.record import Record
from atocore.store.history import Commit
from atocore.store.repository import Repository
from atocore.store.trees import TreeChange

_Said = tuple[str, str]
"""The id and status that a file states, "" where it states none."""


def policy_of(settings: Settings) -> str:
    """The settings that say whose commits decide: where they change, everybody is looked up again."""
    return "\n".join(settings.texts("machines.authors"))


def look_up_deciders(
    repository: Repository, catalog: Catalog, settings: Settings, paths: Collection[str] | None
) -> None:
    """Ask history whose commit gave a record its status, where no ruling of its own explains it."""
    stated = catalog.in_status(sorted(DECIDED), None if paths is None else sorted(paths))
    records = [record for record in stated if not explained(record)]
    if not records:
        return
    deciding = deciding_commits(repository, records)
    cut = repository.cut_at()
    for record in records:
        commit = deciding.get(record.path)
        if commit is None or commit.id in cut:  # that seems to add every file
            catalog.set_decided(record.path, "", False)
            continue
        machine = machine_of(settings, commit)
        catalog.set_decided(record.path, machine or authors(commit)[0], bool(machine))


def machine_of(settings: Settings, commit: Commit) -> str:
    """Whose commit it was, where a machine's; see `machine_commit`."""
    message = f"{commit.subject}\n\n{commit.body}"
    return machine_commit(settings, authors(commit), commit.trailers, message)


def authors(commit: Commit) -> tuple[str, str]:
    """Author and committer as `Name <email>`."""
    return (
        f"{commit.author_name} <{commit.author_email}>",
        f"{commit.committer_name} <{commit.committer_email}>",
    )


def deciding_commits(repository: Repository, records: Iterable[Record]) -> dict[str, Commit]:
    """For each record's path, the commit in which the record got the status that it has, followed through
    renames, and at a merge to the side that it came from."""
    return _Search(repository, records).run()


class _Search:
    """One walk from HEAD back, with each record at the commit that it is followed to."""

    def __init__(self, repository: Repository, records: Iterable[Record]) -> None:
        self._repository = repository
        self._wanted = {record.path: (record.id, _status(record)) for record in records}
        self._found: dict[str, Commit] = {}
        # commit -> the name that a file has there -> the paths it has today
        self._followed: dict[str, dict[str, set[str]]] = {}
        self._said: dict[str, _Said] = {}

    def run(self) -> dict[str, Commit]:
        here: dict[str, set[str]] | None = {path: {path} for path in self._wanted}
        for commit in self._repository.ancestry():
            here = self._followed.pop(commit.id, None) if here is None else here
            if here:
                self._pass(commit, here)
            here = None
            if not self._followed:
                break
        return self._found

    def _pass(self, commit: Commit, here: dict[str, set[str]]) -> None:
        touched = [change for change in commit.changes if change.new_oid and change.path in here]
        self._read({one.old_oid: one.old_path or one.path for one in touched if one.old_oid})
        for change in touched:
            for today in here.pop(change.path):
                self._decide(commit, change, today)
        if commit.parents and here:
            there = self._followed.setdefault(commit.parents[0], {})
            for name, todays in here.items():
                there.setdefault(name, set()).update(todays)

    def _decide(self, commit: Commit, change: TreeChange, today: str) -> None:
        """A file that this commit changed came from a parent that says the same, or got its status here."""
        before = [one for one in self._before(commit, change) if self._says(*one[1:]) == self._wanted[today]]
        if not before:
            self._found[today] = commit
            return
        parent, name, _ = min(before, key=lambda one: one[2] != change.new_oid)
        self._followed.setdefault(parent, {}).setdefault(name, set()).add(today)

    def _before(self, commit: Commit, change: TreeChange) -> Iterator[tuple[str, str, str]]:
        """Parent, name and blob of what a changed file was before."""
        if commit.parents and change.old_oid:
            yield commit.parents[0], change.old_path or change.path, change.old_oid
        for parent in commit.parents[1:]:
            entry = self._repository.entries(parent, [change.path]).get(change.path)
            if entry is not None and entry.is_file:
                yield parent, change.path, entry.oid

    def _says(self, path: str, oid: str) -> _Said:
        self._read({oid: path})
        return self._said[oid]

    def _read(self, paths: Mapping[str, str]) -> None:
        """Read what blobs (id to path) say, all that are new in one go."""
        new = [oid for oid in paths if oid not in self._said]
        for oid, raw in self._repository.blobs(new) if new else ():
            record = read(paths[oid], raw, max_bytes=len(raw)).record
            self._said[oid] = (record.id, _status(record)) if record else ("", "")


def _status(record: Record) -> str:
    """The status that a record's file states, whatever it counts as."""
    return str(record.header.get("status") or "")
