"""import on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say
from atocore.cli.printing import print_conflicts, print_written

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.importing import HandedOver


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "--from-tool", "tool", required=True, metavar="NAME", help="The tool that handed the files over."
)
@click.option("--project", "-p", default="", help="The project of the facts, whatever the files say.")
@click.option("--dry-run", is_flag=True, help="Show the plan as a diff; write nothing.")
@common
@examples(
    "atocore import --from-tool solidworks bom.json --project p04-telescope",
    "fem-export model.db | atocore import --from-tool nastran - --dry-run",
)
@verb
def import_(vault: Vault, files: tuple[str, ...], tool: str, project: str, dry_run: bool) -> None:
    """Take in the typed facts that an engineering tool hands over as JSON, as candidates.

    Again with a changed file, its candidates are brought up to date; where people accepted another value,
    that stands, and a conflict shows both. FILE may be - for standard input. The format is that of
    `atocore schema --handoff`.
    """
    stdin = sys.stdin.buffer.read() if "-" in files else b""
    answer = vault.import_from_tool(tool, *files, project=project, stdin=stdin, dry_run=dry_run)
    if call().json:
        emit(answer)
    else:
        _print(answer)


def _print(answer: HandedOver) -> None:
    if answer.dry_run:
        print_written(answer)
    elif answer.commit:
        for record in answer.records:
            say(f"{record.id}  {record.type}  {record.title}")
        print_conflicts(answer.conflicts)
    told = [
        f"{answer.updated} updated",
        f"{answer.unchanged} unchanged",
        f"{answer.agreed} accepted already",
        f"{answer.refused} rejected before",
        f"{answer.deferred} deferred",
    ]
    say(f"{plural(answer.read, 'fact')}: {plural(answer.candidates, 'candidate')}, {', '.join(told)}")
    for row in answer.skipped:
        name = f" ({row.id})" if row.id else ""
        note(f"{row.path}{row.place}{name}: {row.reason}")
    for gone in answer.vanished:
        note(f"vanished: {gone.external_id}, {gone.record} ({gone.status}) stays")
    if answer.commit:
        say(f"committed {answer.commit[:10]}; report: {answer.report}")
        if answer.candidates or answer.updated:
            note("next: atocore list --status candidate")
