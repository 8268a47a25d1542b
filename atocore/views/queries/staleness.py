"""What nobody has looked at for long, what is past its own date, and what rests on a passage that changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from atocore.errors import AtocoreError
from atocore.records.brief import Brief
from atocore.records.codec import parse_time
from atocore.records.past import Event
from atocore.records.record import SourceChange
from atocore.views.queries.answer import Found, Row, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph
from atocore.views.queries.past import Past

STALE_DAYS = 180
"""After so many days without a look a record is stale, where nobody says another number."""


def stale(asked: Asked) -> Found:
    """Active knowledge that was last promoted or confirmed long ago, that is past its own date, or whose
    passage changed; what has a reason of its own first, then the oldest."""
    graph, days = asked.graph, _days(asked.argument)
    present = newest(graph, asked.past.at)
    looks = {brief.id: last_look(brief, asked.past) for brief in graph.active.values()}
    found = [
        (brief, why)
        for brief in graph.active.values()
        if (not asked.project or brief.project == asked.project)
        and (why := "; ".join(_reasons(brief, looks[brief.id], present, days, asked.past)))
    ]
    found.sort(key=lambda one: (one[1].startswith("not looked at"), looks[one[0].id].date, one[0].id))
    rows = (_stale(graph, brief, looks[brief.id], present, why) for brief, why in found)
    counted = f"days count up to {present.date()}, the newest time that the vault knows" if present else ""
    whole = f"all {len(graph.active)} active records were looked at within {days} days"
    why = f"{whole}; {counted}" if counted else whole
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


def newest(graph: Graph, committed: str = "") -> datetime | None:
    """The newest committed time, of the records' own and of the newest commit: what is called now in an
    answer."""
    stated = {text for brief in graph.records.values() for text in (brief.at, brief.created) if text}
    stated.add(committed)
    return max(map(_aware, filter(None, map(parse_time, stated))), default=None)


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def last_look(brief: Brief, past: Past) -> Event:
    """When a person last decided on a record; where no ruling says so, when it was made; where it does not
    say that either, the last commit of a person's that touched it."""
    if brief.at:
        return Event(brief.step, brief.at, brief.by, "", brief.why)
    if brief.created:
        return Event("made", brief.created, brief.by, "", "")
    seen = (event for event in past.events.get(brief.id, ()) if not event.machine)
    return next(seen, Event("made", "", brief.by, "", ""))


def overdue(brief: Brief, present: datetime | None, changed: SourceChange | None) -> Iterator[str]:
    """Why a record is to be looked at again, whenever somebody looked last: its passage, its own date."""
    if changed is not None:
        yield "its passage changed in the source" if changed.text else "its passage is gone from the source"
    if present is None:
        return
    until = parse_time(brief.stale_after) if brief.stale_after else None
    if until is not None and _aware(until) < present:
        yield f"to be looked at after {brief.stale_after}"


def _reasons(brief: Brief, look: Event, present: datetime | None, days: int, past: Past) -> Iterator[str]:
    yield from overdue(brief, present, past.passages.get(brief.id))
    if present is None:
        return
    looked = parse_time(look.date)
    if looked is not None and present - _aware(looked) > timedelta(days=days):
        yield f"not looked at for {(present - _aware(looked)).days} days"


def _stale(graph: Graph, brief: Brief, look: Event, present: datetime | None, why: str) -> Row:
    looked = parse_time(look.date)
    age = (present - _aware(looked)).days if looked is not None and present is not None else None
    return row(
        graph.cited(brief.id),
        date=look.date,
        day=look.date[:10],
        step=look.step,
        who=look.author.partition(" <")[0],
        days=age,
        why=why,
    )
