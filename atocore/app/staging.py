"""Looking at what is about to be committed by hand: `check --staged`, which the pre-commit hook runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atocore.app import git_hook, resources
from atocore.app.answers import ConflictAnswer, conflict_answer
from atocore.app.git_hook import GitHook
from atocore.app.offers import Declined, decline
from atocore.app.purge.problems import staged_purged
from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.index.catalog import is_damage
from atocore.knowledge import leaks
from atocore.knowledge.leaks import Leak
from atocore.knowledge.staged import file_problems, new_conflicts, vault_problems
from atocore.records.plan import Change, Plan
from atocore.records.problem import Problem, Severity
from atocore.records.snapshot import AfterSnapshot
from atocore.store.objects import read_blobs
from atocore.store.staging import index_of_this_commit, merged_in, staged
from atocore.store.trees import FILES, TreeChange

_LOCK_SECONDS = 1.0
"""A person waits for their commit: what another process holds is not waited for longer."""
_LOOKED_FOR_NUL = 8000
_STOPS = ("conflict-markers", "purged-again")


@dataclass(frozen=True, slots=True)
class StagedCheck:
    """What the staged files would bring: problems, the conflicts they would make, and secrets. `stops` where
    they hold secrets, what was purged, or conflict markers, which no commit should."""

    problems: tuple[Problem, ...]
    conflicts: tuple[ConflictAnswer, ...]
    secrets: tuple[Leak, ...]
    notes: tuple[str, ...] = ()
    stops: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


class StagedVerbs(Session):
    """check --staged, and the pre-commit hook that runs it."""

    def git_hook_install(self, *, dry_run: bool = False) -> GitHook:
        """Put the pre-commit hook in place, where nobody else's stands."""
        return git_hook.install(self.repository, dry_run=dry_run)

    def hook_decline(self, *, dry_run: bool = False) -> Declined:
        """Offer nothing more of what this clone lacks."""
        return decline(self.repository, self.local_folder(), dry_run=dry_run)

    def git_hook_uninstall(self, *, dry_run: bool = False) -> GitHook:
        """Take the pre-commit hook away, where it is ours."""
        return git_hook.uninstall(self.repository, dry_run=dry_run)

    def check_staged(self) -> StagedCheck:
        """Judge the staged files as they would be committed, whatever is saved; git's index is only read."""
        changes = staged(self.repository, index_of_this_commit())
        if not changes:
            return StagedCheck((), (), ())
        plan = Plan(tuple(self._contents(changes)), None)
        problems = set(file_problems(plan, self.settings.whole("limits.file_bytes")))
        problems.update(staged_purged(self.vault, changes))
        found = self._secrets(plan, changes)
        conflicts: tuple[ConflictAnswer, ...] = ()
        notes: tuple[str, ...] = ()
        try:
            more, conflicts = self._beside_the_others(plan)
            problems |= more
        except Exception as error:  # the index is a cache: without it the rest of the answer stands
            if not isinstance(error, AtocoreError | OSError) and not is_damage(error):
                raise
            notes = (f"conflicts were not looked for: {error}",)
        ordered = tuple(sorted(problems, key=lambda one: (one.path, one.line, one.code, one.message)))
        stops = bool(found) or any(problem.code in _STOPS for problem in ordered)
        return StagedCheck(ordered, conflicts, found, notes, stops)

    def _beside_the_others(self, plan: Plan) -> tuple[set[Problem], tuple[ConflictAnswer, ...]]:
        """What is wrong with the staged records among the committed ones, and what they contradict."""
        self.repository.lock_wait_seconds = _LOCK_SECONDS
        snapshot = self.catch_up()
        after = AfterSnapshot(snapshot, plan)
        conflicts = tuple(conflict_answer(after, clash) for clash in new_conflicts(snapshot, plan))
        return set(vault_problems(snapshot, plan)), conflicts

    def _contents(self, changes: list[TreeChange]) -> Iterator[Change]:
        """The changes with their bytes; what is no regular file, and what is too large, is passed over."""
        oids = {oid for change in changes for oid in (change.old_oid, change.new_oid) if oid}
        limit = self.settings.whole("limits.file_bytes")
        raws = {blob.oid: blob.raw for blob in read_blobs(self.repository.git, oids, max_bytes=limit)}
        for change in changes:
            old = raws.get(change.old_oid) if change.old_oid else None
            new = raws.get(change.new_oid) if change.new_oid else None
            if change.mode in FILES and (old is not None or new is not None):
                yield Change(change.path, old, new)

    def _secrets(self, plan: Plan, changes: list[TreeChange]) -> tuple[Leak, ...]:
        """What git does not hold yet: neither the former files, nor the other side of a merge."""
        theirs = merged_in(self.repository, [change.path for change in changes])
        known = {c.path for c in changes if c.new_oid is not None and theirs.get(c.path) == c.new_oid}
        changed = (one for one in plan.changes if one.path not in known and not _is_binary(one))
        fresh = Plan(tuple(changed), None)
        allowed = self.settings.texts("secrets.false_alarms")
        found = leaks.leaks_of_step(fresh, resources.secret_finder(), allowed)
        return tuple(sorted(found, key=lambda leak: (leak.path, leak.line)))


def _is_binary(change: Change) -> bool:
    return change.new is not None and b"\0" in change.new[:_LOOKED_FOR_NUL]
