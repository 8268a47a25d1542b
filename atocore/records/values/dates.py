"""Dates and times in the notations that leave no doubt: `19 October 2024` is `2024-10-19`; `03/04/2026` is
neither March nor April. Knows no clock: a part that is missing stays missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NAMES = {name[:cut]: at + 1 for at, name in enumerate(_MONTHS) for cut in (3, len(name))} | {"sept": 9}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})"
_WEEKDAY = r"(?:(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})\.?,? )?(?:the )?"
_WRITTEN = tuple(
    re.compile(_WEEKDAY + form, re.I)
    for form in (
        rf"{_DAY}[ -](?:of )?{_MONTH},?[ -]{_YEAR}",
        rf"{_MONTH}[ -]{_DAY}(?:,| |-) ?{_YEAR}",
        rf"{_YEAR}[ -]{_MONTH}[ -]{_DAY}",
    )
)
_MONTH_ALONE = tuple(
    re.compile(form, re.I)
    for form in (
        rf"{_MONTH}(?: of|,)?[ -]{_YEAR}",
        rf"{_YEAR}[ -]{_MONTH}",
        rf"{_YEAR}-(?P<month>\d\d)",
        rf"(?P<month>\d\d)/{_YEAR}",
    )
)
_ISO = re.compile(r"([12]\d{3})([-/])(\d{1,2})\2(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?([12]\d{3})")
_EITHER = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2([12]\d{3})")
_QUARTER = tuple(
    re.compile(form, re.I)
    for form in (
        rf"(?:Q|quarter )(?P<quarter>[1-4])(?: of|,)?[ /-]?'?{_YEAR}",
        rf"{_YEAR}[ /-]?Q(?P<quarter>[1-4])",
        rf"(?P<quarter>[1-4])(?:st|nd|rd|th) quarter(?: of|,)? {_YEAR}",
        rf"(?P<ordinal>first|second|third|fourth) quarter(?: of|,)? {_YEAR}",
    )
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_WEEK = tuple(
    re.compile(form, re.I)
    for form in (
        rf"{_YEAR}[ -]?C?W(?P<week>\d\d?)",
        rf"(?:week|calendar week|C?W) ?(?P<week>\d\d?)[ /,]+{_YEAR}",
    )
)
_MOMENT = re.compile(
    r"([12]\d{3}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.I,
)
_DATED = re.compile(r"[12]\d{3}|\d:\d|\d ?[ap]\.?m", re.I)
"""What every date, moment and time of day has: most values have none of it, and are not looked at again."""
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([ap])\.?m\.?)?|(\d{1,2}) ?([ap])\.?m\.?", re.I)


def date_key(text: str) -> str:
    """One text for all ways to write a day, a month, a quarter, a week or a moment; "" where it is none."""
    if len(text) > 40 or not _DATED.search(text):
        return ""
    for reading in (_moment, _day, _month, _quarter, _week, _clock):
        try:
            found = reading(text)
        except ValueError:  # there is no 31 June
            return ""
        if found:
            return found
    return ""


def _day(text: str) -> str:
    found = next(_days(text), None)
    return f"day {found.isoformat()}" if found else ""


def _days(text: str) -> Iterator[date]:
    if match := _ISO.fullmatch(text):
        yield date(int(match[1]), int(match[3]), int(match[4]))
    elif match := _DOTTED.fullmatch(text):
        yield date(int(match[3]), int(match[2]), int(match[1]))
    elif match := _EITHER.fullmatch(text):
        one, other = int(match[1]), int(match[3])
        if one == other or max(one, other) > 12:
            yield date(int(match[4]), min(one, other), max(one, other))
    else:
        yield from _written(text)


def _written(text: str) -> Iterator[date]:
    for form in _WRITTEN:
        match = form.fullmatch(text)
        month = _NAMES.get(match["name"].casefold()) if match else None
        if match and month:
            found = date(int(match["year"]), month, int(match["day"]))
            weekday = match["weekday"]
            if not weekday or _DAYS[found.weekday()] == weekday[:3].casefold():
                yield found


def _month(text: str) -> str:
    for form in _MONTH_ALONE:
        match = form.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = (
            int(parts["month"]) if parts.get("month") else _NAMES.get((parts.get("name") or "").casefold(), 0)
        )
        if 1 <= month <= 12:
            return f"month {match['year']}-{month:02}"
    return ""


def _quarter(text: str) -> str:
    for form in _QUARTER:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            quarter = parts.get("quarter") or _ORDINALS[parts["ordinal"].casefold()]
            return f"quarter {match['year']}-{quarter}"
    return ""


def _week(text: str) -> str:
    for form in _WEEK:
        match = form.fullmatch(text)
        if match and 1 <= int(match["week"]) <= 53:
            return f"week {match['year']}-{int(match['week']):02}"
    return ""


def _moment(text: str) -> str:
    match = _MOMENT.fullmatch(text)
    if match is None:
        return ""
    zone = (match[3] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    found = datetime.fromisoformat(f"{match[1]}T{match[2]}{zone.replace('Z', '+00:00')}")
    return f"moment {found.astimezone(UTC).isoformat()}" if found.tzinfo else f"local {found.isoformat()}"


def _clock(text: str) -> str:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return ""
    hour, half = int(match[1] or match[5]), (match[4] or match[6] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half == "p" else 0)
    elif len(match[1]) < 2:
        return ""  # "4:30" may be a ratio
    minute, second = int(match[2] or 0), int(match[3] or 0)
    return f"clock {hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second < 60 else ""
