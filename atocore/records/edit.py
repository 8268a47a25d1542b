"""The surgical writer: changes keys of a header and leaves every other byte as it was.

Knows the reader's positions and how values are spelled. Knows nothing of kinds, of what a key means, or of
files. What it wrote it reads again, and refuses to hand out bytes in which anything else changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atocore.errors import AtocoreError
from atocore.records.edit_lines import LINE_END, line_end_before, line_rest, line_start, next_line
from atocore.records.edit_list import Part, list_part
from atocore.records.edit_text import Spelling, check, entry_lines, quoted, single_quoted, spell
from atocore.records.header import Document, Value, frame, parse

if TYPE_CHECKING:
    from atocore.records.header_yaml import Entry

_BOM = "\ufeff"
_COLON = re.compile(r"[ \t]*:")
_COMMENT_LINE = re.compile(r"( *)#[^\r\n]*(?:\r\n|\r|\n)")
_LOOSE_LINE = re.compile(r"(?:[ \t]*|( +)#[^\r\n]*)(?:\r\n|\r|\n)")
_BLOCK_COMMENT = re.compile(r"[|>][-+0-9]*([ \t]+#[^\r\n]*)")


class _Splice(NamedTuple):
    """Replace `[start:end]` of the header's text."""

    start: int
    end: int
    text: str


def edit(data: bytes, changes: Mapping[str, Value | None], order: Sequence[str] = ()) -> bytes:
    """Set the keys to the values (None removes a key) and keep all other bytes.

    A new key goes behind the nearest preceding key of `order` that the header has, else before the nearest
    following one, else to the header's end. A file without frontmatter gets one in front. Errors:
    `has-problems` where the file has problems, its header is one `{...}`, or the edit would touch anything
    else; `bad-value` where a value cannot stand in a header.
    """
    before = _sound(data)
    changes = _real_changes(before, changes)
    if not changes:
        return data
    for key, value in changes.items():
        check(key)
        if value is not None:
            check(value)
    text = data.decode("utf-8")
    for cautious in (False, True):
        edited = _edited(text, changes, order, cautious).encode("utf-8")
        if _is_exact(before, parse(edited, "", max_bytes=len(edited)), changes):
            return edited
    raise _refusal(changes)


def render(items: Mapping[str, Value], body: str) -> bytes:
    """A new file: one key a line, block lists, LF; the body follows as it is.

    Error `bad-value`: the bytes would not read back as the same items and the same body.
    """
    lines = ["---"]
    for key, value in items.items():
        check(key)
        check(value)
        lines += entry_lines(key, value, 0)
    try:
        data = "\n".join([*lines, "---", body]).encode("utf-8")
    except UnicodeEncodeError as error:
        raise AtocoreError("bad-value", "the body is not valid Unicode") from error
    document, problems = parse(data, "", max_bytes=len(data))
    if problems:
        raise AtocoreError("bad-value", f"the record cannot be written: {problems[0].message}")
    if document is None or list(_items(document).items()) != list(items.items()) or document.body != body:
        raise AtocoreError("bad-value", "the record cannot be written so that it reads back the same")
    return data


def _sound(data: bytes) -> Document:
    document, problems = parse(data, "", max_bytes=len(data))
    if document is None or problems:
        first = problems[0]
        raise AtocoreError("has-problems", f"cannot edit: line {first.line}: {first.message}", first.hint)
    return document


def _items(document: Document) -> dict[str, Value]:
    return {item.key: item.value for item in document.header.items} if document.header else {}


def _real_changes(before: Document, changes: Mapping[str, Value | None]) -> dict[str, Value | None]:
    items = _items(before)
    return {key: value for key, value in changes.items() if items.get(key) != value}


def _refusal(changes: Mapping[str, Value | None]) -> AtocoreError:
    keys = ", ".join(changes)
    message = f"cannot edit {keys}: the frontmatter's form leaves no way to change only that"
    return AtocoreError("has-problems", message, "write each key on a line of its own")


def _is_exact(
    before: Document, after: tuple[Document | None, tuple[object, ...]], changes: Mapping[str, Value | None]
) -> bool:
    """Whether exactly the changes happened: values, the order of the other keys, and the body."""
    document, problems = after
    if document is None or problems or document.body != before.body:
        return False
    old, new = _items(before), _items(document)
    wanted = {key: value for key, value in {**old, **changes}.items() if value is not None}
    return new == wanted and [key for key in old if key in new] == [key for key in new if key in old]


def _edited(text: str, changes: Mapping[str, Value | None], order: Sequence[str], cautious: bool) -> str:
    from atocore.records.header_yaml import read

    bom = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    parts = frame(text)
    if parts is None:
        found = LINE_END.search(text)
        end = found[0] if found else "\n"
        return f"{bom}---{end}{_Edit('', (), end, cautious).apply(changes, order)}---{end}{text}"
    head = text[parts.opened : parts.closed]
    reading = read(head)
    if reading.flow or reading.entries is None:
        raise _refusal(changes)
    end = line_end_before(text, parts.opened)
    edited = _Edit(head, reading.entries, end, cautious).apply(changes, order)
    return f"{bom}{text[: parts.opened]}{edited}{text[parts.closed :]}"


