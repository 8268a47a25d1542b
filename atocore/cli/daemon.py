"""The daemon on the command line: run it, do one round, ask it where it stands, end it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from atocore.cli.door import call, common, examples
from atocore.cli.output import emit, note, plural, say
from atocore.daemon import client
from atocore.errors import AtocoreError

_END_SECONDS = 15.0


@click.command()
@click.option("--once", is_flag=True, help="Do one whole round and end, for cron.")
@click.option("--status", "tell", is_flag=True, help="Ask the running daemon where it stands.")
@click.option("--stop", is_flag=True, help="End the running daemon.")
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Log there, in files of bounded size, instead of stderr.",
)
@click.option("--verbose", is_flag=True, help="Log each round.")
@common
@examples(
    "atocore daemon --log-file ~/.local/state/atocore.log &",
    "atocore daemon --status --json",
    "atocore daemon --once          # from cron",
)
def daemon(once: bool, tell: bool, stop: bool, log_file: Path | None, verbose: bool) -> None:
    """Keep the index in step while you work, answer searches at once, and commit what machines made.

    Runs in the foreground until Ctrl-C, SIGTERM, or the vault goes away. One for each vault. Whatever it does
    a command can do, too: without it, commands bring the index in step themselves.
    """
    if once + tell + stop > 1:
        raise AtocoreError("usage", "--once, --status and --stop exclude each other")
    from atocore.app.session import find_vault

    vault = find_vault(Path(call().vault or os.environ.get("ATOCORE_VAULT") or Path.cwd()))
    if tell:
        _tell(vault)
    elif stop:
        _stop(vault)
    elif once:
        _once(vault, log_file, verbose)
    else:
        _run(vault, log_file, verbose)


def _run(vault: Path, log_file: Path | None, verbose: bool) -> None:
    from atocore.daemon.log import logged
    from atocore.daemon.process import Daemon
    from atocore.daemon.signals import ending

    with logged(log_file, verbose=verbose), ending() as wait:
        daemon = Daemon(vault)
        reason = daemon.run(wait)
    if daemon.is_unwell:
        raise AtocoreError("daemon-ended", f"the daemon of {vault} ended: {reason}", "start it again")


def _once(vault: Path, log_file: Path | None, verbose: bool) -> None:
    from atocore.daemon.log import logged
    from atocore.daemon.process import once

    with logged(log_file, verbose=verbose):
        done = once(vault)
    if call().json:
        emit(done)
        return
    say(f"{plural(done.changed, 'change')} taken in, {plural(len(done.commits), 'commit')} made")
    for told in done.notes:
        note(told)


def _ask(vault: Path, verb: str) -> dict[str, object]:
    answer = client.ask_itself(str(vault), verb)
    if answer is None or "answer" not in answer:
        raise _silent(vault)
    found: dict[str, object] = answer["answer"]
    return found


def _silent(vault: Path) -> AtocoreError:
    """Why no daemon answers: it does not run, or it is another version's, stopped, or ending."""
    from atocore.daemon.holder import Holder

    holder = Holder(vault)
    if not holder.is_held():
        return AtocoreError("not-found", f"no daemon runs for {vault}", "start it: atocore daemon")
    told = holder.told()
    if "pid" not in told:
        return AtocoreError(
            "vault-busy", f"a daemon of {vault} is starting or ending", "try again in a moment"
        )
    who = f"process {told['pid']}, AtoCore {told.get('version', '?')}, since {told['started']}"
    hint = f"end it: kill {told['pid']}"
    return AtocoreError("vault-busy", f"a daemon runs for {vault} and does not answer: {who}", hint)


def _tell(vault: Path) -> None:
    told = _ask(vault, "ping")
    if call().json:
        emit(told)
        return
    for name, value in told.items():
        if name not in ("errors", "schedule"):
            say(f"{name.replace('_', ' '):19}{value}")
    schedule = told["schedule"]
    assert isinstance(schedule, dict)
    for job, one in schedule.items():
        say(f"{f'next {job}':19}{one['next']}" + (f", after: {one['waits']}" if one["waits"] else ""))
    errors = told["errors"]
    assert isinstance(errors, dict)
    for message in errors.values():
        say(f"{'error':19}{message}", color="red")


def _stop(vault: Path) -> None:
    from atocore.daemon.holder import Holder

    holder = Holder(vault)
    pid = _ask(vault, "stop")["pid"]
    until = time.monotonic() + _END_SECONDS
    while holder.is_held():  # it stops answering before it has ended
        if time.monotonic() > until:
            raise AtocoreError("vault-busy", f"the daemon has not ended yet: process {pid}", f"kill {pid}")
        time.sleep(0.05)
    if call().json:
        emit({"pid": pid})
    else:
        say(f"the daemon ended: process {pid}")
