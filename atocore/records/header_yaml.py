"""The YAML of one header as typed text with positions: the C parser's events, walked with our own limits.

Knows YAML events, nothing of files, fences or records. Implicit types are never resolved, so `no`, `1.10`
and `~` stay what people typed, and tags are never obeyed. Events and not `yaml.compose`: the composer
recurses in C, before anyone can count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import yaml

from atocore.records.header_broken import broken
from atocore.records.header_text import MAX_DEPTH, Fault, Value, has_control, line_of

MAX_NODES = 20_000
MAX_ALIASES = 256
MAX_EXPANDED = 1 << 20

_Event: TypeAlias = Any  # the events share no type that has their fields
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_STR_TAG = "tag:yaml.org,2002:str"
# Raw characters that YAML forbids (NEL is allowed there, but ends lines for some readers and not for others).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\\A\ufeff")
_BLOCK_INDICATOR = re.compile(r"[|>][-+0-9]*")


class Entry(NamedTuple):
    """One key of the outermost mapping. `line` is 0-based, the other places are offsets in the header's text.

    `style` is "" (plain), "'", '"', "|" or ">" for scalars, "[" for flow and "-" for block collections,
    "*" for an alias. `end` is behind the last character that belongs to the value.
    """

    key: str
    value: Value
    line: int
    key_start: int
    key_end: int
    start: int
    end: int
    style: str


class Reading(NamedTuple):
    """What a header's text says. `entries` is None where it cannot be trusted; `flow`: it is one `{...}`."""

    entries: tuple[Entry, ...] | None
    faults: tuple[Fault, ...]
    flow: bool = False


class _RefusedError(Exception):
    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(line, code, message)


def read(text: str) -> Reading:
    """Read a header's text (what stands between the fences). Never raises."""
    faults: list[Fault] = []
    bad = _FORBIDDEN.search(text)
    if bad:
        if bad[0] != "\0":  # the file's NUL bytes are a problem of their own
            message = f"the frontmatter holds the character U+{ord(bad[0]):04X}"
            faults.append(Fault(line_of(text, bad.start()), "control-character", message))
        text = _FORBIDDEN.sub("\ufffd", text)
    walk = _Walk(text, faults)
    try:
        entries = walk.document()
    except _RefusedError as refusal:
        return Reading(None, (*faults, refusal.fault))
    except yaml.YAMLError as error:
        return Reading(None, (*faults, broken(text, error, walk.unclosed)))
    except ValueError as error:
        return Reading(None, (*faults, Fault(0, "broken-yaml", str(error))))
    return Reading(entries, tuple(faults), walk.flow)


