"""How the service of a vault's daemon is: its unit's file, and what the service manager says of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.app.service import manager as service_manager
from atocore.app.service.manager import Standing
from atocore.app.service.plan import planned_unit, unit_file
from atocore.app.service.unit import is_light, is_untouched, unit_name
from atocore.config import Settings
from atocore.store import files

LINGER = "loginctl enable-linger"


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How a vault's service is. `outdated` is the difference from the unit that would be written now, "" for
    none; `trouble` says why no service manager can be asked. `broken` tells what is to be looked at."""

    unit: str
    file: str
    installed: bool
    edited: bool
    outdated: str
    trouble: str
    lingers: bool
    standing: Standing
    broken: tuple[str, ...]
    notes: tuple[str, ...]


def status(vault: Path, settings: Settings, environ: Mapping[str, str]) -> ServiceStatus:
    """How a vault's service is."""
    name = unit_name(vault)
    file = unit_file(name, environ)
    text = unit_text(file)
    outdated = ""
    if text is not None:
        wanted, _, _ = planned_unit(vault, settings, environ, light=is_light(text))
        outdated = "\n".join(
            difflib.unified_diff(
                text.splitlines(), wanted.text().splitlines(), "installed", "now", lineterm=""
            )
        )
    trouble = service_manager.manager_trouble()
    known = Standing() if trouble else service_manager.standing(name)
    edited = text is not None and not is_untouched(text)
    lingers = service_manager.lingers(environ)
    return ServiceStatus(
        name,
        str(file),
        text is not None,
        edited,
        outdated,
        trouble,
        lingers,
        known,
        _broken(name, text is not None, known),
        tuple(_remarks(name, text is not None, edited, outdated, trouble, lingers, known)),
    )


def _broken(name: str, installed: bool, known: Standing) -> tuple[str, ...]:
    if not installed or not known.load:
        return ()
    if known.lacks_namespaces:
        return (without_namespaces(name),)
    if known.active == "active":
        return ()
    how = f"{known.active} ({known.sub}), {known.result}" if known.result else known.active
    return (f"it does not run: {how}; see: journalctl --user -u {name}",)


def _remarks(
    name: str, installed: bool, edited: bool, outdated: str, trouble: str, lingers: bool, known: Standing
) -> list[str]:
    if not installed:
        return ["not installed: atocore service install"]
    notes = [trouble] if trouble else []
    if edited:
        notes.append(f"somebody edited it; what is yours belongs in: systemctl --user edit {name}")
    elif outdated:
        notes.append("it is not as it would be written now: atocore service install renews it")
    if known.needs_reload:
        notes.append("its file changed since systemd read it: systemctl --user daemon-reload")
    if known.load and known.enabled != "enabled":
        notes.append(f"it does not start by itself: systemctl --user enable {name}")
    if not lingers:
        notes.append(f"it runs while you are logged in; to have it run always: {LINGER}")
    return notes


def without_namespaces(name: str) -> str:
    """What is to be told where a service cannot be shut in."""
    return (
        f"systemd could not shut {name} in: this system lets you make no namespaces; "
        "atocore service install --no-namespaces does without"
    )


def unit_text(file: Path) -> str | None:
    """The text of a unit's file; None where there is none. Raises `unreadable`."""
    content = files.read(file)
    return None if content is None else content.decode("utf-8", "surrogateescape")
