"""purge on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.agreeing import agree
from atocore.cli.door import call, common, examples
from atocore.cli.output import emit, note, plural, say

if TYPE_CHECKING:
    from atocore.app.purge.answer import PurgeAnswer

_SHOWN = 40


@click.command()
@click.argument("fingerprints", nargs=-1, metavar="[FINGERPRINT]...")
@click.option(
    "--path", "paths", multiple=True, metavar="PATH", help="A file or folder that leaves all of history."
)
@click.option("--blob", "blobs", multiple=True, metavar="OID", help="A version of a file, by git's id.")
@click.option("--again", is_flag=True, help="Purge again what the vault's list (purged.txt) names.")
@click.option("--continue", "go_on", is_flag=True, help="Carry on a purge that was cut short.")
@click.option(
    "--whole-repository",
    is_flag=True,
    help="Also outside the vault's folder, where it is one of a repository.",
)
@click.option("--reason", "-m", default="", help="Why: the body of the commit that lists what was purged.")
@click.option("--dry-run", is_flag=True, help="Tell what would go; write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
@examples(
    "atocore purge s-220eb9dd79ac --dry-run",
    "atocore purge s-220eb9dd79ac",
    "atocore purge --path notes/keys.md --yes",
    "atocore purge --again      # after a pull from an old clone",
    "atocore purge --continue   # after a crash",
)
def purge(
    fingerprints: tuple[str, ...],
    paths: tuple[str, ...],
    blobs: tuple[str, ...],
    again: bool,
    go_on: bool,
    whole_repository: bool,
    yes: bool,
    reason: str,
    dry_run: bool,
) -> None:
    """Take a secret, a file or a version of one out of the vault's whole history, for good.

    Rotate the secret first: it was readable. `atocore audit` tells fingerprints. A placeholder takes its
    place in every version of every file, in messages, tags, notes, stashes, the index, saved files and
    captures. The commits that held it, and all after them, get new ids and lose their signatures. What was
    purged is listed in purged.txt, by id alone, and AtoCore refuses to take it in again.

    It ends whole or not at all: after a crash, every command says to run `atocore purge --continue`. Other
    clones, remotes and backups hold the secret still: docs/secrets.md says what to do there.
    """
    if go_on:
        _carry_on()
        return

    def go(dry: bool) -> PurgeAnswer:
        with call().open("purging") as vault:
            return vault.purge(
                *fingerprints,
                paths=paths,
                blobs=blobs,
                again=again,
                whole_repository=whole_repository,
                reason=reason,
                dry_run=dry,
            )

    answer = _once_sure(go, yes=yes, dry_run=dry_run)
    if call().json:
        emit(answer)
    else:
        _say(answer)


def _once_sure(go: Callable[[bool], PurgeAnswer], *, yes: bool, dry_run: bool) -> PurgeAnswer:
    """Show what would be purged, and purge it where the person agrees."""
    if dry_run or yes:
        return go(dry_run)
    preview = go(True)
    if not call().json:
        _say(preview)
    agree("rewrite history so, which cannot be undone", yes)
    return go(False)


def _say(answer: PurgeAnswer) -> None:
    would = "would be " if answer.dry_run else ""
    for secret in answer.secrets:
        say(f"{secret.fingerprint} {secret.label} ({secret.hint})")
    for file in answer.files[:_SHOWN]:
        versions = plural(len(file.blobs), "version")
        say(f"{file.path or 'a file without a name'}: {versions} {would}{file.became}")
    if len(answer.files) > _SHOWN:
        say(f"and {len(answer.files) - _SHOWN} more files (--json lists all)")
    rows = [f"{answer.commits} of {plural(answer.commits_of, 'commit')} {would}rewritten"]
    rows += [f"{plural(answer.messages, 'message')} redacted"] * bool(answer.messages)
    rows += [f"{plural(answer.stashes, 'stash entry', 'stash entries')}"] * bool(answer.stashes)
    rows += [f"{plural(answer.unsigned, 'signature')} lost"] * bool(answer.unsigned)
    say(", ".join(rows))
    for ref in answer.refs[:_SHOWN]:
        say(f"  {ref}")
    for path in answer.captures:
        say(f"{path}: a capture {would}redacted")
    for path in answer.drafts:
        note(f"{path}: an uncommitted edit holds it still: take it out yourself")
    for path in answer.edited:
        note(f"{path}: edited meanwhile, and left so")
    for told in (*answer.left, *answer.notes):
        note(told)
    if answer.commit:
        listed = plural(answer.listed, "object")
        say(f"committed {answer.commit[:10]}: {listed} on the list of what was purged")
        note(
            "next: rotate the secret, where that is not done; other clones, remotes, backups: docs/secrets.md"
        )


def _carry_on() -> None:
    from atocore.app.purge.purging import carry_on

    done = carry_on(Path(call().vault or os.environ.get("ATOCORE_VAULT") or Path.cwd()))
    if call().json:
        emit(done)
        return
    say("the purge is whole now")
    for path in done.edited:
        note(f"{path}: edited since, and left so")
    for name in done.moved:
        note(f"{name} was moved since, and may hold it again: atocore purge --again")
    if done.left:
        note(f"{plural(done.left, 'object')} stored still: git gc --prune=now, then atocore audit")
    note("see what is left: atocore audit")
