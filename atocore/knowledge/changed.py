"""What became of knowledge between two commits: from the files that differ, whatever lay between.

Knows records and the steps between two versions of a file. Must not know git: commits are handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from atocore.knowledge.recognition import IMPOSSIBLE, recognised
from atocore.records.codec import read
from atocore.records.kinds import Kind
from atocore.records.past import Changed, Event, ruled
from atocore.records.record import Record


def changes(
    old: Mapping[str, bytes],
    new: Mapping[str, bytes],
    counted: Callable[[str], str],
    events: Mapping[str, Event],
) -> tuple[Changed, ...]:
    """What became of each record of these files, by path before and after; the newest first.

    `counted` gives the status that a record counts as, "" where that is the stated one, `events` the newest
    commit of each path.
    """
    before, after = dict(_records(old)), dict(_records(new))
    found = (
        _changed(before.get(one), after.get(one), counted, events)
        for one in sorted(before.keys() | after.keys())
    )
    return tuple(sorted((one for one in found if one), key=lambda one: one.event.date, reverse=True))


def keys_changed(before: Record | None, after: Record | None) -> tuple[str, ...]:
    """The frontmatter keys that differ between two versions, and `text` where the body does; none where one
    of them is missing."""
    if before is None or after is None:
        return ()
    old, new = ({item.key: item.value for item in one.header.items} for one in (before, after))
    keys = [key for key in (*old, *(new.keys() - old.keys())) if old.get(key) != new.get(key)]
    return (*sorted(keys), *(["text"] if before.body != after.body else []))


def _records(files: Mapping[str, bytes]) -> Iterator[tuple[str, Record]]:
    for path in sorted(files):
        record = read(path, files[path], max_bytes=len(files[path])).record
        if record is not None and record.kind is not Kind.NOTE:
            yield record.id, record


def _changed(
    before: Record | None,
    after: Record | None,
    counted: Callable[[str], str],
    events: Mapping[str, Event],
) -> Changed | None:
    known = after or before
    assert known is not None
    step = _step(before, after)
    if not step:
        return None
    if after is not None:
        after = replace(after, status=counted(after.id) or after.status)
    paths = [one.path for one in (after, before) if one is not None]
    event = next((events[path] for path in paths if path in events), None)
    event = event or (ruled(after) if after is not None else None) or Event("", "", "", "", "")
    return Changed(step, before, after, event._replace(step=step, why=_why(after, event)))


def _step(before: Record | None, after: Record | None) -> str:
    """The step between two versions, however many steps led from one to the other; "" where nothing changed
    but the file's name."""
    deeds = list(recognised(before, after))
    step = deeds[0].step if deeds else ""
    return "change" if step == IMPOSSIBLE else step


def _why(after: Record | None, event: Event) -> str:
    """The reason of the record's own ruling, which is about it alone, else the commit's."""
    own = after.ruling.why if after is not None and after.ruling.at else ""
    return own or event.why
