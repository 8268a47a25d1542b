"""The lifecycle's verbs on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import common, examples, verb, writing
from atocore.cli.printing import print_written
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.answers import Written

_IF = click.option(
    "--if", "if_hash", metavar="HASH", default="", help="Refuse if it changed since `show` told this hash."
)


_YES = click.option("--yes", "-y", is_flag=True, help="Do not ask first.")


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--supersede", multiple=True, metavar="ID", help="The active record that it replaces, same commit."
)
@click.option(
    "--from-file",
    "listed",
    metavar="FILE",
    default="",
    help="Take ids from a file, one a line; what follows # is a comment. - reads standard input.",
)
@_YES
@_IF
@writing
@common
@examples(
    "atocore promote mem-7k2m9qxw4d3f",
    'atocore promote mem-7k2m9qxw4d3f --supersede mem-2h8d5k1n9q4r -m "weighed on the bench"',
    "atocore promote --from-file accepted.txt",
)
@verb
def promote(
    vault: Vault,
    ids: tuple[str, ...],
    supersede: tuple[str, ...],
    listed: str,
    yes: bool,
    if_hash: str,
    reason: str,
    dry_run: bool,
) -> None:
    """Make candidates active: from then on they are knowledge. One commit, undone by `demote`.

    With --from-file it shows what would be promoted, and asks. All are promoted, or none.
    """
    if not listed:
        answer = vault.promote(*ids, supersede=supersede, reason=reason, if_hash=if_hash, dry_run=dry_run)
        print_written(answer)
        return
    from atocore.cli.bulk import ids_in, once_sure

    every = (*ids, *ids_in(listed))

    def go(dry_run: bool) -> Written:
        return vault.promote(*every, supersede=supersede, reason=reason, dry_run=dry_run)

    print_written(once_sure("promote", go, yes=yes, dry_run=dry_run))


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--rule", default="", help="All candidates of this rule.")
@click.option("--source", default="", metavar="ID|PATH", help="All from this source, capture or document.")
@click.option("--wave", default="", metavar="ID", help="All of this wave.")
@click.option("--project", "-p", default="", help="Of those, the ones of this project.")
@_YES
@_IF
@writing
@common
@examples(
    'atocore reject ent-4t6w8y0a2c5e --reason "a quotation, not our decision"',
    'atocore reject --rule prose-decision --project p04 --reason "minutes of another team"',
)
@verb
def reject(
    vault: Vault,
    ids: tuple[str, ...],
    rule: str,
    source: str,
    wave: str,
    project: str,
    yes: bool,
    if_hash: str,
    reason: str,
    dry_run: bool,
) -> None:
    """Refuse candidates, with --reason. They are kept, so that the same is not proposed again.

    With --rule, --source or --wave it shows which candidates fit, and asks. All are rejected, or none.
    """
    if not (rule or source or wave):
        if project:
            raise AtocoreError("usage", "--project alone says too little", "name --rule, --source or --wave")
        print_written(vault.reject(*ids, reason=reason, if_hash=if_hash, dry_run=dry_run))
        return
    if ids:
        raise AtocoreError("usage", "ids and --rule, --source or --wave at once", "one or the other")
    from atocore.cli.bulk import once_sure
    from atocore.knowledge.review.queue import Wanted

    wanted = Wanted(rule=rule, source=source, wave=wave, project=project)

    def go(dry_run: bool) -> Written:
        return vault.reject_wanted(wanted, reason=reason, dry_run=dry_run)

    print_written(once_sure("reject", go, yes=yes, dry_run=dry_run))


def _of_many(name: str, told: str, example: str) -> click.Command:
    """The command of a verb that takes records, a reason and nothing else; its method has the same name."""

    def body(vault: Vault, ids: tuple[str, ...], if_hash: str, reason: str, dry_run: bool) -> None:
        method = getattr(vault, name.replace("-", "_"))
        print_written(method(*ids, reason=reason, if_hash=if_hash, dry_run=dry_run))

    body.__doc__ = told
    options = (
        click.command(name),
        click.argument("ids", nargs=-1, required=True, metavar="ID..."),
        _IF,
        writing,
        common,
        examples(example),
    )
    command = verb(body)
    for option in reversed(options):
        command = option(command)
    assert isinstance(command, click.Command)
    return command


demote = _of_many(
    "demote",
    "Make active records candidates again. Undone by `promote`.",
    'atocore demote mem-7k2m9qxw4d3f -m "the scale was off"',
)
confirm = _of_many(
    "confirm",
    "Say that active records are still true today; also makes a machine-made status count.",
    'atocore confirm mem-7k2m9qxw4d3f -m "weighed again"',
)
reopen = _of_many(
    "reopen",
    "Make rejected records candidates again. Undone by `reject`.",
    "atocore reopen ent-4t6w8y0a2c5e",
)
retire = _of_many(
    "retire",
    "Say that active records are no longer true, without a successor. Undone by `restore-record`.",
    'atocore retire mem-7k2m9qxw4d3f -m "the mirror was sold"',
)
restore_record = _of_many(
    "restore-record",
    "Make superseded or retired records active again.",
    "atocore restore-record mem-2h8d5k1n9q4r",
)


@click.command()
@click.argument("old", metavar="ID")
@click.option("--by", required=True, metavar="ID", help="The active record that replaces it.")
@_IF
@writing
@common
@examples("atocore supersede mem-2h8d5k1n9q4r --by mem-7k2m9qxw4d3f")
@verb
def supersede(vault: Vault, old: str, by: str, if_hash: str, reason: str, dry_run: bool) -> None:
    """Replace an active record by another active one. Undone by `restore-record`."""
    print_written(vault.supersede(old, by, reason=reason, if_hash=if_hash, dry_run=dry_run))


@click.command("put-off")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--until", required=True, metavar="DATE", help="The day on which they are seen again.")
@_IF
@writing
@common
@examples('atocore put-off mem-7k2m9qxw4d3f --until 2027-01-31 -m "after the thermal test"')
@verb
def put_off(vault: Vault, ids: tuple[str, ...], until: str, if_hash: str, reason: str, dry_run: bool) -> None:
    """Leave candidates out of the review queue until a day. `review --all` shows them all the same."""
    print_written(vault.put_off(*ids, until=until, reason=reason, if_hash=if_hash, dry_run=dry_run))


@click.command()
@click.argument("name", metavar="ID")
@click.option("--into", required=True, metavar="ID", help="The record that says the same, and stays.")
@_IF
@writing
@common
@examples("atocore merge mem-7k2m9qxw4d3f --into mem-2h8d5k1n9q4r")
@verb
def merge(vault: Vault, name: str, into: str, if_hash: str, reason: str, dry_run: bool) -> None:
    """Let a record leave in favour of one that says the same.

    A candidate is rejected in its favour, and an active record superseded by it. Either keeps its text and
    its provenance; the one that stays takes aliases, tags and relations that it lacks.
    """
    print_written(vault.merge(name, into, reason=reason, if_hash=if_hash, dry_run=dry_run))
