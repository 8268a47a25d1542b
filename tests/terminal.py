"""A person at a terminal: a command on a pseudo-terminal, its screen as text, and keys pressed when asked."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import pexpect

ASKS = "> "
_SECONDS = 300  # however busy the machine is: only what hangs waits so long
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Terminal:
    """`atocore ARGS` at a terminal of that size. `shown` is what came since the last key, without colours."""

    def __init__(
        self,
        folder: Path,
        *args: str,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        plain = {"TERM": "dumb", "NO_COLOR": "1", "PYTHONUTF8": "1", **(env or {})}
        machine = ("CLAUDECODE", "CODEX_SANDBOX", "CURSOR_AGENT", "GEMINI_CLI", "OPENCODE")
        size = ("COLUMNS", "LINES")  # of the terminal that the tests were started at
        around = {name: value for name, value in os.environ.items() if name not in (*machine, *size)}
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "atocore", *args],
            cwd=str(folder),
            env={**around, **plain},
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=_SECONDS,
        )
        self._child.delaybeforesend = None
        self.shown = ""
        self.raw = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._child.close(force=True)

    @property
    def pid(self) -> int:
        """The process at the terminal."""
        return int(self._child.pid)

    def asked(self, question: str = ASKS, *, listening: bool = True) -> str:
        """Wait until it asks, at the start of a line; what was shown up to there. Where it reads single keys,
        or edits a line, wait until it is `listening`: what is pressed before is thrown away."""
        rest = (
            "" if question == ASKS else r"[^\r\n]*(?<=[?:\]])"
        )  # the whole line, in however many parts it comes
        self._child.expect(rf"(?:^|\n){re.escape(question.rstrip())}{rest} (?:\x1b\[[0-9;?]*[A-Za-z])*$")
        if listening:
            self._child.waitnoecho(_SECONDS)
        return self._take(self._child.before + self._child.after)

    def press(self, key: str, question: str = ASKS) -> str:
        """Press a key and wait for the next question; what was shown meanwhile."""
        self._child.send(key)
        return self.asked(question)

    def say(self, line: str, question: str = ASKS) -> str:
        """Type a line and wait for the next question."""
        return self.press(f"{line}\r", question)

    def leave(self, key: str = "q") -> int:
        """Press a last key; the exit code."""
        self._child.send(key)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end; the exit code (of a signal: the negative of its number)."""
        self._child.expect(pexpect.EOF)
        self._take(self._child.before)
        self._child.wait()
        code, signal = self._child.exitstatus, self._child.signalstatus
        return code if code is not None else -int(signal or 0)

    def _take(self, text: str) -> str:
        self.raw = text
        self.shown = _ESCAPE.sub("", text).replace("\r\n", "\n").replace("\r", "")
        return self.shown
