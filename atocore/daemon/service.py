"""The daemon's socket: takes a question, says at once that it heard, and answers. Reading only.

A thread each connection, a bounded number of them, each with limits of time and size: a slow or silent client
holds nobody up. Knows no verb's meaning; `Answers` is where they are answered.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from atocore import __version__
from atocore.daemon.client import peer_uid
from atocore.errors import AtocoreError

_log = logging.getLogger("atocore.daemon")

LARGEST_REQUEST = 256 * 1024
CLIENTS = 32
REQUEST_SECONDS = 5.0
"""So long a client may take to send its line, and to take the answer."""

Answer = Callable[[Mapping[str, object]], object]


class Service:
    """Serves `verbs` (name to what answers it, given the arguments) on a socket at `place`."""

    def __init__(self, place: Path, vault: Path, verbs: Mapping[str, Answer]) -> None:
        self.place = place
        self._greeting = {"heard": {"version": __version__, "vault": os.path.realpath(vault)}}
        self._verbs = verbs
        self._free = threading.BoundedSemaphore(CLIENTS)
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen. Raises `read-only` where no socket can be made."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.place.unlink(missing_ok=True)  # of a daemon that was killed: we hold the vault's lock
            listener.bind(os.fspath(self.place))
            self.place.chmod(0o600)
            listener.listen(CLIENTS)
        except OSError as error:
            listener.close()
            told = f"cannot listen at {self.place}: {error.strerror or error}"
            raise AtocoreError("read-only", told) from error
        self._listener = listener
        self._thread = threading.Thread(target=self._accept, args=(listener,), name="accept", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
            self.place.unlink(missing_ok=True)
        if self._thread is not None:
            self._thread.join(5.0)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            if peer_uid(connection) not in (None, os.getuid()) or not self._free.acquire(blocking=False):
                connection.close()  # a stranger, or one too many: who asked does the work itself
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.settimeout(REQUEST_SECONDS)
                _send(connection, self._greeting)
                line = _line(connection)
                if line:
                    _send(connection, self._answer(line))
        except OSError:
            pass  # the client went away, or took too long
        except Exception:
            _log.exception("a question could not be answered")  # who asked does the work itself
        finally:
            self._free.release()

    def _answer(self, line: bytes) -> dict[str, object]:
        try:
            answer, args = self._verb(line)
            return {"answer": answer(args)}
        except AtocoreError as error:
            return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}

    def _verb(self, line: bytes) -> tuple[Answer, Mapping[str, object]]:
        try:
            request = json.loads(line)
            verb, args = request["verb"], request.get("args", {})
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise AtocoreError("usage", "a request is one line of JSON with a `verb`") from error
        if not isinstance(verb, str) or verb not in self._verbs or not isinstance(args, dict):
            raise AtocoreError("usage", f"the daemon answers: {', '.join(self._verbs)}")
        return self._verbs[verb], args


def _send(connection: socket.socket, value: object) -> None:
    connection.sendall(json.dumps(value).encode() + b"\n")


def _line(connection: socket.socket) -> bytes:
    """One line of at most `LARGEST_REQUEST` bytes; empty where there is none."""
    found = bytearray()
    until = time.monotonic() + REQUEST_SECONDS
    while not found.endswith(b"\n"):
        connection.settimeout(max(until - time.monotonic(), 0.001))
        piece = connection.recv(65_536)
        if not piece or len(found) + len(piece) > LARGEST_REQUEST:
            return b""
        found += piece
    connection.settimeout(REQUEST_SECONDS)
    return bytes(found)
