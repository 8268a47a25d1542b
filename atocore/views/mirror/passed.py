"""What passed: the steps that people took on knowledge, as the records' own rulings tell them: the timeline,
and what changed lately.

Rulings are read and not git's history: they outlive squashed and rebased commits, a shallow clone has them
all, and pages come out of the tree alone. What lies between two commits is the matter of `diff`, in the same
words (`steps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from atocore.records.brief import Brief
from atocore.records.codec import parse_time
from atocore.records.kinds import Kind
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import items, link, text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import folder, page
from atocore.views.mirror.parts import cited, counted, day, grown, grown_paths, person, trail, turned
from atocore.views.mirror.steps import claim, taken

_UNTOLD = ("reject", "put-off", "demote", "reopen")
"""Steps on what is no knowledge: the review queue's matter."""
RECENT_DAYS = 7


class Passed(NamedTuple):
    """One step on a record. `before` and `after` are what it claimed, where that changed."""

    at: str
    step: str
    by: str
    why: str
    record: Brief
    before: str = ""
    after: str = ""


def ruled(material: Material, project: str) -> list[Passed]:
    """What the records of a project tell of their last steps, newest first."""
    found = []
    for brief in material.of(project, Kind.MEMORY, Kind.ENTITY, Kind.STATE, status=""):
        if brief.step and brief.step not in _UNTOLD and brief.status != "candidate":
            replaced = [old.value for old in material.replaced_by(brief.id) if old.value]
            gone = brief.status == "superseded"
            if gone and brief.superseded_by in material.by_id:
                continue  # its successor's step tells of both
            found.append(
                Passed(brief.at, brief.step, brief.by, brief.why, brief, ", ".join(replaced), brief.value)
            )
    return sorted(found, key=lambda one: (one.at, one.record.id), reverse=True)


def recent(passed: Sequence[Passed]) -> list[Passed]:
    """The steps of the last days, counted back from the newest one and not from the clock."""
    newest = parse_time(passed[0].at) if passed else None
    if newest is None:
        return []
    since = (newest - timedelta(days=RECENT_DAYS)).date().isoformat()
    return [one for one in passed if day(one.at) > since]


def line(material: Material, here: str, one: Passed) -> str:
    """One step as a line of a list."""
    told = f"{cited(material, here, one.record)} {text(taken(one.step))}"
    claimed = claim(one.before, one.after) if one.before else ""
    more = [text(part) for part in (claimed, one.why) if part]
    return f"{told}{': ' if more else ''}{'; '.join(more)} *({person(one.by)})*"


def timeline(material: Material, project: str) -> Iterator[Page]:
    """The timeline of a project, newest first."""
    parts = grown(ruled(material, project))
    paths = grown_paths(len(parts), folder(project), "timeline")
    for at, (here, some) in enumerate(zip(paths, parts, strict=True)):
        yield Page(
            here,
            "Timeline",
            [*by_day(material, here, some), *turned(here, paths, at)],
            trail(material, project),
            len(some),
            material.newest([one.record.path for one in some]),
        )


def by_day(material: Material, here: str, passed: Iterable[Passed]) -> Iterator[str]:
    """Steps below the day on which they were taken."""
    for when, some in groupby(passed, key=lambda one: day(one.at)):
        yield f"## {when or 'Without a day'}"
        yield ""
        yield from items(line(material, here, one) for one in some)


def lately(material: Material, here: str, project: str, passed: Sequence[Passed], most: int) -> list[str]:
    """What changed in the last days, in short."""
    found = recent(passed)
    if not found:
        return []
    told = [f"{day(one.at)} {line(material, here, one)}" for one in found[:most]]
    left = len(found) - len(told)
    return [
        f"## {counted(len(found), 'change')} in the last {RECENT_DAYS} days",
        "",
        *items([*told, *([link(f"{left} more", here, page(folder(project), "timeline"))] if left else [])]),
    ]
