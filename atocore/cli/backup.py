"""Backups on the command line: create, list, validate, prune."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.drilling import drill
from atocore.cli.output import emit, note, plural, say, table
from atocore.cli.pruning import prune
from atocore.cli.restoring import restore
from atocore.errors import ERRORS

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.backups.answers import BackupAnswer
    from atocore.store.backups.places import Place

_SPANS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@click.group()
@common
def backup() -> None:
    """Backups of the vault: each a folder with a git bundle, a manifest, and what git does not hold.

    A place is a folder, or a git remote: a URL, `host:path`, or `remote:NAME`. The page docs/backup.md tells
    what is in a backup, and what is sent where.
    """


@backup.command("create")
@click.option("--to", metavar="PLACE", default="", help="Where; else the place that the settings name.")
@click.option(
    "--embeddings/--no-embeddings",
    default=None,
    help="With the computed embeddings; else as the settings say.",
)
@click.option(
    "--local/--no-local",
    default=None,
    help="With captures, drafts, stashes and machine settings; else as the settings say.",
)
@click.option("--off-site", is_flag=True, default=None, help="Send it to the places of backup.off_site, too.")
@click.option("--dry-run", is_flag=True, help="Tell what would be made; write nothing.")
@common
@examples(
    "atocore backup create",
    "atocore backup create --to /mnt/backups/team",
    "atocore backup create --to git@git.example.org:team/vault-backup.git",
    "atocore backup create --no-local --dry-run",
)
@verb
def create(
    vault: Vault, to: str, embeddings: bool | None, local: bool | None, off_site: bool | None, dry_run: bool
) -> None:
    """Make a backup, and read all of it back. Older backups stay as they are, whatever happens."""
    answer = vault.backup_create(
        to=to, embeddings=embeddings, local=local, off_site=off_site, dry_run=dry_run
    )
    if call().json:
        emit(answer)
        return
    for told in answer.notes:
        note(f"note: {told}")
    size = "" if dry_run or not answer.bytes else f", {_size(answer.bytes)}"
    state = "would be made" if dry_run else "made and read back"
    say(f"{answer.stamp}  {state}: {plural(sum(answer.counts.values()), 'record')}{size}")
    say(f"  in {answer.path}")
    if answer.files:
        say(f"  holds {', '.join(answer.files)}")
    for one in answer.left_out:
        say(f"  without {one}")
    for sent in answer.off_site:
        say(f"  sent to {sent.place} as {sent.stamp}")


_from = click.option(
    "--from", "source", metavar="PLACE", default="", help="Where they are; no vault is needed then."
)


@backup.command("list")
@_from
@common
@examples("atocore backup list", "atocore backup list --from /mnt/backups/team --json")
def list_(source: str) -> None:
    """List the backups of a place, the newest first, with what a look at their files finds wrong."""
    from atocore.app.backups.reading import backups_in

    answer = backups_in(_place(source))
    if call().json:
        emit(answer)
        return
    several = len({(one.vault, one.clone) for one in answer.backups if one.vault}) > 1
    rows = [_row(one) + ((f"{one.vault} {one.clone}".strip(),) if several else ()) for one in answer.backups]
    table(("stamp", "age", "reason", "records", "size", "holds", *(("vault",) if several else ())), rows)
    for name in answer.unfinished:
        note(f"unfinished: {name}: a backup that was cut short, or is being made")
    note(f"{plural(len(answer.backups), 'backup')} in {answer.place}")


def _row(one: BackupAnswer) -> tuple[str, ...]:
    if one.fault:
        return one.stamp, _age(one.age_seconds), one.reason, "", "", f"damaged: {one.fault}"
    records = str(sum(one.counts.values())) if one.form == "vault" else one.form
    held = ", ".join(name.rpartition(".")[0] for name in one.files) or "references"
    size = _size(one.bytes) if one.bytes else ""
    return one.stamp, _age(one.age_seconds), one.reason, records, size, held


@backup.command("validate")
@click.argument("stamp")
@_from
@click.option("--read-data", is_flag=True, help="Read all of it: checksums, every object, every record.")
@common
@examples(
    "atocore backup validate 20261130T031500Z --read-data",
    "atocore backup validate all --from /mnt/backups/team",
)
@click.pass_context
def validate(context: click.Context, stamp: str, source: str, read_data: bool) -> None:
    """Look whether a backup, or all of them, is what its manifest tells; the vault is not touched.

    The exit code tells what was found first: 11 a file missing, 12 one of another size, 13 of another
    checksum, 14 a wrong manifest, 15 missing or damaged objects.
    """
    from atocore.app.backups.reading import validate as validated

    place = _place(source)
    if call().json or not sys.stderr.isatty():
        answer = validated(place, stamp, read_data=read_data)
    else:
        from atocore.cli.progress import Bar

        with Bar() as bar:
            answer = validated(place, stamp, read_data=read_data, progress=bar.show)
    if call().json:
        emit(answer)
    else:
        for one in answer.backups:
            how = "all of it was read" if read_data else "its files are there; --read-data reads them"
            say(f"{one.stamp}  {f'fine: {how}' if one.ok else 'damaged'}", color=None if one.ok else "red")
            for found in one.findings:
                say(f"  {found.code}: {found.message}")
                say(f"    -> {found.hint}")
    findings = [found for one in answer.backups for found in one.findings]
    if findings:
        context.exit(ERRORS[findings[0].code].exit_code)


def _place(source: str) -> Place:
    from atocore.app.backups.reading import place_from

    return place_from(Path(call().vault or os.environ.get("ATOCORE_VAULT") or Path.cwd()), source)


def _age(seconds: int) -> str:
    """How long ago, in the largest unit of which there are two."""
    if seconds < 0:
        return "?"
    size, name = next((span for span in _SPANS if seconds >= 2 * span[0]), (1, "s"))
    return f"{seconds // size} {name}"


def _size(size: float) -> str:
    """Bytes in a unit that keeps it short."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


backup.add_command(prune)
backup.add_command(restore)
backup.add_command(drill)