class _Walk:
    """One pass over the events. Depth is checked as each event arrives, so no recursion is unbounded."""

    def __init__(self, text: str, faults: list[Fault]) -> None:
        self.text = text
        self.faults = faults
        self.flow = False
        self.next = _Loader(text).get_event
        self.exotic = "\u2028" in text or "\u2029" in text  # line ends for the parser, not for an editor
        self.anchors: dict[str, tuple[Value, int, int] | None] = {}
        self.nodes = self.aliases = self.expanded = self.deepest = 0
        self.end = self.closed = 0
        self.unclosed: list[int] = []

    def document(self) -> tuple[Entry, ...]:
        self.next()
        opening = self.next()
        if type(opening) is yaml.StreamEndEvent:
            return ()
        if opening.explicit:
            raise _RefusedError(self.line(opening), "broken-yaml", "a line starts with --- and goes on")
        root = self.next()
        if type(root) is not yaml.MappingStartEvent:
            what = "a list" if type(root) is yaml.SequenceStartEvent else "a bare text"
            raise _RefusedError(
                self.line(root), "not-a-mapping", f"the frontmatter is {what}, not keys and values"
            )
        self.flow = bool(root.flow_style)
        self.tag(root)
        if root.anchor:
            self.anchors[root.anchor] = None
        entries = self.entries()
        closing = self.next()
        if closing.explicit or type(self.next()) is not yaml.StreamEndEvent:
            line = line_of(self.text, closing.end_mark.index)
            raise _RefusedError(line, "broken-yaml", "the frontmatter ends here, but no line --- follows")
        return entries

    def entries(self) -> tuple[Entry, ...]:
        entries: dict[str, Entry] = {}
        while type(event := self.next()) not in _ENDS:
            line = self.line(event)
            key = key_text(self.value(event, 2))
            start, key_end = event.start_mark.index, event.end_mark.index
            event = self.next()
            self.end = event.start_mark.index
            value = self.value(event, 2)
            if key in entries:
                self.duplicate(key, line)
                continue
            style = _style(event)
            entries[key] = Entry(key, value, line, start, key_end, event.start_mark.index, self.end, style)
        return tuple(entries.values())

    def value(self, event: _Event, depth: int) -> Value:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            what = (
                f"nested more than {MAX_DEPTH} levels"
                if depth > MAX_DEPTH
                else f"more than {MAX_NODES} values"
            )
            raise _RefusedError(self.line(event), "too-deep", f"the frontmatter is too large: {what}")
        if depth > self.deepest:
            self.deepest = depth
        if type(event) is yaml.AliasEvent:
            return self.alias(event, depth)
        if event.tag is not None:
            self.tag(event)
        if event.anchor is None:
            return self.node(event, depth)
        return self.anchored(event, depth)

    def node(self, event: _Event, depth: int) -> Value:
        if type(event) is yaml.ScalarEvent:
            return self.scalar(event)
        if event.flow_style:
            bracket = self.text[event.end_mark.index - 1] in "[{"  # `[a: b]` opens a mapping without one
            self.unclosed.append(self.line(event) if bracket else self.unclosed[-1])
        value = self.mapping(depth) if type(event) is yaml.MappingStartEvent else self.sequence(depth)
        self.expanded += 1
        if event.flow_style:
            self.end = self.closed
            self.unclosed.pop()
        return value

    def scalar(self, event: _Event) -> str:
        value: str = event.value
        self.expanded += 1 + len(value)
        if event.style == '"' and has_control(value):
            message = "a value holds a control character, written as an escape"
            self.faults.append(Fault(self.line(event), "control-character", message))
        end: int = event.end_mark.index
        if event.style in ("|", ">"):
            self.end = self.block_end(event.start_mark.index, end)
        elif end > event.start_mark.index or self.text[end - 1 : end] in (":", "-", "?"):
            self.end = end  # the mark of an absent value may be the next token's
        return value

    def block_end(self, start: int, end: int) -> int:
        indicator = _BLOCK_INDICATOR.search(self.text, start)
        if indicator and "+" in indicator[0]:
            return end
        while self.text[end - 1] in " \t\r\n":
            end -= 1
        return end

    def sequence(self, depth: int) -> tuple[Value, ...]:
        values: list[Value] = []
        while type(event := self.next()) not in _ENDS:
            values.append(self.value(event, depth + 1))
        self.closed = event.end_mark.index
        return tuple(values)

    def mapping(self, depth: int) -> Mapping[str, Value]:
        values: dict[str, Value] = {}
        while type(event := self.next()) not in _ENDS:
            key = key_text(self.value(event, depth + 1))
            value = self.value(self.next(), depth + 1)
            if key in values:
                self.duplicate(key, self.line(event))
            else:
                values[key] = value
        self.closed = event.end_mark.index
        return values

    def anchored(self, event: _Event, depth: int) -> Value:
        name: str = event.anchor
        self.anchors[name] = None
        before, outer, self.deepest = self.expanded, self.deepest, depth
        value = self.node(event, depth)
        self.anchors[name] = (value, self.expanded - before, self.deepest - depth)
        self.deepest = max(outer, self.deepest)
        return value

    def alias(self, event: _Event, depth: int) -> Value:
        name: str = event.anchor
        if name not in self.anchors:
            raise _RefusedError(
                self.line(event), "broken-yaml", f"*{name} names no anchor; quote a value that starts with *"
            )
        known = self.anchors[name]
        if known is None:
            raise _RefusedError(
                self.line(event), "too-many-aliases", f"the alias *{name} stands inside what it names"
            )
        value, expanded, height = known
        self.aliases += 1
        self.expanded += expanded
        self.deepest = max(self.deepest, depth + height)
        self.end = event.end_mark.index
        if self.aliases > MAX_ALIASES or self.expanded > MAX_EXPANDED or self.deepest > MAX_DEPTH:
            raise _RefusedError(
                self.line(event), "too-many-aliases", "the YAML aliases multiply into too much text"
            )
        return value

    def tag(self, event: _Event) -> None:
        tag: str | None = event.tag
        if tag is None or (tag == _STR_TAG and type(event) is yaml.ScalarEvent):
            return
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        message = f"the value has the YAML tag {shown}; quote a value that starts with !"
        self.faults.append(Fault(self.line(event), "yaml-tag", message))

    def duplicate(self, key: str, line: int) -> None:
        self.faults.append(Fault(line, "duplicate-key", f"the key {key!r} stands twice"))

    def line(self, event: _Event) -> int:
        if self.exotic:
            return line_of(self.text, event.start_mark.index)
        line: int = event.start_mark.line
        return line


def key_text(value: Value) -> str:
    """A key as text. A list or mapping as key (`? [a, b]`) becomes its flow form: "[a, b]"."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "[" + ", ".join(key_text(part) for part in value) + "]"
    return "{" + ", ".join(f"{key}: {key_text(part)}" for key, part in value.items()) + "}"


def _style(event: _Event) -> str:
    if type(event) is yaml.ScalarEvent:
        return str(event.style or "")
    if type(event) is yaml.AliasEvent:
        return "*"
    return "[" if event.flow_style else "-"
