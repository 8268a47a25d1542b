"""Trying an installed hook: the command that is in the settings, run as its client runs it.

`ATOCORE_VAULT`, which a hook obeys, points at a scratch vault meanwhile, so nothing of the trial comes near
the real one; whether that could be written is asked of its folder.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.app import hook_script
from atocore.app.hook_places import Place
from atocore.app.hook_status import DISABLED, is_disabled, places, read_document
from atocore.app.hooking import same_vault
from atocore.knowledge.hooks import entries as hook_entries
from atocore.knowledge.hooks.entries import VAULT_VARIABLE, Entry
from atocore.store.files import expanded
from atocore.store.worktree import SETTINGS_FILE

_RUNS = 3
_PATIENCE_SECONDS = 60.0
_PROMPT = "A trial of the hook: how heavy is the mirror?"
_SECRET_NAME, _SECRET = "GITHUB_TOKEN", "ghp_" + "9rT4kXw2LmQ8vZb6NcY1sJd7HfP3gEa5uKoB"
"""Made up, and of the form that is taken out."""


_TIED = f"the command sets {VAULT_VARIABLE} itself, so it cannot be tried without writing to its vault"
_FOREIGN = (
    "not tried: a project's settings may be anybody's, and this is not what `atocore hook install` writes"
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One hook tried. `milliseconds` is of each run, the shell included; `failures` is empty where all went
    well; `notes` is what the trial could not see through."""

    client: str
    scope: str
    settings: str
    vault: str
    command: str
    shell: str
    milliseconds: tuple[float, ...]
    silent: bool
    exit_code: int | None
    captured: bool
    redacted: bool
    failures: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trials:
    """Every hook that was tried; `ok` where there was one, and all went well."""

    trials: tuple[Trial, ...]
    ok: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of a command did."""

    milliseconds: float
    exit_code: int | None
    printed: bytes


def try_hooks(
    vault: str, environ: Mapping[str, str], *, client: str = "", scope: str = "", folder: Path | None = None
) -> Trials:
    """Try each installed hook of a vault; of every vault, where none is named."""
    tried = []
    for place in places(environ, client=client, scope=scope, folder=folder):
        for entry in hook_entries.entries(read_document(place), place.client.event):
            if not vault or same_vault(entry.command.vault, vault):
                tried.append(_try(place, entry, environ))
    return Trials(tuple(tried), bool(tried) and not any(trial.failures for trial in tried))


def _try(place: Place, entry: Entry, environ: Mapping[str, str]) -> Trial:
    command, vault = entry.written, entry.command.vault
    untried = _TIED if f"{VAULT_VARIABLE}=" in command else "" if _is_ours(place, entry) else _FOREIGN
    shell = [word.replace("$SHELL", environ.get("SHELL") or "/bin/sh") for word in place.client.shell]
    with tempfile.TemporaryDirectory(prefix="atocore-hook-") as folder:
        scratch = Path(folder) / "vault"
        scratch.mkdir()
        (scratch / SETTINGS_FILE).write_text("format: 1\n")
        given = _given(Path(folder), place.client.name)
        times = range(0 if untried else _RUNS)
        runs = [_run([*shell, command], given, Path(folder), environ) for _ in times]
        texts = [path.read_text("utf-8", "replace") for path in scratch.glob("captures/*/*/*/*.md")]
        logged = "".join(path.read_text("utf-8", "replace") for path in scratch.glob(".atocore/hook.log"))
    captured = len(texts) == 1 and "\n## Prompt\n" in texts[0]
    redacted = captured and _SECRET not in texts[0] + logged
    failures = [*([untried] if untried else _failures(runs, captured, redacted)), *_vault_failures(vault)]
    notes = [f"{DISABLED} is set here: the hook writes nothing while it is"] * is_disabled(environ)
    notes += [f"the hook's log: {line}" for line in logged.splitlines()[-1:]]
    return Trial(
        place.client.name,
        place.scope,
        str(place.path),
        vault,
        command,
        " ".join(shell),
        tuple(round(run.milliseconds, 1) for run in runs),
        not any(run.printed for run in runs),
        runs[-1].exit_code if runs else None,
        captured,
        redacted,
        tuple(failures),
        tuple(notes),
    )


def _is_ours(place: Place, entry: Entry) -> bool:
    """Whether a command may be run: the user's own, or of a project's settings, which a clone may bring, word
    for word what installing writes, on an interpreter from outside of that project."""
    if place.scope == "user":
        return True
    command, project = entry.command, place.path.parent.parent.resolve()
    interpreter = Path(command.interpreter)
    return (
        entry.written == command.line
        and (command.flags, command.script) == (hook_script.FLAGS, str(hook_script.launcher()))
        and interpreter.is_absolute()
        and not interpreter.resolve().is_relative_to(project)
    )


def _given(folder: Path, client: str) -> bytes:
    """A turn that never was, its transcript, and what the client would say of it."""
    prompt = f"{_PROMPT} And mind {_SECRET_NAME}={_SECRET}."
    transcript = folder / "trial.jsonl"
    at = "2026-01-02T03:04:05.000Z"
    message = {"role": "user", "content": prompt}
    record: dict[str, object] = {"type": "user", "uuid": "trial", "sessionId": "trial", "timestamp": at}
    record["message"] = message
    if client == "codex":
        content = [{"type": "input_text", "text": prompt}]
        payload = {"type": "message", "role": "user", "content": content}
        record = {"timestamp": at, "type": "response_item", "payload": payload}
    transcript.write_text(json.dumps(record) + "\n", "utf-8")
    given = {
        "session_id": "trial",
        "transcript_path": str(transcript),
        "cwd": str(folder),
        "hook_event_name": "Stop",
        "stop_hook_active": False,
        "last_assistant_message": "It weighs 4.2 kg.",
        ("turn_id" if client == "codex" else "prompt_id"): "trial",
    }
    return json.dumps(given).encode()


def _run(command: list[str], given: bytes, folder: Path, environ: Mapping[str, str]) -> _Run:
    environment = {name: value for name, value in environ.items() if name != DISABLED}
    environment |= {"ATOCORE_VAULT": str(folder / "vault"), "XDG_STATE_HOME": str(folder / "state")}
    begin = time.perf_counter()
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            start_new_session=True,  # as the clients do: without a terminal of its own
        )
    except OSError as error:
        return _Run(0.0, None, str(error).encode())
    with process:
        try:
            printed, _ = process.communicate(given, timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # the shell and what it started
            return _Run(_PATIENCE_SECONDS * 1000, None, b"")
    return _Run((time.perf_counter() - begin) * 1000, process.returncode, printed)


def _failures(runs: list[_Run], captured: bool, redacted: bool) -> Iterator[str]:
    if any(run.exit_code is None for run in runs):
        yield "the command did not run to its end"
    elif any(run.exit_code for run in runs):
        yield f"the exit code was {runs[-1].exit_code}, and has to be 0"
    printed = next((run.printed for run in runs if run.printed), b"")
    if printed:
        yield f"something was printed: {printed[:200].decode('utf-8', 'replace').strip()}"
    if not captured:
        yield "no capture was written"
    elif not redacted:
        yield "the secret was not taken out"


def _vault_failures(vault: str) -> Iterator[str]:
    """Whether the real vault could take a capture."""
    path = expanded(vault)
    if not (path / SETTINGS_FILE).is_file():
        yield f"not a vault: {vault or 'none is named'}"
        return
    for folder in (path, path / "captures", path / ".atocore"):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            yield f"cannot be written: {folder}"
