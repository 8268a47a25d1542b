"""search and context on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

import click

from atocore.cli.asked import asked, emit_asked, with_fields
from atocore.cli.door import call, common, examples
from atocore.cli.output import emit, emit_line, note, plural, say, shown
from atocore.cli.printing import changed_line, disputed_line
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app.finding import SearchAnswer
    from atocore.views.context import Pack


@click.command()
@click.argument("query", nargs=-1, metavar="QUERY...")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True)
@click.option(
    "--kind", default="", help="interaction, source, memory, entity, state, conflict, project, note."
)
@click.option("--type", "type_", default="", help="The kind's type, like decision.")
@click.option("--status", default="", help="Like candidate or superseded; `all` for any. Active by default.")
@click.option("--project", "-p", default="", help="The project's name or an alias.")
@click.option("--tag", default="", help="Records with this tag.")
@click.option("--since", default="", metavar="DATE", help="Records made on that day or later.")
@click.option("--draft", is_flag=True, help="Saved files that are not committed, alone.")
@click.option("--words", is_flag=True, help="By words alone: no model is loaded.")
@click.option("--vectors", is_flag=True, help="By meaning alone.")
@click.option("--wait", is_flag=True, help="Wait until every passage is embedded.")
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8", errors="replace"),
    help="One query a line: text, or JSON with `query` and filters. One JSON document a line comes out.",
)
@common
@examples(
    'atocore search "how heavy is the mirror"',
    "atocore search build_sha --kind entity --words",
    "atocore search mirror --status candidate --json",
    "atocore search --batch queries.txt",
)
def search(
    query: tuple[str, ...],
    limit: int,
    kind: str,
    type_: str,
    status: str,
    project: str,
    tag: str,
    since: str,
    draft: bool,
    words: bool,
    vectors: bool,
    wait: bool,
    batch: TextIO | None,
) -> None:
    """Search by words and meaning: active knowledge, notes, sources and captures, saved ones included.

    Any text is a legal query; "quotes" ask for a phrase, -word leaves a word out.
    """
    if words and vectors:
        raise AtocoreError(
            "usage", "--words and --vectors exclude each other", "leave both out for both halves"
        )
    text = " ".join(query)
    filters = {"kind": kind, "type": type_, "status": status, "project": project, "tag": tag, "since": since}
    if batch is not None:
        if text or any(filters.values()) or draft:
            raise AtocoreError(
                "usage",
                "--batch takes its queries and their filters from the file",
                'one a line, like: {"query": "mirror", "kind": "entity"}',
            )
        with call().open("finding") as vault:
            for answer in vault.search_batch(_queries(batch), limit=limit, words=words, vectors=vectors):
                emit_line(answer)
        return
    if not text.strip():
        raise AtocoreError("usage", "nothing to search for", 'like: atocore search "primary mirror"')
    args: dict[str, Any] = {
        "query": text,
        **filters,
        "draft": draft,
        "limit": limit,
        "words": words,
        "vectors": vectors,
    }
    known = asked("search", **args) if not wait else None  # the daemon does not wait for long
    if known is not None:
        emit_asked(known) if call().json else _print(with_fields(known))
        return
    with call().open("finding") as vault:
        answer = vault.search(**args, wait=wait)
    emit(answer) if call().json else _print(answer)


def _queries(lines: TextIO) -> Iterator[tuple[str, dict[str, str]]]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if not text.startswith("{"):
            yield text, {}
            continue
        try:
            asked = json.loads(text)
            query = asked.pop("query")
            if not all(isinstance(value, str) for value in (query, *asked.values())):
                raise ValueError("no text")
        except (ValueError, KeyError, AttributeError) as error:
            hint = 'like: {"query": "mirror", "kind": "entity"}'
            raise AtocoreError(
                "usage", f"line {number}: no JSON with a `query`, and texts alone", hint
            ) from error
        yield query, asked


def _print(answer: SearchAnswer) -> None:
    for hit in answer.hits:
        kind = " ".join(part for part in (hit.status, hit.type, hit.kind) if part)
        draft = "  draft" if hit.draft else ""
        say(f"{hit.title or hit.path}", bold=True)
        say(f"  {hit.id}  {kind}{draft}  {hit.path}:{hit.line}")
        if hit.snippet:
            say(f"  {hit.snippet}")
        if getattr(hit, "via", ""):  # a daemon of an older version does not tell
            say(f"  found by the words of {hit.via}, which has graduated")
        if hit.disputed:
            say(f"  {disputed_line(hit.disputed)}", color="yellow")
        if hit.source_changed:
            say(f"  {changed_line(hit.source_changed)}", color="yellow")
        say(f"  {hit.score:.3f}: {hit.why}")
    for told in answer.notes:
        note(told)
    if not answer.hits:
        note("nothing was found")
    elif sys.stderr.isatty():
        note(plural(len(answer.hits), "hit"))


@click.command()
@click.argument("query", nargs=-1, metavar="QUERY...")
@click.option(
    "--project", "-p", default="", help="Its trusted state comes first, where anything bears on the question."
)
@click.option(
    "--budget", type=click.IntRange(min=1), default=None, metavar="TOKENS", help="The settings' by default."
)
@click.option(
    "--max-chars", type=click.IntRange(min=1), default=None, help="A host's own limit in characters."
)
@click.option("--pointers", is_flag=True, help="One short line a record instead of its text.")
@click.option("--words", is_flag=True, help="By words alone: no model is loaded.")
@click.option("--explain", is_flag=True, help="Say on stderr what was left out, and why.")
@common
@examples(
    'atocore context "what may the mirror weigh?" --project p04-telescope --budget 800',
    'atocore context "coating" -p p04 --pointers --json',
)
def context(
    query: tuple[str, ...],
    project: str,
    budget: int | None,
    max_chars: int | None,
    pointers: bool,
    words: bool,
    explain: bool,
) -> None:
    """Make one cited pack for an assistant: trusted state, preferences, entities, memories, passages.

    Only committed, active knowledge and passages of sources enter. The same question on the same commit gives
    the same bytes, and never more than the budget.
    """
    args: dict[str, Any] = {
        "query": " ".join(query),
        "project": project,
        "budget": budget or 0,
        "pointers": pointers,
        "max_chars": max_chars or 0,
        "words": words,
    }
    known = asked("context", **args)
    if known is not None:
        emit_asked(known) if call().json else _print_pack(with_fields(known), explain)
        return
    with call().open("finding") as vault:
        answer = vault.context(**args)
    emit(answer) if call().json else _print_pack(answer, explain)


def _print_pack(answer: Pack, explain: bool) -> None:
    click.echo(shown(answer.text), nl=False)
    for told in answer.notes:
        note(told)
    if explain:
        note(f"{answer.used_tokens} of {answer.budget_tokens} tokens")
        for left in answer.left_out:
            note(f"left out {left.id}: {left.reason}")
