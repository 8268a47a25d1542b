"""check --staged, and the pre-commit hook that runs it, on the command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call
from atocore.cli.output import emit, note, plural, say
from atocore.cli.printing import print_conflicts, print_problems

if TYPE_CHECKING:
    from atocore.app.git_hook import GitHook
    from atocore.app.staging import StagedCheck, StagedVerbs


def check_staged(vault: StagedVerbs) -> None:
    """Print what the staged files would bring, and end: 10 where no commit should hold them."""
    from atocore.app.git_hook import STOPPED

    answer = vault.check_staged()
    if call().json:
        emit(answer)
    else:
        _print(answer)
    click.get_current_context().exit(STOPPED if answer.stops else 1 if answer.has_errors else 0)


def _print(answer: StagedCheck) -> None:
    print_problems(answer.problems)
    print_conflicts(answer.conflicts)
    for leak in answer.secrets:
        say(f"{leak.path}:{leak.line}: secret: {leak.label} ({leak.hint}) {leak.fingerprint}", color="red")
    if answer.secrets:
        say("    -> take it out, and stage the file again: git never forgets, and rotate it if it was shared")
        say("    -> no secret? add its fingerprint to secrets.false_alarms in atocore.yaml")
    for told in answer.notes:
        note(told)
    if answer.stops:
        note("the commit is stopped; git commit --no-verify goes past this")
    elif "GIT_INDEX_FILE" not in os.environ:  # by hand; git's hook says nothing of what is fine
        found = [plural(len(answer.problems), "problem"), plural(len(answer.conflicts), "new conflict")]
        note(", ".join(found) if answer.problems or answer.conflicts else "nothing staged is wrong")


def change_git_hook(step: str, *, dry_run: bool) -> None:
    """Put the pre-commit hook in place, or take it away, and tell what became of it."""
    with call().open("staging") as vault:
        answer = (
            vault.git_hook_install(dry_run=dry_run)
            if step == "install"
            else vault.git_hook_uninstall(dry_run=dry_run)
        )
    if call().json:
        emit(answer)
    else:
        print_git_hook(answer)


def print_git_hook(hook: GitHook) -> None:
    """What became of the pre-commit hook."""
    if hook.changed:
        verbs = {"installed": "put in place", "absent": "taken away"}
        say(f"pre-commit hook {'would be ' * hook.dry_run}{verbs[hook.state]}: {hook.path}")
        if hook.state == "installed":
            note("it tells of problems and new conflicts; atocore hook uninstall --git takes it away")
    elif hook.told:
        note(f"no pre-commit hook: {hook.told}")
    else:
        told = "there already" if hook.state == "installed" else "not there"
        note(f"the pre-commit hook is {told}: {hook.path}")
    if hook.merge_driver_set:
        say(f"merge of mirror pages {'would be ' * hook.dry_run}set in this clone")
