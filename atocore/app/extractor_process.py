"""An extractor's process as its asker sees it: one question at a time, each with a time-out and a limit.

Whatever happens in there stays there: a hang, a crash or garbage is a `Failed`, and the next question starts
a process anew.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from atocore.app.extractor_file import Permitted
from atocore.extractors import GUARD

_MOST_BYTES = 4 * 1024 * 1024
_GRACE_SECONDS = 5.0
"""So much longer than an extractor's own time-out is waited, so that it can end what it started."""


class Failed(Exception):  # noqa: N818  a state of affairs
    """An extractor gave no answer; the message says why. `fatal`: nor will it give any."""

    def __init__(self, message: str, *, fatal: bool = False) -> None:
        super().__init__(message)
        self.fatal = fatal


class ExtractorProcess:
    """One extractor, started when it is first asked. Close it."""

    def __init__(self, permitted: Permitted) -> None:
        self._permitted = permitted
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self.version = ""

    def ask(self, passage: Mapping[str, object]) -> object:
        """The proposals for a passage, as the extractor gave them. Raises `Failed`."""
        try:
            if self._process is None:
                self._start()
            answer = self._exchange(passage)
        except Failed:
            self.close()
            raise
        if "proposals" not in answer:
            raise Failed(str(answer.get("error") or "gave no answer"))
        return answer["proposals"]

    def _start(self) -> None:
        # -P and a folder that is nobody's: no module of a vault or project may come in place of a real one
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "atocore.extractors.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, GUARD: "1"},
            cwd=os.sep,
            start_new_session=True,
        )
        self._rest = b""
        made = self._exchange({"plugin": self._permitted.plugin, "options": dict(self._permitted.options)})
        if "version" not in made:
            raise Failed(str(made.get("fatal") or "did not start"), fatal=True)
        self.version = str(made["version"])[:40]

    def _exchange(self, document: Mapping[str, object]) -> dict[str, object]:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(document).encode() + b"\n")
            process.stdin.flush()
        except (OSError, TypeError, ValueError) as error:
            raise Failed(f"could not be asked: {error}") from error
        line = self._line(process.stdout.fileno())
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Failed("gave garbage instead of an answer") from error
        if not isinstance(answer, dict):
            raise Failed("gave garbage instead of an answer")
        return answer

    def _line(self, output: int) -> bytes:
        """The next line of the answers, within the time and the size it may have."""
        end = time.monotonic() + self._permitted.seconds + _GRACE_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                left = end - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise Failed(f"took longer than {self._permitted.seconds:g} s")
                piece = os.read(output, 65_536)
                if not piece:
                    raise Failed("crashed")
                self._rest += piece
                if len(self._rest) > _MOST_BYTES:
                    raise Failed(f"gave more than {_MOST_BYTES:,} bytes")
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def close(self) -> None:
        """End the process and what it started."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(2)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
