"""Values as YAML text: the inverse of the header reader, for text that a machine writes.

Knows how a scalar, a list and a mapping are spelled so that this reader and others read the same text back.
Knows nothing of files, of text that stands already, or of what a key means.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import NamedTuple

from atocore.errors import AtocoreError
from atocore.records.header_fast import PLAIN
from atocore.records.header_text import MAX_DEPTH, Value, has_control

_SURE = re.compile(r"[A-Za-z](?:[A-Za-z0-9 _./@+-]*[A-Za-z0-9_./@+-])?", re.ASCII)
# What other readers take for numbers and times, some of which make them raise; and the harmless of those.
_TYPED = re.compile(r"[-+.0-9=<]")
_HARMLESS = re.compile(
    r"[0-9]{1,15}(?:\.[0-9]{1,15})?(?: [A-Za-z].*)?"
    r"|[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?",
    re.ASCII,
)
_UNBLOCKED = re.compile("[\r\u2028\u2029\ufeff\ufffe\uffff]")
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Spelling(NamedTuple):
    """A value as it stands behind `key:`: `inline` on the key's line, then `lines` (without line ends)."""

    inline: str
    lines: tuple[str, ...] = ()


def check(value: Value, depth: int = 2) -> None:
    """Refuse (`bad-value`) what no header can hold: control characters, surrogates, deep nesting."""
    if depth > MAX_DEPTH:
        raise AtocoreError("bad-value", f"the value is nested more than {MAX_DEPTH} levels")
    if isinstance(value, str):
        if has_control(value):
            raise AtocoreError(
                "bad-value", f"the text holds a control character or half a surrogate pair: {value[:80]!r}"
            )
    elif isinstance(value, tuple):
        for part in value:
            check(part, depth + 1)
    else:
        for key, part in value.items():
            check(key)
            check(part, depth + 1)


def spell(value: Value, indent: int, *, blocks: bool = True) -> Spelling:
    """Spell a value whose key or dash stands at column `indent`. `blocks`: multi-line text may use `|`."""
    if isinstance(value, str):
        if blocks and _fits_block(value):
            return _block(value, indent + 2)
        return Spelling(scalar(value))
    if not value:
        return Spelling("[]" if isinstance(value, tuple) else "{}")
    return Spelling("", tuple(_lines(value, indent + 2, blocks)))


def entry_lines(key: str, value: Value, indent: int, *, blocks: bool = True) -> list[str]:
    """The lines of one key with its value, without line ends."""
    spelling = spell(value, indent, blocks=blocks)
    head = f"{' ' * indent}{key_text(key)}:"
    return [f"{head} {spelling.inline}" if spelling.inline else head, *spelling.lines]


def item_lines(value: Value, indent: int, *, blocks: bool = True) -> list[str]:
    """The lines of one list item whose dash stands at column `indent`, without line ends."""
    spelling = spell(value, indent, blocks=blocks)
    dash = " " * indent + "- "
    if spelling.inline:
        return [dash + spelling.inline, *spelling.lines]
    return [dash + spelling.lines[0][indent + 2 :], *spelling.lines[1:]]


def scalar(text: str) -> str:
    """A text on one line: plain where that reads back as the same plain text, else double-quoted."""
    return text if is_plain(text) else quoted(text)


def key_text(key: str) -> str:
    """A key's text on its line."""
    sure = _SURE.fullmatch(key) or (key[:3] not in ("---", "...") and is_plain(key) and _probe().is_key(key))
    return key if sure else quoted(key)


def quoted(text: str) -> str:
    """A double-quoted scalar; only what must be is escaped."""
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def single_quoted(text: str) -> str | None:
    """A single-quoted scalar, None where the text needs escapes."""
    if _ESCAPED.search(text.replace("\\", "").replace('"', "")):
        return None
    return "'" + text.replace("'", "''") + "'"


def is_plain(text: str) -> bool:
    """Whether `key: text` and `- text` read back as the same plain text, here and without error elsewhere."""
    if _SURE.fullmatch(text):
        return True
    if not text or "\n" in text or _ESCAPED.search(text.replace('"', "").replace("\\", "")):
        return False
    if not (text.isprintable() and PLAIN.fullmatch(text)) and not _probe().reads_back(text):
        return False
    return not _TYPED.match(text) or _HARMLESS.fullmatch(text) is not None or _probe().loads_elsewhere(text)


def _probe() -> ModuleType:
    """Whoever asks YAML's own parser: most texts need none, and importing it costs more than the rest."""
    from atocore.records import edit_probe

    return edit_probe


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _SHORT:
        return _SHORT[char]
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"


def _fits_block(text: str) -> bool:
    """Whether a `|` or `|-` block keeps the text: several lines, no blanks where YAML counts them."""
    kept = text.removesuffix("\n")
    if "\n" not in kept or _UNBLOCKED.search(text) or kept[0] in " \t\n":
        return False
    return bool(kept.rpartition("\n")[2].strip(" \t"))


def _block(text: str, indent: int) -> Spelling:
    lines = text.removesuffix("\n").split("\n")
    pad = " " * indent
    return Spelling("|" if text.endswith("\n") else "|-", tuple(pad + line if line else "" for line in lines))


def _lines(value: Value, indent: int, blocks: bool) -> list[str]:
    lines: list[str] = []
    if isinstance(value, tuple):
        for part in value:
            lines += item_lines(part, indent, blocks=blocks)
    elif not isinstance(value, str):
        for key, part in value.items():
            lines += entry_lines(key, part, indent, blocks=blocks)
    return lines
