"""What `hook status` and `hook test` print."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from atocore.cli.output import note, say

if TYPE_CHECKING:
    from atocore.app.hook_runs import HookRuns
    from atocore.app.hook_status import HookStatus, InstalledHook
    from atocore.app.hook_trial import Trial


def print_status(answer: HookStatus) -> None:
    """Where hooks are installed and where not, and what is to be known of the environment."""
    for one in answer.hooks:
        _print_hook(one)
    for looked in answer.looked_at:
        if looked.problem:
            say(f"{looked.client} {looked.scope}: {looked.problem}", color="red")
        elif not looked.installed:
            say(f"{looked.client} {looked.scope}: not installed")
    if not answer.hooks:
        note("next: atocore hook install")
    elif any(one.problems or one.drift for one in answer.hooks):
        note("mend: atocore hook install, in the vault; atocore hook uninstall for one that is gone")
    if answer.disabled:
        note("ATOCORE_CAPTURE_DISABLED is set here: where a client runs with it, nothing is captured")
    if answer.vault_override:
        told = f"captures go to {answer.vault_override}"
        note(f"ATOCORE_VAULT is set here: where a client runs with it, {told}")
    if answer.elsewhere.last_error:
        runs = answer.elsewhere
        note(f"a run that found no vault failed at {runs.last_error_at}: {runs.last_error}")


def _print_hook(one: InstalledHook) -> None:
    state = "broken" if one.problems else "installed"
    say(f"{one.client} {one.scope}: {state} in {one.settings}", bold=True)
    say(f"  {one.command}")
    for problem in one.problems:
        say(f"  broken: {problem}", color="red")
    for drift in one.drift:
        say(f"  drift: {drift}", color="yellow")
    for told in one.notes:
        say(f"  note: {told}")
    _print_runs(one.runs)


def _print_runs(runs: HookRuns) -> None:
    say(f"  last run: {runs.last_run or 'never'}{runs.last_outcome and f', {runs.last_outcome}'}")
    if runs.last_error:
        say(f"  last error: {runs.last_error_at}: {runs.last_error}", color="red" if runs.broken else None)
    counts = (f"{runs.captures} captured", f"{runs.replaced} replaced", f"{runs.unchanged} unchanged")
    say(f"  runs: {', '.join(counts)}, {runs.skipped} skipped, {runs.failed} failed")


def print_trial(trial: Trial) -> None:
    """One hook that was tried."""
    say(f"{trial.client} {trial.scope}: {'failed' if trial.failures else 'works'}", bold=True)
    say(f"  {trial.shell} {shlex.quote(trial.command)}")
    times = " ".join(f"{one:.0f}" for one in trial.milliseconds)
    say(f"  {times} ms, exit code {trial.exit_code}, {'nothing printed' if trial.silent else 'printed'}")
    redacted = "taken out" if trial.redacted else "not taken out"
    say(f"  capture {'written' if trial.captured else 'missing'}, secret {redacted}")
    for failure in trial.failures:
        say(f"  failed: {failure}", color="red")
    for told in trial.notes:
        note(f"  {told}")
