"""What is wrong with the value of one key of a handoff, by the form that the format's table gives it."""

from __future__ import annotations

from atocore.knowledge.handoff.table import MAX_ENTRIES, MAX_LINE, MAX_TEXT, Field
from atocore.records.codec import parse_time
from atocore.records.relation_table import RELATION_TYPES


class Typed(str):
    """A number of the file, as it was typed."""

    __slots__ = ()


def wrong_with(field: Field, value: object) -> str:
    """What is wrong with a key's value, "" where nothing is."""
    if field.choices:
        return "" if value in field.choices else f"is to be one of: {', '.join(field.choices)}"
    match field.form:
        case "line":
            return _wrong_line(value)
        case "text":
            return _too_long(value, MAX_TEXT) if isinstance(value, str) else "is to be a text"
        case "value":
            if isinstance(value, bool):
                return ""
            return _wrong_line(value)
        case "lines":
            return _wrong_lines(value)
        case "ratio":
            fine = isinstance(value, Typed) and len(value) < 40 and 0 <= float(value) <= 1
            return "" if fine else "is to be a number from 0 to 1"
        case "date":
            fine = isinstance(value, str) and parse_time(value) is not None
            return "" if fine else "is to be a date (2026-11-22) or a time (2026-11-22T07:46:00Z)"
        case _:
            return _wrong_relations(value)


def _wrong_line(value: object) -> str:
    if not isinstance(value, str):
        return "is to be one text"
    return "is to be one line" if "\n" in value or "\r" in value else _too_long(value, MAX_LINE)


def _too_long(value: str, limit: int) -> str:
    return f"has {len(value):,} characters; the limit is {limit:,}" if len(value) > limit else ""


def _wrong_lines(value: object) -> str:
    if not isinstance(value, list) or len(value) > MAX_ENTRIES:
        return f"is to be a list of at most {MAX_ENTRIES} texts"
    return next((wrong for entry in value if (wrong := _wrong_line(entry))), "")


def _wrong_relations(value: object) -> str:
    if not isinstance(value, list) or len(value) > MAX_ENTRIES:
        return f"is to be a list of at most {MAX_ENTRIES} relations"
    for entry in value:
        if not isinstance(entry, dict) or _wrong_line(entry.get("target")) or not entry["target"].strip():
            return "is to be a list of `type` and `target` pairs"
        if entry.get("type") not in RELATION_TYPES:
            return f"has an unknown type; one of: {', '.join(RELATION_TYPES)}"
    return ""
