"""Validity: whether two records hold at the same time."""

from __future__ import annotations

from atocore.records.codec import parse_time
from atocore.records.record import Record


def overlap(a: Record, b: Record) -> bool:
    """Whether the periods of validity of two records have a moment in common; an open end reaches on."""
    return not (_ends_before(a, b) or _ends_before(b, a))


def _ends_before(a: Record, b: Record) -> bool:
    """Whether `a` no longer holds when `b` begins to. "Until" and "from" one and the same day hand over."""
    end, start = parse_time(a.valid_until), parse_time(b.valid_from)
    if end is None or start is None:
        return False
    if _whole_day(a.valid_until) or _whole_day(b.valid_from):
        before, same = end.date() < start.date(), end.date() == start.date()
        one_day = a.valid_from[:10] == a.valid_until[:10] or b.valid_from[:10] == b.valid_until[:10]
        return before or (same and _whole_day(a.valid_until) == _whole_day(b.valid_from) and not one_day)
    if end.tzinfo is None or start.tzinfo is None:
        end, start = end.replace(tzinfo=None), start.replace(tzinfo=None)
    return end <= start


def _whole_day(text: str) -> bool:
    return len(text) == len("2026-11-22")
