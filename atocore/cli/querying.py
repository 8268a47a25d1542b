"""query on the command line: the named questions to the knowledge graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, say, shown

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from atocore.app.querying import QueryVerbs
    from atocore.views.queries.asking import QueryAnswer


def _complete(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from atocore.views.queries.table import QUERIES

    return [CompletionItem(q.name, help=q.question) for q in QUERIES.values() if q.name.startswith(begun)]


@click.command()
@click.argument("name", required=False, default="", metavar="[NAME]", shell_complete=_complete)
@click.argument("argument", nargs=-1, metavar="[X]")
@click.option(
    "--project", "-p", default="", help="The project's name or an alias; every project where none is given."
)
@click.option("--limit", type=click.IntRange(min=0), default=0, help="At most so many rows; 0 means all.")
@click.option("--since", default="", metavar="SINCE", help="For changed-since: from when on.")
@click.option("--days", type=click.IntRange(min=0), default=None, help="For stale: after so many days.")
@click.option("--mermaid", is_flag=True, help="Print a picture, as git hosts draw it.")
@common
@examples(
    "atocore query",
    "atocore query system-map --mermaid",
    "atocore query orphan-requirements -p p04-telescope",
    'atocore query decisions-on "primary mirror"',
    "atocore query impact ent-9rxcm7rbwc3g --json",
    "atocore query evidence mem-7k2m9qxw4d3f",
    "atocore query changed-since 7d; atocore query changed-since v1.2",
)
@verb
def query(
    vault: QueryVerbs,
    name: str,
    argument: tuple[str, ...],
    project: str,
    limit: int,
    since: str,
    days: int | None,
    mermaid: bool,
) -> None:
    """Ask a named question to committed, active knowledge. Without a name: the list of questions.

    X is a record: an id, a title, an alias, a file's name or path, or the beginning of one. Candidates and
    drafts are no knowledge, and never in an answer. An empty answer says what to write so that it is not.
    """
    if not name:
        _list_queries(vault)
        return
    given = {"changed-since": since, "stale": "" if days is None else str(days)}
    for option, only in (("--since", "changed-since"), ("--days", "stale")):
        if given[only] and name != only:
            raise click.UsageError(f"{option} is for {only}")
        if given[only] and argument:
            raise click.UsageError(f"{option} says the same as an argument: give one")
    words = " ".join(argument) or given.get(name, "")
    answer = vault.query(name, words, project=project, limit=limit, mermaid=mermaid)
    if call().json:
        emit(answer)
        return
    _print(answer)
    for told in answer.notes:
        note(told)


def _list_queries(vault: QueryVerbs) -> None:
    queries = vault.queries()
    if call().json:
        emit({"queries": queries})
        return
    for told in queries:
        say(f"{told.name} {told.argument}".rstrip(), bold=True)
        say(f"    {told.question}")


def _print(answer: QueryAnswer) -> None:
    if answer.mermaid:
        click.echo(shown(answer.mermaid), nl=False)
        return
    from atocore.cli.query_paper import table_lines, tree_lines

    lines = table_lines(answer) if answer.rows is not None else tree_lines(answer)
    for line in lines:
        click.echo(line)
