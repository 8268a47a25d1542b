"""hook install, uninstall, status and test on the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atocore.cli.door import F, call, common, examples
from atocore.cli.output import emit, note, say
from atocore.errors import AtocoreError
from atocore.knowledge.clients import CLIENTS, SCOPES

if TYPE_CHECKING:
    from atocore.app.hooking import HookChange

_COLORS = {"+": "green", "-": "red", "@": "cyan"}


@click.group()
@common
def hook() -> None:
    """The capture hook in an assistant's settings: install, uninstall, status, test."""


def where(function: F) -> F:
    """The options that name the settings: --client, --scope, --folder."""
    for option in (
        click.option(
            "--folder",
            default="",
            metavar="DIR",
            help="A folder of the project that --scope project or local is about; else the current one.",
        ),
        click.option("--scope", type=click.Choice(SCOPES), default="user", show_default=True),
        click.option("--client", type=click.Choice(list(CLIENTS)), default="claude-code", show_default=True),
    ):
        function = option(function)
    return function


def agreeing(function: F) -> F:
    """The options of a command that changes settings: --yes, --dry-run."""
    function = click.option("--dry-run", is_flag=True, help="Show the change; write nothing.")(function)
    return click.option("--yes", "-y", is_flag=True, help="Do not ask.")(function)


@hook.command("install")
@where
@click.option("--beside", is_flag=True, help="Add to the hooks of other vaults, not in the place of one.")
@click.option("--python", default="", metavar="PATH", help="The interpreter that shall run the hook.")
@agreeing
@common
@examples(
    "atocore hook install",
    "atocore hook install --client codex --yes",
    "atocore hook install --scope local --dry-run",
)
def install(**options: Any) -> None:
    """Have the assistant write a capture into this vault when a turn ends.

    Shows the change of the assistant's settings first, and asks. What else is in them stays byte for byte.
    Again, it does nothing, or brings our own entry and the installed script up to date: after an upgrade of
    AtoCore, a change of `capture` in atocore.yaml, or a move of the vault.
    """
    from atocore.app import hooking
    from atocore.app.session import find_vault, settings_at

    vault = find_vault(Path(_named_vault() or Path.cwd()))
    _change(
        lambda **where: hooking.plan_install(vault, settings_at(vault), os.environ, **where),
        "install the hook",
        **options,
    )


@hook.command("uninstall")
@where
@click.option("--all", "every", is_flag=True, help="The hooks of every vault.")
@agreeing
@common
@examples("atocore hook uninstall", "atocore --vault ~/gone hook uninstall --client codex --yes")
def uninstall(**options: Any) -> None:
    """Take this vault's hook out of the assistant's settings, and nothing else.

    Works also when the vault or the script are gone. Outside of any vault, the only hook there is is meant.
    """
    from atocore.app import hooking
    from atocore.app.session import find_vault

    vault = _named_vault()
    if not vault:
        try:
            vault = str(find_vault(Path.cwd()))
        except AtocoreError:
            vault = ""
    _change(
        lambda **where: hooking.plan_uninstall(vault, os.environ, **where), "take the hook away", **options
    )


def _named_vault() -> str:
    """The vault that the call names, as an absolute path; it need not be there."""
    named = call().vault or os.environ.get("ATOCORE_VAULT") or ""
    return os.path.abspath(Path(named).expanduser()) if named else ""  # noqa: PTH100


def _change(
    plan: Callable[..., HookChange], doing: str, *, folder: str, yes: bool, dry_run: bool, **options: Any
) -> None:
    """Show what a plan changes, ask, and carry it out."""
    from atocore.app import hooking

    change = plan(folder=Path(folder) if folder else None, **options)
    if not call().json:
        _show(change)
    if change.changes and not dry_run:
        _agree(doing, yes)
        hooking.carry_out(change)
    if call().json:
        emit(hooking.answer(change, dry_run=dry_run))
    elif change.changes and not dry_run:
        say("done")
        if change.command:
            note(f"next: {change.place.client.after}")
            note("then: atocore hook test")


def _show(change: HookChange) -> None:
    for line in change.diff.splitlines():
        say(line.rstrip("\r"), color=_COLORS.get(line[:1]) if sys.stdout.isatty() else None)
    if change.script in ("new", "updated"):
        told = "is written" if change.script == "new" else "is brought up to date"
        say(f"the installed script {told}")
    if not change.changes:
        say(f"{change.place.path}: nothing to change")
    for told in change.notes:
        note(told)


def _agree(doing: str, yes: bool) -> None:
    """Go on where a person agrees; refuse where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise AtocoreError("usage", "nobody can be asked without a terminal", "look, and repeat with --yes")
    if not click.confirm(doing.capitalize() + "?", err=True):
        raise AtocoreError("interrupted", "nothing was changed")
