"""The extractor that ships with AtoCore: a command of the user's choice, an assistant's say.

The command gets a passage as JSON on standard input, and prints proposals as JSON: a list, or an object with
`proposals`. It runs without a shell, in a process group of its own that ends with its time-out.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from atocore.extractors import GUARD, Passage

_SECONDS = 60.0
_MOST_BYTES = 1_000_000
_CHECK_SECONDS = 0.05


class CommandExtractor:
    """Asks a command. Options: `command`, a list of the program and its arguments; `seconds`, after which it
    is ended; `max_bytes` of output; `instructions`, handed over beside the passage."""

    version = "1"

    def __init__(self, options: Mapping[str, object]) -> None:
        command = options.get("command")
        if not isinstance(command, list) or not command or not all(isinstance(a, str) for a in command):
            raise ValueError('`command` is to be a list of texts, like ["my-llm", "--json"]')
        self._command: list[str] = command
        self._seconds = _number(options, "seconds", _SECONDS)
        self._most = int(_number(options, "max_bytes", _MOST_BYTES))
        self._instructions = str(options.get("instructions") or "")

    def __call__(self, passage: Passage) -> list[Mapping[str, object]]:
        """The command's proposals for a passage; raises where it fails, is too slow, or prints no list."""
        asked = {"instructions": self._instructions} if self._instructions else {}
        printed = self._run(json.dumps({**passage.as_json(), **asked}).encode())
        return _listed(printed)

    def _run(self, given: bytes) -> bytes:
        """What the command prints. Output goes to a file, whose size is watched."""
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout:
            stdin.write(given)
            stdin.seek(0)
            process = subprocess.Popen(
                self._command,
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.DEVNULL,
                env={**os.environ, GUARD: "1"},
                cwd=Path.home(),
                process_group=0,
            )
            try:
                code = self._waited(process, stdout.fileno())
            finally:
                _end(process)
            if code != 0:
                raise RuntimeError(f"{self._command[0]} ended with {code}")
            stdout.seek(0)
            return stdout.read(self._most)

    def _waited(self, process: subprocess.Popen[bytes], output: int) -> int:
        looks = max(1, int(self._seconds / _CHECK_SECONDS))
        for _ in range(looks):
            with suppress(subprocess.TimeoutExpired):
                code = process.wait(_CHECK_SECONDS)
                self._check(output)
                return code
            self._check(output)
        raise TimeoutError(f"{self._command[0]} took longer than {self._seconds:g} s")

    def _check(self, output: int) -> None:
        if os.fstat(output).st_size > self._most:
            raise OverflowError(f"{self._command[0]} printed more than {self._most:,} bytes")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _number(options: Mapping[str, object], name: str, usual: float) -> float:
    value = options.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError(f"`{name}` is to be a number above 0")
    return float(value)


def _listed(printed: bytes) -> list[Mapping[str, object]]:
    try:
        document = json.loads(printed.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"printed no JSON: {error}") from error
    listed = document.get("proposals") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise ValueError("printed no list of proposals")
    return listed
