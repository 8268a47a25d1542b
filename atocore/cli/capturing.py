"""capture on the command line: one turn, or with --catch-up all that hooks missed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from atocore.cli.agreeing import agree
from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say, table
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.captured import Captured
    from atocore.app.capturing import Missed

_SHOWN = 20
"""So many folders and skipped files are named."""


@click.command()
@click.option("--prompt", default="", help="What the person said; standard input where it is not given.")
@click.option("--response", default="", help="What the assistant answered.")
@click.option("--client", default="", help="The assistant's name; with --catch-up, only its transcripts.")
@click.option("--session", default="", help="The assistant's session.")
@click.option("--prompt-id", default="", help="The turn within the session.")
@click.option("--cwd", default="", help="The folder that the work was done in; it tells the project.")
@click.option("--at", default="", metavar="TIME", help="When it was said (ISO 8601); now, where not given.")
@click.option("--turn", is_flag=True, help="Standard input is the turn as a JSON object; options go first.")
@click.option("--catch-up", is_flag=True, help="Capture what is in transcripts and whose hook never ran.")
@click.option("--since", default="", metavar="DATE", help="With --catch-up: only turns from then on.")
@click.option(
    "--folder", "folders", multiple=True, metavar="DIR", help="With --catch-up: only work done in DIR."
)
@click.option("--all", "every", is_flag=True, help="With --catch-up: work done in any folder.")
@click.option(
    "--transcripts", multiple=True, metavar="DIR", help="With --catch-up: transcripts here, not the clients'."
)
@click.option("--yes", "-y", is_flag=True, help="With --catch-up: do not ask.")
@click.option("--dry-run", is_flag=True, help="With --catch-up: tell what would be captured; write nothing.")
@common
@examples(
    'atocore capture --client my-assistant --prompt "We decided to use Zerodur." --response "Noted."',
    "pbpaste | atocore capture --client chat",
    'echo \'{"prompt": "Use ULE?", "response": "No.", "session_id": "s7"}\' | atocore capture --turn',
    "atocore capture --catch-up --since 2026-11-01 --dry-run",
    "atocore capture --catch-up --client codex --folder ~/work/telescope",
)
@verb
def capture(
    vault: Vault,
    prompt: str,
    response: str,
    client: str,
    session: str,
    prompt_id: str,
    cwd: str,
    at: str,
    turn: bool,
    catch_up: bool,
    since: str,
    folders: tuple[str, ...],
    every: bool,
    transcripts: tuple[str, ...],
    yes: bool,
    dry_run: bool,
) -> None:
    """Write one turn with an assistant as a capture, secrets taken out before anything reaches the disk.

    The prompt comes from --prompt or from standard input; with --turn, standard input is a JSON object with
    `prompt`, `response`, `client`, `session`, `prompt_id`, `cwd` and `at`, or with the names that hooks of
    other clients use (`session_id`, `turn_id`, `last_assistant_message`, …). The same turn again, by session
    and prompt id (else by its prompt), is the same file; with another response, it is replaced.

    With --catch-up, read the transcripts that Claude Code and Codex keep, and write each person's prompt with
    its answer that has no capture yet, as the hook would have done. Only work in folders that belong to a
    project of this vault, or lie in its repository, unless --folder or --all say otherwise. What was found is
    shown first, and asked for.
    """
    if catch_up:
        if prompt or response or session or prompt_id or cwd or at or turn:
            raise AtocoreError("usage", "--catch-up takes turns from transcripts alone", "leave the text out")
        _catch_up(vault, client, since, folders, every, transcripts, yes, dry_run)
        return
    if since or folders or every or transcripts or yes or dry_run:
        raise AtocoreError("usage", "--since, --folder, --all, --transcripts, --yes and --dry-run", _HINT)
    given = {"prompt": prompt, "response": response, "client": client, "session": session}
    given |= {"prompt_id": prompt_id, "cwd": cwd, "at": at}
    answer = vault.capture(**{"client": "cli", **_from_stdin(bool(prompt), turn), **_given(given)})
    if call().json:
        emit(answer)
    else:
        became = "captured" if answer.new else "replaced" if answer.replaced else "captured before"
        say(f"{answer.id}  {became}")
        say(f"  {answer.path}")
        _say_followed(answer)


_HINT = "they belong to --catch-up"


def _given(parts: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in parts.items() if value}


def _from_stdin(has_prompt: bool, turn: bool) -> dict[str, str]:
    """What standard input gives of the turn: all of it as JSON, or the prompt where no option does."""
    if not turn and has_prompt:
        return {}
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if not turn:
        return {"prompt": text}
    from atocore.knowledge.ingestion.turns import read_turn

    return {"prompt": "", **read_turn(text)}


def _catch_up(
    vault: Vault,
    client: str,
    since: str,
    folders: tuple[str, ...],
    every: bool,
    transcripts: tuple[str, ...],
    yes: bool,
    dry_run: bool,
) -> None:
    from atocore.app.hook_places import client_named

    names = (client_named(client).name,) if client else ()
    missed = vault.find_missed(
        clients=names, since=since, folders=folders, every=every, transcripts=transcripts
    )
    if not call().json:
        _show(missed)
    if missed.missed and not dry_run:
        agree(f"capture {plural(missed.missed, 'turn')}", yes)
        missed = vault.capture_missed(missed)
        if not call().json:
            _show_done(missed)
    if call().json:
        emit(missed)


def _show(missed: Missed) -> None:
    found = f"{plural(missed.transcripts, 'transcript')}, {plural(missed.turns, 'turn')}"
    say(f"{found}: {missed.missed} to capture, {missed.already} captured before")
    wanted = [row for row in missed.folders if row.wanted]
    table(
        ("TURNS", "FROM", "TO", "PROJECT", "FOLDER"),
        [
            (str(row.turns), row.first[:10], row.last[:10], row.project or "-", row.folder or "unknown")
            for row in wanted[:_SHOWN]
        ],
    )
    if len(wanted) > _SHOWN:
        say(f"and {len(wanted) - _SHOWN} folders more (--json lists all)")
    if missed.earlier:
        note(f"{plural(missed.earlier, 'turn')} before the date")
    if missed.elsewhere:
        others = sum(not row.wanted for row in missed.folders)
        note(
            f"{plural(missed.elsewhere, 'turn')} in {plural(others, 'folder')} of no project of this vault:"
            " --folder DIR or --all takes them (--json names the folders)"
        )
    for passed in missed.skipped[:_SHOWN]:
        note(f"{passed.path}: {passed.reason}")
    if len(missed.skipped) > _SHOWN:
        note(f"and {len(missed.skipped) - _SHOWN} more")


def _say_followed(answer: Captured | Missed) -> None:
    """What extraction made of it, where `capture.mode` asks for that."""
    if answer.commit:
        say(f"{plural(answer.candidates, 'candidate')} proposed; committed {answer.commit[:10]}")
    for told in answer.notes:
        note(told)


def _show_done(missed: Missed) -> None:
    told = [f"captured {missed.captured}"]
    told += [f"completed {missed.completed}"] * bool(missed.completed)
    told += [f"{missed.empty} held nothing of their own"] * bool(missed.empty)
    say(", ".join(told))
    _say_followed(missed)
    for passed in missed.skipped[:_SHOWN]:
        if passed.reason.startswith("int-"):
            note(f"failed {passed.path}: {passed.reason}")
