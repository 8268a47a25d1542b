"""migrate on the command line: an older vault made one of today's format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb, writing
from atocore.cli.output import emit, note, plural, say

if TYPE_CHECKING:
    from atocore.app.migrating import MigratingVerbs


@click.command()
@writing
@common
@examples("atocore migrate --dry-run", "atocore migrate", "atocore undo COMMIT    # the former format again")
@verb
def migrate(vault: MigratingVerbs, reason: str, dry_run: bool) -> None:
    """Bring a vault of an older format to the one that this AtoCore writes, in one commit.

    Nothing happens to a vault that has it already. With --dry-run it shows every change as a diff, and how
    many files each kind of change touches. A file with uncommitted edits that would change is refused.
    `atocore undo COMMIT` takes all of it back, and an older AtoCore works with the vault again.
    """
    answer = vault.migrate(reason=reason, dry_run=dry_run)
    if call().json:
        emit(answer)
        return
    if not answer.files:
        say(f"nothing to migrate: the vault is of format {answer.after}")
        return
    if dry_run:
        say(answer.diff.rstrip())
    for step in answer.steps:
        say(f"format {step}")
    for told, number in answer.counts.items():
        say(f"  {told}: {plural(number, 'file')}")
    if dry_run:
        for path in answer.drafts:
            note(f"in its way: uncommitted edits in {path}")
        note("dry run: nothing was written")
    elif answer.commit:
        say(f"committed {answer.commit[:10]}")
        note(f"the former format again: atocore undo {answer.commit[:10]}")
