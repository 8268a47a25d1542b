"""mirror on the command line: the pages that teammates read, built and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, say

if TYPE_CHECKING:
    from atocore.app.mirror_edits import EditedPage
    from atocore.app.mirroring import MirrorVerbs


@click.group()
def mirror() -> None:
    """The Human Mirror: what is known, as plain linked Markdown pages below `mirror/`."""


@mirror.command()
@click.option("--whole", is_flag=True, help="Look at every page, not only at those that commits can reach.")
@click.option("--overwrite", is_flag=True, help="Also pages that somebody edited and committed.")
@click.option("--dry-run", is_flag=True, help="Show the pages' differences, and write nothing.")
@common
@examples("atocore mirror build", "atocore mirror build --dry-run", "atocore mirror build --whole --json")
@verb
def build(vault: MirrorVerbs, whole: bool, overwrite: bool, dry_run: bool) -> None:
    """Write the pages whose content changed, in one commit.

    The daemon does this by itself. A page that somebody edited stays as it is and is told, with where to
    correct what it says; with --overwrite it is written anew, and the edit stays in git's history.
    """
    built = vault.mirror_build(whole=whole, overwrite=overwrite, dry_run=dry_run)
    if call().json:
        emit(built)
        return
    if dry_run:
        click.echo(built.diff, nl=False)
    for told in built.notes:
        note(told)
    _tell_people(built.edited, built.foreign)
    made, gone, back = len(built.pages), len(built.removed), len(built.restored)
    if not made and not gone and not back:
        say("the mirror is true already" if not built.notes else "no page is due")
        return
    verb_ = "to be " if dry_run else ""
    place = f" on {built.branch}" * bool(built.branch)
    told = f"{made} page{'s' * (made != 1)} {verb_}written, {gone} {verb_}removed"
    told += f", {back} {verb_}restored" * bool(back)
    say(f"{told}{f' in {built.commit[:10]}{place}' if built.commit else ''}")


@mirror.command()
@common
@examples("atocore mirror check", "atocore mirror check --json")
@verb
def check(vault: MirrorVerbs) -> None:
    """Tell whether the mirror is true to its commit; exit code 1 where it is not."""
    checked = vault.mirror_check()
    wrong = [*checked.missing, *checked.outdated, *checked.left_over, *checked.edited]
    if call().json:
        emit(checked)
    else:
        for name in ("missing", "outdated", "left_over"):
            for path in getattr(checked, name):
                say(f"{name.replace('_', ' ')}: {path}")
        _tell_people(checked.edited, checked.foreign)
        say(
            f"{len(wrong)} of {checked.of} pages are not true"
            if wrong
            else f"all {checked.of} pages are true"
        )
    if wrong:
        if not call().json:
            note("make it true: atocore mirror build")
        click.get_current_context().exit(1)


def _tell_people(edited: tuple[EditedPage, ...], foreign: tuple[str, ...]) -> None:
    """What people made below `mirror/`, and what to do about it."""
    for page in edited:
        say(f"edited: {page.path}{' (not committed)' if page.saved else ''}")
        note(f"{page.correct}; then: {page.restore}")
    for path in foreign:
        say(f"not AtoCore's: {path}")
        note("it stays; move it out of mirror/, which is rewritten")
