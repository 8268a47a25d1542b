"""How the capture hook stands: where it is installed, what has drifted or gone, and how its runs ended."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.app import hook_places, hook_script
from atocore.app.hook_places import Place
from atocore.app.hook_runs import HookRuns, runs_elsewhere, runs_in
from atocore.app.hooking import same_vault
from atocore.app.session import settings_at
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.knowledge.hooks import entries as hook_entries
from atocore.knowledge.hooks.clients import CLIENTS, SCOPES
from atocore.knowledge.hooks.entries import Entry, HookCommand
from atocore.knowledge.hooks.json_edit import JsonText
from atocore.store.files import expanded
from atocore.store.worktree import SETTINGS_FILE

DISABLED = "ATOCORE_CAPTURE_DISABLED"


@dataclass(frozen=True, slots=True)
class InstalledHook:
    """One entry in a client's settings. `problems` break it; `drift` is what `hook install` would bring up to
    date; `notes` may keep the client from running it, as far as that can be told from outside."""

    client: str
    scope: str
    settings: str
    command: str
    interpreter: str
    script: str
    vault: str
    problems: tuple[str, ...]
    drift: tuple[str, ...]
    notes: tuple[str, ...]
    runs: HookRuns


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One settings file that may hold hooks: is there one of ours, and what is wrong with the file."""

    client: str
    scope: str
    settings: str
    installed: bool
    problem: str


@dataclass(frozen=True, slots=True)
class HookStatus:
    """All hooks of this user and project. `script` is the installed copy, `script_hash` its content's and
    `shipped_hash` the package's own; `runs` are those of the vault that was named; `elsewhere` are failures
    that no vault could note; `broken` is whether anything needs mending."""

    vault: str
    looked_at: tuple[LookedAt, ...]
    hooks: tuple[InstalledHook, ...]
    script: str
    script_hash: str
    shipped_hash: str
    disabled: bool
    vault_override: str
    runs: HookRuns
    elsewhere: HookRuns
    broken: bool


def hook_status(
    vault: str, environ: Mapping[str, str], *, client: str = "", scope: str = "", folder: Path | None = None
) -> HookStatus:
    """Look at the settings of every client and scope, or of those that are named."""
    looked, hooks = [], []
    for place in places(environ, client=client, scope=scope, folder=folder):
        try:
            document = read_document(place)
            found = [_installed(place, document, entry, environ) for entry in _entries(place, document)]
            looked.append(_looked(place, bool(found), ""))
            hooks += found
        except AtocoreError as error:
            looked.append(_looked(place, False, error.message))
    elsewhere = runs_elsewhere(environ)
    runs = runs_in(Path(vault)) if vault else HookRuns()
    broken = any(one.problem for one in looked) or any(hook.problems for hook in hooks)
    return HookStatus(
        vault,
        tuple(looked),
        tuple(hooks),
        str(hook_script.script_copy()),
        hook_script.digest(hook_script.content_of(hook_script.script_copy())),
        hook_script.digest(hook_script.shipped_script()),
        is_disabled(environ),
        environ.get("ATOCORE_VAULT", ""),
        runs,
        elsewhere,
        broken or any(hook.runs.broken for hook in hooks) or runs.broken,
    )


def places(
    environ: Mapping[str, str], *, client: str = "", scope: str = "", folder: Path | None = None
) -> Iterator[Place]:
    """The settings of every client and scope, or of those that are named; no file twice."""
    seen = set()
    for one in (hook_places.client_named(client),) if client else CLIENTS.values():
        for name in SCOPES:
            if name in one.files and scope in ("", name):
                place = hook_places.place_of(one, name, folder or Path.cwd(), environ)
                if place.file not in seen:
                    yield place
                seen.add(place.file)


def read_document(place: Place) -> JsonText:
    """A place's settings as they are now."""
    text = hook_places.text_of(place, hook_places.read_place(place))
    return hook_entries.read_settings(text, str(place.path))


def is_disabled(environ: Mapping[str, str]) -> bool:
    """Whether the kill switch is set in this process's environment."""
    return environ.get(DISABLED, "").strip().lower() in ("1", "true", "yes", "on")


def _entries(place: Place, document: JsonText) -> list[Entry]:
    return hook_entries.entries(document, place.client.event)


def _looked(place: Place, installed: bool, problem: str) -> LookedAt:
    return LookedAt(place.client.name, place.scope, str(place.path), installed, problem)


def _installed(place: Place, document: JsonText, entry: Entry, environ: Mapping[str, str]) -> InstalledHook:
    command = entry.command
    return InstalledHook(
        place.client.name,
        place.scope,
        str(place.path),
        entry.written,
        command.interpreter,
        command.script,
        command.vault,
        tuple(_problems(command)),
        tuple(_drift(place, command)),
        tuple(_notes(place, document, entry, environ)),
        runs_in(expanded(command.vault)) if command.vault else HookRuns(),
    )


