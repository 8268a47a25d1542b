"""What nobody has looked at for long, what is past its own date, and what rests on a passage that changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from atocore.errors import AtocoreError
from atocore.records.brief import Brief
from atocore.records.codec import parse_time
from atocore.records.record import SourceChange
from atocore.views.queries.answer import Found, Row, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph

STALE_DAYS = 180
"""After so many days without a look a record is stale, where nobody says another number."""


def stale(asked: Asked) -> Found:
    """Active knowledge that was last promoted or confirmed long ago, that is past its own date, or whose
    passage changed; what has a reason of its own first, then the oldest."""
    graph, days = asked.graph, _days(asked.argument)
    present = newest(graph)
    found = [
        (brief, why)
        for brief in graph.active.values()
        if (not asked.project or brief.project == asked.project)
        and (why := "; ".join(_reasons(brief, present, days, asked.past.passages.get(brief.id))))
    ]
    found.sort(key=lambda one: (one[1].startswith("not looked at"), last_looked_at(one[0]), one[0].id))
    rows = (_stale(graph, brief, present, why) for brief, why in found)
    counted = f"days count up to {present.date()}, the newest time that the vault knows" if present else ""
    why = f"all {len(graph.active)} active records were looked at within {days} days; {counted}"
    return Found(
        rows=tuple(rows), notes=(*asked.past.notes, *([counted] if counted and found else [])), why=why
    )


def _days(argument: str) -> int:
    number = argument.strip().lower().removesuffix("days").removesuffix("d").strip()
    if not argument:
        return STALE_DAYS
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise AtocoreError("bad-value", f"{argument!r} is no number of days", "like: atocore query stale 90")
    return int(number)


def newest(graph: Graph) -> datetime | None:
    """The newest committed time, as the records tell it: what is called now in an answer."""
    stated = {text for brief in graph.records.values() for text in (brief.at, brief.created) if text}
    return max(map(_aware, filter(None, map(parse_time, stated))), default=None)


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def last_looked_at(brief: Brief) -> str:
    """When a person last decided on a record; where no ruling says so, when it was made."""
    return brief.at or brief.created


def overdue(brief: Brief, present: datetime | None, changed: SourceChange | None) -> Iterator[str]:
    """Why a record is to be looked at again, whenever somebody looked last: its passage, its own date."""
    if changed is not None:
        yield "its passage changed in the source" if changed.text else "its passage is gone from the source"
    if present is None:
        return
    until = parse_time(brief.stale_after) if brief.stale_after else None
    if until is not None and _aware(until) < present:
        yield f"to be looked at after {brief.stale_after}"


def _reasons(
    brief: Brief, present: datetime | None, days: int, changed: SourceChange | None
) -> Iterator[str]:
    yield from overdue(brief, present, changed)
    if present is None:
        return
    looked = parse_time(last_looked_at(brief))
    if looked is not None and present - _aware(looked) > timedelta(days=days):
        yield f"not looked at for {(present - _aware(looked)).days} days"


def _stale(graph: Graph, brief: Brief, present: datetime | None, why: str) -> Row:
    looked = parse_time(last_looked_at(brief))
    age = (present - _aware(looked)).days if looked is not None and present is not None else None
    return row(
        graph.cited(brief.id),
        date=last_looked_at(brief),
        day=last_looked_at(brief)[:10],
        step=brief.step if brief.at else "made",
        who=brief.by.partition(" <")[0],
        days=age,
        why=why,
    )
