"""A handoff's report: what each fact became, what a person has to decide, and what could not be taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from atocore.knowledge.ingestion.wave_report import table

if TYPE_CHECKING:
    from atocore.knowledge.handoff.plans import Imported


def report(done: Imported, tool: str, told: Sequence[tuple[str, str, str]]) -> str:
    """The page of one pass; `told` lists the candidates that were made or changed."""
    figures = (
        ("facts read", done.read),
        ("new candidates", done.new),
        ("updated candidates", done.updated),
        ("unchanged", done.unchanged),
        ("deferred by a cap", done.deferred),
        ("accepted already", done.agreed),
        ("rejected before, and the same still", done.refused),
        ("contradict what people accepted", len(done.clashing)),
    )
    lines = [
        f"# Wave {done.wave}",
        "",
        f"Made by `atocore import --from-tool {tool}`. Candidates wait in `atocore list --status candidate`.",
        "",
        *table(("facts", "number"), figures),
        "## Conflicts with what people accepted",
        "",
        *table(("conflict", "decide"), [(f"`{i}`", f"`atocore conflicts show {i}`") for i in done.clashing]),
        "## Candidates",
        "",
        *table(("record", "is", "what it says"), [(f"`{i}`", how, what) for i, how, what in told]),
        "## Facts that need a look",
        "",
        *table(("file", "place", "id", "why"), [(r.path, r.place, r.id, r.reason) for r in done.rows]),
        "## Facts that vanished",
        "",
        "Their records stay as they are.",
        "",
        *table(
            ("external id", "record", "status", "what it says"),
            [(v.external_id, f"`{v.record}`", v.status, v.title) for v in done.vanished],
        ),
    ]
    return "\n".join(lines).rstrip() + "\n"
