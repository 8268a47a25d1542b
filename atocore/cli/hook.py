"""hook install, uninstall, status and test on the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atocore.cli.agreeing import agree
from atocore.cli.door import F, call, common, examples
from atocore.cli.hook_printing import print_status, print_trial
from atocore.cli.output import emit, note, say
from atocore.cli.staging import change_git_hook
from atocore.errors import AtocoreError
from atocore.knowledge.hooks.clients import CLIENTS, SCOPES
from atocore.store.files import expanded

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


def looking(function: F) -> F:
    """The same for a command that looks at all of them where none is named."""
    for option in (
        click.option(
            "--folder", default="", metavar="DIR", help="A folder of the project; else the current."
        ),
        click.option("--scope", type=click.Choice(SCOPES), default=None, help="Only these settings."),
        click.option("--client", type=click.Choice(list(CLIENTS)), default=None, help="Only this client."),
    ):
        function = option(function)
    return function


def agreeing(function: F) -> F:
    """The options of a command that changes settings: --yes, --dry-run."""
    function = click.option("--dry-run", is_flag=True, help="Show the change; write nothing.")(function)
    return click.option("--yes", "-y", is_flag=True, help="Do not ask.")(function)


def for_git(function: F) -> F:
    """The option that means the repository's pre-commit hook."""
    told = "The repository's pre-commit hook (atocore check --staged), and not an assistant's."
    return click.option("--git", is_flag=True, help=told)(function)


@hook.command("install")
@where
@click.option("--beside", is_flag=True, help="Add to the hooks of other vaults, not in the place of one.")
@click.option("--python", default="", metavar="PATH", help="The interpreter that shall run the hook.")
@for_git
@agreeing
@common
@examples(
    "atocore hook install",
    "atocore hook install --client codex --yes",
    "atocore hook install --scope local --dry-run",
    "atocore hook install --git    # the pre-commit hook that init puts in place",
)
def install(git: bool, **options: Any) -> None:
    """Have the assistant write a capture into this vault when a turn ends.

    Shows the change of the assistant's settings first, and asks. What else is in them stays byte for byte.
    Again, it does nothing, or brings our own entry and the installed script up to date: after an upgrade of
    AtoCore, a change of `capture` in atocore.yaml, or a move of the vault.
    """
    if git:
        change_git_hook("install", dry_run=options["dry_run"])
        return
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
@for_git
@agreeing
@common
@examples(
    "atocore hook uninstall",
    "atocore --vault ~/gone hook uninstall --client codex --yes",
    "atocore hook uninstall --git",
)
def uninstall(git: bool, **options: Any) -> None:
    """Take this vault's hook out of the assistant's settings, and nothing else.

    Works also when the vault or the script are gone. Outside of any vault, the only hook there is is meant.
    """
    if git:
        change_git_hook("uninstall", dry_run=options["dry_run"])
        return
    from atocore.app import hooking

    vault = _vault_around()
    _change(
        lambda **where: hooking.plan_uninstall(vault, os.environ, **where), "take the hook away", **options
    )


@hook.command("status")
@looking
@common
@examples("atocore hook status", "atocore hook status --client codex --json")
def status(client: str | None, scope: str | None, folder: str) -> None:
    """Tell where the hook is installed, what is broken or has drifted, and how its last runs ended.

    Looks at the settings of every client: the user's, and those of the project around the current folder.
    Exit code 1 where something is broken: the interpreter, the script or the vault is gone, settings cannot
    be read, or the last run failed.
    """
    from atocore.app.hook_status import hook_status

    answer = hook_status(_vault_around(), os.environ, **_named(client, scope, folder))
    if call().json:
        emit(answer)
    else:
        print_status(answer)
    click.get_current_context().exit(1 if answer.broken else 0)


@hook.command("decline")
@click.option("--dry-run", is_flag=True, help="Tell what would no longer be offered; write nothing.")
@common
@examples("atocore hook decline", "atocore hook decline --dry-run")
def decline(dry_run: bool) -> None:
    """Offer no more what this clone of a vault lacks: the hooks, and the merge of mirror pages.

    Said for this clone alone, in `.atocore/`; `atocore hook install` puts a hook in place all the same.
    """
    with call().open("staging") as vault:
        answer = vault.hook_decline(dry_run=dry_run)
    if call().json:
        emit(answer)
        return
    for offer in answer.offers:
        say(f"{'would not be' if dry_run else 'not'} offered any more: {offer.name} ({offer.command})")
    if not answer.changed:
        note("declined already")


@hook.command("test")
@looking
@common
@examples("atocore hook test", "atocore hook test --client codex --json")
def test(client: str | None, scope: str | None, folder: str) -> None:
    """Run the installed hooks as the assistant does, on a made-up turn with a made-up secret.

    Nothing of it reaches the vault: the hook is pointed at a scratch one. Tells the time, and that nothing
    was printed, the exit code was 0, the capture was written, and the secret was taken out. Exit code 1 where
    one of these fails, or no hook of this vault is installed.
    """
    from atocore.app.hook_trial import try_hooks

    answer = try_hooks(_vault_around(), os.environ, **_named(client, scope, folder))
    if call().json:
        emit(answer)
    else:
        for trial in answer.trials:
            print_trial(trial)
        if not answer.trials:
            note("no hook of this vault is installed: atocore hook install")
    click.get_current_context().exit(0 if answer.ok else 1)


def _named(client: str | None, scope: str | None, folder: str) -> dict[str, Any]:
    return {"client": client or "", "scope": scope or "", "folder": Path(folder) if folder else None}


def _vault_around() -> str:
    """The vault that the call names or is made in, "" for none; one that is named need not be there."""
    from atocore.app.session import find_vault

    named = _named_vault()
    try:
        return str(find_vault(Path(named or Path.cwd())))
    except AtocoreError:
        return named


def _named_vault() -> str:
    """The vault that the call names, as an absolute path; it need not be there."""
    named = call().vault or os.environ.get("ATOCORE_VAULT") or ""
    return os.path.abspath(expanded(named)) if named else ""  # noqa: PTH100


def _change(
    plan: Callable[..., HookChange], doing: str, *, folder: str, yes: bool, dry_run: bool, **options: Any
) -> None:
    """Show what a plan changes, ask, and carry it out."""
    from atocore.app import hooking

    change = plan(folder=Path(folder) if folder else None, **options)
    if not call().json:
        _show(change)
    if change.changes and not dry_run:
        agree(doing, yes)
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
        say(f"script: {change.script}, {change.script_file}")
    if not change.changes:
        say(f"{change.place.path}: nothing to change")
    for told in change.notes:
        note(told)
