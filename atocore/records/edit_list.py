"""Block lists: an edit that leaves the lines of the items that stay, with their quotes and comments.

Knows where the items of one list stand in a header's text. Whoever splices must read the result again.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from atocore.records.edit_lines import line_end_before, line_start
from atocore.records.edit_text import item_lines
from atocore.records.header_text import Value


class Part(NamedTuple):
    """Replace `[start:end]` of the header's text by these whole lines."""

    start: int
    end: int
    lines: tuple[str, ...]


def list_part(
    head: str, first: int, after: int, old: tuple[Value, ...], new: tuple[Value, ...]
) -> Part | None:
    """What to replace so that the list says `new`; None where no item stays or their places are not sure.

    `first` is the offset of the list's first dash, `after` the start of the line behind the list.
    """
    column = first - line_start(head, first)
    dashes = re.compile(rf"(?:^|(?<=[\r\n])) {{{column}}}-(?=[ \t\r\n])")
    starts = [found.start() for found in dashes.finditer(head, first - column, after)]
    before, behind = _shared(old, new)
    if len(starts) != len(old) or not before + behind:
        return None
    comment = re.compile(rf" {{{column}}}#[^\r\n]*(?:\r\n|\r|\n)")
    ends = [_without(comment, head, end) for end in starts[1:]]
    ends.append(after)
    lines = [line for value in new[before : len(new) - behind] for line in item_lines(value, column)]
    if before + behind < len(old):
        return Part(starts[before], ends[len(old) - behind - 1], tuple(lines))
    at = ends[before - 1] if before else starts[0]
    return Part(at, at, tuple(lines))


def _shared(old: tuple[Value, ...], new: tuple[Value, ...]) -> tuple[int, int]:
    """How many items the two have in common at the front, and then at the back."""
    shorter, before, behind = min(len(old), len(new)), 0, 0
    while before < shorter and old[before] == new[before]:
        before += 1
    while before + behind < shorter and old[-1 - behind] == new[-1 - behind]:
        behind += 1
    return before, behind


def _without(comment: re.Pattern[str], head: str, end: int) -> int:
    """The end of an item's lines without the comments that stand directly above the next item at `end`."""
    while comment.fullmatch(head, start := line_start(head, end - len(line_end_before(head, end))), end):
        end = start
    return end
