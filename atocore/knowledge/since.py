"""From when on: a date, a time, or how long ago, as people type it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from atocore.errors import AtocoreError
from atocore.records.codec import parse_time

_HINT = "a date (2026-11-01), a time (2026-11-01T08:00Z), or how long ago (36h, 7d, 2 weeks)"


def moment(text: str, now: str) -> datetime:
    """The moment that `text` names, in UTC where it names no zone; `now` is RFC 3339. Raises bad-value."""
    from pytimeparse.timeparse import timeparse

    typed = text.strip()
    stated = parse_time(typed)
    if stated is not None:
        return aware(stated)
    seconds = timeparse(typed)
    present = parse_time(now)
    assert present is not None
    if seconds is None or seconds < 0:
        raise AtocoreError("bad-value", f"{text!r} is no date and no duration", _HINT)
    try:
        return aware(present) - timedelta(seconds=seconds)
    except OverflowError as error:
        raise AtocoreError("bad-value", f"{text!r} is longer ago than any date", _HINT) from error


def is_since(created: str, start: datetime) -> bool:
    """Whether a record's `created` is not before `start`; a whole day counts up to its end, no date never."""
    stated = parse_time(created) if created else None
    if stated is None:
        return False
    if len(created) == len("2026-11-22"):
        return stated.date() >= start.date()
    return aware(stated) >= start


def aware(time: datetime) -> datetime:
    """A time with its zone: UTC where it names none."""
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
