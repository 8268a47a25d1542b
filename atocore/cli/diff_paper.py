"""A diff of knowledge for people: in the terminal, and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from atocore.cli.output import shown
from atocore.views.mirror.markdown import code, items, table, text
from atocore.views.mirror.passed import STEPS

if TYPE_CHECKING:
    from atocore.app.answers import ConflictAnswer
    from atocore.app.diffing import KnowledgeChange, KnowledgeDiff

_MOST_ROWS = 200  # of a comment on a pull request


def plain(found: KnowledgeDiff) -> Iterator[str]:
    """The diff for a terminal."""
    for project, changes in _by_project(found.changes):
        yield shown(project or "(no project)")
        for one in changes:
            yield shown(f"  {STEPS.get(one.step, one.step)}: {one.title}{_claim(one)}")
            who = " ".join(part for part in (one.date[:10], one.by.partition(" <")[0]) if part)
            yield shown(f"    {one.id}  {who}{f': {one.why}' if one.why else ''}")
    for conflict in found.conflicts:
        yield shown(f"would conflict: {conflict.slot}")
        for member in conflict.members:
            yield shown(f"    {member.value}  {member.id}  {member.path}")
    for path in found.both:
        yield shown(f"changed on both sides: {path}")
    yield _summary(found)


def markdown(found: KnowledgeDiff) -> Iterator[str]:
    """The diff as a comment on a pull request."""
    yield f"### Knowledge: {text(_summary(found))}"
    yield ""
    if found.conflicts:
        yield f"**⚠ {_many(len(found.conflicts), 'conflict')} after the merge**"
        yield ""
        yield from items(_conflict(one) for one in found.conflicts)
    if found.both:
        both = ", ".join(map(code, found.both[:20]))
        yield f"{_many(len(found.both), 'file')} changed on both sides: {both}"
        yield ""
    shown_rows = 0
    for project, changes in _by_project(found.changes):
        rows = [_row(one) for one in changes][: _MOST_ROWS - shown_rows]
        shown_rows += len(rows)
        if rows:
            yield f"#### {text(project) or 'Without a project'}"
            yield ""
            yield from table(("what", "record", "claim", "by", "why"), rows)
    left = len(found.changes) - shown_rows
    if left:
        yield f"{left} more: {code(f'atocore diff {found.span}'.strip())}"


def _by_project(changes: Sequence[KnowledgeChange]) -> Iterator[tuple[str, list[KnowledgeChange]]]:
    ordered = sorted(changes, key=lambda one: (one.project, one.step, one.title.casefold(), one.id))
    for project, some in groupby(ordered, key=lambda one: one.project):
        yield project, list(some)


def _claim(one: KnowledgeChange) -> str:
    if one.before and one.after and one.before != one.after:
        return f" ({one.before} → {one.after})"
    said = one.after or one.before
    return f" ({said})" if said and said != one.title else ""


def _row(one: KnowledgeChange) -> Sequence[str]:
    changed = one.before and one.after and one.before != one.after
    claim = f"{text(one.before)} → {text(one.after)}" if changed else text(one.after or one.before)
    name = f"{text(one.title)} {code(one.id)}"
    return (text(STEPS.get(one.step, one.step)), name, claim, text(one.by.partition(" <")[0]), text(one.why))


def _conflict(one: ConflictAnswer) -> str:
    sides = " or ".join(f"{text(member.value)} ({code(member.id)})" for member in one.members)
    return f"{text(one.slot)}: {sides}"


def _summary(found: KnowledgeDiff) -> str:
    told = [_many(len(found.changes), "change")]
    if found.candidates:
        told.append(_many(found.candidates, "candidate"))
    if found.onto:
        told.append(f"{_many(len(found.conflicts), 'new conflict')} after a merge")
    return ", ".join(told)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
