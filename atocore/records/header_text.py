"""What every part of the header reader and writer speaks of: values, faults, lines. Knows no YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

MAX_DEPTH = 32
Value: TypeAlias = str | tuple["Value", ...] | Mapping[str, "Value"]
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Item(NamedTuple):
    """One key with its value. `line` is the key's line in the file, from 1."""

    key: str
    value: Value
    line: int


class Fault(NamedTuple):
    """Something wrong: `line` is 0-based in the header's text, `code` one of `PROBLEMS`."""

    line: int
    code: str
    message: str


def has_control(text: str) -> bool:
    """Whether the text holds half a surrogate pair, or a control character other than tab, LF and CR."""
    return _CONTROL.search(text) is not None


def line_of(text: str, offset: int) -> int:
    """How many line ends (LF, CR LF or CR) stand before the offset."""
    if "\r" not in text:
        return text.count("\n", 0, offset)
    return len(_LINE_END.findall(text, 0, offset))
