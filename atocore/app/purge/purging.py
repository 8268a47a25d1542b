"""Purging: a secret, a file or a blob taken out of a vault's whole history, for good.

Everything new is made and proven beside the old; then references, index, files and captures change together,
carried on from a journal where that is cut short. A list that is committed with the vault keeps what was
purged from coming back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from atocore.app import resources
from atocore.app.purge.answer import PurgeAnswer, answer_of
from atocore.app.purge.backups import told_of_backups
from atocore.app.purge.traces import forget_embeddings, forget_index, models_of, passages_in
from atocore.app.purge.wishes import Wish
from atocore.app.purge.work import Work
from atocore.app.session import Session, find_vault, settings_at
from atocore.errors import AtocoreError
from atocore.knowledge import leaks, policy
from atocore.store.lock import IndexLock, daemon_holds, vault_lock
from atocore.store.recovery import recover_held
from atocore.store.repository import Repository
from atocore.store.rewriting import standing, swap
from atocore.store.rewriting.place import Place


@dataclass(frozen=True, slots=True)
class CarriedOn:
    """A purge that was cut short and is whole now: files that were edited since and stay so, references that
    somebody moved since, and how many purged objects are stored still."""

    edited: tuple[str, ...]
    moved: tuple[str, ...]
    left: int
    notes: tuple[str, ...] = ()


class PurgeVerbs(Session):
    """purge."""

    def purge(
        self,
        *marks: str,
        paths: Sequence[str] = (),
        blobs: Sequence[str] = (),
        again: bool = False,
        whole_repository: bool = False,
        reason: str = "",
        dry_run: bool = False,
    ) -> PurgeAnswer:
        """Take secrets (by fingerprint), files (by path) or blobs out of all history; or `again` whatever the
        list of purged objects names. Raises `AtocoreError` where nothing of that is there, or history
        cannot be rewritten as the repository stands; then nothing has changed."""
        policy.permit("purge", self.actor, self.settings)
        wish = Wish(marks, tuple(paths), tuple(blobs), again)
        wish.refuse_unclear()
        if any(leaks.leaks_in("", reason, resources.secret_finder())):
            raise AtocoreError("secret", "the reason holds a secret itself", "say it without")
        repository = self.repository
        place = Place(repository.git_dir)
        standing.refuse_unfit(repository, place)
        with vault_lock(self.vault, repository.lock_wait_seconds):
            recover_held(repository)
            with IndexLock(repository.git_dir, repository.tag).held(repository.lock_wait_seconds):
                repository.on_step("locked")
                standing.refuse_unfit(repository, place)
                work = Work(self, place, whole=whole_repository)
                try:
                    work.prepare(wish)
                    if dry_run or not work.is_needed:
                        return replace(answer_of(work, notes=self._backups()), dry_run=dry_run)
                    return self._done(work, reason)
                finally:
                    work.clear()

    def _done(self, work: Work, reason: str) -> PurgeAnswer:
        self.close()
        local = self.local_folder()
        models, kept = models_of(local), passages_in(work.new_files())
        gone = {text: one for text, one in passages_in(work.old_files()).items() if text not in kept}
        notes = [*forget_embeddings(gone, models, self.model), *forget_index(local)]
        done, commit = work.carry_out(reason)
        if built := models_of(local):  # by another process, meanwhile
            forget_embeddings(gone, built, self.model)
        forget_index(local)
        return answer_of(work, done, commit, (*notes, *self._backups()))

    def _backups(self) -> tuple[str, ...]:
        return told_of_backups(self.vault, self.local_folder(), self.settings)


def carry_on(path: Path, *, on_step: Callable[[str], None] = lambda _step: None) -> CarriedOn:
    """Carry on a purge that was cut short in the vault that `path` is or lies in. Raises `not-found` where
    none was."""
    vault = find_vault(path)
    seconds = settings_at(vault).number("limits.lock_seconds")
    repository = Repository.open(vault, lock_wait_seconds=seconds, unfinished=True, on_step=on_step)
    place = Place(repository.git_dir)
    with vault_lock(vault, seconds):
        due = swap.load(place.common())
        if due is None:
            raise AtocoreError("not-found", "no purge was cut short here", "")
        if daemon_holds(vault):
            raise AtocoreError("vault-busy", "a daemon runs for this vault", "atocore daemon --stop")
        with IndexLock(repository.git_dir, repository.tag).held(seconds):
            done = swap.carry_on(repository, place, due)
    notes = forget_index(vault / ".atocore")
    return CarriedOn(done.kept, done.moved, len(done.left), tuple(notes))
