"""What queries about the past are handed: read from git and the sources, within stated bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.records.past import Event
from atocore.records.record import Record, SourceChange, is_page
from atocore.records.snapshot import Snapshot
from atocore.store.history import Commit
from atocore.store.trees import FILES, TreeChange
from atocore.views.queries.asked import Asked, Query
from atocore.views.queries.graph import Graph
from atocore.views.queries.past import Needs, Past
from atocore.views.queries.trail import trail_of

MOST_FOLLOWED = 12
"""The history of so many records of a trail is asked for."""
MOST_EVENTS = 50
"""So many steps of one record are told, the newest."""
MOST_COMMITS = 2_000
"""So many commits are read for who changed what and why, the newest."""
MOST_NAMED = 200
"""Git is asked about so many paths by name; of more, all commits are looked at."""
MOST_FILES = 10_000
"""So many changed files are compared."""
_SINCE = "7d"


def past_of(session: Session, query: Query, asked: Asked) -> Past:
    """What a question needs beside the graph; nothing is read for a query that needs nothing."""
    match query.needs:
        case Needs.TRAIL:
            return _trail(session, asked)
        case Needs.CHANGES:
            return _changes(session, asked)
        case Needs.PASSAGES:
            active = asked.graph.active.values()
            return replace(_dates(session, active), passages=moved_passages(session.catalog, asked.graph))
        case Needs.DATES:
            known = asked.graph.records.values()
            return _dates(session, (brief for brief in known if brief.type == "decision"))
        case _:
            return Past()


# When something was.


def _dates(session: Session, briefs: Iterable[Brief]) -> Past:
    """When the newest commit was made, and which commits touched those records that tell no time of their
    own, the newest first."""
    repository = session.repository
    head = session.catalog.commit
    if not head:
        return Past()
    undated = {one.path: one.id for one in briefs if not (one.at or one.created)}
    found: dict[str, tuple[Event, ...]] = {}
    if undated:
        named = undated if len(undated) <= MOST_NAMED else ()
        for commit in islice(repository.history(*named), MOST_COMMITS):
            event = _event(commit, "committed", bool(_machine(session, commit)))
            for change in commit.changes:
                record = undated.get(change.path)
                if record is not None:
                    found[record] = (*found.get(record, ()), event)
    return Past(events=found, at=repository.made_at(head).isoformat())


def _machine(session: Session, commit: Commit) -> str:
    from atocore.app.deciders import authors
    from atocore.knowledge.policy import machine_commit

    return machine_commit(session.settings, authors(commit), commit.trailers)


# What a fact leads back to.


def _trail(session: Session, asked: Asked) -> Past:
    snapshot = session.catalog
    record = snapshot.get(asked.subject.id)
    assert record is not None
    trail = trail_of(snapshot, record, snapshot.local)
    if any(one.id.startswith("int-") and snapshot.get(one.id) is None for one in trail.stations):
        session.in_step(drafts=True)  # captures that git ignores are looked for where one is asked for
        trail = trail_of(snapshot, record, snapshot.local)
    here = {station.id: station.record for station in trail.stations if station.record is not None}
    committed = [one for one in here.values() if snapshot.get(one.id) is not None]
    events = {one.id: tuple(islice(_steps(session, one), MOST_EVENTS)) for one in committed[:MOST_FOLLOWED]}
    left = len(committed) - len(events)
    notes = (f"git was asked about the first {MOST_FOLLOWED} records: {left} tell their last step alone",)
    return Past(
        trail=trail,
        events=events,
        passages=changed_passages(snapshot, here.values()),
        notes=notes if left > 0 else (),
    )


def changed_passages(snapshot: Snapshot, records: Iterable[Record]) -> dict[str, SourceChange]:
    """What became of the passages that records of any status rest on, where they do not stand any more."""
    from atocore.knowledge.ingestion.sources import present_form

    found = ((one.id, present_form(snapshot, one)) for one in records if _rests(one))
    return {record_id: change for record_id, change in found if change is not None}


def _rests(record: Record) -> bool:
    return bool(record.provenance.source or record.provenance.record)


def _steps(session: Session, record: Record) -> Iterator[Event]:
    """The steps on one record, newest first, through the renames of its file."""
    from atocore.app.history import told

    for one in told(session.repository, session.settings, record.path):
        deed = next((deed for deed in one.deeds if deed.record == record.id), None)
        named = record.id in one.commit.trailer("Atocore-Record")
        if deed is not None or named:
            action = one.commit.trailer("Atocore-Action") or ("",)
            yield _event(one.commit, deed.step if deed is not None else action[0], bool(one.machine))


def _event(commit: Commit, step: str, machine: bool) -> Event:
    from atocore.app.deciders import authors

    why = commit.body if commit.trailer("Atocore-Action") else commit.subject
    return Event(step, commit.date.isoformat(), authors(commit)[0], commit.id, why, machine)


# What rests on a passage that changed.


def moved_passages(snapshot: Snapshot, graph: Graph) -> dict[str, SourceChange]:
    """What became of the passages of active records. Only those are read whose source came in again since."""
    waves = {source.id: source.wave for source in graph.documents.values() if source.kind is Kind.SOURCE}
    resting = (one for one in graph.records.values() if one.source and one.status in ("active", "graduated"))
    due = {graph.now(one.id) for one in resting if waves.get(one.source, one.wave) != one.wave}
    records = (snapshot.get(one) for one in sorted(due) if one)
    return changed_passages(snapshot, (record for record in records if record is not None))


# What became of knowledge.


def _changes(session: Session, asked: Asked) -> Past:
    from atocore.knowledge.changed import changes

    snapshot, repository = session.catalog, session.repository
    head = snapshot.commit
    if not head:
        return Past(since=asked.argument)
    base, since = _base(session, asked.argument or _SINCE, head)
    differing = list(repository.tree_changes(base, head)) if base else _all_of(session, head)
    differing = [one for one in differing if is_page(one.path) and one.mode in FILES]
    notes = []
    if len(differing) > MOST_FILES:
        notes.append(f"{len(differing)} files changed: the first {MOST_FILES} are compared")
        differing = differing[:MOST_FILES]
    blobs = dict(repository.blobs({o for one in differing for o in (one.old_oid, one.new_oid) if o}))
    old = {one.path: blobs[one.old_oid] for one in differing if one.old_oid}
    new = {one.path: blobs[one.new_oid] for one in differing if one.new_oid}
    events, cut = events_between(session, base, head)
    notes += cut
    return Past(changes=changes(old, new, asked.graph.status, events), since=since, notes=tuple(notes))


def _base(session: Session, argument: str, head: str) -> tuple[str, str]:
    """The commit that a question about changes starts from ("" before the first), and how it is called. How
    long ago counts from the newest commit, not from the clock."""
    from atocore.knowledge.since import moment

    repository = session.repository
    try:
        start = moment(argument, repository.made_at(head).isoformat())
    except AtocoreError as error:
        try:
            base = repository.resolve(argument)
        except AtocoreError:
            hint = "a date (2026-11-01), a time, how long ago (36h, 7d, 2 weeks), or a commit"
            told = f"{argument!r} is no date, no duration and no commit"
            raise AtocoreError(error.code, told, hint) from error
        return base, base[:10]
    return repository.commit_before(start) or "", start.isoformat()


def _all_of(session: Session, head: str) -> list[TreeChange]:
    """Everything that a commit holds, as what came since nothing."""
    tree = session.repository.tree(head)
    return [TreeChange(path, None, entry.oid, entry.mode) for path, entry in tree.items()]


def events_between(session: Session, base: str, head: str) -> tuple[Mapping[str, Event], list[str]]:
    """The newest commit of each path between two commits, and what limits the answer."""
    found: dict[str, Event] = {}
    commits = session.repository.history_between(base or None, head)
    for commit in islice(commits, MOST_COMMITS):
        event = _event(commit, "", bool(_machine(session, commit)))
        for change in commit.changes:
            for path in (change.path, change.old_path):
                if path:
                    found.setdefault(path, event)
    more = next(commits, None) is not None
    told = f"the newest {MOST_COMMITS} commits tell who and why; older changes tell their own rulings"
    return found, [told] if more else []
