"""A short cut for plain headers: the same answer as the YAML parser's, or none.

Knows the few line forms that machines and most people write: `key: text`, `- text`, one level of nesting,
lists of such mappings, simple quotes and flow lists, whole-line comments. Whatever else a header holds, the
answer is None and the parser reads it. A property test holds the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from atocore.records.header_text import Value

_LONGEST = 16 * 1024
_STEP = "  "
# A plain scalar on one line: no indicator first, no ": ", no " #"; blanks only between its words.
_FIRST = r"(?:[^-?:,\[\]{}#&*!|>'\"%@` \n]|-(?=[^ \n]))"
_PLAIN = rf"{_FIRST}(?: *+(?:[^:# \n]++|:(?=[^ \n])|(?<! )#))*+"
PLAIN = re.compile(_PLAIN)
_WORD = r"[A-Za-z0-9_](?:[A-Za-z0-9_/. -]*[A-Za-z0-9_])?"
_VALUE = rf"{_PLAIN}|\"[^\"\\\n]*\"|'[^'\n]*'|\[(?:{_WORD}(?:, {_WORD})*)?\]"
_MARKS = frozenset("\"'[")
_KEY = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
_INNER = rf"(?:(- )?({_KEY}):|(-))(?: +({_VALUE}))?"
_LINE = re.compile(rf"^(?:((?:  ){{1,2}})?{_INNER}(?: *| +#.*)|#.*|)$", re.MULTILINE)
# The same groups for the usual lines, in a third of the time: one blank, then a letter or digit.
_WORDS = r"[A-Za-z0-9][^:#\n]*+(?:(?::(?=[^ \n])|(?<! )#)[^:#\n]*+)*+(?<! )"
_USUAL = re.compile(rf"^((?:  ){{1,2}})?(?:(- )?({_KEY}):|(-))(?: ({_WORDS}))?$", re.MULTILINE)

_Line = tuple[str, str, str, str, str]
"""What one line holds: indent, the dash of an entry that is a mapping, key, the dash of any other, value."""


def read_plain(text: str, first_line: int = 0) -> list[tuple[str, Value, int]] | None:
    """Keys, values and lines (counted from `first_line`) of a header's text; None where it takes the parser
    to be sure."""
    text = text.removesuffix("\n")
    if len(text) > _LONGEST or not text.replace("\n", "").isprintable():
        return None
    count = text.count("\n") + 1
    for form in (_USUAL, _LINE):
        lines: list[_Line] = form.findall(text)
        if len(lines) == count:
            return _items(lines, first_line)
    return None


def _items(lines: Iterable[_Line], first_line: int) -> list[tuple[str, Value, int]] | None:
    """What the lines say; None where one does not fit those above."""
    values: dict[str, Value | list[Value] | dict[str, Value]] = {}
    numbers: list[int] = []
    outer = margin = ""  # the key whose value may follow on inner lines, and the margin of these
    for number, (indent, entry, key, dash, text) in enumerate(lines, first_line):
        value = _value(text) if text[:1] in _MARKS else text
        if key and not (indent or entry):
            if key in values:
                return None
            values[key] = value
            numbers.append(number)
            outer = "" if text else key
        elif key or dash:
            if not outer:
                return None
            held = values[outer]
            if held == "":
                held = values[outer] = {} if key and not entry else []
                margin = indent
                if len(margin) > len(_STEP):
                    return None
            inner = _mapping_of(held, entry, indent, margin)
            if key and inner is not None and key not in inner:
                inner[key] = value
            elif dash and isinstance(held, list) and indent == margin:
                held.append(value)
            else:
                return None
    whole = (tuple(value) if isinstance(value, list) else value for value in values.values())
    return list(zip(values, whole, numbers, strict=True))


def _mapping_of(held: object, entry: str, indent: str, margin: str) -> dict[str, Value] | None:
    """The mapping that an inner line's key belongs to: the one that is held, one that begins with the line,
    or the last of a list; None where there is none."""
    if isinstance(held, dict):
        return held if indent == margin and not entry else None
    if not isinstance(held, list):
        return None
    if entry and indent == margin:
        held.append({})
    elif entry or indent != margin + _STEP or not held:
        return None
    last = held[-1]
    return last if isinstance(last, dict) else None


def _value(text: str) -> Value:
    first = text[:1]
    if first == '"' or first == "'":
        return text[1:-1]
    if first == "[":
        return tuple(text[1:-1].split(", ")) if len(text) > 2 else ()
    return text
