"""diff on the command line: what became of knowledge between two commits or branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note

if TYPE_CHECKING:
    from atocore.app.diffing import DiffVerbs


@click.command()
@click.argument("span", required=False, default="", metavar="[A...B]")
@click.option("--project", "-p", default="", help="Only what belongs to this project.")
@click.option("--md", is_flag=True, help="Print Markdown, fit to be a comment on a pull request.")
@common
@examples(
    "atocore diff",
    "atocore diff main...my-branch --md",
    "atocore diff HEAD~10..HEAD -p p04-telescope --json",
)
@verb
def diff(vault: DiffVerbs, span: str, project: str, md: bool) -> None:
    """Tell what was promoted, superseded or retired between two commits, which values changed, and which
    conflicts merging B into A would make.

    A...B is what B brought since it parted from A, A..B what differs between them; A alone is A...HEAD, and
    without any it is the default branch against HEAD. The answer is about commits: what is only saved is in
    none.
    """
    found = vault.diff(span, project=project)
    if call().json:
        emit(found)
        return
    from atocore.cli.diff_paper import markdown, plain

    for line in markdown(found) if md else plain(found):
        click.echo(line)
    for told in found.notes:
        note(told)
