"""Opens the vault for each of the daemon's threads, with the settings in force and one model for all."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.app import Vault
from atocore.app.session import settings_at
from atocore.errors import AtocoreError
from atocore.records.plan import Actor
from atocore.store.repository import Repository
from atocore.store.worktree import SETTINGS_FILE

if TYPE_CHECKING:
    from atocore.index.model import Model


class Stopped(Exception):  # noqa: N818
    """Long work was left because the daemon ends. All that was done is kept."""


class ThreadSession:
    """The session of one thread, opened when first needed, and anew after the settings changed. Where there
    is a `stop`, long work is left when it is set, with `Stopped`."""

    def __init__(self, opening: Opening, follows: bool, stop: threading.Event | None) -> None:
        self._opening = opening
        self._follows = follows
        self._stop = stop
        self._vault: Vault | None = None
        self._edition = 0

    def vault(self) -> Vault:
        """The open vault."""
        if self._edition != self._opening.edition:
            self.close()
        if self._vault is None:
            self._edition = self._opening.edition
            self._vault = self._opening.open(follows=self._follows)
            self._vault.progress = self._heard_progress
        return self._vault

    def close(self) -> None:
        """Let the vault go; the next who asks gets it opened anew."""
        vault, self._vault = self._vault, None
        if vault is not None:
            with suppress(AtocoreError, OSError):
                vault.close()

    def _heard_progress(self, _doing: str, _done: int, _of: int) -> None:
        if self._stop is not None and self._stop.is_set():
            raise Stopped


class Opening:
    """One vault that the daemon runs for. Raises what `Vault.open` raises. `edition` counts the settings that
    were in force: a session of a former one is to be opened anew. `foreign` is why the vault, as it is now,
    would be misread: it was brought to another format meanwhile."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.folder = folder
        self.model = model
        self.edition = 0
        self.foreign: AtocoreError | None = None
        self._stamp = self._stamped()
        self.settings = settings_at(folder)

    def open(self, *, follows: bool = False) -> Vault:
        """A session for the thread that asks; one that `follows` leaves keeping the index to another."""
        wait = self.settings.number("limits.lock_seconds")
        repository = Repository.open(self.folder, lock_wait_seconds=wait)
        vault = Vault(self.folder, repository, self.settings, Actor.MACHINE)
        vault.model, vault.follows = self.model, follows
        return vault

    def read_settings(self) -> bool:
        """Take the settings in again where their file changed; whether it did. Raises `bad-settings` where it
        cannot be understood, once for each change: the former ones stay in force."""
        present = self._stamped()
        if present == self._stamp:
            return False
        self._stamp = present
        self.foreign = None
        try:
            self.settings = settings_at(self.folder)
        except AtocoreError as error:
            if error.code in ("newer-format", "older-format"):
                self.foreign = error
            raise
        self.edition += 1
        return True

    def session(self, *, follows: bool = False, stop: threading.Event | None = None) -> ThreadSession:
        """What keeps the session of one thread."""
        return ThreadSession(self, follows, stop)

    def _stamped(self) -> tuple[int, int, int]:
        try:
            found = (self.folder / SETTINGS_FILE).stat()
        except OSError:
            return 0, 0, 0
        return found.st_mtime_ns, found.st_size, found.st_ino
