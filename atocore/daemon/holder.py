"""One daemon for each vault, and where clients find it.

A lock that dies with its process decides; `daemon.json` only tells where the socket is, and may be stale.
"""

from __future__ import annotations

import json
import os
import stat
import warnings
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from atocore import __version__, clock
from atocore.daemon.client import TOLD_IN
from atocore.errors import AtocoreError
from atocore.store.lock import DAEMON_LOCK, daemon_holds, local_folder

if TYPE_CHECKING:
    from filelock import BaseFileLock

_LONGEST_SOCKET = 100
"""Bytes of a socket's path; the system's limit is 108, on some 104."""


class Holder:
    """The right to be a vault's daemon. `take` it, `tell` where the socket is, `leave` at the end."""

    def __init__(self, vault: Path) -> None:
        self.vault = vault
        self.started = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self.folder = vault / ".atocore"
        self._told = self.folder / TOLD_IN
        self._lock: BaseFileLock | None = None
        self._locked: tuple[int, int] | None = None
        self._socket: Path | None = None

    def take(self) -> None:
        """Become this vault's daemon. Raises `vault-busy` where another process is, `read-only` where
        `.atocore/` cannot be written."""
        from filelock import FileLock, Timeout

        local_folder(self.vault)
        lock = FileLock(self.folder / DAEMON_LOCK, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise AtocoreError(
                "vault-busy",
                f"a daemon runs for this vault already{self._who()}",
                "stop that one first: atocore daemon --stop",
            ) from error
        except OSError as error:
            raise AtocoreError("read-only", f"cannot lock {self.folder}: {error.strerror}") from error
        self._lock, self._locked = lock, self._lock_file()
        with suppress(OSError):
            self._told.unlink(missing_ok=True)  # of one that was killed: its number may be another's by now

    def _lock_file(self) -> tuple[int, int] | None:
        """What tells the file that others would lock from any other."""
        try:
            found = (self.folder / DAEMON_LOCK).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _who(self) -> str:
        told = self.told()
        return f": process {told['pid']}, since {told['started']}" if "pid" in told else ""

    def is_held(self) -> bool:
        """Whether any process is this vault's daemon at present, one that does not answer included."""
        return daemon_holds(self.vault)

    def told(self) -> dict[str, object]:
        """What the daemon wrote down of itself; empty where none did."""
        try:
            told = json.loads(self._told.read_text("utf-8"))
            return {"started": "?", **told}
        except (OSError, ValueError, TypeError):
            return {}

    def tell(self, socket: Path) -> None:
        """Write down where clients find the daemon."""
        self._socket = socket
        told = {
            "pid": os.getpid(),
            "socket": str(socket),
            "version": __version__,
            "vault": os.path.realpath(self.vault),
            "started": self.started,
        }
        draft = self._told.with_name(f"{TOLD_IN}.{os.getpid()}")
        try:
            draft.write_text(json.dumps(told) + "\n", "utf-8")
            draft.replace(self._told)
        except OSError as error:
            raise AtocoreError("read-only", f"cannot write {draft}: {error.strerror}") from error

    def keeps(self) -> bool:
        """Whether this process is the daemon still. Where `.atocore/` was removed, it takes the place anew,
        unless another was faster."""
        if self._lock is not None and self._is_in_place():
            return True
        try:
            self._drop()
            self.take()
            if self._socket is not None:
                self.tell(self._socket)
        except AtocoreError:
            return False
        return True

    def _is_in_place(self) -> bool:
        """Whether the file that is locked is the one that others would lock, and clients can find us."""
        if self._locked is None or self._lock_file() != self._locked:
            return False
        return self._socket is None or self.told().get("pid") == os.getpid()

    def _drop(self) -> None:
        if self._lock is not None:
            with suppress(OSError):
                self._lock.release()
            self._lock = None

    def leave(self) -> None:
        """Be the daemon no longer; clients are no longer sent here."""
        if self._lock is not None and self.told().get("pid") == os.getpid():
            self._told.unlink(missing_ok=True)
        self._drop()


def socket_place(vault: Path) -> Path:
    """Where the socket of a vault's daemon goes: a folder in the user's runtime folder that only they may
    enter. Raises `read-only` where there is none."""
    name = sha256(os.fsencode(os.path.realpath(vault))).hexdigest()[:24]
    try:
        folder = _in_runtime_folder(name)
    except OSError:  # it cannot be written, or is another user's
        folder = _in_tmp()
    if not _is_ours(folder, 0o077):
        told = f"{folder} is not a folder that only you may enter"
        raise AtocoreError("read-only", told, f"look who made it; then: chmod 700 {folder}")
    return folder / name


def _in_runtime_folder(name: str) -> Path:
    runtime = _runtime_folder()
    folder = runtime / "atocore"
    if len(os.fsencode(folder / name)) > _LONGEST_SOCKET:
        return _in_tmp()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder if _is_ours(runtime, 0o022) and os.access(folder, os.W_OK) else _in_tmp()


def _runtime_folder() -> Path:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(named):  # noqa: PTH117
        return Path(
            named
        )  # platformdirs passes it over where all but our own folder in it is read-only: in a service
    import platformdirs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a runtime folder of the system's it names one of its own
        return Path(platformdirs.user_runtime_dir())


def _in_tmp() -> Path:
    folder = Path(f"/tmp/atocore-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        hint = "name a folder of yours in XDG_RUNTIME_DIR"
        raise AtocoreError(
            "read-only", f"no place for a socket at {folder}: {error.strerror}", hint
        ) from error
    return folder


def _is_ours(folder: Path, forbidden: int) -> bool:
    """Whether it is a folder of this user's, and others have none of the `forbidden` rights."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & forbidden
