"""JSON text edited in place: what is added, replaced or taken away, and every other character as it was.

Knows text and positions in it; values are read by the standard library's `json`. A mark of byte order,
comments and trailing commas, which JSON does not have and people write, are read as blanks of the same
length, so that positions stay. Must not know of files, nor what the JSON is for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRINGS_AND_COMMENTS = re.compile(rf"{_STRING}|//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_STRINGS_AND_COMMAS = re.compile(rf"{_STRING}|(?<=[^\s\[{{,:])(\s*),(?=\s*[\]}}])", re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n]*")
_NOT_NEWLINE = re.compile(r"[^\r\n]")


def _whole(text: str) -> int | float:
    """A whole number; one of thousands of digits, which Python refuses, as other readers see it."""
    return int(text) if len(text) < 1000 else float(text)


_DECODER = json.JSONDecoder(parse_int=_whole)


class JsonError(ValueError):
    """Text that is no JSON: what is wrong, and where, counted from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member(Span):
    """A member of an object, its key included, and where its value stands."""

    key: str
    value: Span


@dataclass(frozen=True, slots=True)
class JsonText:
    """A JSON text, the same with blanks for what is no JSON, and its value. `strict` where they are the
    same but for a mark of byte order."""

    text: str
    plain: str
    value: object

    @property
    def strict(self) -> bool:
        """Whether the text is JSON to any reader."""
        return self.plain == self.text.removeprefix("\ufeff").rjust(len(self.text))

    @property
    def root(self) -> Span:
        """Where the whole value stands."""
        return _value_at(self, 0)


