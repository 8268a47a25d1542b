"""A short cut for plain headers: the same answer as the YAML parser's, or none.

Knows the few line forms that machines and most people write: `key: text`, `- text`, one level of nesting,
simple quotes and flow lists, whole-line comments. Whatever else a header holds, the answer is None and the
parser reads it. A property test holds the two equal.
"""

from __future__ import annotations

import re

from atocore.records.header_text import Value

_LONGEST = 16 * 1024
# A plain scalar on one line: no indicator first, no ": ", no " #"; blanks only between its words.
_FIRST = r"(?:[^-?:,\[\]{}#&*!|>'\"%@` \n]|-(?=[^ \n]))"
_PLAIN = rf"{_FIRST}(?: *+(?:[^:# \n]++|:(?=[^ \n])|(?<! )#))*+"
PLAIN = re.compile(_PLAIN)
_WORD = r"[A-Za-z0-9_](?:[A-Za-z0-9_/. -]*[A-Za-z0-9_])?"
_VALUE = rf"{_PLAIN}|\"[^\"\\\n]*\"|'[^'\n]*'|\[(?:{_WORD}(?:, {_WORD})*)?\]"
_KEY = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
_INNER = rf"(?:({_KEY}):|(-))(?: +({_VALUE}))?"
_LINE = re.compile(rf"^(?:(  )?{_INNER}(?: *| +#.*)|#.*|)$", re.MULTILINE)


def read_plain(text: str) -> list[tuple[str, Value, int]] | None:
    """Keys, values and 0-based lines of a header's text, None where it takes the parser to be sure."""
    text = text.removesuffix("\n")
    if len(text) > _LONGEST or not text.replace("\n", "").isprintable():
        return None
    lines: list[tuple[str, str, str, str]] = _LINE.findall(text)
    if len(lines) != text.count("\n") + 1:
        return None
    items = _Items()
    for number, (indent, key, dash, value) in enumerate(lines):
        if not (key or dash):
            continue  # blank, or a comment
        read = items.inner(indent, key, value) if indent or dash else items.outer(key, value, number)
        if not read:
            return None
    return items.finished()


class _Items:
    """The items of a header as its lines come in. A line that does not fit the ones above is not read."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[str, Value, int]] = {}
        self.parent = ""  # the outer key whose value may follow on inner lines
        self.line = 0
        self.indent = ""
        self.parts: list[Value] = []
        self.pairs: dict[str, Value] = {}

    def outer(self, key: str, value: str, number: int) -> bool:
        self.close()
        if key in self.items:
            return False
        self.items[key] = (key, _value(value), number)
        self.parent, self.line = "" if value else key, number
        return True

    def inner(self, indent: str, key: str, value: str) -> bool:
        if not self.parent:
            return False
        if key:
            known = self.parts or key in self.pairs
            self.pairs[key] = _value(value)
            return not known
        if self.pairs or (self.parts and indent != self.indent):
            return False
        self.indent = indent
        self.parts.append(_value(value))
        return True

    def close(self) -> None:
        if self.parts:
            self.items[self.parent] = (self.parent, tuple(self.parts), self.line)
            self.parts = []
        elif self.pairs:
            self.items[self.parent] = (self.parent, self.pairs, self.line)
            self.pairs = {}

    def finished(self) -> list[tuple[str, Value, int]]:
        self.close()
        return list(self.items.values())


def _value(text: str) -> Value:
    first = text[:1]
    if first == '"' or first == "'":
        return text[1:-1]
    if first == "[":
        return tuple(text[1:-1].split(", ")) if len(text) > 2 else ()
    return text
