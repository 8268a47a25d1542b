"""The thread that takes changes in and commits: does what the loop says, and keeps going whatever fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from atocore import clock
from atocore.daemon.bell import Bell
from atocore.daemon.embedding import Embedding
from atocore.daemon.loop import Do, Loop
from atocore.daemon.opening import Opening, Stopped
from atocore.daemon.report import Report
from atocore.daemon.watch import Watch
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm

if TYPE_CHECKING:
    from atocore.app.rounds import Round

_log = logging.getLogger("atocore.daemon")

_RENEW_SECONDS = 60.0


class Worker:
    """Keeps one vault's index in step until it is told to stop."""

    def __init__(
        self,
        opening: Opening,
        watch: Watch,
        bell: Bell,
        report: Report,
        embedding: Embedding,
        stop: threading.Event,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.report = report
        self._embedding = embedding
        self._opening = opening
        self._session = opening.session(stop=stop)
        self._watch = watch
        self._bell = bell
        self._stop = stop
        self._now = now
        settings = opening.settings
        self._loop = Loop(
            now(), settings.number("daemon.compare_seconds"), settings.number("daemon.commit_seconds")
        )
        self._renewed = -_RENEW_SECONDS
        self._head = ""
        self._commit_seen = ""

    def run(self) -> None:
        """Work until told to stop. Never raises."""
        try:
            while not self._stop.is_set():
                self.turn()
        finally:
            self._session.close()

    def turn(self) -> None:
        """Do the next thing, or wait for one."""
        do = self._loop.next(self._now(), self._bell.pending(), git_is_busy=self._git_is_busy())
        if isinstance(do, Do):
            self._try(do)
            return
        self._bell.sleep(do)

    def _git_is_busy(self) -> bool:
        return (self._watch.git_dirs[0] / "index.lock").exists()

    # -- one thing at a time ----------------------------------------------------------------------------

    def _try(self, do: Do) -> None:
        try:
            self._carry_out(do)
        except Stopped:
            _log.debug("left off: %s", do.value)
        except AtocoreError as error:
            self._failed(do, error.code, error.message)
        except OSError as error:
            told = f"{error.filename or 'the system'}: {error.strerror or error}"
            self._failed(do, "unreadable", told)
        except Exception as error:
            _log.exception("internal error while trying to %s", do.value)
            self._failed(do, "damaged", f"internal error: {type(error).__name__}: {error}")

    def _failed(self, do: Do, code: str, message: str) -> None:
        if self._stop.is_set():
            return
        pause = self._loop.failed(do, self._now())
        do = Do.COMPARE if do is Do.COMPARE_ALL else do
        self.report.errors[do.name] = f"{code}: {message}"
        _log.warning("could not %s: %s: %s; next try in %.0f s", do.value, code, message, pause)
        self._session.close()

    def _fine(self, do: Do) -> None:
        if self.report.errors.pop(do.name, None) is not None:
            _log.info("managed to %s again", do.value)

    def _carry_out(self, do: Do) -> None:
        match do:
            case Do.COMPARE | Do.COMPARE_ALL:
                self._compare(do)
            case Do.COMMIT:
                self._commit()
            case Do.SWEEP:
                self._sweep()

    def _compare(self, do: Do) -> None:
        if do is Do.COMPARE_ALL:
            self._bell.ring(everything=True)
        taken = self._bell.take()
        try:
            if taken.paths is None:
                self._look_around()
            done = self._round(taken.paths)
        except BaseException:
            self._bell.failed(taken)
            raise
        changed = done.changed or (taken.paths is None and self._head_moved())
        changed = changed or done.commit != self._commit_seen
        self._commit_seen = done.commit
        self._loop.compared(self._now(), everything=taken.paths is None, changed=int(changed))
        self._bell.answered(taken.ticket, "text")
        self.report.left = done.left  # until the embedding thread, which is woken now, knows better
        self._embedding.want(taken.ticket, done.left)
        self._fine(Do.COMPARE)
        what = "everything" if taken.paths is None else f"{len(taken.paths)} paths"
        _log.debug("compared %s: %d changed, %d to embed", what, done.changed, done.left)

    def _look_around(self) -> None:
        """What a comparison of everything begins with: watches that are where they ought to be, and the
        settings as they are now."""
        tired = self._watch.trouble and self._now() >= self._renewed + _RENEW_SECONDS
        if self._watch.is_stale or tired:
            before = self._watch.overflows
            self._renewed = self._now()
            self._watch.renew()
            _log.info("watching %d folders anew (overflows so far: %d)", self._watch.folders, before)
        self._loop.poll(self._now(), bool(self._watch.trouble))
        if self.report.is_damaged:
            self.report.is_damaged = False
            self._session.close()  # what is opened anew is looked at anew
        self._read_settings()

    def _commit(self) -> None:
        done = self._round((), commit=True)
        self.report.commits += len(done.commits)
        for commit in done.commits:
            _log.info("committed %s", commit[:10])
        if done.refused:
            raise AtocoreError("git-busy", f"nothing is committed now: {done.refused}")
        vault = self._session.vault()
        page_commit, wait = vault.keep_mirror()
        if page_commit is not None:
            self.report.commits += 1
            _log.info("committed %s: the mirror's pages", page_commit[:10])
        self._commit_seen = vault.catalog.commit
        if vault.settings.flag("autocommit") and vault.catalog.count(Realm.DRAFT):
            self._loop.committed(self._now() + vault.settings.number("daemon.autocommit_seconds"))
        elif done.more:
            self._loop.committed(self._now())
        else:
            self._loop.committed(self._now() + wait if wait else None)
        self._fine(Do.COMMIT)

    def _sweep(self) -> None:
        vault = self._session.vault()
        if vault.on_machine_branch():
            written = vault.conflicts_sweep()
            if written.commit:
                self.report.commits += 1
                _log.info("committed %s: the conflicts as they are now", written.commit[:10])
        self._loop.swept()
        self._fine(Do.SWEEP)

    def _round(self, paths: Collection[str] | None, *, commit: bool = False) -> Round:
        done = self._session.vault().round(paths, commit=commit, embed=False)
        self.report.rounds += 1
        self.report.last_round = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self.report.unknown = done.unknown
        return done

    # -- the vault and its settings --------------------------------------------------------------------

    def _read_settings(self) -> None:
        """Take new settings in; broken ones leave the former in force, and are told."""
        try:
            if not self._opening.read_settings():
                return
        except AtocoreError as error:
            self.report.errors["SETTINGS"] = f"{error.code}: {error.message}; the former ones stay in force"
            _log.warning("%s: %s; the former settings stay in force", error.code, error.message)
            return
        self.report.errors.pop("SETTINGS", None)
        settings = self._opening.settings
        self._loop.compare_seconds = settings.number("daemon.compare_seconds")
        self._loop.commit_seconds = settings.number("daemon.commit_seconds")
        _log.info("read the settings again")

    def _head_moved(self) -> bool:
        """Whether another branch is checked out than when this was asked last."""
        with suppress(OSError):
            head = Path(self._watch.git_dirs[0], "HEAD").read_text(errors="replace")
            if head != self._head:
                self._head = head
                return True
        return False
