"""list, show and schema on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say
from atocore.cli.printing import (
    changed_line,
    disputed_line,
    print_conflicts,
    print_history,
    print_records,
    print_related,
    would_lines,
)

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.answers import LivesOn, ShownRecord


@click.command("list")
@click.option(
    "--kind", default="", help="interaction, source, memory, entity, state, conflict, project or note."
)
@click.option("--type", "type_", default="", help="The kind's type, like decision.")
@click.option("--status", default="", help="Like candidate or active.")
@click.option("--project", "-p", default="", help="The project's name or an alias.")
@click.option("--limit", type=click.IntRange(min=0), default=0, help="At most so many; 0 means all.")
@click.option("--full", is_flag=True, help="With each record's text.")
@common
@examples("atocore list --status candidate", "atocore list --kind entity --type decision -p p04 --json")
@verb
def list_(vault: Vault, kind: str, type_: str, status: str, project: str, limit: int, full: bool) -> None:
    """List records. Saved files that are not committed are marked `draft`."""
    answer = vault.list(kind=kind, type=type_, status=status, project=project, limit=limit, full=full)
    if call().json:
        emit(answer)
        return
    print_records(answer.records)
    if full:
        for record in answer.records:
            say(f"\n{record.id}  {record.path}", bold=True)
            say(getattr(record, "text", "").rstrip())


@click.command()
@click.argument("name", metavar="ID")
@common
@examples("atocore show mem-7k2m9qxw4d3f", "atocore show memories/p04/mirror--4d3f.md --json")
@verb
def show(vault: Vault, name: str) -> None:
    """Show one record: its text, where it came from, its history, and what contradicts it.

    ID may be the end of an id, or the record's path.
    """
    answer = vault.show(name)
    if call().json:
        emit(answer)
    else:
        _print(answer)


def _print(record: ShownRecord) -> None:
    say(record.title or record.id, bold=True)
    kind = " ".join(part for part in (record.status, record.type, record.kind, record.layer) if part)
    say(f"{record.id}  {kind}{'  draft' if record.draft else ''}")
    say(f"{record.path}  (hash {record.hash})")
    for label, value in (
        ("project", record.project),
        ("subject", record.subject),
        ("attribute", record.attribute),
        ("value", record.value),
    ):
        if value:
            say(f"  {label}: {value}")
    _print_marks(record)
    say()
    say(record.text.strip())
    say()
    for name, value in (record.provenance or {}).items():
        say(f"  from {name}: {value}")
    for name, value in (record.ruling or {}).items():
        say(f"  ruling {name}: {value}")
    for other in record.merged_from:
        say(f"  merged from {other.id}: {other.title}")
        for name, value in (other.provenance or {}).items():
            say(f"    from {name}: {value}")
    print_related(record.relations, record.incoming)
    told = {one.id for one in record.incoming}
    for other_id in record.linked_from:
        if other_id not in told:
            say(f"  linked from {other_id}")
    for problem in record.problems:
        note(f"{problem.path}:{problem.line}: {problem.message} -> {problem.hint}")
    print_conflicts(record.conflicts)
    if record.history:
        say()
        print_history(record.history)


def _print_marks(record: ShownRecord) -> None:
    """What a reader must know before believing the record."""
    if record.lives_on:
        say(f"→ {_home(record.lives_on)}", color="yellow")
    if record.waits_for:
        say(f"→ waits for {_named(record.waits_for)}: atocore promote {record.waits_for.id}")
    if record.reinforced and record.reinforced.confidence is not None:
        uses = plural(record.reinforced.uses, "use")
        say(f"  confidence: {record.confidence:g}, {record.reinforced.confidence:g} by {uses}")
    if record.disputed:
        say(disputed_line(record.disputed), color="yellow")
    if record.source_changed:
        say(changed_line(record.source_changed, whole=True), color="yellow")
    if record.rejected_before:
        before = record.rejected_before
        say(f"⚠ rejected before as {before.id}: {before.why or 'no reason given'}", color="yellow")
    for line in would_lines(record):
        click.echo(line)


def _home(home: LivesOn) -> str:
    """Where a fact lives now, in a line."""
    if not home.id:
        return f"the fact lives nowhere: {home.dead_end}"
    through = f" (by way of {', '.join(home.via[1:])})" if home.via[1:] else ""
    return f"the fact lives in {_named(home)}{through}"


def _named(home: LivesOn) -> str:
    value = f" = {home.value}" if home.value else ""
    return f"{home.id} ({home.status} {home.type} {home.kind}): {home.title}{value}"


@click.command()
@click.option("--handoff", is_flag=True, help="That of what a tool hands over to `atocore import`.")
@common
@examples("atocore schema > atocore.schema.json", "atocore schema --handoff > handoff.schema.json")
def schema(handoff: bool) -> None:
    """Print the JSON Schema of the frontmatter: kinds, types, statuses and keys."""
    from atocore.knowledge.handoff.table import handoff_schema
    from atocore.records.schema import json_schema

    emit(handoff_schema() if handoff else json_schema())
