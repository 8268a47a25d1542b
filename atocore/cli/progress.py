"""A progress bar on the terminal for work that turns out to be long; nothing for what is done at once."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from types import TracebackType

_PATIENCE_SECONDS = 0.7


class Bar:
    """Shows the work that `show` hears of, one bar after the other, on stderr."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._doing = ""
        self._since = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def show(self, doing: str, done: int, of: int) -> None:
        """`done` of `of` is done of what is being done."""
        if doing != self._doing:
            self._end()
            self._doing, self._since = doing, time.monotonic()
        if self._bar is None:
            if time.monotonic() - self._since < _PATIENCE_SECONDS or done >= of:
                return
            self._bar = click.progressbar(length=of, label=doing, file=sys.stderr)
            self._bar.__enter__()
        self._bar.length = of
        self._bar.update(done - self._bar.pos)
        if done >= of:
            self._end()  # what is printed next stands on a line of its own

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        self._bar, self._doing = None, ""
