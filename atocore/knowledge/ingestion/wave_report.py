"""A wave's report: what was read, what each rule found, what was deferred or passed over, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from atocore.knowledge.ingestion.candidates import Births, Found
from atocore.knowledge.ingestion.wave import Wave
from atocore.records.record import printable

MAX_ROWS = 200
"""So many rows of a table are written; the others are counted."""


def report(wave: Wave, action: str, found: Sequence[Found], births: Births) -> str:
    """The wave's report: what was read, what each rule found, what was deferred or skipped and why."""
    lines = [
        f"# Wave {wave.id}",
        "",
        f"Made by `atocore {action}`. Candidates wait in `atocore list --status candidate`.",
        "",
        "| read | unchanged | chunks | candidates | deferred | proposed before |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| {wave.read} | {wave.unchanged} | {wave.chunks} "
        f"| {wave.candidates} | {wave.deferred} | {wave.already} |",
        "",
        "## What each rule found",
        "",
        *table(("rule", "candidates"), sorted(births.made.items())),
        "## Proposed before",
        "",
        *table(("document", "line", "what", "as"), _repeats(births)),
        "## Passages left alone",
        "",
        *table(("document", "line", "why"), _skips(found)),
        "## Files passed over",
        "",
        *table(("file", "why"), [(passed.path, passed.reason) for passed in wave.skipped]),
        "## Documents that moved",
        "",
        *table(("from and to",), [(told,) for told in wave.moved]),
        "## Documents that vanished",
        "",
        *table(("document",), [(origin,) for origin in wave.vanished]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _skips(found: Sequence[Found]) -> Iterator[tuple[str, int, str]]:
    for one in sorted(found, key=lambda one: one.origin):
        for skip in one.extraction.skipped:
            yield one.origin, skip.line, skip.reason


def _repeats(births: Births) -> Iterator[tuple[object, ...]]:
    for one in sorted(births.repeats, key=lambda one: (one.origin, one.line, one.record)):
        yield one.origin, one.line, one.title, f"{one.record} ({one.status})"


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    """A Markdown table, `None.` where there are no rows; each line ends a paragraph."""
    body = [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    if not body:
        return ["None.", ""]
    more = [f"… and {len(body) - MAX_ROWS} more.", ""] if len(body) > MAX_ROWS else []
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *body[:MAX_ROWS], "", *more]


def _cell(value: object) -> str:
    return " ".join(printable(str(value)).replace("|", "\\|").replace("<", "&lt;").split())
