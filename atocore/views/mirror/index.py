"""The front page: what the mirror is, the projects with what stands in them, and where everything else is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atocore.records.kinds import Kind
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import items, link, table
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import page
from atocore.views.mirror.parts import INDEX_TITLE, counted, home, is_shown, title_of

_KNOWING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
INDEX = page("index")
CONFLICTS, PROBLEMS, REVIEW = page("conflicts"), page("problems"), page("review")


def index(material: Material, _: str) -> Iterator[Page]:
    """The mirror's front page."""
    active = [b for b in material.briefs if b.kind in _KNOWING and b.status == "active"]
    waiting = sum(b.status == "candidate" for b in material.briefs)
    lines = [
        "What this team knows: records that its people accepted. Each statement links to its record.",
        "",
        *items(
            [
                link(counted(len(material.open_conflicts), "open conflict"), INDEX, CONFLICTS)
                + ": what cannot both be true",
                link(counted(waiting, "candidate"), INDEX, REVIEW) + ": proposed, not accepted yet",
                link(counted(len(material.problems), "problem"), INDEX, PROBLEMS)
                + ": files that need somebody's look",
            ]
        ),
        "## Projects",
        "",
        *_projects(material),
    ]
    yield Page(
        INDEX,
        INDEX_TITLE,
        lines,
        (),
        len(active),
        material.newest([brief.path for brief in active]),
        "change the records that the pages show, and commit",
    )


def _projects(material: Material) -> Sequence[str]:
    rows = []
    for project in material.projects:
        kinds = [len(material.of(project, kind)) for kind in (Kind.STATE, Kind.ENTITY, Kind.MEMORY)]
        conflicts = sum(one.project == project for one in material.open_conflicts)
        if not is_shown(material, project):
            continue
        name = link(title_of(material, project), INDEX, home(project))
        waiting = sum(b.status == "candidate" for b in material.of(project, *_KNOWING, status=""))
        rows.append((name, *(f"{number:,}" if number else "" for number in (*kinds, conflicts, waiting))))
    head = ("Project", "Trusted state", "Entities", "Memories", "Open conflicts", "Candidates")
    return table(head, rows) or ["Nothing is known yet: `atocore ingest DOCS` proposes, people promote.", ""]
