"""audit on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say

if TYPE_CHECKING:
    from atocore.app.audit import AuditVerbs
    from atocore.app.leak_search import Found


@click.command()
@click.option(
    "--no-history", is_flag=True, help="Look only at what is there now: committed, saved, captured."
)
@click.option(
    "--whole-repository",
    is_flag=True,
    help="Also outside the vault's folder, where it is one of a repository.",
)
@common
@examples(
    "atocore audit",
    "atocore audit --no-history",
    "atocore audit --json | jq '.findings[] | select(.present)'",
)
@verb
def audit(vault: AuditVerbs, no_history: bool, whole_repository: bool) -> None:
    """Look for secrets in the vault and in all of its history. Exit code 1 where there are any.

    Every version of every file that any branch, tag, stash or reflog holds is looked through once, with the
    rules of the capture hook; also messages, saved files and captures. A secret is never shown: a hint and a
    fingerprint tell which it is. The page docs/secrets.md says how to get rid of one.
    """
    answer = vault.audit(history=not no_history, whole_repository=whole_repository)
    if call().json:
        emit(answer)
    else:
        for found in answer.findings:
            say(_line(found), color="red" if found.present else "yellow")
        for passed in answer.skipped:
            note(f"passed over {passed.path}: {passed.reason}")
        for told in answer.notes:
            note(told)
        looked = [
            plural(answer.commits, "commit"),
            plural(answer.blobs, "version"),
            plural(answer.files, "file"),
        ]
        found_some = plural(len(answer.findings), "secret") if answer.findings else "no secret"
        note(f"{found_some} in {', '.join(looked)}")
        if answer.findings:
            note(
                "rotate each of them first, then purge: docs/secrets.md; a false alarm: secrets.false_alarms"
            )
    click.get_current_context().exit(1 if answer.findings else 0)


_WHERE = {
    "committed": "still there",
    "history": "gone from the present files",
    "message": "in a message",
    "name": "in a name",
    "saved": "saved, not committed",
    "capture": "in a capture",
}


def _line(found: Found) -> str:
    since = f"since {found.commit[:10]} of {found.date[:10]}, " if found.commit else ""
    told = f"{found.path}:{found.line}: {found.label} ({found.hint}) {found.fingerprint}"
    return f"{told} {since}{_WHERE[found.where]}"
