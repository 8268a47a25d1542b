"""`atocore backup restore`: no vault has to be there, nor to be one that can be opened."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples
from atocore.cli.output import emit, note, plural, say
from atocore.errors import ERRORS, AtocoreError
from atocore.progress import silent

if TYPE_CHECKING:
    from atocore.app.backups.restored_answer import Restored
    from atocore.cli.progress import Bar


@click.command()
@click.argument("stamp")
@click.option("--confirm-service-stopped", "confirmed", is_flag=True, help="No service uses the vault now.")
@click.option("--target", metavar="DIR", default="", help="Where to; else the vault.")
@click.option("--from", "source", metavar="PLACE", default="", help="Where the backups are.")
@click.option("--no-pre-snapshot", is_flag=True, help="Make no safety snapshot of what is there.")
@click.option("--no-index", is_flag=True, help="Leave the index to the first command that needs one.")
@click.option("--no-embeddings", is_flag=True, help="Leave the backup's embeddings alone.")
@click.option("--dry-run", is_flag=True, help="Check the backup and the target, and write nothing.")
@common
@examples(
    "atocore backup restore latest --confirm-service-stopped",
    "atocore backup restore 20261130T031500Z --from /mnt/backups --target ~/team --confirm-service-stopped",
)
def restore(
    stamp: str,
    confirmed: bool,
    target: str,
    source: str,
    no_pre_snapshot: bool,
    no_index: bool,
    no_embeddings: bool,
    dry_run: bool,
) -> None:
    """Put a backup in place of what the vault holds, or in a folder that is empty or not there yet.

    What is there is backed up first, beside the backup. The folder itself stays, mount point or not; what git
    ignores in it stays, too. STAMP is a backup's name, or `latest`.
    """
    from atocore.app.backups.restored_answer import Options
    from atocore.app.backups.restoring import restore as restored

    if not confirmed and not dry_run:
        told = "a restore replaces what a running service would go on using"
        hint = "end it (atocore daemon --stop), then add --confirm-service-stopped"
        raise AtocoreError("usage", told, hint)
    folder = target or call().vault or os.environ.get("ATOCORE_VAULT") or _around(Path.cwd())
    options = Options(not no_pre_snapshot, not no_index, not no_embeddings)
    with _bar() as bar:
        progress = bar.show if bar else silent
        answer = restored(stamp, folder, source=source, options=options, dry_run=dry_run, progress=progress)
    if call().json:
        emit(answer)
    else:
        _tell(answer)
    if answer.findings:
        click.get_current_context().exit(ERRORS[answer.findings[0].code].exit_code)


def _around(here: Path) -> str:
    """The vault around the current folder, or the folder of one whose restore was cut short."""
    from atocore.app.session import find_vault
    from atocore.store.unfinished import is_unfinished

    for folder in (here, *here.parents):
        if is_unfinished(folder):
            return str(folder)
    try:
        return str(find_vault(here))
    except AtocoreError as error:
        hint = "name the vault's folder: --target DIR"
        raise AtocoreError(error.code, error.message, hint) from error


def _bar() -> AbstractContextManager[Bar | None]:
    """What shows how far it is, on a terminal."""
    if call().json or not sys.stderr.isatty():
        return nullcontext()
    from atocore.cli.progress import Bar

    return Bar()


def _tell(answer: Restored) -> None:
    if answer.dry_run:
        say(f"{answer.stamp} would be restored into {answer.target}")
    else:
        records = plural(sum(answer.counts.values()), "record")
        say(f"{answer.stamp} is restored into {answer.target}: {records}")
    say(f"  commit {answer.commit[:12]}" + (f" on {answer.branch}" if answer.branch else ", HEAD detached"))
    if answer.drafts or answer.captures:
        say(f"  {plural(len(answer.drafts), 'draft')}, {plural(answer.captures, 'capture')}")
    if answer.captures_kept:
        say(f"  {plural(answer.captures_kept, 'capture')} of the last moments kept")
    if answer.safety:
        say(f"  what was there: {answer.safety.path}")
    if answer.index:
        index = answer.index
        say(f"  index: {plural(index.passages, 'passage')}, {plural(index.vectors, 'vector')}")
    for told in (*answer.notes, *(answer.index.notes if answer.index else ())):
        note(f"  {told}")
    for finding in answer.findings:
        say(f"  {finding.check}: {finding.told}", color="red")
    if answer.former:
        say(f"  the former contents are kept in {answer.former}")
    if not answer.dry_run:
        say(f"  restored_integrity_ok: {'true' if answer.restored_integrity_ok else 'false'}")
