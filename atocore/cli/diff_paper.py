"""A diff of knowledge for people: in the terminal, and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from atocore.cli.output import shown
from atocore.views.mirror.markdown import code, items, table, text, unheard
from atocore.views.mirror.steps import claim, name, taken

if TYPE_CHECKING:
    from atocore.app.answers import ConflictAnswer
    from atocore.app.diffing import KnowledgeChange, KnowledgeDiff

_MOST_ROWS, _MOST_CONFLICTS, _MOST_FILES = 200, 20, 20
_LONGEST_CELL_CHARS = 120
_MOST_ROW_CHARS = 40_000  # a git host takes a comment of 65,536
_UNTOLD_KEYS = ("ruling", "status", "value")  # the step and the claim tell of them


def plain(found: KnowledgeDiff) -> Iterator[str]:
    """The diff for a terminal."""
    for project, changes in _by_project(found.changes):
        yield shown(project or "(no project)")
        for one in changes:
            more = "; ".join(part for part in (_claim(one), _keys(one)) if part)
            yield shown(f"  {taken(one.step)}: {one.title}{f' ({more})' if more else ''}")
            who = " ".join(part for part in (one.date[:10], name(one.by)) if part)
            yield shown(f"    {one.id}  {who}{f': {one.why}' if one.why else ''}")
    for told, conflicts in (("would conflict", found.conflicts), ("would settle", found.settled)):
        for conflict in conflicts:
            yield shown(f"{told}: {conflict.slot}")
            for member in conflict.members:
                yield shown(f"    {member.value}  {member.id}  {member.path}")
    for path in found.unmerged:
        yield shown(f"to be merged by hand: {path}")
    yield _summary(found)


def markdown(found: KnowledgeDiff) -> Iterator[str]:
    """The diff as a comment on a pull request: what needs somebody first, no more than a comment takes, and
    nobody and no other thread called by it."""
    yield f"### Knowledge: {_summary(found)}"
    yield ""
    yield from _conflicts(found.conflicts, "⚠ {} after the merge", "Both sides cannot be true.")
    yield from _files(found.unmerged)
    yield from _conflicts(found.settled, "{} settled by the merge", "")
    shown_rows = chars = 0
    for project, changes in _by_project(found.changes):
        rows = []
        for row in map(_row, changes[: _MOST_ROWS - shown_rows]):
            chars += sum(map(len, row))
            if chars > _MOST_ROW_CHARS:
                break
            rows.append(row)
        shown_rows += len(rows)
        if rows:
            yield f"#### {_said(project) or 'Without a project'}"
            yield ""
            yield from table(("what", "record", "claim", "by", "why"), rows)
    left = len(found.changes) - shown_rows
    if left:
        yield f"{left} more: {code(f'atocore diff {found.span}'.strip())}"


def _conflicts(conflicts: Sequence[ConflictAnswer], heading: str, told: str) -> Iterator[str]:
    if not conflicts:
        return
    yield f"**{heading.format(_many(len(conflicts), 'conflict'))}**{f' {told}' if told else ''}"
    yield ""
    left = len(conflicts) - _MOST_CONFLICTS
    more = [f"{left} more"] if left > 0 else []
    yield from items([*map(_conflict, conflicts[:_MOST_CONFLICTS]), *more])


def _files(paths: Sequence[str]) -> Iterator[str]:
    if not paths:
        return
    left = len(paths) - _MOST_FILES
    named = ", ".join(map(code, paths[:_MOST_FILES])) + (f" and {left} more" if left > 0 else "")
    yield f"**{_many(len(paths), 'file')} to be merged by hand**, and not counted here: {named}"
    yield ""


def _by_project(changes: Sequence[KnowledgeChange]) -> Iterator[tuple[str, list[KnowledgeChange]]]:
    ordered = sorted(changes, key=lambda one: (one.project, one.step, one.title.casefold(), one.id))
    for project, some in groupby(ordered, key=lambda one: one.project):
        yield project, list(some)


def _claim(one: KnowledgeChange) -> str:
    said = claim(one.before, one.after)
    return said if said != one.title else ""


def _keys(one: KnowledgeChange) -> str:
    """What an edit changed beside the claim."""
    keys = [key for key in one.keys if key not in _UNTOLD_KEYS] if one.step == "edit" else []
    return f"changed: {', '.join(keys)}" if keys else ""


def _row(one: KnowledgeChange) -> Sequence[str]:
    record = f"{_said(one.title)} {code(one.id)}"
    parts = [_said(part) for part in (_claim(one), _keys(one)) if part]
    return (_said(taken(one.step)), record, "; ".join(parts), _said(name(one.by)), _said(one.why))


def _conflict(one: ConflictAnswer) -> str:
    sides = " or ".join(f"{_said(member.value)} ({code(member.id)})" for member in one.members)
    return f"{_said(one.slot)}: {sides}"


def _said(said: str) -> str:
    return unheard(text(said, _LONGEST_CELL_CHARS))


def _summary(found: KnowledgeDiff) -> str:
    told = [_many(len(found.changes), "change")]
    if found.candidates:
        told.append(_many(found.candidates, "candidate"))
    if found.onto:
        told.append(f"{_many(len(found.conflicts), 'new conflict')} after a merge")
    if found.settled:
        told.append(f"{len(found.settled)} settled")
    if found.unmerged:
        told.append(f"{_many(len(found.unmerged), 'file')} to be merged by hand")
    return ", ".join(told)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
