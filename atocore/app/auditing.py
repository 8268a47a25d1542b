"""Auditing verbs: log, check, undo. They answer from git and the committed files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from atocore.app import history
from atocore.app.answers import HistoryEntry, Written
from atocore.app.deciding import DecidingVerbs
from atocore.app.mirror_problems import mirror_problems
from atocore.app.purge.problems import purged_problems
from atocore.app.settings_problems import settings_problems
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge import check, halfsteps
from atocore.knowledge.pointers import PointerWatch, dead_pointer_problems
from atocore.knowledge.recognition import Deed
from atocore.knowledge.relation_problems import circle_problems, relation_problems
from atocore.knowledge.review.merging import merged_into
from atocore.knowledge.state_watch import StateWatch, TrustedState
from atocore.records.kinds import KINDS, Kind
from atocore.records.linking import links_over
from atocore.records.plan import Change, Message, Plan
from atocore.records.problem import Problem, Severity
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot
from atocore.store.worktree import survey


@dataclass(frozen=True, slots=True)
class Log:
    """The audit trail, newest first."""

    entries: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong in the vault, by path and line; and what history says of who touched trusted state."""

    problems: tuple[Problem, ...]
    trusted_state: TrustedState

    @property
    def has_errors(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


class AuditingVerbs(DecidingVerbs):
    """log, check, undo."""

    def log(self, name: str = "", *, limit: int = 0) -> Log:
        """The steps that git tells of (about one record and what was merged into it), newest first; `limit` 0
        means all."""
        if limit < 0:
            raise AtocoreError("usage", "a limit is no negative number", "0 means all")
        snapshot = self.catch_up()
        record = self.lookup(name) if name else None
        if record is None:
            found = history.entries(self.repository, self.settings)
        else:
            merged = merged_into(snapshot, record)
            found = history.whole_history(self.repository, self.settings, record, merged)
        return Log(tuple(islice(found, limit) if limit else found))

    def check(self) -> Checked:
        """Everything that is wrong in the vault: files, references, names, history."""
        snapshot = self.catch_up(drafts=True)
        state = StateWatch()
        problems = {
            *self._file_problems(),
            *self._record_problems(snapshot),
            *self._history_problems(snapshot, state),
            *purged_problems(self.repository),
        }
        if self.settings.text("mirror") == "folder":
            problems.update(mirror_problems(self.repository, snapshot))
        ordered = sorted(problems, key=lambda p: (p.path, p.line, p.code, p.message))
        active = sum(1 for _ in snapshot.briefs((Kind.STATE,), ("active",)))
        return Checked(tuple(ordered), state.told(active, not self.repository.shallow))

    def _file_problems(self) -> Iterator[Problem]:
        yield from self.catalog.problems()
        for path, reason in self.catalog.unknown().items():
            yield Problem(path, 0, "unreadable", reason)
        for realm in (Realm.DRAFT, Realm.LOCAL):
            yield from (problem for row in self.catalog.rows(realm) for problem in row.problems)
        yield from survey(self.vault)
        yield from settings_problems(self.vault)
        paths = [path for realm in Realm for path in self.catalog.versions(realm)]
        yield from check.name_problems(paths)

    def _record_problems(self, snapshot: Snapshot) -> Iterator[Problem]:
        records = [record for record in snapshot.select() if record.kind is not Kind.NOTE]
        yield from check.reference_problems(snapshot, records)
        yield from check.supersession_problems(records)
        yield from self._relation_problems(snapshot, records)
        yield from check.alias_problems(snapshot, records)
        yield from halfsteps.half_step_problems(snapshot, records)
        yield from dead_pointer_problems(snapshot, records)

    def _relation_problems(self, snapshot: Snapshot, records: list[Record]) -> Iterator[Problem]:
        links = links_over([*records, *snapshot.select((Kind.NOTE,))])
        names = (name for record in records for name in (record.title, *record.aliases, record.id))
        yield from relation_problems(links, records, names)
        yield from circle_problems(links, records)

    def _history_problems(self, snapshot: Snapshot, state: StateWatch) -> Iterator[Problem]:
        present = {record.id: record for record in snapshot.select()}
        pointers = PointerWatch(present)

        def steps() -> Iterator[tuple[str, str, tuple[Deed, ...]]]:
            cut = self.repository.cut_at()
            for one in history.told(self.repository, self.settings):
                if one.commit.id in cut:
                    continue  # it seems to add every file, and made few of them
                step = (one.commit.id, one.machine, one.deeds)
                for watch in (pointers, state):
                    watch.see(*step)
                yield step

        yield from check.history_problems(steps(), present, self.settings.texts("machines.allow"))
        yield from pointers.problems()

    def undo(self, commit: str, *, reason: str = "", dry_run: bool = False) -> Written:
        """Make the inverse of a commit, one commit too; refused where a file has changed since."""
        return self.step("undo", lambda s: self._inverse(s, commit, reason), dry_run=dry_run)

    def _inverse(self, snapshot: Snapshot, name: str, reason: str) -> Plan:
        commit_id = self.repository.resolve(name)
        commit = next((one for one in self.repository.history() if one.id == commit_id), None)
        if commit is None or not commit.changes:
            raise AtocoreError("cannot-undo", f"{name} changed nothing in this vault", "see: atocore log")
        if not commit.parents:
            raise self._no_parent(name)
        if len(commit.parents) > 1:
            raise AtocoreError("cannot-undo", f"{name} is a merge", f"git revert -m 1 {commit_id[:10]}")
        changes = []
        for change in commit.changes:
            old_path = change.old_path or change.path
            old = self._blob(change.old_oid)
            new = self._blob(change.new_oid)
            now = self.repository.read_at(snapshot.commit, change.path)
            if now != new:
                if change.path.startswith(f"{KINDS[Kind.CONFLICT].folder}/"):
                    continue  # derived: it is made true with the commit
                raise self._changed_since(change.path, commit_id)
            if old_path != change.path:
                changes.append(Change(change.path, now, None))
                changes.append(Change(old_path, None, old))
            else:
                changes.append(Change(change.path, now, old))
        records = commit.trailer("Atocore-Record")
        why = f"{reason}\n\nThis undoes commit {commit_id}." if reason else f"This undoes commit {commit_id}."
        return Plan(tuple(changes), Message(f"undo: {commit.subject}", "undo", self.actor, records, why))

    def _no_parent(self, name: str) -> AtocoreError:
        if self.repository.shallow:
            told = f"{name} is where this shallow clone's history is cut: what it changed is not known here"
            return AtocoreError("cannot-undo", told, "git fetch --unshallow")
        return AtocoreError("cannot-undo", f"{name} is the first commit: there is nothing to go back to", "")

    def _changed_since(self, path: str, commit_id: str) -> AtocoreError:
        later = next(iter(self.repository.history(path)), None)
        by = f" by {later.id[:10]} ({later.subject})" if later is not None and later.id != commit_id else ""
        hint = f"undo that first: atocore undo {later.id[:10]}" if by and later else "see: atocore log"
        return AtocoreError("cannot-undo", f"{path} was changed since{by}", hint)

    def _blob(self, oid: str | None) -> bytes | None:
        return next((raw for _, raw in self.repository.blobs([oid])), None) if oid else None
