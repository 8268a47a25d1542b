"""backup prune on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, table

if TYPE_CHECKING:
    from atocore.app.backups.pruning import Pruned, PruneVerbs


@click.command("prune")
@click.option("--from", "source", metavar="PLACE", default="", help="Where they are.")
@click.option("--keep-last", type=click.IntRange(0), help="Keep so many of the newest, …")
@click.option("--keep-daily", type=click.IntRange(0), help="… the last one of each of so many days, …")
@click.option("--keep-weekly", type=click.IntRange(0), help="… weeks, …")
@click.option("--keep-monthly", type=click.IntRange(0), help="… months …")
@click.option("--keep-yearly", type=click.IntRange(0), help="… and years.")
@click.option(
    "--adopt",
    metavar="CLONE",
    multiple=True,
    help="Count the backups of a former clone of this vault as this one's.",
)
@click.option("--off-site", is_flag=True, help="In the places of backup.off_site, too.")
@click.option("--dry-run", is_flag=True, help="Tell what would go and why; remove nothing.")
@common
@examples("atocore backup prune --dry-run", "atocore backup prune --keep-last 1 --keep-daily 14")
@verb
def prune(
    vault: PruneVerbs,
    source: str,
    adopt: tuple[str, ...],
    off_site: bool,
    dry_run: bool,
    **keep: int | None,
) -> None:
    """Remove the backups that no rule keeps; without numbers, by the settings `backup.keep_*`.

    Days, weeks and the like are those of UTC, and only those that have a backup count. The newest valid one
    always stays, the last three that were made before a restore too, and a damaged one until a newer one is
    valid. Those of other vaults and clones stay; of a clone that is no more, `--adopt` has them judged with
    this one's, where this vault has their commit. Asks nothing.
    """
    found = vault.backup_prune(source=source, adopt=adopt, off_site=off_site, dry_run=dry_run, **keep)
    if call().json:
        emit(found)
    else:
        for one in (found, *found.off_site):
            _print(one)


def _print(found: Pruned) -> None:
    if found.error:
        note(f"{found.place}: {found.error}")
        return
    goes = "would remove" if found.dry_run else "removed"
    table(
        ("backup", "", "why"),
        [
            (
                one.stamp,
                "keep" if one.keep else goes,
                ", ".join(one.reasons) + (f": {one.fault}" * bool(one.fault)),
            )
            for one in found.backups
        ],
    )
    for name in found.cleared:
        note(f"cleared what was left of one that was cut short: {name}")
    kept = plural(len(found.backups) - len(found.removed), "backup")
    note(f"{kept} kept, {len(found.removed)} {goes} ({found.freed_bytes:,} bytes) in {found.place}")
