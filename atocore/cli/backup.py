"""Backups on the command line: create, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say
from atocore.cli.pruning import prune

if TYPE_CHECKING:
    from atocore.app import Vault


@click.group()
@common
def backup() -> None:
    """Backups of the vault: each a folder with a git bundle, a manifest, and what git does not hold."""


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
    help="With captures, drafts and machine settings; else as the settings say.",
)
@common
@examples(
    "atocore backup create",
    "atocore backup create --to /mnt/backups/team",
    "atocore backup create --no-local",
)
@verb
def create(vault: Vault, to: str, embeddings: bool | None, local: bool | None) -> None:
    """Make a backup and validate it. Older backups stay as they are, whatever happens."""
    answer = vault.backup_create(to=to, embeddings=embeddings, local=local)
    if call().json:
        emit(answer)
        return
    say(f"{answer.stamp}  {plural(sum(answer.counts.values()), 'record')}, {answer.bytes:,} bytes")
    say(f"  {answer.path}")
    for one in answer.left_out:
        note(f"  left out: {one}")


@backup.command("list")
@click.option("--from", "source", metavar="PLACE", default="", help="Where they are.")
@common
@examples("atocore backup list", "atocore backup list --json")
@verb
def list_(vault: Vault, source: str) -> None:
    """List the backups of a place, the newest first."""
    answer = vault.backup_list(source=source)
    if call().json:
        emit(answer)
        return
    for one in answer.backups:
        told = one.fault or f"{plural(sum(one.counts.values()), 'record')}, {one.bytes:,} bytes"
        say(f"{one.stamp}  {told}")
    note(f"{plural(len(answer.backups), 'backup')} in {answer.place}")


backup.add_command(prune)
