"""The demo: the main job in a scratch vault, each command shown with what it printed."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from atocore.cli.door import common, examples
from atocore.cli.output import note, say
from atocore.errors import AtocoreError

_PERSON = {
    "GIT_AUTHOR_NAME": "Demo Reviewer",
    "GIT_AUTHOR_EMAIL": "reviewer@example.org",
    "GIT_COMMITTER_NAME": "Demo Reviewer",
    "GIT_COMMITTER_EMAIL": "reviewer@example.org",
}
_PROMPT = """\
Please note this for the hook we are writing.

Constraint: The capture hook time must not exceed 25 ms.

The token for the test server is {token}, keep it out of the notes.
""".format(token="ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a")  # made up, and in two parts for scanners
_FOLDER = "/home/me/src/atocore"  # names the project
_ANSWER = "Noted: the capture hook has 25 ms, and the token stays out."


@click.command()
@click.option("--keep", metavar="DIR", default="", help="Make the vault in DIR, and leave it there.")
@click.option("--words", is_flag=True, help="Search by words alone: no model is loaded.")
@common
@examples("atocore demo", "atocore demo --keep /tmp/try    # then look around in it")
def demo(keep: str, words: bool) -> None:
    """Walk the main job in a scratch vault, on AtoCore's own decisions, showing each command and its result.

    From a capture by the assistant's hook to a cited context: capture, ingest, candidates, promote, conflict,
    resolve, search, context, and the log.
    """
    started = time.monotonic()
    if keep:
        walk(Path(keep).absolute(), words)
        note(f"the vault is in {keep}")
    else:
        with tempfile.TemporaryDirectory(prefix="atocore-demo-") as folder:
            walk(Path(folder) / "memory", words)
    note(f"done in {time.monotonic() - started:.1f} s")


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through a vault: runs commands as a user would, and shows them."""

    vault: Path
    environment: dict[str, str]

    def tell(self, text: str) -> None:
        """Say what comes next."""
        say()
        say(f"# {text}", bold=True)

    def run(self, *words: str) -> str:
        """Show one `atocore` command and what it prints; raises where it fails."""
        say(f"$ atocore {shlex.join(words)}", color="cyan")
        out = self._call(words)
        say(out.rstrip())
        return out

    def ask(self, *words: str) -> dict[str, list[dict[str, str]]]:
        """Run one command for its JSON, without showing it."""
        found: dict[str, list[dict[str, str]]] = json.loads(self._call([*words, "--json"]))
        return found

    def _call(self, words: Sequence[str]) -> str:
        command = [sys.executable, "-m", "atocore", "--vault", str(self.vault), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AtocoreError("damaged", f"the demo's step failed: {shlex.join(words)}", done.stderr.strip())
        return done.stdout + done.stderr


def walk(vault: Path, words: bool) -> None:
    """The whole walk, in a vault that does not exist yet."""
    from atocore.app import resources
    from atocore.config import DEFAULTS

    driven = DEFAULTS.texts("machines.shell_variables")
    environment = {name: value for name, value in os.environ.items() if name not in driven} | _PERSON
    go = Walk(vault, environment)
    only_words = ["--words"] if words else []

    go.tell("A vault is a git repository of Markdown files.")
    go.run("init", str(vault))

    go.run("new", "project", "--key", "name=atocore", "AtoCore, the memory of a team and its assistants.")

    go.tell("An assistant's Stop hook captures what was said; secrets never reach the disk.")
    _capture(vault, environment)
    go.run("list", "--kind", "interaction", "--full")

    go.tell("Rules propose what is worth remembering, from what was said and from documents.")
    go.run("extract")
    constraint = _first(go, "--type", "constraint", "--status", "candidate")
    go.run("ingest", str(resources.shipped("docs/decisions")), "--project", "atocore")
    go.run("list", "--status", "candidate", "--limit", "12")

    go.tell("A person decides. One commit each, with the reason.")
    decision = _first(go, "--type", "decision", "--status", "candidate")
    go.run("show", constraint)
    go.run("promote", constraint, decision, "--reason", "agreed at the design review")

    go.tell("Somebody records another value for the same thing: flagged, never blocked.")
    claim = go.ask("list", "--type", "constraint", "--status", "active")["records"][0]
    told = ("--subject", claim["subject"], "--attribute", claim["attribute"], "--value", "40 ms")
    text = "The capture hook may take 40 ms on a loaded machine."
    go.run("new", "memory", "--type", "knowledge", "--project", claim["project"], *told, text)
    go.run("conflicts", "list")

    go.tell("A person resolves it: the winner stays, the other is superseded.")
    conflict = go.ask("conflicts", "list")["conflicts"][0]["id"]
    go.run("conflicts", "resolve", conflict, "--winner", constraint, "--reason", "measured: 25 ms is met")

    if not words:
        go.tell(
            "The indexes are caches that follow by themselves; this brings the embeddings in step at once."
        )
        go.run("index", "sync")

    go.tell("Find it again, by words and by meaning.")
    go.run("search", "how fast must the hook be", "--limit", "3", *only_words)

    go.tell("What an assistant is told: trusted, active knowledge only, each line cited, within a budget.")
    go.run("context", "how fast must the capture hook be?", "--budget", "400", *only_words)

    go.tell("Git is the log.")
    go.run("log")
    go.run("check")


def _first(go: Walk, *filters: str) -> str:
    records = go.ask("list", *filters)["records"]
    if not records:
        raise AtocoreError(
            "damaged", f"the demo found no record for {' '.join(filters)}", "report it, please"
        )
    return records[0]["id"]


def _capture(vault: Path, environment: dict[str, str]) -> None:
    """What the assistant does at the end of a turn: it calls the hook with its transcript."""
    from atocore.app import resources

    transcript = vault.parent / "transcript.jsonl"
    record = {
        "type": "user",
        "uuid": "5f0c3f7e-0000-4000-8000-000000000001",
        "sessionId": "demo",
        "timestamp": "2026-11-22T09:00:00Z",
        "cwd": _FOLDER,
        "version": "2.1",
        "message": {"role": "user", "content": _PROMPT},
    }
    transcript.write_text(json.dumps(record) + "\n", "utf-8")
    given = {
        "session_id": "demo",
        "transcript_path": str(transcript),
        "cwd": _FOLDER,
        "hook_event_name": "Stop",
        "last_assistant_message": _ANSWER,
    }
    script = resources.shipped(resources.CAPTURE_SCRIPT)
    say(f"$ python -I -S {resources.CAPTURE_SCRIPT} --vault {vault}   < the assistant's JSON", color="cyan")
    command = [sys.executable, "-I", "-S", str(script), "--vault", str(vault)]
    subprocess.run(command, input=json.dumps(given), env=environment, text=True, check=True)
    transcript.unlink()
