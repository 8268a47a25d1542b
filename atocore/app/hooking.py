"""Installing and uninstalling the capture hook in a client's settings: planned, shown, then carried out."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.app import hook_places, hook_script
from atocore.app.hook_places import Place
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.knowledge.hooks import entries as hook_entries
from atocore.knowledge.hooks.entries import HookCommand
from atocore.store.files import expanded
from atocore.store.worktree import SETTINGS_FILE


@dataclass(frozen=True, slots=True)
class HookChange:
    """A change of a client's settings. `before` and `after` are the file's bytes, None for no file; `script`
    says what becomes of the installed script: new, updated, kept, or "" where it is not touched."""

    place: Place
    before: bytes | None
    after: bytes | None
    made: tuple[str, ...]
    command: str
    interpreter: str
    script: str
    notes: tuple[str, ...]

    @property
    def script_file(self) -> str:
        """Where the installed script lies."""
        return str(hook_script.launcher())

    @property
    def changes_settings(self) -> bool:
        """Whether the settings change, and not only the script."""
        return self.before != self.after

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return self.changes_settings or self.script in ("new", "updated")

    @property
    def diff(self) -> str:
        """The change of the settings, as a diff."""
        name = str(self.place.path)
        old, new = (_lines(content) for content in (self.before, self.after))
        there = [name if content is not None else os.devnull for content in (self.before, self.after)]
        return "\n".join(difflib.unified_diff(old, new, there[0], there[1], lineterm=""))


@dataclass(frozen=True, slots=True)
class Hooked:
    """What an install or uninstall did, or with `dry_run` would do. `command` is the entry's, "" for none."""

    client: str
    scope: str
    settings: str
    changed: bool
    command: str
    script: str
    script_state: str
    diff: str
    notes: tuple[str, ...]
    dry_run: bool = False


def plan_install(
    vault: Path,
    settings: Settings,
    environ: Mapping[str, str],
    *,
    client: str = "claude-code",
    scope: str = "user",
    folder: Path | None = None,
    python: str = "",
    beside: bool = False,
) -> HookChange:
    """What installing a vault's hook would change. Nothing is written."""
    place = hook_places.place_of(hook_places.client_named(client), scope, folder or Path.cwd(), environ)
    before = hook_places.read_place(place)
    text = hook_places.text_of(place, before)
    document = hook_entries.read_settings(text, str(place.path))
    command = command_for(vault, settings, client, hook_script.interpreter(python))
    edited = hook_entries.added(
        document,
        place.client.event,
        command,
        same=same_vault,
        lost=is_lost,
        beside=beside,
        name=str(place.path),
    )
    assert edited.text is not None
    fresh = (hook_entries.FILE,) if before is None else hook_places.made_for(place)
    made = tuple(dict.fromkeys((*fresh, *edited.made)))
    left = [
        f"in place of the hook of {other}" for other in edited.vaults if not same_vault(other, str(vault))
    ]
    notes = (*left, *_remarks(place, document.strict, environ))
    return HookChange(
        place,
        before,
        edited.text.encode(),
        made,
        command.line,
        command.interpreter,
        hook_script.state(),
        notes,
    )


def plan_uninstall(
    vault: str,
    environ: Mapping[str, str],
    *,
    client: str = "claude-code",
    scope: str = "user",
    folder: Path | None = None,
    every: bool = False,
) -> HookChange:
    """What taking a vault's hook away would change. The vault and the script may be gone; without a vault,
    the only entry is meant, and with `every` all of ours."""
    place = hook_places.place_of(hook_places.client_named(client), scope, folder or Path.cwd(), environ)
    before = hook_places.read_place(place)
    document = hook_entries.read_settings(hook_places.text_of(place, before), str(place.path))
    ours = hook_entries.entries(document, place.client.event)
    vaults = {entry.command.vault for entry in ours}
    if not vault and not every and len(vaults) > 1:
        raise AtocoreError(
            "ambiguous",
            f"{place.path} has hooks of several vaults: {', '.join(sorted(vaults))}",
            "name one with --vault DIR, or all with --all",
        )

    def meant(other: str) -> bool:
        return every or not vault or same_vault(other, vault)

    edited = hook_entries.removed(document, place.client.event, hook_places.made_for(place), whose=meant)
    left = sorted(other for other in vaults if not meant(other))
    notes = tuple(f"the hook of {other} stays (--all takes every one away)" for other in left)
    after = before if not edited.vaults else None if edited.text is None else edited.text.encode()
    return HookChange(place, before, after, edited.made if edited.vaults else (), "", "", "", notes)


def carry_out(change: HookChange) -> None:
    """Make the change: the script first, so that no settings name one that is not there."""
    if change.script:
        hook_script.place_script(change.interpreter)
    if change.changes_settings:
        hook_places.write_place(change.place, change.before, change.after)
        hook_places.note_made(change.place, change.made if change.after is not None else ())


def answer(change: HookChange, *, dry_run: bool = False) -> Hooked:
    """What a change says of itself."""
    return Hooked(
        change.place.client.name,
        change.place.scope,
        str(change.place.path),
        change.changes,
        change.command,
        change.script_file,
        change.script,
        change.diff,
        change.notes,
        dry_run,
    )


def command_for(vault: Path, settings: Settings, client: str, interpreter: str) -> HookCommand:
    """The command that captures for a vault as its settings want it. Raises `bad-path` for a path that no
    JSON can hold."""
    command = HookCommand(
        interpreter,
        hook_script.FLAGS,
        str(hook_script.launcher()),
        str(vault),
        client,
        "yes" if settings.flag("capture.response") else "no",
        str(settings.whole("capture.max_chars")),
    )
    try:
        command.line.encode()
    except UnicodeEncodeError:
        told = f"{vault}: settings cannot hold a path that is not UTF-8"
        raise AtocoreError("bad-path", told, "give the vault's folder another name") from None
    return command


def same_vault(one: str, other: str) -> bool:
    """Whether two paths lead to one folder, there or not."""
    return bool(one and other) and _real(one) == _real(other)


def is_lost(vault: str) -> bool:
    """Whether no vault is where a hook looks for one."""
    return not (expanded(vault) / SETTINGS_FILE).is_file()


def _real(path: str) -> str:
    return os.path.realpath(expanded(path))


def _remarks(place: Place, strict: bool, environ: Mapping[str, str]) -> list[str]:
    """What a person should know of the place before they agree."""
    told = []
    if not strict:
        told.append(
            f"{place.path} holds comments or trailing commas: they stay, but {place.client.title} may"
            " refuse to read such a file"
        )
    if place.scope == "project":
        told.append(
            "these settings are shared by git, and the paths are this machine's: --scope user or local"
            if "local" in place.client.files
            else "these settings are shared by git, and the paths are this machine's: --scope user"
        )
    if place.file.is_file() and place.file.stat().st_nlink > 1:
        told.append(f"{place.path} has further names (hard links): those keep the former text")
    if environ.get("ATOCORE_VAULT"):
        told.append("ATOCORE_VAULT is set here: where a client runs with it, captures go there instead")
    return told


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").removesuffix("\n").split("\n") if content else []
