"""The user's service manager, where there is one: asking systemd about a unit, and telling it what to do."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.errors import AtocoreError

_PATIENCE_SECONDS = 90.0
_ASKED = ("LoadState", "UnitFileState", "ActiveState", "SubState", "MainPID", "Result", "ExecMainStatus")
_MORE = ("NRestarts", "MemoryCurrent", "DropInPaths", "NeedDaemonReload")
_NO_NAMESPACES = ("217", "218", "225", "226")
"""Exit codes by which systemd tells that it could not set up what namespaces are needed for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit, as the manager knows it: systemd's own words. All are "" where no manager answers."""

    load: str = ""
    enabled: str = ""
    active: str = ""
    sub: str = ""
    pid: int = 0
    result: str = ""
    exit_status: str = ""
    restarts: int = 0
    memory_bytes: int = 0
    drop_ins: tuple[str, ...] = ()
    needs_reload: bool = False

    @property
    def lacks_namespaces(self) -> bool:
        """Whether it could not be started because the system lets the user make no namespaces."""
        return self.result == "exit-code" and self.exit_status in _NO_NAMESPACES


def has_systemd() -> bool:
    """Whether this system has systemd's commands."""
    return shutil.which("systemctl") is not None


def manager_trouble() -> str:
    """Why no service manager can be told anything: "" where one answers."""
    if not has_systemd():
        return f"{sys.platform} has no systemd here"
    _, out, err = _systemctl("is-system-running")  # its exit code tells of a system that is starting, too
    if out.strip() in ("", "offline", "unknown"):
        told = (err or out).strip() or "no answer"
        return f"systemd does not run for this user here: {told.splitlines()[0]}"
    return ""


def standing(unit: str) -> Standing:
    """What the manager knows of a unit."""
    code, out, _ = _systemctl("show", unit, "--property", ",".join((*_ASKED, *_MORE)))
    if code:
        return Standing()
    told = dict(line.split("=", 1) for line in out.splitlines() if "=" in line)
    return Standing(
        load=told.get("LoadState", ""),
        enabled=told.get("UnitFileState", ""),
        active=told.get("ActiveState", ""),
        sub=told.get("SubState", ""),
        pid=_number(told.get("MainPID", "")),
        result=told.get("Result", ""),
        exit_status=told.get("ExecMainStatus", ""),
        restarts=_number(told.get("NRestarts", "")),
        memory_bytes=_number(told.get("MemoryCurrent", "")),
        drop_ins=tuple(told.get("DropInPaths", "").split()),
        needs_reload=told.get("NeedDaemonReload") == "yes",
    )


def tell(*args: str) -> None:
    """Have the manager do something. Raises `service-failed` with its own words."""
    code, out, err = _systemctl(*args)
    if code:
        told = (err or out).strip().replace("\n", "; ")
        raise AtocoreError(
            "service-failed", f"systemctl --user {' '.join(args)}: {told}", "see: atocore service status"
        )


def lingers(environ: Mapping[str, str]) -> bool:
    """Whether the user's services run without a login of theirs."""
    try:
        user = environ.get("USER") or getpass.getuser()
    except (KeyError, OSError):  # a number that no name belongs to
        return False
    return Path("/var/lib/systemd/linger", user).exists()


def _number(text: str) -> int:
    return int(text) if text.isdigit() and int(text) < 1 << 62 else 0


def _systemctl(*args: str) -> tuple[int, str, str]:
    try:
        done = subprocess.run(
            ["systemctl", "--user", "--no-pager", *args],
            env=os.environ | _runtime(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, "", str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def _runtime() -> dict[str, str]:
    """Where the user's manager is to be found from a shell that was not told: of `su`, `sudo` or cron."""
    if os.environ.get("XDG_RUNTIME_DIR"):
        return {}
    place = Path(f"/run/user/{os.getuid()}")
    return {"XDG_RUNTIME_DIR": str(place)} if place.is_dir() else {}
