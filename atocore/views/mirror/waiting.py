"""What waits for people, over all projects: conflicts with both sides, candidates, problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atocore.records.brief import Brief
from atocore.records.problem import PROBLEMS, Severity
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import code, link, table, text
from atocore.views.mirror.material import ConflictSeen, Material
from atocore.views.mirror.names import page
from atocore.views.mirror.parts import ROWS_A_PAGE, cited, counted, day, parted, person, turned

_CONFLICTS_A_PAGE = 25
_ABOVE = (("AtoCore", page("index")),)


def conflicts(material: Material, _: str) -> Iterator[Page]:
    """The conflicts: open ones in full, decided ones in a table."""
    parts = parted(material.open_conflicts, _CONFLICTS_A_PAGE)
    paths = [page("conflicts", number=number + 1) for number in range(len(parts))]
    decided = sorted(
        (one for one in material.conflicts if one.status != "open"), key=lambda one: (one.at, one.id)
    )[::-1]
    for at, (here, open_ones) in enumerate(zip(paths, parts, strict=True)):
        lines = [f"{counted(len(material.open_conflicts), 'open conflict')}.", ""]
        lines += [line for one in open_ones for line in _conflict(material, here, one)]
        lines += turned(here, paths, at)
        if at == 0 and decided:
            rows = [_decided(here, one) for one in decided[:ROWS_A_PAGE]]
            lines += ["## Decided", "", *table(("about", "how", "by", "when", "why"), rows)]
        members = [b for one in open_ones for m in one.members if (b := material.by_id.get(m.id))]
        newest = material.newest([brief.path for brief in members])
        yield Page(here, "Conflicts", lines, _ABOVE, len(members), newest, "resolve or dismiss the conflict")


def _conflict(material: Material, here: str, one: ConflictSeen) -> Iterator[str]:
    yield f'<a id="{one.id}"></a>'
    yield ""
    yield f"## {text(one.slot or one.id)}"
    yield ""
    rows = []
    for member in one.members:
        brief = material.by_id.get(member.id)
        name = cited(material, here, brief) if brief else code(member.id)
        accepted = f"{person(brief.by)} {day(brief.at)}".strip() if brief else ""
        counts = "prevails meanwhile" if member.id == one.prevailing else ""
        rows.append((text(member.value), name, text(member.layer), accepted, counts))
    yield from table(("value", "record", "layer", "accepted", ""), rows)
    winner = one.members[0].id if one.members else "ID"
    yield f"For one side: `atocore conflicts resolve {one.id} --winner {winner}` (or another member's id)."
    yield f"If all can be true: `atocore conflicts dismiss {one.id} --reason TEXT`."
    yield ""


def _decided(here: str, one: ConflictSeen) -> Sequence[str]:
    name = link(one.slot or one.id, here, one.path)
    return (name, text(one.status), person(one.by), day(one.at), text(one.why))


def review(material: Material, _: str) -> Iterator[Page]:
    """The candidates that wait, newest first."""
    found = [brief for brief in material.briefs if brief.status == "candidate"]
    found.sort(key=lambda brief: (brief.created, brief.id), reverse=True)
    parts = parted(found, ROWS_A_PAGE)
    paths = [page("review", number=number + 1) for number in range(len(parts))]
    for at, (here, briefs) in enumerate(zip(paths, parts, strict=True)):
        rows = [_candidate(material, here, brief) for brief in briefs]
        lines = [
            f"{counted(len(found), 'candidate')}: proposed, and no knowledge until a person accepts it.",
            "",
            *table(("proposed", "statement", "claims", "type", "project"), rows),
            *(
                ["To decide: `atocore review`, or set `status: active` in the file and commit.", ""]
                * bool(rows)
            ),
            *turned(here, paths, at),
        ]
        newest = material.newest([brief.path for brief in briefs])
        yield Page(here, "Review queue", lines, _ABOVE, len(briefs), newest)


def _candidate(material: Material, here: str, brief: Brief) -> Sequence[str]:
    about = " ".join(part for part in (brief.subject, brief.attribute) if part) or brief.question
    claim = f"{text(about)} = {text(brief.value)}" if brief.value and about else text(brief.value)
    kind = f"{text(brief.type.replace('_', ' '))} ({brief.kind})"
    return (day(brief.created), cited(material, here, brief), claim, kind, text(brief.project))


def problems(material: Material, _: str) -> Iterator[Page]:
    """What is wrong with single files, errors first."""
    found = sorted(
        material.problems, key=lambda p: (p.severity is not Severity.ERROR, p.path, p.line, p.code)
    )
    parts = parted(found, ROWS_A_PAGE)
    paths = [page("problems", number=number + 1) for number in range(len(parts))]
    for at, (here, some) in enumerate(zip(paths, parts, strict=True)):
        rows = [
            (
                str(problem.severity),
                link(problem.path, here, problem.path) + (f", line {problem.line}" if problem.line else ""),
                text(problem.message),
                text(PROBLEMS[problem.code].hint),
            )
            for problem in some
        ]
        lines = [
            f"{counted(len(found), 'problem')}. An error keeps its file out of knowledge.",
            "",
            *table(("", "file", "what is wrong", "how to mend it"), rows),
            *turned(here, paths, at),
        ]
        newest = material.newest([problem.path for problem in some])
        yield Page(here, "Problems", lines, _ABOVE, len(rows), newest, "mend the files")
