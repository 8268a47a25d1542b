"""What the daemon answers: searches and context packs that see what was saved or committed before they were
asked, and where it stands itself."""

from __future__ import annotations

import logging
import os
import resource
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from atocore import __version__
from atocore.app.answers import as_json
from atocore.daemon.bell import Bell
from atocore.daemon.loop import Do
from atocore.daemon.opening import Opening
from atocore.daemon.report import Report
from atocore.daemon.watch import Watch
from atocore.errors import AtocoreError
from atocore.index.fulltext import IndexDamaged

if TYPE_CHECKING:
    from atocore.app import Vault

T = TypeVar("T")
_log = logging.getLogger("atocore.daemon")

COOKIE_SECONDS = 0.25
"""So long the event of a cookie is waited for; then everything is compared instead."""
STEP_SECONDS = 2.0
"""So long an answer waits for the index; then it says that it may be behind."""
FIRST_SECONDS = 10.0
SYNC_SECONDS = 600.0
_LOOK_SECONDS = 0.05
BUILDING = "the daemon is building the index"
BEHIND = "the index is being brought in step: what was saved or committed just now may be missing"

_SEARCH: Mapping[str, type] = {
    "query": str,
    "kind": str,
    "type": str,
    "status": str,
    "project": str,
    "tag": str,
    "since": str,
    "draft": bool,
    "limit": int,
    "words": bool,
    "vectors": bool,
}
_CONTEXT: Mapping[str, type] = {
    "query": str,
    "project": str,
    "budget": int,
    "pointers": bool,
    "max_chars": int,
    "words": bool,
}


