"""Freshness: how new a document is beside the newest thing that the vault knows, by their own dates.

Knows dates as they were typed. Must not know the clock: the same vault gives the same freshness for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from atocore.records.codec import parse_time
from atocore.records.record import Record

FRESH_DAYS: Final = 730
"""Days after which nothing is left of it."""

_KEYS = ("date", "created", "updated", "last_updated", "last-updated", "modified", "last_modified")
_LINE = re.compile(
    r"\W{0,6}(?:(?:decision |last |document )?(?:date|updated|modified|decided|created)(?: on)?)"
    r"[*_]{0,3}\s*[:|=]\s*[*_]{0,3}\s*(?P<day>\d{4}-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_MAX_LINES = 40  # of a document that are searched for its date
_MAX_CHARS = 4_000


def stated_date(header: Mapping[str, str], body: str) -> str:
    """The date that a document gives itself, in its frontmatter or on a line such as `Date: 2031-04-05`; ""
    where it gives none.
    """
    lowered = {name.casefold(): value for name, value in header.items()}
    stated = (lowered.get(key, "") for key in _KEYS)
    if known := next((date for date in stated if parse_time(date)), ""):
        return known
    for line in body[:_MAX_CHARS].splitlines()[:_MAX_LINES]:
        if (match := _LINE.match(line)) and parse_time(match["day"]):
            return match["day"]
    return ""


def newest(records: Iterable[Record]) -> str:
    """The latest date of birth among records; "" where none has one."""
    dated = [(_naive(time), record.created) for record in records if (time := parse_time(record.created))]
    return max(dated, default=(None, ""))[1]


def freshness(date: str, latest: str) -> float:
    """1 for what is as new as `latest`, falling to 0 in `FRESH_DAYS`; 0 where a date is not known."""
    then, now = parse_time(date), parse_time(latest)
    if then is None or now is None:
        return 0.0
    days = (_naive(now) - _naive(then)).days
    return round(min(1.0, max(0.0, 1 - days / FRESH_DAYS)), 2)


def _naive(time: datetime) -> datetime:
    """The day and time as written: a zone's hours do not matter to freshness."""
    return time.replace(tzinfo=None)
