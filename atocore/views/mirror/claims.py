"""The life of a claim that is disputed or changed often: each value that was proposed, stood or was refused,
as the records tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atocore.records.brief import Brief
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import code, link, table, text
from atocore.views.mirror.material import ClaimSeen, Material
from atocore.views.mirror.names import folder, page
from atocore.views.mirror.parts import (
    ROWS_A_PAGE,
    cited,
    conflict_at,
    counted,
    day,
    either,
    lived_at,
    parted,
    person,
    trail,
    turned,
)
from atocore.views.mirror.steps import taken

_MOST_EVENTS = 200
_MOST_STANDING = 20
_HEAD = ("When", "What", "Value", "By", "Why", "Record")
_Event = tuple[str, Sequence[str]]


def claims(material: Material, project: str) -> Iterator[Page]:
    """The pages of a project's claims, and the list of them."""
    found = of_project(material, project)
    for claim in found:
        yield _page(material, claim)
    if not found:
        return
    parts = parted(found, ROWS_A_PAGE)
    paths = [page(folder(project), "claims", number=number + 1) for number in range(len(parts))]
    for at, (here, some) in enumerate(zip(paths, parts, strict=True)):
        told = f"{counted(len(found), 'claim')} that were disputed, or had several values."
        rows = [_row(material, here, claim) for claim in some]
        lines = [told, "", *table(("Claim", "Now", "Records", "Conflict"), rows), *turned(here, paths, at)]
        newest = material.newest(brief.path for claim in some for brief in _records(material, claim))
        yield Page(here, "Lives of claims", lines, trail(material, project), len(some), newest)


def of_project(material: Material, project: str) -> list[ClaimSeen]:
    """The claims of a project whose life is told, by what they are about."""
    return sorted((one for one in material.claims if one.project == project), key=lambda one: one.about)


def _records(material: Material, claim: ClaimSeen) -> list[Brief]:
    return [material.by_id[one] for one in claim.records if one in material.by_id]


def _row(material: Material, here: str, claim: ClaimSeen) -> Sequence[str]:
    briefs = _records(material, claim)
    now = either(brief.value for brief in briefs if brief.status == "active")
    disputes = [one for one in material.open_conflicts if one.id in claim.conflicts]
    where = [link("open", here, conflict_at(material, one.id)) for one in disputes]
    past = "decided" if claim.conflicts else ""
    return (link(claim.key, here, lived_at(claim)), now, str(len(briefs)), ", ".join(where) or past)


def _page(material: Material, claim: ClaimSeen) -> Page:
    here = lived_at(claim)
    briefs = _records(material, claim)
    events = [event for brief in briefs for event in _events(material, here, brief)]
    events = sorted([*events, *_rulings(material, here, claim)], key=lambda one: one[0])
    left = len(events) - _MOST_EVENTS
    ask = code(f"atocore slot {briefs[0].id}") if briefs else code("atocore slot")
    lines = [
        *_now(material, here, claim, briefs),
        "## What became of it",
        "",
        *([f"The oldest {left} steps are left out.", ""] if left > 0 else []),
        *table(_HEAD, [cells for _, cells in events[-_MOST_EVENTS:]]),
        f"Each commit that touched it, edits inside a file too: {ask}.",
    ]
    return Page(
        here,
        f"Life of a claim: {claim.key}",
        lines,
        trail(material, claim.project),
        len(briefs),
        material.newest([brief.path for brief in briefs]),
    )


def _now(material: Material, here: str, claim: ClaimSeen, briefs: Sequence[Brief]) -> Iterator[str]:
    standing = [brief for brief in briefs if brief.status == "active"]
    for brief in standing[:_MOST_STANDING]:
        yield f"- **{text(brief.value) or 'no value'}**, says {cited(material, here, brief)}"
    if len(standing) > _MOST_STANDING:
        yield f"- {len(standing) - _MOST_STANDING} more stand"
    if not standing:
        yield "Nothing stands now."
    yield ""
    disputes = [one for one in material.open_conflicts if one.id in claim.conflicts]
    for one in disputes:
        where = conflict_at(material, one.id)
        yield f"{link('Both sides, and how to resolve it', here, where)}"
        yield ""
    values = {brief.value for brief in briefs if brief.value}
    yield f"{counted(len(values), 'value')} in {counted(len(briefs), 'record')} so far."
    yield ""


def _events(material: Material, here: str, brief: Brief) -> Iterator[_Event]:
    name = cited(material, here, brief, marked=False)
    value = text(brief.value)
    if brief.created and (brief.step not in ("add", "set") or not brief.at):
        yield brief.created, (day(brief.created), "proposed", value, "", "", name)
    if brief.step:
        told = text(taken(brief.step))
        by = material.by_id.get(brief.superseded_by)
        if brief.status == "superseded" and by is not None:
            told += f" by {text(by.value)}" if by.value else ""
        yield brief.at, (day(brief.at), told, value, person(brief.by), text(brief.why), name)


def _rulings(material: Material, here: str, claim: ClaimSeen) -> Iterator[_Event]:
    for one in material.conflicts:
        if one.id in claim.conflicts and one.status != "open" and one.at:
            value = next((member.value for member in one.members if member.id == one.winner), "")
            name = link("the conflict", here, one.path)
            told = f"conflict {text(one.status)}"
            yield one.at, (day(one.at), told, text(value), person(one.by), text(one.why), name)
