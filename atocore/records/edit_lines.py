"""Lines of a text by offset, for the three line ends LF, CR LF and CR."""

from __future__ import annotations

import re

LINE_END = re.compile(r"\r\n|\r|\n")
_REST = re.compile(r"[^\r\n]*")


def line_start(text: str, offset: int) -> int:
    """The start of the offset's line."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_rest(text: str, offset: int) -> int:
    """The end of the offset's line, in front of its line end."""
    found = _REST.match(text, offset)
    return found.end() if found else len(text)


def next_line(text: str, offset: int) -> int:
    """The start of the line after the offset's."""
    found = LINE_END.match(text, line_rest(text, offset))
    return found.end() if found else len(text)


def line_end_before(text: str, offset: int) -> str:
    """The line end that stands right before the offset."""
    return "\r\n" if text[:offset].endswith("\r\n") else text[offset - 1 : offset]
