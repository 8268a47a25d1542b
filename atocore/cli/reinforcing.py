"""reinforce on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say
from atocore.cli.printing import print_written

if TYPE_CHECKING:
    from atocore.app import Vault


@click.command()
@click.option("--since", default="", metavar="WHEN", help="Only captures since: 2026-11-01, 36h, 2 weeks.")
@click.option("--project", "-p", default="", help="Only captures of this project.")
@click.option("--words", is_flag=True, help="By wording alone, without the model.")
@click.option("--dry-run", is_flag=True, help="Show the plan as a diff; write nothing.")
@common
@examples("atocore reinforce --since 7d --dry-run", "atocore reinforce --project p04-telescope")
@verb
def reinforce(vault: Vault, since: str, project: str, words: bool, dry_run: bool) -> None:
    """Find which active memories the answers of captures used, and tell so in this clone's monthly reports.

    A memory keeps the confidence it was born with; the reinforced one is computed when read, and shown by
    `atocore list --json` and `atocore show --json`.
    """
    answer = vault.reinforce(since=since, project=project, words=words, dry_run=dry_run)
    if call().json:
        emit(answer)
        return
    if answer.dry_run:
        print_written(answer)
    for use in answer.uses:
        near = "" if use.closeness is None else f", meaning {use.closeness:.2f}"
        why = f"words {use.share:.2f}{near} ({', '.join(use.words)})"
        say(f"{use.day}  {use.capture} used {use.memory}: {why}")
    asked = "by words and meaning" if answer.mode == "hybrid" else "by words alone"
    say(f"{plural(answer.read, 'answer')} {asked}: {plural(len(answer.uses), 'use')}, {answer.known} known")
    for told in answer.notes:
        note(told)
    if answer.commit:
        say(f"committed {answer.commit[:10]}: {', '.join(answer.reports)}")
