"""link and unlink on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb, writing
from atocore.cli.output import emit, note, plural, say
from atocore.cli.printing import print_problems, print_related, print_written
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from atocore.app import Vault
    from atocore.app.relating import Linked


def relation_names(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The relations that begin so, for shell completion."""
    from click.shell_completion import CompletionItem

    from atocore.records.relation_table import RELATIONS

    begun = incomplete.replace("-", "_")
    return [
        CompletionItem(name, help=rule.meaning) for name, rule in RELATIONS.items() if name.startswith(begun)
    ]


@click.command()
@click.argument("source", required=False, default="")
@click.argument("relation", required=False, default="", shell_complete=relation_names)
@click.argument("target", required=False, default="")
@click.option("--list", "listed", metavar="ID", default="", help="Tell what this record is related to.")
@writing
@common
@examples(
    "atocore link ent-7k2m9qxw4d3f satisfies ent-4t6w8y0a2c5e",
    'atocore link "Primary mirror" part_of Telescope -m "as drawn"',
    "atocore link ent-7k2m9qxw4d3f decided_by 9q4r --dry-run",
    "atocore link --list Telescope",
)
@verb
def link(
    vault: Vault, source: str, relation: str, target: str, listed: str, reason: str, dry_run: bool
) -> None:
    """Say how two records are related: SOURCE RELATION TARGET. One commit, undone by `unlink`.

    SOURCE and TARGET may be ids, ends of ids, paths, titles or aliases. RELATION is one of the table in
    docs/entities.md, like part_of, satisfies, based_on, validates.
    """
    if listed:
        if source:
            raise AtocoreError(
                "usage", "--list takes one record and nothing beside it", "atocore link --help"
            )
        _print_relations(vault, listed)
        return
    if not target:
        raise AtocoreError("usage", "name SOURCE, RELATION and TARGET", "atocore link --help")
    _print(vault.link(source, relation, target, reason=reason, dry_run=dry_run), "linked")


@click.command()
@click.argument("source")
@click.argument("relation", shell_complete=relation_names)
@click.argument("target")
@writing
@common
@examples(
    "atocore unlink ent-7k2m9qxw4d3f satisfies ent-4t6w8y0a2c5e",
    'atocore unlink "Primary mirror" part_of "[[A title that is gone]]"',
)
@verb
def unlink(vault: Vault, source: str, relation: str, target: str, reason: str, dry_run: bool) -> None:
    """Take a relation of SOURCE to TARGET away. One commit.

    A TARGET that is no record any more is named as it is written in the file.
    """
    _print(vault.unlink(source, relation, target, reason=reason, dry_run=dry_run), "unlinked")


def _print(answer: Linked, done: str) -> None:
    if call().json:
        emit(answer)
        return
    told = f"{answer.source} {answer.type} {answer.target}"
    if answer.already:
        say(f"linked already: {told} (by {answer.already})")
    else:
        if answer.commit:
            say(f"{done}: {told}")
        print_written(answer)
    print_problems(answer.problems)


def _print_relations(vault: Vault, name: str) -> None:
    answer = vault.relations(name)
    if call().json:
        emit(answer)
        return
    say(f"{answer.title or answer.id}  {answer.id}", bold=True)
    print_related(answer.relations, answer.incoming)
    note(plural(len(answer.relations) + len(answer.incoming), "relation"))
