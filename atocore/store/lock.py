"""Who may write: the vault's lock among AtoCore's processes, and git's own index.lock among everybody.

The vault's lock dies with its process. Git's does not, so ours is made in a way that lets a later process
prove it is ours and stale: `index.lock` is a hard link to a file of ours that stands beside it.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.files import remove

LOCAL = ".atocore"


def local_folder(vault: Path) -> Path:
    """The vault's local folder, made where it is missing; git never sees it, whatever the vault ignores."""
    folder = vault / LOCAL
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")
    except OSError as error:
        raise AtocoreError("read-only", f"cannot write {folder}: {error.strerror}") from error
    return folder


DAEMON_LOCK = "daemon.lock"
"""What the vault's daemon locks for as long as it runs."""


def daemon_holds(vault: Path) -> bool:
    """Whether any process is the vault's daemon at present, one that does not answer included."""
    import fcntl

    try:
        with (vault / LOCAL / DAEMON_LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # given back when the file is closed
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def vault_lock(vault: Path, seconds: float, *, restoring: bool = False) -> Iterator[None]:
    """Hold the vault's lock; raises `vault-busy` when another process keeps it longer than `seconds`, and
    `restore-unfinished` where a restore was cut short and this is none that finishes it."""
    from filelock import FileLock, Timeout

    from atocore.store.unfinished import refuse_unfinished

    folder = local_folder(vault)
    holder = folder / "lock.pid"
    lock = FileLock(folder / "lock", thread_local=False)
    try:
        lock.acquire(timeout=seconds, poll_interval=0.02)
    except Timeout as error:
        raise AtocoreError(
            "vault-busy", f"the vault is locked{_by(holder)}", "try again in a moment"
        ) from error
    except OSError as error:
        raise AtocoreError("read-only", f"cannot lock {folder}: {error.strerror}") from error
    try:
        if not restoring:
            refuse_unfinished(vault)
        with suppress(OSError):
            holder.write_text(str(os.getpid()))
        yield
    finally:
        remove(holder)
        lock.release()


@contextmanager
def daemon_lock(vault: Path) -> Iterator[None]:
    """Hold what a daemon would: no daemon runs meanwhile. Raises `vault-busy` at once where one does."""
    from filelock import FileLock, Timeout

    folder = local_folder(vault)
    lock = FileLock(folder / DAEMON_LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        told = f"a daemon holds {vault}, or is starting or ending"
        raise AtocoreError("vault-busy", told, "end it first: atocore daemon --stop") from error
    except OSError as error:
        raise AtocoreError("read-only", f"cannot lock {folder}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


def _by(holder: Path) -> str:
    try:
        return f" by process {int(holder.read_text())}"
    except (OSError, ValueError):
        return ""


class Patience:
    """A limit on waiting: pauses grow, and differ between processes so that two do not keep step."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._pause = 0.005

    def pause(self) -> bool:
        """Wait a little; False, at once, when the limit has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(left, self._pause * random.uniform(0.5, 1.5)))
        self._pause = min(self._pause * 1.6, 0.2)
        return True


class IndexLock:
    """Git's `index.lock`, held for one step so that nobody's `git add` or `git commit` comes between."""

    def __init__(self, git_dir: Path, tag: str) -> None:
        self.path = git_dir / "index.lock"
        self.own = git_dir / f"{tag}.lock"

    def take(self, seconds: float) -> None:
        """Take the lock, or keep it where a dead process of ours left it. Raises `git-busy`."""
        if self.is_ours():
            return
        token = f"atocore {os.getpid()} {os.urandom(8).hex()}\n"
        try:
            remove(self.own)
            self.own.write_text(token)
        except OSError as error:
            raise AtocoreError("read-only", f"cannot write {self.own}: {error.strerror}") from error
        patience = Patience(seconds)
        while not self._link(token):
            if not patience.pause():
                remove(self.own)
                raise AtocoreError(
                    "git-busy",
                    f"another git process holds {self.path}",
                    "finish it; if none is running, the file is a leftover of one that died: remove it",
                )

    def _link(self, token: str) -> bool:
        try:
            self.path.hardlink_to(self.own)
        except FileExistsError:
            return False
        except OSError:  # no hard links here: the token inside is the proof instead
            with suppress(FileExistsError), self.path.open("x") as file:
                file.write(token)
                return True
            return False
        return True

    def is_ours(self) -> bool:
        """Whether `index.lock` is there and is the one that our file beside it stands for."""
        try:
            if self.path.samefile(self.own):
                return True
            mine = self.own.read_bytes()
            return mine.startswith(b"atocore ") and self.path.read_bytes() == mine
        except OSError:
            return False

    def release(self) -> None:
        """Give the lock up. Somebody else's stays."""
        if self.is_ours():
            remove(self.path)
        remove(self.own)

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Hold the lock for a block."""
        self.take(seconds)
        try:
            yield
        finally:
            self.release()
