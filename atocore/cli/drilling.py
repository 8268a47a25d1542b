"""backup drill on the command line: the report of a rehearsed restore."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples
from atocore.cli.output import emit, note, say
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app.backups.damage_drill import Proof
    from atocore.app.backups.drill_checks import Step
    from atocore.app.backups.rehearsing import Drilled


@click.command("drill")
@click.argument("stamp", default="latest")
@click.option("--from", "source", metavar="PLACE", default="", help="Where the backups are.")
@click.option(
    "--scratch", metavar="DIR", default="", help="Where to restore to, in a folder that is removed."
)
@click.option("--damage", is_flag=True, help="Prove that every kind of damage is found, too.")
@common
@examples(
    "atocore backup drill",
    "atocore backup drill --damage",
    "atocore backup drill --from /mnt/backups/team --json | jq .passed",
)
def drill(stamp: str, source: str, scratch: str, damage: bool) -> None:
    """Rehearse a restore: of the newest backup, in a scratch folder that is removed afterwards.

    The backup is checked and restored, and the index built. Counts, ids, statuses, conflicts and the answers
    to sample questions are compared with what the manifest recorded. A marker is written, the backup is
    restored over it, and the marker has to be gone. The vault itself is not touched; `atocore health` tells
    when a drill passed last.

    Exit code 0 where everything passed, else that of the first failure's kind: 11 to 19 (docs/errors.md).
    With --damage, copies are damaged in each way in turn: exit code 1 where one passed for good.
    """
    answer = _drilled(stamp, source, scratch, damage)
    if call().json:
        emit(answer)
    else:
        _print(answer)
    click.get_current_context().exit(answer.exit_code)


def _drilled(stamp: str, source: str, scratch: str, damage: bool) -> Drilled:
    """In the vault's name where there is one; without one, of the place that is named."""
    from atocore.app.session import find_vault

    here = Path(call().vault or os.environ.get("ATOCORE_VAULT") or Path.cwd())
    try:
        find_vault(here)
    except AtocoreError as error:
        if error.code != "not-a-vault" or not source:
            raise
        from atocore.app.backups.reading import place_from
        from atocore.app.backups.rehearsing import drill as rehearse

        return rehearse(place_from(here, source), stamp, scratch=scratch, damage=damage)
    with call().open("drilling") as vault:
        return vault.backup_drill(stamp, source=source, scratch=scratch, damage=damage)


def _print(answer: Drilled) -> None:
    say(f"drill of {answer.stamp}, made {answer.created}, in {answer.place}")
    for one in answer.steps:
        _say_step(one)
    if answer.proofs:
        say("damage done to copies")
    for proof in answer.proofs:
        _say_proof(proof)
    if answer.passed:
        note("the drill passed")
    else:
        why = answer.code or "a kind of damage was not found"
        note(f"the drill FAILED: {why}, exit code {answer.exit_code}; what to do: docs/operations.md")


def _say_step(step: Step) -> None:
    if step.code:
        say(f"  FAILED  {step.name:26} {step.told} ({step.code})", color="red")
    else:
        say(f"  passed  {step.name:26} {step.told}")


def _say_proof(proof: Proof) -> None:
    if proof.is_found:
        say(f"  found   {proof.name:29} {proof.code}, exit code {proof.exit_code}")
    else:
        told = proof.found or "nothing"
        say(f"  MISSED  {proof.name:29} {proof.told}: {told} was found, not {proof.code}", color="red")