class _Edit:
    """The edit of one header's text. `cautious` avoids what may swallow the lines that follow."""

    def __init__(self, head: str, entries: tuple[Entry, ...], line_end: str, cautious: bool) -> None:
        self.head = head
        self.entries = {entry.key: entry for entry in entries}
        self.line_end = line_end
        self.cautious = cautious
        first = line_start(head, entries[0].key_start) if entries else 0
        self.indent = len(head) - first - len(head[first:].lstrip(" ")) if entries else 0

    def apply(self, changes: Mapping[str, Value | None], order: Sequence[str]) -> str:
        splices = []
        for key, value in changes.items():
            entry = self.entries.get(key)
            if entry is not None:
                if self.head[line_start(self.head, entry.key_start) : entry.key_start].strip(" "):
                    raise _refusal(changes)
                splices.append(self.removal(entry) if value is None else self.replacement(entry, value))
        splices += self.additions(
            changes, order
        )  # last: what is put behind a list comes behind its new items
        pieces, at = [], 0
        for splice in sorted(splices, key=lambda splice: splice[:2]):
            pieces += [self.head[at : splice.start], splice.text]
            at = splice.end
        return "".join([*pieces, self.head[at:]])

    def additions(self, changes: Mapping[str, Value | None], order: Sequence[str]) -> Iterator[_Splice]:
        ranks = {key: rank for rank, key in enumerate(order)}
        added = [key for key, value in changes.items() if key not in self.entries and value is not None]
        for key in sorted(added, key=lambda key: ranks.get(key, len(ranks))):
            value = changes[key]
            assert value is not None
            place = self.place(order, ranks[key]) if key in ranks else len(self.head)
            end = line_end_before(self.head, place) if place else self.line_end
            lines = entry_lines(key, value, self.indent, blocks=not self.cautious)
            yield _Splice(place, place, "".join(line + end for line in lines))

    def place(self, order: Sequence[str], rank: int) -> int:
        for key in reversed(order[:rank]):
            if key in self.entries:
                return self.below(self.entries[key])
        for key in order[rank + 1 :]:
            if key in self.entries:
                return self.above(self.entries[key])
        return len(self.head)

    def below(self, entry: Entry) -> int:
        """The place behind an entry and the comments that are indented under it."""
        at = self.after(entry)
        while (comment := _COMMENT_LINE.match(self.head, at)) and len(comment[1]) > self.indent:
            at = comment.end()
        return at

    def above(self, entry: Entry) -> int:
        """The place in front of an entry and the comments that stand directly above it."""
        at = line_start(self.head, entry.key_start)
        floor = max((self.below(other) for other in self.entries.values() if other.end <= at), default=0)
        while at > floor:
            start = line_start(self.head, at - len(line_end_before(self.head, at)))
            comment = _COMMENT_LINE.match(self.head, start)
            if comment is None or len(comment[1]) != self.indent:
                break
            at = start
        return at

    def last(self, entry: Entry) -> int:
        """The end of the value's last line, in front of its line end (behind it for a `|+` block)."""
        if self.head[entry.end - 1] in "\r\n":
            return entry.end
        return line_rest(self.head, entry.end)

    def after(self, entry: Entry) -> int:
        last = self.last(entry)
        return last if last == entry.end and self.head[last - 1] in "\r\n" else next_line(self.head, last)

    def removal(self, entry: Entry) -> _Splice:
        end = self.after(entry)
        while self.cautious and (loose := _LOOSE_LINE.match(self.head, end)):
            if loose[1] is not None and len(loose[1]) <= self.indent:
                break
            end = loose.end()
        return _Splice(line_start(self.head, entry.key_start), end, "")

    def replacement(self, entry: Entry, value: Value) -> _Splice:
        colon = _COLON.match(self.head, entry.key_end)
        if colon is None:
            raise _refusal({entry.key: value})
        end = self.line_end_of(entry)
        if (part := self.list_part(entry, value)) is not None:
            return _Splice(part.start, part.end, "".join(line + end for line in part.lines))
        spelling = self.spelling(entry, value)
        one_line = not LINE_END.search(self.head, colon.end(), entry.end)
        if one_line and not spelling.lines:
            return self.on_line(entry, colon.end(), spelling.inline)
        last = self.last(entry)
        inline = f" {spelling.inline}" if spelling.inline else ""
        new = end.join([inline + self.comment(entry, colon.end()), *spelling.lines])
        return _Splice(colon.end(), last, new + end if self.after(entry) == last else new)

    def line_end_of(self, entry: Entry) -> str:
        found = LINE_END.match(self.head, line_rest(self.head, entry.key_end))
        return found[0] if found else self.line_end

    def list_part(self, entry: Entry, value: Value) -> Part | None:
        """An edit of single items, where a block list stays one."""
        old = entry.value
        if (
            self.cautious
            or entry.style != "-"
            or not (isinstance(old, tuple) and isinstance(value, tuple) and value)
        ):
            return None
        return list_part(self.head, entry.start, self.after(entry), old, value)

    def spelling(self, entry: Entry, value: Value) -> Spelling:
        """The new value; a scalar in quotes keeps its kind of quotes where it can."""
        spelling = spell(value, self.indent, blocks=not self.cautious)
        if isinstance(value, str) and not spelling.lines:
            if entry.style == '"':
                return Spelling(quoted(value))
            if entry.style == "'":
                return Spelling(single_quoted(value) or spelling.inline)
        return spelling

    def on_line(self, entry: Entry, colon: int, inline: str) -> _Splice:
        if entry.start < entry.end:
            return _Splice(entry.start, entry.end, inline)
        rest = line_rest(self.head, colon)
        if rest > colon and not self.head[colon:rest].strip(" \t"):
            return _Splice(rest, rest, inline)
        return _Splice(colon, colon, f" {inline}")

    def comment(self, entry: Entry, colon: int) -> str:
        """The comment on the key's own line, or else behind the value's end, with the blanks before it."""
        rest = line_rest(self.head, colon)
        if entry.start >= rest or entry.start == entry.end:
            return self.head[colon:rest].rstrip(" \t")
        if entry.style in ("|", ">"):
            found = _BLOCK_COMMENT.search(self.head, entry.start, rest)
            return found[1].rstrip(" \t") if found else ""
        return self.head[entry.end : self.last(entry)].rstrip(" \t")
