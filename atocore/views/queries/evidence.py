"""Evidence: a fact's trail as a table, each station with the commits and people that made it what it is."""

from __future__ import annotations

from collections.abc import Iterator

from atocore.records.kinds import KINDS
from atocore.records.past import Event, ruled
from atocore.records.record import Provenance, SourceChange
from atocore.views.queries.answer import Cited, Found, Row, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph
from atocore.views.queries.trail import MOST, Station

_INWARD = "› "
_NOT_HERE = "not here: this clone does not hold it"
_KINDS = {spec.prefix: str(kind) for kind, spec in KINDS.items()}


def evidence(asked: Asked) -> Found:
    """The fact, its steps, and what it leads back to, each with its own steps below it."""
    past, rows = asked.past, []
    told: set[str] = set()
    above: list[Cited] = []
    for station in past.trail.stations:
        del above[station.depth :]
        cited = _cited(asked.graph, station) if station.id else above[-1]
        above.append(cited)
        if station.depth:
            rows.append(_link(cited, station, past.passages.get(above[station.depth - 1].id)))
        if station.record is not None and station.id not in told:
            told.add(station.id)
            rows += (_step(cited, station.depth, event) for event in _events(asked, station))
    notes = [*past.notes, *([f"only {MOST} stations are told"] if past.trail.left_out else [])]
    return Found(rows=tuple(rows), notes=tuple(notes))


def _events(asked: Asked, station: Station) -> Iterator[Event]:
    """A record's steps, newest first. Its own ruling tells what git does not: the reason, and a step whose
    commit was squashed into another; where git knows nothing of it, also when it was made."""
    assert station.record is not None
    known, own = asked.past.events.get(station.id, ()), ruled(station.record)
    same = next((event for event in known if own and event.step == own.step), None)
    if own and same is None:
        yield own
    yield from (
        event._replace(why=own.why or event.why) if own and event is same else event for event in known
    )
    if not known and station.record.created and not (own and own.date == station.record.created):
        step = "captured" if station.id.startswith("int-") else "made"
        yield Event(step, station.record.created, str(station.record.header.get("client") or ""), "", "")


def _cited(graph: Graph, station: Station) -> Cited:
    record = station.record
    if record is None:
        return Cited(station.id, _KINDS.get(station.id.partition("-")[0], ""), "", "", "", "", "", "", None)
    return graph.cited_anyhow(record)


def _link(cited: Cited, station: Station, changed: SourceChange | None) -> Row:
    """How the station above leads to this one, with the passage where there is one."""
    said = station.said
    here = cited.title or station.id if station.id else ""
    if station.id and station.record is None:
        here = f"{here} ({_NOT_HERE})"
    place = _place(said)
    told = [
        here if station.id not in ("", said.source) or not place else "",
        place,
        said.by if station.via == "proposed by" else "",
    ]
    quote = f"“{said.quote}”" if said.quote else ""
    mark = ""
    if changed is not None and said.source and station.id == said.source:
        mark = f"⚠ now: “{changed.text}”" if changed.text else "⚠ the passage is there no more"
    return _row(
        cited, station.depth, station.via, what=" ".join(filter(None, (*told, quote, mark))), said=said
    )


def _place(said: Provenance) -> str:
    """Where a passage stands, or what a tool handed over."""
    if said.tool:
        parts = (said.tool, said.external_id, said.file, f"revision {said.revision}" if said.revision else "")
        return " ".join(filter(None, parts))
    lines = f":{said.lines}" if said.lines and said.path else ""
    return " › ".join(filter(None, (f"{said.path}{lines}", said.heading)))


def _step(cited: Cited, depth: int, event: Event) -> Row:
    return _row(cited, depth, event.step, event, what=event.why)


def _row(
    cited: Cited,
    depth: int,
    how: str,
    event: Event | None = None,
    *,
    what: str = "",
    said: Provenance | None = None,
) -> Row:
    event = event or Event("", "", "", "", "")
    return row(
        cited,
        depth=depth,
        how=f"{_INWARD * depth}{how}",
        date=event.date,
        day=event.date[:10],
        commit=event.commit,
        at=event.commit[:10],
        by=event.author,
        who=("machine " if event.machine else "") + event.author.partition(" <")[0],
        what=what,
        quote=said.quote if said else "",
        place=_place(said) if said else "",
        rule=said.rule if said else "",
    )
