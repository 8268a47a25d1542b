"""What became of knowledge since a day or a commit: the claims before and after, who, when and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from atocore.records.kinds import Kind
from atocore.records.past import Changed
from atocore.records.record import Record
from atocore.records.slots import claimed_value
from atocore.views.queries.answer import Found, Row, row
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import KNOWING, Graph

_NAMED = 4
_NO_KNOWLEDGE = {"candidate": "wait for review", "rejected": "were rejected"}


def changed_since(asked: Asked) -> Found:
    """What was promoted, superseded, retired or edited, with the claim before and after: project by project,
    the newest first."""
    graph = asked.graph
    changes = [
        one for one in asked.past.changes if not asked.project or _project(graph, one) == asked.project
    ]
    counting = sorted((one for one in changes if _counts(one)), key=lambda one: _project(graph, one))
    rows = tuple(_changed(graph, one) for one in counting)
    others = Counter(one.after.status for one in changes if not _counts(one) and one.after is not None)
    told = [f"{others[status]} {word}" for status, word in _NO_KNOWLEDGE.items() if others[status]]
    notes = [*asked.past.notes, *([f"of what is no knowledge, {' and '.join(told)}"] if told else [])]
    return Found(rows=rows, notes=tuple(notes), why=f"no knowledge changed since {asked.past.since}")


def _counts(change: Changed) -> bool:
    """Whether a change makes, alters or ends what counts: knowledge that is active on either side, and
    conflicts."""
    standing = [one for one in (change.before, change.after) if one is not None]
    if standing[0].kind is Kind.CONFLICT:
        return True
    return standing[0].kind in KNOWING and any(one.status == "active" for one in standing)


def _project(graph: Graph, change: Changed) -> str:
    record = change.after or change.before
    assert record is not None
    known = graph.records.get(record.id)
    return known.project if known is not None else record.project


def _changed(graph: Graph, change: Changed) -> Row:
    record = change.after or change.before
    assert record is not None
    cited = replace(graph.cited_anyhow(record), project=_project(graph, change))
    if change.after is None:
        cited = replace(cited, status="deleted")
    before, after = _said(change.before), _said(change.after)
    return row(
        cited,
        day=change.event.date[:10],
        date=change.event.date,
        step=change.step,
        before=before,
        after=after,
        change=_difference(change, before, after),
        keys=_keys(change),
        by=change.event.author,
        who=("machine " if change.event.machine else "") + change.event.author.partition(" <")[0],
        commit=change.event.commit,
        why=change.event.why,
    )


def _said(record: Record | None) -> str:
    """What a record claims; without a claim, its title."""
    return (claimed_value(record) or record.title) if record is not None else ""


def _difference(change: Changed, before: str, after: str) -> str:
    if change.before is None or change.after is None:
        told = _came(change.after, after) if change.after is not None else f"{before} (its file is gone)"
    elif before != after:
        told = f"{before} → {after}"
    elif change.before.status != change.after.status:
        told = f"{change.before.status} → {change.after.status}"
    else:
        told = f"{', '.join(_keys(change)[:_NAMED])} changed"
    return f"{told}: {change.event.why}" if change.event.why else told


def _came(record: Record, said: str) -> str:
    return said if claimed_value(record) else f"now {record.status}"


def _keys(change: Changed) -> tuple[str, ...]:
    """The keys that differ, and `text` for the body."""
    if change.before is None or change.after is None:
        return ()
    old, new = ({item.key: item.value for item in one.header.items} for one in (change.before, change.after))
    keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key) and key != "ruling"]
    return (*keys, *(["text"] if change.before.body != change.after.body else []))