class Asking:
    """Answers from a session of its own, in a thread of its own: long rounds do not hold answers up."""

    def __init__(self, opening: Opening, watch: Watch, bell: Bell, report: Report, started: str) -> None:
        self._opening = opening
        self._watch = watch
        self._bell = bell
        self._report = report
        self._started = started
        self._session = opening.session(follows=True)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        self.stop_asked = threading.Event()

    @property
    def verbs(self) -> Mapping[str, Callable[[Mapping[str, object]], object]]:
        """The questions that may be asked, by name."""
        return {
            "search": self.search,
            "context": self.context,
            "ping": self.ping,
            "sync": self.sync,
            "stop": self.stop,
        }

    def search(self, args: Mapping[str, object]) -> object:
        """As `Vault.search`, without waiting for what is not embedded yet for long."""
        given = _checked(args, _SEARCH)
        if given.get("words") and given.get("vectors"):
            raise AtocoreError("usage", "`words` and `vectors` exclude each other")
        notes, answer = self._ask(lambda vault: vault.search(**given), meaning=not given.get("words"))
        return as_json(replace(answer, notes=(*notes, *answer.notes)))

    def context(self, args: Mapping[str, object]) -> object:
        """As `Vault.context`."""
        given = _checked(args, _CONTEXT)
        notes, answer = self._ask(lambda vault: vault.context(**given), meaning=not given.get("words"))
        return as_json(replace(answer, notes=(*notes, *answer.notes)))

    def sync(self, args: Mapping[str, object]) -> object:
        """Wait until the index is in step, embeddings included unless `words`; whether it is."""
        given = _checked(args, {"words": bool})
        self._hear()
        is_in_step = self._bell.in_step("text", SYNC_SECONDS)
        if is_in_step and not given.get("words"):
            self._bell.in_step("vectors", SYNC_SECONDS)
            until = time.monotonic() + SYNC_SECONDS
            while self._report.left and not self._report.errors and time.monotonic() < until:
                time.sleep(_LOOK_SECONDS)  # bulk work: nobody is told of each file
            is_in_step = not self._report.left
        return {"in_step": is_in_step, "left": self._report.left, "errors": dict(self._report.errors)}

    def stop(self, _args: Mapping[str, object]) -> object:
        """End the daemon."""
        self.stop_asked.set()
        return {"pid": os.getpid()}

    def ping(self, _args: Mapping[str, object]) -> object:
        """Where the daemon stands."""
        report, pending = self._report, self._bell.pending()
        return {
            "pid": os.getpid(),
            "version": __version__,
            "vault": str(self._opening.folder),
            "started": self._started,
            "rounds": report.rounds,
            "last_round": report.last_round,
            "commits": report.commits,
            "errors": dict(report.errors),
            "schedule": {job: dict(told) for job, told in report.schedule.items()},
            "running": report.running,
            "watched_folders": self._watch.folders,
            "watch_trouble": self._watch.trouble,
            "overflows": self._watch.overflows,
            "queue": "everything" if pending.everything else pending.paths,
            "pending_embeddings": report.left,
            "unknown": report.unknown,
            "model_loaded": self._opening.model.loaded is not None,
            "rss_bytes": resident_bytes(),
        }

    def close(self) -> None:
        """Let the vault go, once the question that is being answered is."""
        self._thread.submit(self._session.close)
        self._thread.shutdown(wait=True, cancel_futures=False)

    # -- being in step ----------------------------------------------------------------------------------

    def _hear(self) -> None:
        """Have everything rung that happened until now."""
        if not self._watch.heard(COOKIE_SECONDS):
            self._bell.ring(everything=True)

    def _in_step(self, *, meaning: bool) -> list[str]:
        """Wait a bounded time for the index; what an answer must say where that was too short."""
        self._hear()
        longest = STEP_SECONDS if self._report.rounds else FIRST_SECONDS
        if not self._bell.in_step("text", 0.0 if self._failing else longest):
            if not self._report.rounds and not self._has_index():
                told = f"the daemon cannot build the index: {self._failing}" if self._failing else BUILDING
                raise AtocoreError("vault-busy", told, "try again in a moment")
            return [f"the index is behind: {self._failing}" if self._failing else BEHIND]
        if meaning:
            self._bell.in_step("vectors", STEP_SECONDS)  # what is missing the answer itself tells
        return []

    @property
    def _failing(self) -> str:
        return self._report.errors.get(Do.COMPARE.name, "")

    def _has_index(self) -> bool:
        """Whether there is an index to answer from, in step or not: a session that follows builds none."""
        with self._opening.open(follows=True) as vault:
            return vault.generations().current is not None

    # -- one session, one thread ------------------------------------------------------------------------

    def _ask(self, ask: Callable[[Vault], T], *, meaning: bool) -> tuple[list[str], T]:
        """Notes and answer. An index that proves damaged is made anew by the worker, and asked again."""
        notes = self._in_step(meaning=meaning)
        if self._opening.foreign is not None:
            raise self._opening.foreign
        if settings := self._report.errors.get("SETTINGS"):
            notes.append(settings)
        try:
            return notes, self._thread.submit(self._asked, ask).result()
        except IndexDamaged as damage:
            _log.warning("the index is damaged: %s", damage)
            self._report.is_damaged = True
            self._bell.ring(everything=True)
        notes = self._in_step(meaning=meaning)
        return notes, self._thread.submit(self._asked, ask).result()

    def _asked(self, ask: Callable[[Vault], T]) -> T:
        try:
            return ask(self._session.vault())
        except AtocoreError:
            raise
        except BaseException:
            self._session.close()
            raise


def _checked(args: Mapping[str, object], known: Mapping[str, type]) -> dict[str, Any]:
    for name, value in args.items():
        if name not in known or type(value) is not known[name]:
            raise AtocoreError("usage", f"the daemon takes no {name}={value!r}")
    if "query" in known and "query" not in args:
        raise AtocoreError("usage", "nothing to search for")
    return dict(args)


def resident_bytes() -> int:
    """The memory that this process holds now; where the system does not tell, the most that it held."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * os.sysconf("SC_PAGE_SIZE")
