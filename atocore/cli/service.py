"""service install, uninstall and status on the command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.agreeing import agree
from atocore.cli.door import call, common, examples
from atocore.cli.output import emit, note, say
from atocore.errors import AtocoreError
from atocore.store.files import expanded

if TYPE_CHECKING:
    from atocore.app.service.installing import ServiceAnswer, ServiceChange
    from atocore.app.service.standing import ServiceStatus

_COLORS = {"+": "green", "-": "red", "@": "cyan"}


@click.group()
@common
def service() -> None:
    """The vault's daemon as a service of yours, kept running by systemd: install, uninstall, status."""


@service.command("install")
@click.option(
    "--no-start", is_flag=True, help="Write the unit; neither start it nor have it start by itself."
)
@click.option(
    "--no-namespaces", is_flag=True, help="Shut it in less, where the system lets users make no namespaces."
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask; an edited unit is kept aside and replaced.")
@click.option("--dry-run", is_flag=True, help="Print the unit; write nothing.")
@common
@examples(
    "atocore service install",
    "atocore --vault ~/vault service install --dry-run",
    "atocore service install --no-start --yes",
)
def install(no_start: bool, no_namespaces: bool, yes: bool, dry_run: bool) -> None:
    """Have systemd run this vault's daemon for you, from login on, and again whenever it fails.

    Writes one user unit for the vault, which may write nothing but the vault, its repository, the embedding
    cache and the backups. Again, it brings the unit up to date: after a change of `backup` in atocore.yaml, a
    new environment, or a move of the vault.
    """
    from atocore.app.service import installing as services
    from atocore.app.service.manager import has_systemd
    from atocore.app.session import find_vault, settings_at

    vault = find_vault(Path(_named_vault() or Path.cwd()))
    settings = settings_at(vault)
    change = services.plan_install(vault, settings, os.environ, light=no_namespaces)
    if dry_run:
        _print(services.shown(change))
        return
    if not has_systemd():
        hint = "keep it running otherwise: atocore daemon, or by cron atocore daemon --once"
        raise AtocoreError("no-systemd", f"{sys.platform} has no systemd here", hint)
    services.for_people_only("service install", settings, os.environ)
    _show(change, "the unit is as it should be")
    _agree_on(change, "install the service", yes)
    _done(services.install(change, os.environ, start=not no_start), "installed")


@service.command("uninstall")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; an edited unit is kept aside.")
@click.option("--dry-run", is_flag=True, help="Show what would be removed; remove nothing.")
@common
@examples("atocore service uninstall", "atocore --vault ~/gone service uninstall --yes")
def uninstall(yes: bool, dry_run: bool) -> None:
    """End this vault's service, and take its unit away; the vault stays as it is, and may be gone.

    What you made with `systemctl --user edit` is yours, and stays.
    """
    from atocore.app.service import installing as services
    from atocore.app.service.plan import link_folder
    from atocore.app.session import settings_at

    vault = Path(_vault_around())
    change = services.plan_uninstall(vault, os.environ)
    if change.before is None:
        raise AtocoreError("not-found", f"no service of {vault} is installed: no {change.file}")
    if dry_run:
        _print(services.shown(change))
        return
    services.for_people_only("service uninstall", settings_at(vault), os.environ)
    _show(change, "")
    _agree_on(change, "end the service and remove its unit", yes)
    _done(services.uninstall(change, link_folder(change.unit)), "uninstalled")


@service.command("status")
@common
@examples("atocore service status", "atocore service status --json")
def status() -> None:
    """Tell whether the service is installed, runs, starts by itself, and is as it would be written now.

    Exit code 1 where it is installed and does not run.
    """
    from atocore.app.service.standing import status as standing
    from atocore.app.session import find_vault, settings_at

    vault = find_vault(Path(_named_vault() or Path.cwd()))
    answer = standing(vault, settings_at(vault), os.environ)
    if call().json:
        emit(answer)
    else:
        _tell(answer)
    click.get_current_context().exit(1 if answer.broken else 0)


def _named_vault() -> str:
    named = call().vault or os.environ.get("ATOCORE_VAULT") or ""
    return os.path.abspath(expanded(named)) if named else ""  # noqa: PTH100


def _vault_around() -> str:
    """The vault that the call names or is made in; one that is named need not be there."""
    from atocore.app.session import find_vault

    named = _named_vault()
    try:
        return str(find_vault(Path(named or Path.cwd())))
    except AtocoreError:
        if not named:
            raise
        return named


def _agree_on(change: ServiceChange, doing: str, yes: bool) -> None:
    if change.edited:
        note(f"somebody edited {change.file}: it is kept beside its place, as .bak")
    agree(doing, yes)


def _show(change: ServiceChange, same: str) -> None:
    if call().json:
        return
    for line in change.diff.splitlines():
        say(line, color=_COLORS.get(line[:1]) if sys.stdout.isatty() else None)
    if change.before == change.after:
        say(f"{change.file}: {same}")


def _print(answer: ServiceAnswer) -> None:
    if call().json:
        emit(answer)
        return
    note(f"would be {answer.file}:" if answer.changed else f"{answer.file} is as it should be:")
    say(answer.text.rstrip("\n"))


def _done(answer: ServiceAnswer, done: str) -> None:
    if call().json:
        emit(answer)
        return
    say(f"{done}: {answer.unit}" + (", and it runs" if answer.started else ""))
    if answer.kept:
        note(f"the edited unit is kept: {answer.kept}")
    for told in answer.notes:
        note(told)
    for command in answer.todo:
        note(f"  -> {command}")


def _tell(answer: ServiceStatus) -> None:
    known = answer.standing
    say(f"{'unit':12}{answer.file}" if answer.installed else f"{'unit':12}not installed")
    if known.load:
        say(f"{'enabled':12}{known.enabled or 'no'}")
        memory = f", {known.memory_bytes >> 20} MB" if known.memory_bytes else ""
        process = f", process {known.pid}{memory}" if known.pid else ""
        say(f"{'running':12}{known.active} ({known.sub}){process}")
        if known.restarts:
            say(f"{'restarts':12}{known.restarts}")
    if answer.outdated:
        for line in answer.outdated.splitlines()[2:]:
            say(line, color=_COLORS.get(line[:1]) if sys.stdout.isatty() else None)
    for told in answer.broken:
        say(f"{'broken':12}{told}", color="red")
    for told in answer.notes:
        note(told)
