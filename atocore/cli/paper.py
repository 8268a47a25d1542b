"""What a page of text is drawn on: so many columns, with colours or without. Measures cells, not characters.

What a record says is never obeyed by the terminal: `shown` spells control characters out before anything is
measured or coloured.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import click
import wcwidth

from atocore.cli.output import shown

_FEWEST_COLUMNS = 24
_MORE = " …"


@dataclass(frozen=True, slots=True)
class Paper:
    """A place to draw on. Without `colours`, marks are drawn as characters."""

    columns: int
    rows: int
    colours: bool

    @classmethod
    def here(cls) -> Paper:
        """The terminal as it is now, whatever `COLUMNS` said when it was opened; where output goes elsewhere,
        80 columns (or `COLUMNS`) and no colours."""
        size = _measured() or shutil.get_terminal_size()
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM", "dumb") == "dumb"
        return cls(max(size.columns, _FEWEST_COLUMNS), size.lines, sys.stdout.isatty() and not plain)

    def style(self, text: str, *, bold: bool = False, dim: bool = False, color: str | None = None) -> str:
        """Text of our own, or that went through `shown`, in a style where there are colours."""
        return click.style(text, bold=bold or None, dim=dim or None, fg=color) if self.colours else text

    def mark(self, before: str, part: str, after: str, color: str = "yellow") -> str:
        """A text of a record's with one part of it marked."""
        before, part, after = shown(before), shown(part), shown(after)
        if not part:
            return f"{before}{after}"
        marked = self.style(part, bold=True, color=color) if self.colours else f"[{part}]"
        return f"{before}{marked}{after}"

    def wrap(self, text: str, *, first: str = "", indent: str = "", most: int = 0) -> list[str]:
        """A drawn text as lines that fit: `first` stands before the first line, `indent` before the others;
        at most so many lines, with … at the end where there are more."""
        width = self.columns - 1 - (wcwidth.width(_MORE) if most else 0)
        if most:  # of a body of megabytes, no more is measured than could be shown
            text = text[: (most + 1) * self.columns * 2]
        lines: list[str] = []
        for part in text.splitlines() or [""]:
            if most and len(lines) > most:
                break
            lead = indent if lines else first
            lines += wcwidth.wrap(part, width, initial_indent=lead, subsequent_indent=indent, tabsize=4) or [
                lead.rstrip()
            ]
        return cut(lines, most)

    def beside(self, label: str, text: str, *, most: int = 0) -> list[str]:
        """A text with a label before it, and its further lines below its first."""
        width = wcwidth.width(label)
        return self.wrap(text, first=label, indent=" " * min(width, self.columns // 2), most=most)

    def items(self, texts: Sequence[str], *, between: str = " · ", indent: str = "") -> list[str]:
        """Short texts in a row, in as many lines as it takes; none is broken."""
        lines: list[str] = []
        for text in texts:
            joined = f"{lines[-1]}{between}{text}" if lines else ""
            if lines and wcwidth.width(joined) < self.columns:
                lines[-1] = joined
            else:
                lines.append(f"{indent}{text}")
        return lines

    def rule(self, text: str) -> str:
        """A line across the page, with a text in it."""
        told = wcwidth.clip(f"── {shown(text)} ", 0, self.columns - 1)
        return self.style(told + "─" * (self.columns - 1 - wcwidth.width(told)), bold=True)

    def clip(self, text: str) -> str:
        """A drawn text cut at the last column."""
        return wcwidth.clip(text, 0, self.columns - 1)


def _measured() -> os.terminal_size | None:
    """The size of the terminal that is written to; None where there is none, or it does not say."""
    with suppress(OSError, ValueError):
        size = os.get_terminal_size(sys.stdout.fileno())
        return size if size.columns and size.lines else None
    return None


def cut(lines: Sequence[str], most: int) -> list[str]:
    """The first lines, the last of them saying that there are more; all where `most` is 0."""
    if not most or len(lines) <= most:
        return list(lines)
    return [*lines[: most - 1], f"{lines[most - 1]}{_MORE}"]
