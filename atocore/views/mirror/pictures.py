"""Pictures that stay readable: of a system the whole where it is small, else its top, with arrows lifted to
what is shown; of a requirement its own trace; of decisions the latest, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from atocore.records.brief import Brief
from atocore.views.mirror.markdown import fenced, text
from atocore.views.mirror.parts import counted
from atocore.views.queries.answer import Cited, Line, Link
from atocore.views.queries.asked import Asked
from atocore.views.queries.graph import Graph
from atocore.views.queries.mermaid import Picture, drawn, picture_of, safe
from atocore.views.queries.structure import system_map
from atocore.views.queries.tracing import trace

MOST_WHOLE = 24
"""A system of more parts is drawn by its top alone."""
_MOST_DRAWN, _MOST_ARROWS = 40, 60
_MOST_DAYS, _MOST_A_DAY = 6, 4


def system(graph: Graph, project: str, about: Brief | None = None) -> list[str]:
    """The map of a project's system, or of one part of it; nothing where there are not two parts."""
    found = system_map(Asked(graph, project, about))
    if len(found.lines) < 2:
        return []
    above = dict(_above(found.lines))
    whole = len(found.lines) <= MOST_WHOLE
    fitting = [line for line in found.lines if whole or line.depth < 2]
    boxes = _boxes(fitting, above)
    shown = [line for line in fitting if line.record.id not in above.values() or line.depth][:_MOST_DRAWN]
    tops = _lifted(found.lines, {line.record.id for line in shown}, above)
    arrows = dict.fromkeys(_arrows(shown, found.links, above, boxes, tops))
    arrows = dict(list(arrows.items())[:_MOST_ARROWS])
    if not arrows and not above:
        return []
    cited = tuple(line.record for line in shown)
    inner = {one: box for one, box in boxes.items() if one in {record.id for record in cited}}
    told = {line.record.id for line in shown} | {box.id for box in inner.values()}
    wholes = set(above.values())
    apart = (line for line in found.lines if line.depth or line.record.id not in wholes)
    left = sum(line.record.id not in told for line in apart)
    note = [f"*{counted(left, 'more part')} in the list below; each has its own page.*", ""] if left else []
    return [*_picture(Picture(cited, tuple(arrows), inner)), *note]


def _above(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """By a record's id, the one that it hangs on."""
    trail: list[str] = []
    for line in lines:
        del trail[line.depth :]
        if trail:
            yield line.record.id, trail[-1]
        trail.append(line.record.id)


def _boxes(lines: Sequence[Line], above: Mapping[str, str]) -> dict[str, Cited]:
    """By a record's id the box it is drawn in: its subsystem's, else that of the top."""
    by_id = {line.record.id: line.record for line in lines}
    wholes = set(above.values())
    found = {}
    for line in lines:
        chain = [line.record.id]
        while chain[-1] in above and above[chain[-1]] not in chain:
            chain.append(above[chain[-1]])
        inside = (up for up in chain[:-1] if up in by_id and by_id[up].type == "subsystem" and up in wholes)
        box = next((up for up in inside if _has_shown_parts(up, by_id, above)), chain[-1])
        if box in by_id and (line.depth or len(chain) > 1):
            found[line.record.id] = by_id[box]
    return found


def _has_shown_parts(one: str, shown: Mapping[str, Cited], above: Mapping[str, str]) -> bool:
    return any(whole == one and part in shown for part, whole in above.items())


def _lifted(lines: Sequence[Line], shown: set[str], above: Mapping[str, str]) -> dict[str, str]:
    """By the id of each part, the nearest one at or above it that is drawn."""
    found = {}
    for line in lines:
        at, seen = line.record.id, set[str]()
        while at not in shown and at in above and at not in seen:
            seen.add(at)
            at = above[at]
        if at in shown:
            found[line.record.id] = at
    return found


def _arrows(
    shown: Sequence[Line],
    links: Iterable[Link],
    above: Mapping[str, str],
    boxes: Mapping[str, Cited],
    tops: Mapping[str, str],
) -> Iterator[Link]:
    """What runs across, between what is drawn; then the parts whose whole no box shows."""
    joined: set[frozenset[str]] = set()
    for link in links:
        source, target = tops.get(link.source, ""), tops.get(link.target, "")
        pair = frozenset((source, target))
        is_lifted = (source, target) != (link.source, link.target)
        if source and target and source != target and not (is_lifted and pair in joined):
            yield Link(source, link.label, target)
            joined.add(pair)
    drawn_ids = {line.record.id for line in shown}
    for line in shown:
        whole = above.get(line.record.id, "")
        box = boxes.get(line.record.id)
        if whole in drawn_ids and (box is None or box.id != whole):
            yield Link(whole, "part", line.record.id)


def tracing(graph: Graph, requirement: Brief) -> tuple[list[str], Sequence[Line]]:
    """The trace of one requirement: its picture, and its lines."""
    lines = trace(Asked(graph, requirement.project, requirement)).lines
    if len(lines) < 2:
        return [], ()
    return _picture(picture_of((), lines[:_MOST_DRAWN], (), {})), lines


def _picture(picture: Picture) -> list[str]:
    drawing, notes = drawn(picture)
    return [*fenced(drawing, "mermaid"), *(line for note in notes for line in (f"*{text(note)}*", ""))]


def decisions(found: Sequence[Brief]) -> list[str]:
    """The timeline of the latest decisions, which come newest first; nothing where there are not two."""
    dated = [(day, one) for one in found if (day := (one.at or one.created)[:10])]
    days = [(day, list(some)) for day, some in groupby(dated, key=lambda one: one[0])][:_MOST_DAYS]
    if len(dated) < 2:
        return []
    lines = ["timeline"]
    for month, some in groupby(reversed(days), key=lambda one: one[0][:7]):
        lines.append(f"  section {safe(month)}")
        for day, same in some:
            titles = [safe(one.title or one.id) for _, one in same[:_MOST_A_DAY]]
            more = [f"{len(same) - _MOST_A_DAY} more"] if len(same) > _MOST_A_DAY else []
            lines.append(f"    {safe(day)} : {' : '.join([*titles, *more])}")
    return fenced("\n".join(lines), "mermaid")
