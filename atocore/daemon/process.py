"""The daemon as a whole: how its parts are put together, run, and ended."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from atocore import __version__
from atocore.daemon.asking import Asking
from atocore.daemon.bell import Bell
from atocore.daemon.embedding import Embedding
from atocore.daemon.guard import Guard
from atocore.daemon.holder import Holder, socket_place
from atocore.daemon.notify import tell_manager
from atocore.daemon.opening import Opening
from atocore.daemon.package import Package
from atocore.daemon.report import Report
from atocore.daemon.schedule import Schedule, run_due
from atocore.daemon.service import Service
from atocore.daemon.watch import Watch
from atocore.daemon.worker import Worker
from atocore.errors import AtocoreError
from atocore.store.repository import Repository

if TYPE_CHECKING:
    from atocore.app.rounds import Round
    from atocore.daemon.signals import Waiting
    from atocore.index.embedding import Embedder
    from atocore.index.model import Model

_log = logging.getLogger("atocore.daemon")

LOOK_SECONDS = 1.0
_SOON_SECONDS = 1.0
_PATIENCE_SECONDS = 10.0
"""So long a round that is under way may take to be left at the end."""


def packaged_model() -> Model:
    """The packaged embedding model; bulk work runs in a child process, so that this one stays small."""
    from atocore.index.model import Model

    def load() -> Embedder:
        from atocore.index.embedding import load_embedder

        return load_embedder(bulk="child")

    return Model(load)


class Daemon:
    """The daemon of the vault at `folder`. `is_unwell` tells, once it ended, that nobody wanted it to: what
    it stands on is gone, or was replaced, and it is to be started again."""

    def __init__(self, folder: Path, model: Model | None = None, package: Package | None = None) -> None:
        self.folder = folder
        self.package = package or Package()
        self.is_unwell = False
        self.opening = Opening(folder, model or packaged_model())
        self.bell = Bell()
        self.stopping = threading.Event()
        self.git_dir = Repository.open(folder).git_dir
        self.watch = Watch(folder, self.git_dir, folder / ".atocore" / "cookies", self.bell)
        self.report = Report()
        self.embedding = Embedding(self.opening, self.bell, self.report, self.stopping)
        self.worker = Worker(self.opening, self.watch, self.bell, self.report, self.embedding, self.stopping)
        self.schedule = Schedule(self.opening, self.report, self.stopping)
        self.holder = Holder(folder)
        self.asking = Asking(self.opening, self.watch, self.bell, self.report, self.holder.started)

    def run(self, wait: Waiting) -> str:
        """Be the daemon until there is a reason to end, which is the answer. Raises `vault-busy` where
        another one is, `read-only` where `.atocore/` or the socket cannot be written."""
        with ExitStack() as ends:
            ends.enter_context(self.package.kept_whole())
            self.holder.take()
            ends.callback(self.holder.leave)
            self._start(ends)
            tell_manager("READY=1")
            reason = self._look_after(wait)
            tell_manager("STOPPING=1")
            _log.info("ending: %s", reason)
        return reason

    def _start(self, ends: ExitStack) -> None:
        self.watch.renew()
        ends.callback(self.watch.stop)
        if self.watch.trouble:
            _log.warning("%s; everything is compared more often instead", self.watch.trouble)
        self.bell.ring(everything=True)
        ends.callback(self.asking.close)
        threads = [
            threading.Thread(target=self.worker.run, name="worker", daemon=True),
            threading.Thread(target=self.embedding.run, name="embedding", daemon=True),
            threading.Thread(target=self.schedule.run, name="schedule", daemon=True),
        ]
        for thread in threads:
            thread.start()
        ends.callback(self._stop_working, threads)
        service = Service(socket_place(self.folder), self.folder, self.asking.verbs)
        service.start()
        ends.callback(service.stop)
        self.holder.tell(service.place)
        told = "process %d, AtoCore %s: keeping %s, watching %d folders"
        _log.info(told, os.getpid(), __version__, self.folder, self.watch.folders)

    def _stop_working(self, threads: Sequence[threading.Thread]) -> None:
        self.stopping.set()
        self.bell.wake()
        self.embedding.wake()
        self.schedule.end()
        until = time.monotonic() + _SOON_SECONDS
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0.0))
        self.opening.model.unload()  # ends what computes embeddings, and so the waiting for it
        for thread in threads:
            thread.join(_PATIENCE_SECONDS)

    def _look_after(self, wait: Waiting) -> str:
        guard = Guard(self.folder, self.git_dir, self.package)
        while True:
            asked = wait(LOOK_SECONDS)
            if asked:
                return asked
            reason = guard.why_end(time.monotonic())
            if reason:
                self.is_unwell = True
                return reason
            if self.asking.stop_asked.is_set():
                return "asked to stop"
            if guard.slept():
                _log.info("the machine slept: comparing everything")
                self.bell.ring(everything=True)
                self.schedule.woke()
            if self.watch.is_stale:
                self.bell.ring(everything=True)
            if self.folder.exists() and not self.holder.keeps():
                return "another daemon took over"


def once(folder: Path, model: Model | None = None) -> Round:
    """One whole round, as the daemon makes them: index, embeddings, conflicts, commits, and what the schedule
    says is due. Raises `vault-busy` where a daemon runs, `git-busy` where what was due could not be
    committed, and what a job raises."""
    holder = Holder(folder)
    opening = Opening(folder, model or packaged_model())
    holder.take()
    try:
        with opening.open() as vault:
            done = vault.round(commit=True)
            if done.refused:
                told = f"nothing is committed now: {done.refused}"
                raise AtocoreError("git-busy", told, "see: git status")
            if vault.on_machine_branch():
                vault.conflicts_sweep()
            pages, _ = vault.keep_mirror(at_once=True)
            done = replace(done, commits=(*done.commits, pages)) if pages else done
        return replace(done, notes=(*done.notes, *run_due(folder, opening.settings)))
    finally:
        opening.model.unload()
        holder.leave()
