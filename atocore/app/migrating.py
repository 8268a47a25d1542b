"""migrate: a vault of an older format, made one of the format that this AtoCore writes, in one commit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from atocore.app.auditing import AuditingVerbs
from atocore.app.writing import diff_of
from atocore.errors import AtocoreError
from atocore.knowledge import migrations
from atocore.knowledge.migrations import MIGRATIONS, Migration
from atocore.records.plan import Message, Plan
from atocore.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Migrated:
    """What `migrate` did: the formats `before` and `after`, what each step between them does, how many files
    each kind of change touched, and the commit (None: nothing to do, or a dry run). `diff` shows the plan of
    a dry run; `drafts` are files that it would change and that have uncommitted edits, in its way."""

    commit: str | None
    before: int
    after: int
    steps: tuple[str, ...]
    counts: dict[str, int]
    files: int
    records: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    dry_run: bool = False
    diff: str = ""


class MigratingVerbs(AuditingVerbs):
    """migrate."""

    def migrate(
        self, *, reason: str = "", dry_run: bool = False, table: Sequence[Migration] = MIGRATIONS
    ) -> Migrated:
        """Bring the vault to the newest format of the table. Raises `dirty-file` where a draft is in the way,
        `newer-format`, and `bad-settings` where a file cannot be edited; nothing is written then."""
        self.permit("migrate")
        head = self.repository.head()
        if head is None:
            raise AtocoreError("not-found", "there is no commit yet", "git add -A && git commit")
        files = _Committed(self.repository, head)
        due = migrations.migrate(files, table, heard=lambda done, of: self.progress("migrating", done, of))
        told = tuple(f"{row.to - 1} to {row.to}: {row.told}" for row in due.steps)
        plan = Plan(due.changes, self._message(due, told, reason))
        answer = Migrated(None, due.before, due.after, told, dict(due.counts), len(due.changes))
        if not due.changes:
            return replace(answer, dry_run=dry_run)
        if dry_run:
            drafts = tuple(one.path for one in self.repository.dirty([change.path for change in due.changes]))
            return replace(answer, drafts=drafts, dry_run=True, diff=diff_of(plan))
        commit = self.repository.apply(plan)
        self.catch_up()
        return replace(answer, commit=commit)

    def _message(self, due: migrations.Migrated, told: Sequence[str], reason: str) -> Message:
        counted = [f"{told}: {number}" for told, number in due.counts]
        body = "\n".join([*([reason, ""] if reason else []), *told, "", *counted])
        subject = f"migrate: vault format {due.before} to {due.after}"
        return Message(subject, "migrate", self.actor, reason=body)


class _Committed(Mapping[str, bytes]):
    """The regular files of the vault in a commit, each read when it is asked for, all of them in one go."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self._repository = repository
        tree = repository.tree(commit)
        self._oids = {path: entry.oid for path, entry in tree.items() if entry.is_file}

    def __getitem__(self, path: str) -> bytes:
        return next(raw for _, raw in self._repository.blobs([self._oids[path]]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._oids)

    def __len__(self) -> int:
        return len(self._oids)

    def items(self) -> Collection[tuple[str, bytes]]:  # type: ignore[override]
        """Every file, from one git process."""
        contents = self._repository.blobs(self._oids.values())
        return [(path, raw) for path, (_, raw) in zip(self._oids, contents, strict=True)]