def read_json(text: str) -> JsonText:
    """Read a text; one that holds nothing is an empty object's. Raises `JsonError`."""
    plain = _STRINGS_AND_COMMAS.sub(_without_comma, _STRINGS_AND_COMMENTS.sub(_without_comment, text))
    plain = " " + plain[1:] if plain.startswith("\ufeff") else plain
    if not plain.strip(" \t\r\n"):
        return JsonText(text, plain, {})
    try:
        return JsonText(text, plain, json.loads(plain, parse_int=_whole, parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        raise JsonError(error.msg, error.lineno, error.colno) from None
    except RecursionError:
        raise JsonError("nested too deeply", 1, 1) from None


def members(document: JsonText, container: Span) -> list[Member]:
    """The members of an object, in order; a key may come twice."""
    found = []
    at = _blank(document, container.start + 1)
    while document.plain[at] != "}":
        key, end = _DECODER.raw_decode(document.plain, at)
        value = _value_at(document, _blank(document, end) + 1)
        found.append(Member(at, value.end, str(key), value))
        at = _after_comma(document, value.end)
    return found


def items(document: JsonText, container: Span) -> list[Span]:
    """The items of an array, in order."""
    found = []
    at = _blank(document, container.start + 1)
    while document.plain[at] != "]":
        found.append(_value_at(document, at))
        at = _after_comma(document, found[-1].end)
    return found


def find(document: JsonText, *path: str | int) -> Span | None:
    """Where the value at a path of keys and indexes stands; of a key that comes twice, the last, as readers
    take it. None where there is no such value."""
    span = document.root
    for step in path:
        opening = document.plain[span.start]
        inner: Sequence[Span] = ()
        if isinstance(step, str) and opening == "{":
            inner = [one.value for one in members(document, span) if one.key == step]
        elif isinstance(step, int) and opening == "[":
            inner = items(document, span)[step : step + 1]
        if not inner:
            return None
        span = inner[-1]
    return span


def with_member(document: JsonText, container: Span, key: str, value: object) -> str:
    """The text with one more member at the end of an object."""
    return _appended(document, container, members(document, container), value, json_text(key) + ": ")


def with_item(document: JsonText, container: Span, value: object) -> str:
    """The text with one more item at the end of an array."""
    return _appended(document, container, items(document, container), value, "")


def with_value(document: JsonText, place: Span, value: str) -> str:
    """The text with another string in the place of a value."""
    return document.text[: place.start] + json_text(value) + document.text[place.end :]


def without(document: JsonText, container: Span, child: Span) -> str:
    """The text without one child of an array or object: what `with_item` and `with_member` added.

    Comments stay. A container that held nothing else is left as `[]` or `{}`.
    """
    text, opening = document.text, document.plain[container.start]
    children: Sequence[Span] = members(document, container) if opening == "{" else items(document, container)
    comma = _comma_after(document, child.end, container)
    if comma is not None and child.start == children[0].start:
        return text[: child.start] + text[child.end : comma] + text[comma + 1 :].lstrip(" \t\r\n")
    start = _cut_from(document, child, text[child.end if comma is None else comma + 1 :])
    if comma is not None:
        return text[:start] + text[child.end : comma] + text[comma + 1 :]
    earlier = [one for one in children if one.start < child.start]
    if earlier:
        comma = _comments_after(document, earlier[-1].end)
        return text[:comma] + text[comma + 1 : start] + text[child.end :]
    alone = start == container.start + 1 and not text[child.end : container.end - 1].strip()
    return text[:start] + text[container.end - 1 if alone else child.end :]


def json_text(value: object, indent: str | None = None) -> str:
    """A value as JSON text, on lines where an indent is given."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def newline_of(text: str) -> str:
    """How the text ends its lines."""
    return "\r\n" if "\r\n" in text else "\n"


# --- positions ---------------------------------------------------------------------------------------------


def _without_comment(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') else _NOT_NEWLINE.sub(" ", match[0])


def _without_comma(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') else match[1] + " "


def _no_constant(name: str) -> object:
    raise JsonError(f"{name} is no JSON value", 1, 1)


def _blank(document: JsonText, at: int) -> int:
    """The end of the blanks that begin at a position."""
    match = _BLANKS.match(document.plain, at)
    assert match is not None
    return match.end()


def _value_at(document: JsonText, at: int) -> Span:
    start = _blank(document, at)
    return Span(start, _DECODER.raw_decode(document.plain, start)[1])


def _after_comma(document: JsonText, at: int) -> int:
    at = _blank(document, at)
    return _blank(document, at + 1) if document.plain[at] == "," else at


def _comments_after(document: JsonText, at: int) -> int:
    """The end of the blanks and comments that begin at a position of the text."""
    text, end = document.text, _blank(document, at)
    while at < end:
        match = _STRINGS_AND_COMMENTS.match(text, at)
        if match is not None:
            at = match.end()
        elif text[at] in " \t\r\n":
            at += 1
        else:
            break
    return at


def _comma_after(document: JsonText, at: int, container: Span) -> int | None:
    """Where the comma behind a child stands, one that JSON does not know included."""
    at = _comments_after(document, at)
    return at if at < container.end and document.text[at] == "," else None


def _cut_from(document: JsonText, child: Span, rest: str) -> int:
    """Where a child is cut from: the blanks before it go too, but for a line end that a comment needs."""
    start = len(document.text[: child.start].rstrip(" \t\r\n"))
    tokens = [
        one for one in _STRINGS_AND_COMMENTS.finditer(document.text, 0, child.start) if one.start() < start
    ]
    in_comment = bool(tokens) and tokens[-1][0].startswith("//") and tokens[-1].end() >= start
    if in_comment and not rest.lstrip(" \t").startswith(("\n", "\r\n")):
        return document.text.find("\n", start, child.start) + 1 or start
    return start


# --- adding ------------------------------------------------------------------------------------------------


def _appended(document: JsonText, container: Span, children: Sequence[Span], value: object, name: str) -> str:
    if children:
        return _appended_after(document, container, children, value, name)
    text, newline = document.text, newline_of(document.text)
    inside = text[container.start + 1 : container.end - 1]
    outer = _indent_of(text, container.start)
    inner = outer + _unit(document)
    new = newline + inner + name + _lines(value, document, inner)
    at = container.start + 1
    return text[:at] + new + ("" if "\n" in inside else newline + outer) + text[at:]


def _appended_after(
    document: JsonText, container: Span, children: Sequence[Span], value: object, name: str
) -> str:
    text, last = document.text, children[-1].end
    comma = _comma_after(document, last, container)
    if "\n" not in text[container.start : children[0].start]:  # all on one line
        at = last if comma is None else comma + 1
        new = name + json_text(value)
        return text[:at] + (f", {new}" if comma is None else f" {new},") + text[at:]
    indent = _indent_of(text, children[0].start)
    new = newline_of(text) + indent + name + _lines(value, document, indent)
    if comma is None:
        at = _line_end(document, last, container)
        return text[:last] + "," + text[last:at] + new + text[at:]
    at = _line_end(document, comma + 1, container)
    return text[:at] + new + "," + text[at:]


def _line_end(document: JsonText, at: int, container: Span) -> int:
    """Behind the comment that follows on the same line, where one does."""
    line_end = len(document.text[at : container.end - 1].partition("\n")[0].rstrip("\r"))
    rest = document.text[at : at + line_end]
    return at + len(rest.rstrip()) if not document.plain[at : at + line_end].strip() else at


def _indent_of(text: str, at: int) -> str:
    """The blanks at the beginning of the line that a position is on."""
    line = text[text.rfind("\n", 0, at) + 1 : at].removeprefix("\ufeff")
    return line[: len(line) - len(line.lstrip(" \t"))]


def _unit(document: JsonText) -> str:
    """One step of the text's indentation."""
    root = document.root
    first: Sequence[Span] = members(document, root) if document.plain[root.start] == "{" else ()
    if first and "\n" in document.text[root.start : first[0].start]:
        return _indent_of(document.text, first[0].start) or "  "
    return "  "


def _lines(value: object, document: JsonText, indent: str) -> str:
    return json_text(value, _unit(document)).replace("\n", newline_of(document.text) + indent)
