"""conflicts on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb, writing
from atocore.cli.output import emit, note, plural, say, shown, table
from atocore.cli.printing import marked_line, print_conflicts, print_written

if TYPE_CHECKING:
    from atocore.app import Vault


@click.group()
@common
def conflicts() -> None:
    """What cannot both be true: found by itself, decided by people."""


@conflicts.command("list")
@click.option("--status", type=click.Choice(["open", "resolved", "dismissed", "all"]), default="open")
@click.option("--project", "-p", default="", help="Those with a member in this project.")
@common
@examples("atocore conflicts list", "atocore conflicts list --status all --json")
@verb
def conflicts_list(vault: Vault, status: str, project: str) -> None:
    """List conflicts, the open ones where no status is named."""
    answer = vault.conflicts_list(status=status, project=project)
    if call().json:
        emit(answer)
        return
    open_ones = [conflict for conflict in answer.conflicts if conflict.status == "open"]
    print_conflicts(open_ones)
    decided = [conflict for conflict in answer.conflicts if conflict.status != "open"]
    table(("ID", "STATUS", "SLOT"), [(c.id, c.status, c.slot) for c in decided])
    note(plural(len(answer.conflicts), "conflict"))


@conflicts.command("show")
@click.argument("name", metavar="ID")
@common
@examples("atocore conflicts show con-3m5p7r9t1v4x")
@verb
def conflicts_show(vault: Vault, name: str) -> None:
    """Show one conflict with the full text of both sides."""
    answer = vault.conflicts_show(name)
    if call().json:
        emit(answer)
        return
    say(f"{answer.id}  {answer.status}  {answer.slot}", bold=True)
    values = {member.id: marked_line(member.marked) for member in answer.members}
    for side in answer.sides:
        mark = " (prevails meanwhile)" if side.id == answer.prevailing else ""
        click.echo(f"\n{values[side.id]}  {shown(f'{side.id} {side.layer} {side.status}{mark}')}")
        say(f"  {side.path}")
        say(side.text.strip())
    for key, value in (answer.ruling or {}).items():
        say(f"  ruling {key}: {value}")


@conflicts.command("resolve")
@click.argument("name", metavar="ID")
@click.option(
    "--winner", required=True, metavar="ID", help="The member that is true; the others are superseded."
)
@writing
@common
@examples('atocore conflicts resolve con-3m5p7r9t1v4x --winner mem-7k2m9qxw4d3f -m "weighed on the bench"')
@verb
def conflicts_resolve(vault: Vault, name: str, winner: str, reason: str, dry_run: bool) -> None:
    """Decide for one side: it stays active, the others are superseded by it, in one commit."""
    print_written(vault.conflicts_resolve(name, winner=winner, reason=reason, dry_run=dry_run))


@conflicts.command("dismiss")
@click.argument("name", metavar="ID")
@writing
@common
@examples('atocore conflicts dismiss con-3m5p7r9t1v4x --reason "two different mirrors"')
@verb
def conflicts_dismiss(vault: Vault, name: str, reason: str, dry_run: bool) -> None:
    """Decide that it is no conflict, with --reason; every member stays as it is."""
    print_written(vault.conflicts_dismiss(name, reason=reason, dry_run=dry_run))


@conflicts.command("reopen")
@click.argument("name", metavar="ID")
@writing
@common
@examples("atocore conflicts reopen con-3m5p7r9t1v4x")
@verb
def conflicts_reopen(vault: Vault, name: str, reason: str, dry_run: bool) -> None:
    """Make a decided conflict an open one again."""
    print_written(vault.conflicts_reopen(name, reason=reason, dry_run=dry_run))


@conflicts.command("sweep")
@click.option("--dry-run", is_flag=True, help="Show the plan as a diff; write nothing.")
@common
@examples("atocore conflicts sweep --dry-run")
@verb
def conflicts_sweep(vault: Vault, dry_run: bool) -> None:
    """Look at every slot, and make the conflict files true."""
    print_written(vault.conflicts_sweep(dry_run=dry_run))
