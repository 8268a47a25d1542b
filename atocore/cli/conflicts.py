"""conflicts on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb, writing
from atocore.cli.output import emit, note, plural, say, shown, table
from atocore.cli.printing import marked_line, print_conflicts, print_written

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.conflicts import ShownConflict, SideAnswer


@click.group()
@common
def conflicts() -> None:
    """What cannot both be true: found by itself, decided by people."""


@conflicts.command("list")
@click.option("--status", type=click.Choice(["open", "resolved", "dismissed", "all"]), default="open")
@click.option("--project", "-p", default="", help="Those with a member in this project.")
@click.option("--drafts", is_flag=True, help="Instead, those that committing what is saved would make.")
@common
@examples(
    "atocore conflicts list",
    "atocore conflicts list --status all --json",
    "atocore conflicts list --drafts   # before you commit",
)
@verb
def conflicts_list(vault: Vault, status: str, project: str, drafts: bool) -> None:
    """List conflicts, the open ones where no status is named.

    What is saved and not committed is in no conflict yet: --drafts shows what it would contradict.
    """
    answer = vault.conflicts_list(status=status, project=project, drafts=drafts)
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
    """Show one conflict: each side with its text, where it came from and who accepted it; what was decided,
    by which commit; and how to decide."""
    answer = vault.conflicts_show(name)
    if call().json:
        emit(answer)
    else:
        _print(answer)


def _print(answer: ShownConflict) -> None:
    how = f" ({answer.how})" if answer.how else ""
    say(f"{answer.id}  {answer.status}{how} {answer.type}  {answer.slot}", bold=True)
    if answer.type == "claimed" and answer.text:
        say(f"  {answer.text.strip().splitlines()[0]}")
    for key, value in (answer.ruling or {}).items():
        say(f"  ruling {key}: {value}")
    if answer.winner:
        say(f"  winner: {answer.winner}")
    if answer.ended is not None:
        ended = answer.ended
        when = f"{ended.commit[:10]} {ended.date[:10]}"
        say(f"  {answer.how or answer.status} by {when} {ended.subject} ({ended.author})")
    values = {member.id: marked_line(member.marked) for member in answer.members}
    for side in answer.sides:
        prevails = side.id == answer.prevailing and answer.status == "open"
        _print_side(side, values[side.id], prevails=prevails)
    if answer.status == "open":
        _print_ways(answer)


def _print_side(side: SideAnswer, value: str, *, prevails: bool) -> None:
    mark = " (prevails meanwhile)" if prevails else ""
    click.echo(f"\n{value}  {shown(f'{side.id} {side.layer} {side.status}{mark}')}")
    say(f"  {side.path}")
    if side.text.strip():
        say("  " + side.text.strip().replace("\n", "\n  "))
    for name, value in (side.provenance or {}).items():
        say(f"  from {name}: {value}")
    ruling = side.ruling or {}
    if ruling.get("by"):
        why = f": {ruling['why']}" if ruling.get("why") else ""
        say(f"  {ruling['step']} by {ruling['by']} {ruling.get('at', '')[:10]}{why}".rstrip())
    if side.accepted is not None:
        say(f"  accepted in {side.accepted.commit[:10]} {side.accepted.date[:10]} by {side.accepted.author}")


def _print_ways(answer: ShownConflict) -> None:
    """How to decide an open conflict."""
    say("\nto decide:")
    for side in answer.sides:
        say(f"  atocore conflicts resolve {answer.id} --winner {side.id}")
    say(f"  atocore conflicts dismiss {answer.id} --reason TEXT   # if all can be true")


@conflicts.command("add")
@click.argument("ids", nargs=-1, required=True, metavar="ID ID...")
@writing
@common
@examples(
    'atocore conflicts add mem-7k2m9qxw4d3f ent-4t6w8y0a2c5e -m "the mirror cannot be glass and aluminium"'
)
@verb
def conflicts_add(vault: Vault, ids: tuple[str, ...], reason: str, dry_run: bool) -> None:
    """Flag records that cannot all be true, where no slot shows it. --reason says why.

    They are disputed, wherever they show, until somebody resolves or dismisses it, or all but one leave.
    """
    print_written(vault.conflicts_add(*ids, reason=reason, dry_run=dry_run))


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
