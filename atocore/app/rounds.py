"""One round of keeping: what the daemon does over and over, and a cron job once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from atocore.app.packing import PackingVerbs
from atocore.app.reinforcing import ReinforcingVerbs
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm, Row
from atocore.knowledge import halfsteps
from atocore.knowledge.leaks import Leak
from atocore.records.kinds import Kind
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.problem import is_left_out
from atocore.store.worktree import quiet_seconds

_BATCH = 1_000
"""So many machine-made files are in one commit at most."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: files that differed and were taken in, files left without an embedding, files that
    could not be looked at, and the commits it made. `refused` is why what was due is not committed, "" where
    it is; `notes` tell what else it could not do; `more` whether captures are left for the next round."""

    commit: str
    changed: int
    left: int
    unknown: int
    commits: tuple[str, ...]
    refused: str
    notes: tuple[str, ...]
    more: bool = False


class RoundVerbs(PackingVerbs, ReinforcingVerbs):
    """Rounds, and what they commit."""

    def round(
        self, paths: Collection[str] | None = None, *, commit: bool = False, embed: bool = True
    ) -> Round:
        """Bring the index in step with the vault (with the saved files at `paths` alone, where given): the
        catalog, then words, then meaning. `commit` also commits what machines made and nobody committed."""
        changed = self.take_in(paths)
        self.generations().clear()
        notes = list(self.told())
        commits, refused = self.commit_due() if commit else ([], "")
        if embed:
            notes += self.embed_all()
        return Round(
            self.catalog.commit,
            changed,
            self.catalog.waiting("vectors"),
            len(self.catalog.unknown()),
            tuple(commits),
            refused,
            tuple(notes),
            more=commit and not refused and (self.has_captures_due() or self.has_uses_due()),
        )

    def take_in(self, paths: Collection[str] | None = None) -> int:
        """The part of a round that makes text searchable; how many files differed."""
        self.catch_up(drafts=True, paths=paths)
        changed = self.catalog.waiting("text")
        self.engine.sync_text()
        self.catalog.forget_recent()
        return changed

    def commit_due(self) -> tuple[list[str], str]:
        """Commit machine-made files in batches, and people's saves where the settings say so; the commits,
        and what stands in the way of the rest. On a branch other than the machines' they wait."""
        commits: list[str] = []
        leaking: list[Leak] = []
        try:
            if self.on_machine_branch():
                undetected = self.catalog.pending("conflicts", Realm.COMMITTED)
                for plan in (
                    halfsteps.missing_conflict_files(self.catalog, undetected),
                    *self._turns(leaking),
                ):
                    commits += self._committed(plan)
                with self.catalog.change():
                    self.catalog.done("conflicts", Realm.COMMITTED, undetected)
                commits += self.extract_due()
                commits += self.reinforce_due()
            if self.settings.flag("autocommit"):
                commits += self._committed(self._saves(leaking))
        except AtocoreError as error:
            return commits, error.message
        told = ", ".join(f"{leak.path}:{leak.line} ({leak.label})" for leak in leaking)
        return commits, f"not committed, for a secret in it: {told}" if told else ""

    def _committed(self, plan: Plan) -> list[str]:
        commit = self.repository.apply(plan) if plan.changes else None
        if commit is None:
            return []
        self.take_in()
        return [commit]

    def _without_secrets(self, changes: list[Change], leaking: list[Leak]) -> list[Change]:
        """The changes but for those that would write a secret into git: the first of each is noted."""
        found = {leak.path: leak for leak in reversed(self.leaks_of(Plan(tuple(changes), None)))}
        leaking += [found[path] for path in sorted(found)]
        return [change for change in changes if change.path not in found]

    def _turns(self, leaking: list[Leak]) -> list[Plan]:
        """Captures that the settings want in git, in batches."""
        if not self.settings.flag("capture.commit"):
            return []
        rows = self.catalog.rows(Realm.DRAFT)
        new = [
            Change(row.path, None, raw)
            for row in rows
            if row.path.startswith("captures/")
            and row.record is not None
            and (raw := self.catalog.raw(Realm.DRAFT, row.path)) is not None
            and self.catalog.raw_at(row.path) is None
        ]
        new = self._without_secrets(new, leaking)
        return [self._captured(new[start : start + _BATCH]) for start in range(0, len(new), _BATCH)]

    def _captured(self, changes: list[Change]) -> Plan:
        ids = tuple(change.path.rpartition("/")[2].removesuffix(".md") for change in changes)
        subject = f"capture {len(ids)} turn{'s' * (len(ids) != 1)}"
        wave = f"captures-{ids[0]}" if len(ids) > 1 else ""
        return Plan(tuple(changes), Message(subject, "capture", Actor.MACHINE, ids, wave=wave))

    def _is_state(self, row: Row) -> bool:
        """Whether a saved file is, or was when it was committed, trusted state."""
        both = (row, *self.catalog.rows(Realm.COMMITTED, [row.path]))
        return any(one.record is not None and one.record.kind is Kind.STATE for one in both)

    def _saves(self, leaking: list[Leak]) -> Plan:
        """What people saved and left alone for a while, as their commit. A deletion is left to them, and so
        is trusted state: a save may be a program's, and nothing sets state by itself."""
        quiet = self.settings.number("daemon.autocommit_seconds")
        due = {
            row.path: row
            for row in self.catalog.rows(Realm.DRAFT)
            if not row.path.startswith("captures/")  # private: what git is to have of them is `_turns`
            and not any(map(is_left_out, row.problems))
            and not self._is_state(row)
            and quiet_seconds(self.vault, row.path) >= quiet
        }
        saved = [Change(path, self.catalog.raw_at(path), self.catalog.raw(Realm.DRAFT, path)) for path in due]
        changes = tuple(self._without_secrets(saved, leaking))
        records = (due[change.path].record for change in changes)
        ids = tuple(record.id for record in records if record is not None and record.id)
        files = f"{len(changes)} file{'s' * (len(changes) != 1)}"
        subject = f"save {changes[0].path}" if len(changes) == 1 else f"save {files}"
        return Plan(changes, Message(subject, "autocommit", Actor.PERSON, ids))
