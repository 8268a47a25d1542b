"""The review queue: every candidate with the words that it came from and what it would contradict."""

from __future__ import annotations

from collections.abc import Iterator

from atocore.records.brief import Brief
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import page
from atocore.views.mirror.parts import (
    INDEX_TITLE,
    cited,
    counted,
    day,
    parted,
    proven,
    title_of,
    turned,
)

_A_PAGE = 50
_ABOVE = ((INDEX_TITLE, page("index")),)


def review(material: Material, _: str) -> Iterator[Page]:
    """The candidates that wait, by project, newest first."""
    found = [brief for brief in material.briefs if brief.status == "candidate"]
    found.sort(key=lambda brief: (brief.created, brief.id), reverse=True)
    found.sort(key=lambda brief: (not brief.project, brief.project.casefold(), brief.project))
    parts = parted(found, _A_PAGE)
    paths = [page("review", number=number + 1) for number in range(len(parts))]
    for at, (here, briefs) in enumerate(zip(paths, parts, strict=True)):
        lines = [f"{counted(len(found), 'candidate')}: proposed, and no knowledge until a person accepts it."]
        if briefs:
            lines += ["", "To decide: `atocore review`, or set `status: active` in the file and commit."]
        project = None
        for brief in briefs:
            if brief.project != project:
                project = brief.project
                lines += ["", f"## {text(title_of(material, project))}", ""]
            lines += _candidate(material, here, brief)
        lines += ["", *turned(here, paths, at)]
        newest = material.newest([brief.path for brief in briefs])
        yield Page(here, "Review queue", lines, _ABOVE, len(briefs), newest)


def _candidate(material: Material, here: str, brief: Brief) -> Iterator[str]:
    kind = f"{text(brief.type.replace('_', ' '))}{' memory' if brief.kind == 'memory' else ''}"
    since = f", {day(brief.created)}" if brief.created else ""
    yield f"- {cited(material, here, brief)} *({kind}{since})*"
    about = " ".join(part for part in (brief.subject, brief.attribute) if part)
    about = about or brief.question or brief.component
    if brief.value:
        yield f"  - {text(about)} = **{text(brief.value)}**" if about else f"  - **{text(brief.value)}**"
    for other in material.against(brief.id):
        side = material.by_id.get(other.id)
        name = cited(material, here, side) if side else text(other.id)
        yield f"  - ⚠ would contradict **{text(other.value)}**, says {name}"
    if told := proven(material, here, brief.id):
        yield f"  - from {told}"
