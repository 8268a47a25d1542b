"""How answers look to a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call
from atocore.cli.output import emit, note, plural, say, shown, table

if TYPE_CHECKING:
    from atocore.app.answers import ConflictAnswer, HistoryEntry, RecordAnswer, RelatedAnswer, Written
    from atocore.records.problem import Problem
    from atocore.records.record import OtherSide, SourceChange
    from atocore.records.values.difference import Part


def print_written(answer: Written) -> None:
    """What a writing verb did."""
    from atocore.app.steps import Proposed

    if call().json:
        emit(answer)
        return
    if isinstance(answer, Proposed):
        if answer.redacted:
            note(f"{plural(answer.redacted, 'secret')} taken out first")
        if answer.already is not None:
            why = f": {answer.already.why}" if answer.already.why else ""
            say(f"already known: {answer.already.id} is {answer.already.status}{why}")
            return
    if answer.dry_run:
        say(answer.diff.rstrip() or "nothing to do")
        print_conflicts(answer.conflicts)
        note("dry run: nothing was written")
        return
    for record in answer.records:
        say(f"{record.id}  {record.kind} {record.status}  {claim_of(record)}")
        say(f"  {record.path}")
        for line in would_lines(record):
            click.echo(f"  {line}")
    if answer.commit:
        say(f"committed {answer.commit[:10]}")
    else:
        say("nothing to do")
    for done in answer.notes:
        say(f"also committed: {done}")
    print_conflicts(answer.conflicts)
    for hint in answer.hints:
        note(hint)


def claim_of(record: RecordAnswer) -> str:
    """A record in one line: its claim where it states one, else its title."""
    name = " ".join(part for part in (record.subject, record.attribute) if part)
    return f"{name} = {record.value}" if name and record.value else record.title


def would_lines(record: RecordAnswer) -> list[str]:
    """What promoting a candidate, or committing a draft, would contradict, with what differs marked."""
    return [against_line(one, record.value or record.title) for one in record.would_conflict]


def print_conflicts(conflicts: Sequence[ConflictAnswer]) -> None:
    """Conflicts, every side in sight; how to decide those that are open."""
    for conflict in conflicts:
        mark = "draft " if conflict.draft else "" if conflict.status == "open" else f"{conflict.status} "
        named = "duplicate" if conflict.type == "duplicate" else "conflict"
        say(f"⚠ {mark}{named} {conflict.id}: {conflict.slot}", color="yellow")
        for member in conflict.members:
            prevails = " (prevails meanwhile)" if member.id == conflict.prevailing else ""
            say(f"    {member.value}  {member.id} {member.layer}{prevails}")
        if conflict.draft:
            say("  it comes with the commit of what is saved; it counts from then on")
        elif conflict.status == "open":
            say(f"  decide: atocore conflicts resolve {conflict.id} --winner ID")


def marked_line(parts: Iterable[Part]) -> str:
    """A value with what differs marked: by colour, or in brackets where there is none."""
    from atocore.cli.paper import Paper

    paper = Paper.here()
    return "".join(paper.mark("", part.text, "") if part.differs else shown(part.text) for part in parts)


def against_line(other: OtherSide, value: str) -> str:
    """What a candidate of this value would contradict, with what differs marked."""
    from atocore.records.values.difference import marked

    lead = shown(f"⚠ would contradict {other.id} ({other.layer}): ")
    return lead + marked_line(marked(other.value, (value,)))


def disputed_line(others: Iterable[OtherSide] | None) -> str:
    """The mark of a disputed record, with the other sides; "" where nothing is disputed."""
    told = "; ".join(f"{other.value} ({other.id}, {other.layer})" for other in others or ())
    return f"⚠ disputed: {told}" if told else ""


def changed_line(change: SourceChange | None, *, whole: bool = False) -> str:
    """The mark of a record whose passage changed in its source, with the present passage (in short, where not
    `whole`); "" where it stands."""
    if change is None:
        return ""
    if change.gone:
        return f"⚠ source changed: the document is gone ({change.source})"
    if not change.text:
        return f"⚠ source changed: the passage is gone from {change.source}"
    now = change.text if whole else " ".join(change.text.split())
    if not whole and len(now) > 160:
        now = now[:159].rstrip() + "…"
    return f"⚠ source changed, now ({change.source}, lines {change.lines}): {now}"


def print_problems(problems: Sequence[Problem]) -> None:
    """What is wrong with files, and how to mend each."""
    for problem in problems:
        color = "red" if problem.severity == "error" else "yellow"
        told = f"{problem.path}:{problem.line}: {problem.severity} {problem.code}: {problem.message}"
        say(told, color=color)
        say(f"    -> {problem.hint}")


def print_records(records: Sequence[RecordAnswer]) -> None:
    """A table of records."""
    rows = [
        (
            record.id,
            f"{record.kind}/{record.type}" if record.type else record.kind,
            record.status + (" draft" if record.draft else ""),
            record.project or "-",
            _what(record),
        )
        for record in records
    ]
    table(("ID", "KIND", "STATUS", "PROJECT", "WHAT"), rows)
    note(plural(len(rows), "record"))


def _what(record: RecordAnswer) -> str:
    """What a record says, in a cell; of a pointer, where its fact went."""
    to = f" → {record.graduated_to}" if record.status == "graduated" else ""
    return (
        claim_of(record)
        + to
        + (" ⚠" if record.disputed or record.source_changed or record.would_conflict else "")
    )


def print_related(relations: Iterable[RelatedAnswer], incoming: Iterable[RelatedAnswer]) -> None:
    """What a record is related to, then what says so of it, each with its title."""
    for one in relations:
        say(f"  {one.reads} -> {_named(one) if one.id else f'{one.target} (no such record)'}")
    for one in incoming:
        say(f"  {one.reads} <- {_named(one)}")


def _named(one: RelatedAnswer) -> str:
    status = f", {one.status}" if one.status not in ("", "active") else ""
    return f"{one.title or one.id} ({one.of_type or one.kind} {one.id}{status})"


def print_history(entries: Sequence[HistoryEntry]) -> None:
    """The audit trail, newest first."""
    for entry in entries:
        say(f"{entry.commit[:10]}  {entry.date[:16].replace('T', ' ')}  {entry.action}  by {entry.author}")
        say(f"    {entry.subject}")
        for line in entry.reason.splitlines():
            say(f"    | {line}")
