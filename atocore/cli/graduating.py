"""graduate and ungraduate on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.agreeing import agree
from atocore.cli.door import call, common, examples, verb, writing
from atocore.cli.output import emit, note, plural, say, table
from atocore.cli.printing import print_written

if TYPE_CHECKING:
    from collections.abc import Callable

    from atocore.app import Vault
    from atocore.app.graduating import Graduated, GraduationAnswer

_IF = click.option(
    "--if", "if_hash", metavar="HASH", default="", help="Refuse if it changed since `show` told this hash."
)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--type", "type_", default="", metavar="TYPE", help="All active memories of this type (with ids: --to)."
)
@click.option("--project", "-p", default="", help="All active memories of this project.")
@click.option("--tag", default="", help="All active memories with this tag.")
@click.option("--limit", type=click.IntRange(min=0), default=0, help="Of those the first so many; 0: all.")
@click.option(
    "--to", default="", metavar="TYPE", help="The entities' type, where the one that fits is wrong."
)
@click.option("--into", default="", metavar="ID", help="An entity that says the same already.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask first.")
@_IF
@writing
@common
@examples(
    "atocore graduate mem-7k2m9qxw4d3f --dry-run",
    "atocore graduate mem-7k2m9qxw4d3f --to requirement",
    "atocore graduate mem-7k2m9qxw4d3f --into ent-4t6w8y0a2c5e",
    "atocore graduate --type project -p p04 --dry-run",
    "atocore promote ent-4t6w8y0a2c5e   # then",
)
@verb
def graduate(
    vault: Vault,
    ids: tuple[str, ...],
    type_: str,
    project: str,
    tag: str,
    limit: int,
    to: str,
    into: str,
    yes: bool,
    if_hash: str,
    reason: str,
    dry_run: bool,
) -> None:
    """Propose that memories live on as entities.

    A candidate entity is born with the memory's claim and provenance. The memory stays active until the
    entity is promoted, and is its pointer from then on. Where an entity states the same already, the memory
    lives on as that one. Undone by `ungraduate`, or by rejecting the entity.

    With --type, --project or --tag all active memories that fit graduate, or none: they are shown first, and
    without a terminal --yes is needed. The type of each entity is told by the memory's claim or words, else
    by its type; change it with --to, in review, or by editing `type:` of the candidate. Identity, preference
    and episodic memories stay where they are unless --to names a type.
    """

    def go(dry_run: bool) -> Graduated:
        return vault.graduate(
            *ids,
            type=type_,
            project=project,
            tag=tag,
            limit=limit,
            to=to,
            into=into,
            reason=reason,
            if_hash=if_hash,
            dry_run=dry_run,
        )

    if not (ids or dry_run or yes):
        _print_preview(go(True), note)
        agree("graduate them", yes)
    answer = go(dry_run)
    if call().json:
        emit(answer)
    elif dry_run:
        _print_preview(answer, say)
        note("dry run: nothing was written")
    else:
        _print_done(answer)


def _print_preview(answer: Graduated, tell: Callable[[str], None]) -> None:
    """What would graduate, as a table; then what is to be looked at, and what stays."""
    rows = [(one.memory, one.memory_type, _to(one), one.claim, one.why) for one in answer.preview]
    table(("MEMORY", "IS", "BECOMES", "CLAIM", "WHY"), rows, tell)
    for one in answer.preview:
        for side in one.conflicts:
            tell(f"⚠ {one.memory}: would contradict {side.id} ({side.layer}): {side.value}")
        for told in one.notes:
            tell(f"! {one.memory}: {told}")
    for left in answer.passed:
        tell(f"- {left.memory} stays: {left.why}  {left.claim}")
    unsure = sum(not one.sure for one in answer.preview)
    told = plural(len(answer.preview), "memory", "memories")
    note(f"{told}; {unsure} with the usual type (?): look at those" if unsure else told)


def _to(one: GraduationAnswer) -> str:
    if one.joins:
        return f"{one.to} {one.entity}"
    return one.to if one.sure else f"{one.to} ?"


def _print_done(answer: Graduated) -> None:
    if len(answer.preview) == 1:
        print_written(answer)
    else:
        for one in answer.preview:
            say(f"{one.memory} -> {one.entity}  {one.to}  {one.claim}")
        say(f"committed {answer.commit[:10]}" if answer.commit else "nothing to do")
        note(plural(len(answer.preview), "memory", "memories"))
    for one in answer.preview:
        for told in one.notes:
            note(f"! {one.memory}: {told}")
    waiting = list(dict.fromkeys(one.entity for one in answer.preview if one.entity_status == "candidate"))
    if waiting:
        note(f"next: atocore promote {waiting[0]}" if len(waiting) == 1 else "next: atocore review")


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@_IF
@writing
@common
@examples("atocore ungraduate mem-7k2m9qxw4d3f")
@verb
def ungraduate(vault: Vault, ids: tuple[str, ...], if_hash: str, reason: str, dry_run: bool) -> None:
    """Take graduations back, before or after the entities were promoted.

    Each memory holds its fact again. An entity that was born of it leaves, unless other memories live on as
    it.
    """
    print_written(vault.ungraduate(*ids, reason=reason, if_hash=if_hash, dry_run=dry_run))
