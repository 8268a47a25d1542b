"""state on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb, writing
from atocore.cli.output import emit, note, plural, say, table
from atocore.cli.printing import disputed_line, print_written

if TYPE_CHECKING:
    from atocore.app import Vault


_CATEGORIES = "status, decision, requirement, contact, milestone, fact or config."


@click.group()
@common
def state() -> None:
    """Trusted state: what people declared, above everything else."""


@state.command("set")
@click.argument("project")
@click.argument("key")
@click.argument("value", default="")
@click.option("--category", default="", help=_CATEGORIES)
@click.option(
    "--from",
    "source",
    default="",
    metavar="ID",
    help="The record that it comes from (and VALUE, if left out).",
)
@click.option("--question", default="", metavar="TEXT", help="The question that a decision answers.")
@writing
@common
@examples(
    'atocore state set p04 "primary mirror.mass" "4.2 kg" --from mem-7k2m9qxw4d3f',
    'atocore state set p04 phase "detailed design" --category status',
    "atocore state set p04 mirror.glass Zerodur --question 'Which glass is the mirror of?'",
)
@verb
def state_set(
    vault: Vault,
    project: str,
    key: str,
    value: str,
    category: str,
    source: str,
    question: str,
    reason: str,
    dry_run: bool,
) -> None:
    """Declare a value trusted; what stood there is superseded. KEY is `subject.attribute`, or `attribute`.

    Setting what stands there already writes nothing: `atocore confirm ID` says that it is still true.
    """
    answer = vault.state_set(
        project,
        key,
        value,
        category=category,
        source=source,
        question=question,
        reason=reason,
        dry_run=dry_run,
    )
    if answer.already is not None and not call().json:
        say(f"{answer.already.id} says so already: {answer.already.value}")
        note(f"to say that it is still true: atocore confirm {answer.already.id}")
        for hint in answer.hints:
            note(hint)
    else:
        print_written(answer)


@state.command("get")
@click.argument("project")
@click.argument("key")
@common
@examples('atocore state get p04 "primary mirror.mass"')
@verb
def state_get(vault: Vault, project: str, key: str) -> None:
    """Print what stands at a key."""
    answer = vault.state_get(project, key)
    if call().json:
        emit(answer)
        return
    say(answer.value)
    note(f"{answer.id}  {answer.path}")
    if answer.disputed:
        note(disputed_line(answer.disputed))


@state.command("list")
@click.argument("project", default="")
@click.option("--project", "-p", "named", default="", help="The same as PROJECT.")
@click.option("--category", default="", help=_CATEGORIES)
@common
@examples("atocore state list p04", "atocore state list --category milestone --json")
@verb
def state_list(vault: Vault, project: str, named: str, category: str) -> None:
    """List all trusted state (of a project, of a category)."""
    answer = vault.state_list(project or named, category=category)
    if call().json:
        emit(answer)
        return
    rows = [
        (
            record.project,
            f"{record.subject}.{record.attribute}" if record.subject else record.attribute,
            record.value + (" ⚠" if record.disputed else ""),
            record.type,
            record.id,
        )
        for record in answer.records
    ]
    table(("PROJECT", "KEY", "VALUE", "CATEGORY", "ID"), rows)
    note(plural(len(rows), "value"))


@state.command("history")
@click.argument("project")
@click.argument("key")
@common
@examples('atocore state history p04 "primary mirror.mass"')
@verb
def state_history(vault: Vault, project: str, key: str) -> None:
    """Tell the values that stood at a key: since and until when, who set them, why, and from which record."""
    answer = vault.state_history(project, key)
    if call().json:
        emit(answer)
        return
    rows = [
        (
            one.since[:10],
            f"{one.until[:10]} {one.end}" if one.until else "now",
            one.value,
            one.by.split(" <")[0],
            one.why or "-",
            one.source or "-",
            one.record,
            one.commit[:10],
        )
        for one in answer.values
    ]
    table(("SINCE", "UNTIL", "VALUE", "BY", "WHY", "FROM", "RECORD", "COMMIT"), rows)
    note(plural(len(rows), "value"))


@state.command("unset")
@click.argument("project")
@click.argument("key")
@writing
@common
@examples('atocore state unset p04 phase -m "the project ended"')
@verb
def state_unset(vault: Vault, project: str, key: str, reason: str, dry_run: bool) -> None:
    """Withdraw what stands at a key."""
    print_written(vault.state_unset(project, key, reason=reason, dry_run=dry_run))