# --- what may be wrong with an entry -----------------------------------------------------------------------


def _problems(command: HookCommand) -> Iterator[str]:
    """What keeps a hook from writing a capture."""
    interpreter = command.interpreter
    if os.path.isabs(interpreter) and not os.access(interpreter, os.X_OK):  # noqa: PTH117
        yield f"the interpreter is gone: {interpreter}"
    script = expanded(command.script)
    parts = (script, hook_script.script_copy()) if script == hook_script.launcher() else (script,)
    for part in parts:
        if not part.is_file():
            yield f"the script is gone: {part}"
    if not command.vault:
        yield "no vault is named"
    elif not (vault := expanded(command.vault)).is_dir():
        yield f"the vault is gone: {vault}"
    elif not (vault / SETTINGS_FILE).is_file():
        yield f"not a vault: {vault} has no {SETTINGS_FILE}"
    elif not os.access(vault, os.W_OK):
        yield f"the vault cannot be written: {vault}"


def _drift(place: Place, command: HookCommand) -> Iterator[str]:
    """What `hook install` would write otherwise today."""
    script = expanded(command.script)
    if hook_script.is_outdated(script):
        yield "the script is not this version's"
    if not same_vault(str(script), str(hook_script.launcher())):
        yield f"the script is not the installed copy, {hook_script.launcher()}"
    if not os.path.isabs(command.interpreter):  # noqa: PTH117
        yield "the interpreter is looked for on PATH, which may cost a tenth of a second"
    if command.flags != hook_script.FLAGS:
        yield f"the interpreter runs without {' '.join(hook_script.FLAGS)}"
    if command.client != place.client.name:
        yield f"--client is {command.client or 'missing'}, and not {place.client.name}"
    settings = _settings_of(command)
    if settings is not None:
        wanted = "yes" if settings.flag("capture.response") else "no"
        if (command.response or "yes") != wanted:
            yield f"--response is {command.response or 'yes'}, and the vault's settings say {wanted}"
        limit = str(settings.whole("capture.max_chars"))
        if command.max_chars != limit:
            yield f"--max-chars is {command.max_chars or 'missing'}, and the vault's settings say {limit}"


def _settings_of(command: HookCommand) -> Settings | None:
    """The settings of the vault that a hook writes to, None where it has none that can be read."""
    vault = expanded(command.vault)
    try:
        return settings_at(vault) if command.vault and (vault / SETTINGS_FILE).is_file() else None
    except AtocoreError:
        return None


def _notes(place: Place, document: JsonText, entry: Entry, environ: Mapping[str, str]) -> Iterator[str]:
    """What the client itself may have against running it."""
    title = place.client.title
    if isinstance(document.value, dict) and document.value.get("disableAllHooks") is True:
        yield f"all hooks are switched off in {place.path} (disableAllHooks)"
    if not document.strict:
        yield f"{place.path} holds comments or trailing commas, which {title} may refuse"
    if place.client.name == "codex":
        yield from _codex_notes(place, entry, environ)
    elif place.scope != "user":
        yield from _claude_trust(place, environ)


def _codex_notes(place: Place, entry: Entry, environ: Mapping[str, str]) -> Iterator[str]:
    """Codex keeps what was trusted by the file and the entry's place in it."""
    try:
        raw = (hook_places.client_folder(place.client, environ) / "config.toml").read_text("utf-8")
        config = tomllib.loads(raw)
    except (OSError, ValueError):
        config = {}
    if _inner(config, "features").get("hooks") is False:
        yield "hooks are switched off in Codex's config.toml (features.hooks)"
    key = f"{place.path}:{place.client.event.lower()}:{entry.group}:{entry.handler}"
    state = _inner(_inner(_inner(config, "hooks"), "state"), key)
    if state.get("enabled") is False:
        yield "this hook is switched off in Codex's config.toml"
    elif "trusted_hash" not in state:
        yield "Codex has no note that you trusted this hook: enter /hooks in codex"


def _claude_trust(place: Place, environ: Mapping[str, str]) -> Iterator[str]:
    """Claude Code runs a project's hooks only in a trusted folder; its note of that is no promise."""
    folder = environ.get(place.client.home_variable)
    path = expanded(folder) / ".claude.json" if folder else Path.home() / ".claude.json"
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        known = {}
    project = place.path.parent.parent
    if _inner(_inner(known, "projects"), str(project)).get("hasTrustDialogAccepted") is not True:
        yield f"Claude Code has no note that you trusted {project}: begin a session there, and accept"


def _inner(value: object, name: str) -> dict[str, object]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
