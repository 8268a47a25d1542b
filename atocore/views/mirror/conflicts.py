"""Conflicts: an open one with both sides, their evidence and how to resolve it on a page of its own; lists of
the open and of the decided ones over all projects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import code, items, link, table, text
from atocore.views.mirror.material import ConflictSeen, Material
from atocore.views.mirror.names import page
from atocore.views.mirror.parts import (
    INDEX_TITLE,
    ROWS_A_PAGE,
    cited,
    conflict_at,
    counted,
    day,
    either,
    grown,
    grown_paths,
    home,
    lived,
    parted,
    person,
    proven,
    title_of,
    turned,
)
from atocore.views.mirror.steps import taken

_MOST_SIDES = 30
_HEAD = ("About", "Sides", "Type", "Project")
_ABOVE = ((INDEX_TITLE, page("index")),)
_WHAT = {
    "value": "Both are accepted, and both cannot be true.",
    "duplicate": "They seem to say the same thing twice.",
    "claimed": "Somebody says that they cannot all be true.",
}
_WORTH = {"L1": "accepted memory", "L2": "accepted entity", "L3": "trusted state", "L0": "proposed"}


def conflicts(material: Material, _: str) -> Iterator[Page]:
    """The list of the open conflicts, and that of the decided ones, newest first."""
    decided = _decided(material)
    parts = parted(material.open_conflicts, ROWS_A_PAGE)
    paths = [page("conflicts", number=number + 1) for number in range(len(parts))]
    for at, (here, some) in enumerate(zip(paths, parts, strict=True)):
        lines = [f"{counted(len(material.open_conflicts), 'open conflict')}: what cannot both be true.", ""]
        lines += table(_HEAD, [_row(material, here, one) for one in some])
        lines += turned(here, paths, at)
        if at == 0 and decided:
            lines += [link(counted(len(decided), "decided conflict"), here, page("conflicts-decided")), ""]
        members = [b for one in some for m in one.members if (b := material.by_id.get(m.id))]
        newest = material.newest([brief.path for brief in members])
        yield Page(here, "Conflicts", lines, _ABOVE, len(members), newest, "resolve or dismiss the conflict")
    older = grown(decided)
    paths = grown_paths(len(older), "conflicts-decided")
    for at, (here, some) in enumerate(zip(paths, older, strict=True)):
        above = (*_ABOVE, ("Conflicts", page("conflicts")))
        lines = [*_rulings(here, some), *turned(here, paths, at)]
        newest = material.newest([one.path for one in some])
        yield Page(here, "Decided conflicts", lines, above, len(some), newest)


def _row(material: Material, here: str, one: ConflictSeen) -> Sequence[str]:
    says = either(member.value for member in one.members)
    name = link(one.slot or one.id, here, conflict_at(material, one.id))
    return (name, says, text(one.type), text(title_of(material, one.project)) if one.project else "")


def sides(material: Material, project: str) -> Iterator[Page]:
    """The page of each open conflict of a project."""
    for one in material.open_conflicts:
        if one.project == project:
            here = conflict_at(material, one.id)
            found = [material.by_id[m.id].path for m in one.members if m.id in material.by_id]
            above = (*_ABOVE, ("Conflicts", page("conflicts")), (title_of(material, project), home(project)))
            lines = list(_open(material, here, one))
            correct = "resolve or dismiss the conflict"
            newest = material.newest(found)
            yield Page(here, one.slot or one.id, lines, above, len(found), newest, correct)


def _decided(material: Material) -> list[ConflictSeen]:
    return sorted(
        (one for one in material.conflicts if one.status != "open"),
        key=lambda one: (one.at, one.id),
        reverse=True,
    )


def _rulings(here: str, some: Sequence[ConflictSeen]) -> list[str]:
    rows = []
    for one in some:
        won = next((member.value for member in one.members if member.id == one.winner), "")
        how = f"{text(one.status)}: {text(won)}" if won else text(one.status)
        name = link(one.slot or one.id, here, one.path)
        rows.append((name, how, person(one.by), day(one.at), text(one.why)))
    return table(("About", "How", "By", "When", "Why"), rows)


def _open(material: Material, here: str, one: ConflictSeen) -> Iterator[str]:
    yield f"**⚠ disputed.** {_WHAT.get(one.type, '')}{lived(material, here, one.id)}".rstrip()
    yield ""
    for member in one.members[:_MOST_SIDES]:
        brief = material.by_id.get(member.id)
        name = cited(material, here, brief, marked=False) if brief else code(member.id)
        yield f"- **{text(member.value) or 'no value'}**, says {name}"
        worth = _WORTH.get(member.layer, text(member.layer))
        if brief and brief.step:
            worth += f", {text(taken(brief.step))} by {person(brief.by)} on {day(brief.at)}"
            worth += f": {text(brief.why)}" if brief.why else ""
        yield f"  - {worth}{'; it prevails meanwhile' if member.id == one.prevailing else ''}"
        if told := proven(material, here, member.id):
            yield f"  - from {told}"
    if len(one.members) > _MOST_SIDES:
        yield f"- {len(one.members) - _MOST_SIDES} more sides: {code(f'atocore conflicts show {one.id}')}"
    yield ""
    yield from _resolved(one)


def _resolved(one: ConflictSeen) -> Iterator[str]:
    winner = one.members[0].id if one.members else "ID"
    twice = one.type == "duplicate"
    keep = "To keep one and merge the other into it" if twice else "If one side is right"
    both = "If they are two things" if twice else "If all can be true"
    yield "## To resolve it"
    yield ""
    yield from items(
        [
            f"{keep}: `atocore conflicts resolve {one.id} --winner {winner}` (or another side's id)",
            f"{both}: `atocore conflicts dismiss {one.id} --reason TEXT`",
        ]
    )
