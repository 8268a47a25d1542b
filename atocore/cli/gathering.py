"""capture, ingest and extract on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say
from atocore.cli.printing import print_written

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.extracting import Ingested
    from atocore.knowledge.ingestion.wave import Passed

_NAMED = 20
_FEW = 5
"""So many documents are named one by one, and of each reason why some are passed over."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH...")
@click.option("--project", "-p", default="", help="The project that the documents belong to.")
@click.option(
    "--include",
    multiple=True,
    metavar="PATTERN",
    help="Which files of a folder, as in .gitignore, instead of the settings'. Repeatable.",
)
@click.option(
    "--exclude", multiple=True, metavar="PATTERN", help="What to leave out besides the settings'. Repeatable."
)
@click.option("--no-gitignore", is_flag=True, help="Take what git ignores, too.")
@click.option("--dry-run", is_flag=True, help="Show the plan as a diff; write nothing.")
@common
@examples(
    "atocore ingest docs/adr --project p04-telescope",
    "atocore ingest notes.md -p p04 --dry-run",
    "atocore ingest . -p p04 --include '*.rst' --exclude 'drafts/' --exclude '/third_party/'",
)
@verb
def ingest(
    vault: Vault,
    paths: tuple[str, ...],
    project: str,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    no_gitignore: bool,
    dry_run: bool,
) -> None:
    """Bring documents in as sources, and propose what they hold.

    Markdown and text; reStructuredText, HTML, Word, OpenDocument and PDF with the converters of
    `pip install 'atocore[documents]'`. A file that is named is read; of a folder, what the settings include,
    hidden and git-ignored files left out.

    One wave: one commit with the sources, the candidates, and a report of what was read, found, deferred and
    passed over. Again with the same documents, it does nothing; with changed ones, it takes what changed.
    What is passed over is told with the reason, and stops nothing.
    """
    answer = vault.ingest(
        *paths,
        project=project,
        include=include,
        exclude=exclude,
        gitignore=False if no_gitignore else None,
        dry_run=dry_run,
    )
    _print(answer)


@click.command()
@click.option(
    "--source",
    multiple=True,
    metavar="ID",
    help="Only this source or capture, by id or path; more than once.",
)
@click.option(
    "--since", default="", metavar="WHEN", help="Only what was made since: 2026-11-01, 36h, 2 weeks."
)
@click.option("--project", "-p", default="", help="Only what belongs to this project.")
@click.option("--dry-run", is_flag=True, help="Show the plan as a diff; write nothing.")
@common
@examples(
    "atocore extract",
    "atocore extract --since 7d --project p04-telescope --dry-run",
    "atocore extract --source src-4t6w8y0a2c5e --source int-5rj3v8e0c2ht",
)
@verb
def extract(vault: Vault, source: tuple[str, ...], since: str, project: str, dry_run: bool) -> None:
    """Propose what sources and captures hold and nobody proposed yet; what a cap deferred comes now.

    WHEN is a date, a time or how long ago; it is compared with the date that a capture or document states.
    """
    _print(vault.extract(source=source, since=since, project=project, dry_run=dry_run))


def _print(answer: Ingested) -> None:
    if call().json:
        emit(answer)
        return
    if answer.dry_run:
        print_written(answer)
    elif answer.commit:
        for record in answer.records:
            if record.status == "candidate":
                say(f"{record.id}  {record.type}  {record.title}")
    told = [
        plural(answer.read, "document"),
        f"{answer.unchanged} unchanged",
        *([f"{len(answer.moved)} moved"] if answer.moved else []),
        *([f"{len(answer.vanished)} vanished"] if answer.vanished else []),
        plural(answer.chunks, "passage"),
    ]
    say(f"{', '.join(told)}: {plural(answer.candidates, 'candidate')}, {answer.deferred} deferred")
    if answer.already:
        say(f"{answer.already} proposed before, and not again")
    _note_rest(answer)
    if answer.commit:
        say(f"committed {answer.commit[:10]}; report: {answer.report}")
        note("next: atocore list --status candidate")


def _note_rest(answer: Ingested) -> None:
    """What was deferred, passed over, moved and vanished."""
    if answer.deferred:
        note("what is deferred waits for room in the queue; atocore extract proposes it")
    _note_passed(answer.skipped)
    for told_too in answer.notes:
        note(told_too)
    for move in answer.moved[:_NAMED]:
        note(f"moved: {move}")
    for origin in answer.vanished[:_NAMED]:
        note(f"vanished: {origin} (its source stays)")
    for more in (answer.moved[_NAMED:], answer.vanished[_NAMED:]):
        if more:
            note(f"  … and {len(more)} more: see the report")


def _note_passed(skipped: Sequence[Passed]) -> None:
    """What was passed over, by reason; a few names of each."""
    named: dict[str, list[str]] = {}
    for passed in skipped:
        named.setdefault(passed.reason, []).append(passed.path.replace("\n", "\\n").replace("\r", "\\r"))
    for reason, paths in sorted(named.items(), key=lambda entry: (len(entry[1]), entry[0])):
        more = f" and {len(paths) - _FEW} more" if len(paths) > _FEW else ""
        note(f"passed over {', '.join(paths[:_FEW])}{more}: {reason}")
