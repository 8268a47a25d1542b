"""What a person answers: one key at a terminal, a line where input comes from elsewhere.

A key that was pressed before its question was asked is no answer to it: it is thrown away.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass

import click

_NO_KEY = "\x1b"
_CTRL_C, _CTRL_D = "\x03", "\x04"


@dataclass(frozen=True, slots=True)
class Keys:
    """Reads answers, from a terminal or from lines."""

    @property
    def any(self) -> bool:
        """Whether there is somebody, or something, that answers; waits for the first line of a pipe."""
        if self.at_terminal:
            return True
        peek = getattr(sys.stdin.buffer, "peek", None)
        return bool(peek(1)) if peek is not None else True

    @property
    def at_terminal(self) -> bool:
        """Whether a person sits at both ends."""
        return sys.stdin.isatty() and sys.stdout.isatty()

    def key(self) -> str:
        """One key, lower case, "" for Return. Raises `EOFError` at the end and for Ctrl-D, and
        `KeyboardInterrupt` for Ctrl-C."""
        if not self.at_terminal:
            return self._line().strip()[:1].lower()
        _forget_typed()
        try:
            pressed = click.getchar()
        except OSError:  # the line was cut
            raise EOFError from None
        if _CTRL_C in pressed:
            raise KeyboardInterrupt
        if pressed in ("", _CTRL_D):  # nothing at all: the line was cut
            raise EOFError
        if len(pressed) > 1 or pressed in ("\x1b", "\x00", "\xe0"):
            return _NO_KEY  # an arrow, a function key, or what was pasted: nobody decides so
        return "" if pressed in ("\r", "\n") else pressed.lower()

    def line(self, prompt: str) -> str | None:
        """One line of text, stripped; None where the person left with Ctrl-C or Ctrl-D."""
        if not self.at_terminal:
            click.echo(prompt, nl=False)
            try:
                return self._line().strip()
            except EOFError:
                return None
        with suppress(ImportError):
            import readline  # noqa: F401  arrows move in the line instead of being typed into it
        try:
            answer = input(prompt).strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return None
        return answer.encode("utf-8", "replace").decode("utf-8", "replace")

    def _line(self) -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line


def _forget_typed() -> None:
    """Throw away what was typed before the question stood there."""
    try:
        import termios
    except ImportError:  # no such terminal
        return
    with suppress(termios.error, OSError, ValueError):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
