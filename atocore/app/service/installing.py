"""A vault's daemon as a service of the user's: installed and uninstalled, planned first, then carried out."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from atocore.app.service import manager as service_manager
from atocore.app.service.manager import Standing
from atocore.app.service.plan import planned_unit, unit_file
from atocore.app.service.standing import LINGER, unit_text, without_namespaces
from atocore.app.service.unit import is_untouched, unit_name
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.knowledge.policy import actor_of
from atocore.records.plan import Actor
from atocore.store import files


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """What becomes of a unit's file: `before` and `after` are its texts, None for none. `links` are made, and
    `folders`, before it is written; `edited` tells that somebody changed the one that is there."""

    unit: str
    file: Path
    before: str | None
    after: str | None
    edited: bool
    links: Mapping[Path, str]
    folders: tuple[Path, ...]
    interpreter: str = ""

    @property
    def diff(self) -> str:
        """The change, as a diff."""
        old, new = ((text or "").splitlines() for text in (self.before, self.after))
        there = [os.devnull if text is None else str(self.file) for text in (self.before, self.after)]
        return "\n".join(difflib.unified_diff(old, new, there[0], there[1], lineterm=""))


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """What an install or uninstall did, or with `dry_run` would do. `todo` are commands that are left to the
    user; `kept` is the file that an edited unit was put aside as, "" for none."""

    unit: str
    file: str
    changed: bool
    text: str
    diff: str
    started: bool = False
    stopped: bool = False
    kept: str = ""
    todo: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False


def for_people_only(doing: str, settings: Settings, environ: Mapping[str, str]) -> None:
    """Raise `machine-refused` in an assistant's shell: what runs without anybody there is a person's wish."""
    if actor_of(environ, settings) is Actor.MACHINE:
        told = f"{doing}: a person's step, and this is an assistant's shell"
        raise AtocoreError("machine-refused", told, "run it in a shell of your own; --dry-run shows it here")


def plan_install(
    vault: Path, settings: Settings, environ: Mapping[str, str], *, light: bool = False
) -> ServiceChange:
    """What installing a vault's service would write. Nothing is written."""
    unit, links, folders = planned_unit(vault, settings, environ, light=light)
    file = unit_file(unit.name, environ)
    before = unit_text(file)
    edited = before is not None and not is_untouched(before)
    return ServiceChange(unit.name, file, before, unit.text(), edited, links, folders, unit.interpreter)


def plan_uninstall(vault: Path, environ: Mapping[str, str]) -> ServiceChange:
    """What taking a vault's service away would remove; the vault may be gone."""
    name = unit_name(vault)
    file = unit_file(name, environ)
    before = unit_text(file)
    return ServiceChange(name, file, before, None, before is not None and not is_untouched(before), {}, ())


def shown(change: ServiceChange) -> ServiceAnswer:
    """What a change would do."""
    text = change.after if change.after is not None else change.before
    return ServiceAnswer(
        change.unit, str(change.file), change.before != change.after, text or "", change.diff, dry_run=True
    )


def install(change: ServiceChange, environ: Mapping[str, str], *, start: bool) -> ServiceAnswer:
    """Write a unit, and have the manager start it; what it was before is kept aside where somebody edited it.
    Raises `service-failed` where it does not start."""
    assert change.after is not None
    _runs(change.interpreter)
    for folder in change.folders:
        _made(folder)
    for link, target in change.links.items():
        _linked(link, target)
    kept = _put_aside(change)
    files.write(change.file, change.after.encode(), mark="unit", mode=0o644)
    files.settle_folders([change.file.parent])
    trouble = service_manager.manager_trouble()
    todo, started = _start_commands(change.unit), False
    if not trouble:
        service_manager.tell("daemon-reload")
        if start:
            service_manager.tell("enable", change.unit)
            _restart(change.unit)
            started = True
        todo = () if start else todo[1:]
    notes = [] if not trouble else [trouble]
    if not service_manager.lingers(environ):
        notes.append(f"it runs while you are logged in; to have it run always: {LINGER}")
    return replace(
        shown(change),
        dry_run=False,
        started=started,
        kept=kept,
        todo=todo,
        notes=tuple(notes),
    )


def uninstall(change: ServiceChange, links: Path) -> ServiceAnswer:
    """End a unit, and take its file and links away; nothing else. An edited one is kept aside."""
    trouble = service_manager.manager_trouble()
    known = Standing() if trouble else service_manager.standing(change.unit)
    stopped = known.load == "loaded"
    if stopped:
        service_manager.tell("disable", "--now", change.unit)
    kept = _put_aside(change)
    try:
        files.remove(change.file)
        files.remove(change.file.parent / "default.target.wants" / change.file.name)  # as `disable` does
        shutil.rmtree(links, ignore_errors=True)
    except OSError as error:
        raise AtocoreError("read-only", f"cannot remove {change.file}: {error.strerror}") from error
    if not trouble:
        service_manager.tell("daemon-reload")
        if known.active == "failed":
            service_manager.tell("reset-failed", change.unit)
    todo = () if not trouble else ("systemctl --user daemon-reload", f"systemctl --user stop {change.unit}")
    notes = tuple(f"{path} is yours, and stays" for path in known.drop_ins)
    return replace(
        shown(change),
        dry_run=False,
        stopped=stopped,
        kept=kept,
        todo=todo,
        notes=(*([trouble] if trouble else []), *notes),
    )


def _restart(unit: str) -> None:
    try:
        service_manager.tell("restart", unit)
    except AtocoreError as error:
        known = service_manager.standing(unit)
        if known.lacks_namespaces:
            raise AtocoreError("service-failed", without_namespaces(unit)) from error
        hint = f"see: journalctl --user -u {unit}; a daemon of your own is in its way: atocore daemon --stop"
        raise AtocoreError("service-failed", error.message, hint) from error


def _start_commands(unit: str) -> tuple[str, ...]:
    return ("systemctl --user daemon-reload", f"systemctl --user enable --now {unit}")


def _put_aside(change: ServiceChange) -> str:
    """Keep a unit that somebody edited beside its place; where."""
    if not change.edited or change.before is None:
        return ""
    aside = change.file.with_name(f"{change.file.name}.bak")
    number = 1
    while aside.exists():
        number += 1
        aside = change.file.with_name(f"{change.file.name}.bak{number}")
    files.write(aside, change.before.encode("utf-8", "surrogateescape"), mark="unit", mode=0o644)
    return str(aside)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise AtocoreError("read-only", f"cannot make {folder}: {error.strerror}") from error


def _linked(link: Path, target: str) -> None:
    _made(link.parent)
    try:
        files.remove(link)
        link.symlink_to(target)
    except OSError as error:
        raise AtocoreError("read-only", f"cannot make {link}: {error.strerror}") from error


def _runs(interpreter: str) -> None:
    """Raise `bad-value` where an interpreter does not find AtoCore by itself."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [interpreter, "-P", "-m", "atocore", "--version"]
    try:
        done = subprocess.run(command, env=clean, cwd="/", capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AtocoreError("bad-value", f"{interpreter} does not run: {error}") from error
    if done.returncode:
        told = f"{interpreter} does not find AtoCore by itself (PYTHONPATH is not the service's)"
        raise AtocoreError("bad-value", told, "install AtoCore into an environment: pip install atocore")
