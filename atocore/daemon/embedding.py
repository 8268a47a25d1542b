"""The thread that embeds: bulk work takes minutes, and new text must not wait for it."""

from __future__ import annotations

import logging
import threading
import time

from atocore.daemon.bell import Bell
from atocore.daemon.loop import Retry
from atocore.daemon.opening import Opening, Stopped
from atocore.daemon.report import Report
from atocore.errors import AtocoreError

_log = logging.getLogger("atocore.daemon")

NAME = "EMBED"
"""What its failures are called in the report."""
FEW_FILES = 50
"""A search waits for the embeddings of so many files, and not for more."""
_HOUSEKEEPING_SECONDS = 15.0
_AGAIN_SECONDS = 0.05


class Embedding:
    """Embeds what the catalog lacks whenever it is `wanted`, from a session of its own."""

    def __init__(self, opening: Opening, bell: Bell, report: Report, stop: threading.Event) -> None:
        self._opening = opening
        self._bell = bell
        self._report = report
        self._stop = stop
        self._asked = threading.Event()
        self._ticket = 0
        self._due = False
        self._retry = Retry()
        self._session = opening.session(follows=True, stop=stop)

    def want(self, ticket: int, left: int) -> None:
        """So many files lack an embedding, of all that was rung up to the ticket. For those who wait for it:
        nobody does where it would take long, or fails at present."""
        if not left or left > FEW_FILES or NAME in self._report.errors:
            self._bell.answered(ticket, "vectors")
        self._ticket = ticket
        if left:
            self.wake()

    def wake(self) -> None:
        """Look again whether there is something to do, or to stop."""
        self._asked.set()

    def run(self) -> None:
        """Embed until told to stop. Never raises."""
        try:
            while not self._stop.is_set():
                self._turn()
        finally:
            self._session.close()

    def _turn(self) -> None:
        again = max(self._retry.at - time.monotonic(), _AGAIN_SECONDS)
        pause = again if self._due else _HOUSEKEEPING_SECONDS
        asked = self._asked.wait(min(pause, _HOUSEKEEPING_SECONDS))
        self._asked.clear()
        self._due = self._due or asked
        if self._stop.is_set():
            return
        if self._due and time.monotonic() >= self._retry.at:
            self._try()
        elif not self._due:
            self._rest()
        else:
            self._stop.wait(min(self._retry.at - time.monotonic(), 1.0))

    def _try(self) -> None:
        ticket = self._ticket
        try:
            reason = self._embed()
        except Stopped:
            return
        except (AtocoreError, OSError) as error:
            reason = str(error)
        except Exception as error:
            _log.exception("internal error while embedding")
            reason = f"internal error: {type(error).__name__}: {error}"
        self._due = bool(reason) or self._report.left > 0  # more may have come meanwhile
        if reason:
            self._failed(reason)
        else:
            self._retry = Retry()
            if self._report.errors.pop(NAME, None) is not None:
                _log.info("managed to embed again")
            _log.debug("embedded: %d files left", self._report.left)
        self._bell.answered(ticket, "vectors")

    def _failed(self, reason: str) -> None:
        self._session.close()
        if not self._stop.is_set():
            pause = self._retry.failed(time.monotonic())
            self._report.errors[NAME] = reason
            _log.warning("could not embed: %s; next try in %.0f s", reason, pause)

    def _embed(self) -> str:
        """Embed all that is pending; why something could not be, "" where all could."""
        from atocore.index.embedding import EmbedderUnavailable, EmbeddingFailed

        vault = self._session.vault()
        vault.catch_up()  # a session that follows: only opens the index anew where it was replaced
        try:
            vault.model.get()
            self._report.left = vault.engine.sync_vectors(None, vault.progress)
        except (EmbedderUnavailable, EmbeddingFailed) as error:
            self._report.left = vault.catalog.waiting("vectors")
            return error.reason if self._report.left else ""
        failures = vault.catalog.failed()
        if not failures:
            return ""
        path, reason = next(iter(failures.items()))
        return f"{len(failures)} files, {path} among them: {reason}"

    def _rest(self) -> None:
        """Let the model go when nobody used it for a while, and what bulk work takes soon after it."""
        model = self._opening.model
        embedder = model.loaded
        if embedder is None:
            return
        embedder.rest()  # nothing is due: the query model stays
        if model.idle_seconds > self._opening.settings.number("daemon.model_idle_seconds"):
            model.unload()
            _log.debug("let the model go")
