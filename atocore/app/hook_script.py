"""The installed hook: a copy of the script that outlives the package, and the interpreter that runs it.

A virtual environment comes and goes, and a package is replaced; a client's settings stay. So the script is
copied to one stable place in the user's data folder, and runs on the interpreter under the environment.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from atocore.app import resources
from atocore.app.hook_places import data_folder
from atocore.errors import AtocoreError
from atocore.knowledge.hooks.entries import SCRIPT_NAME
from atocore.store import files

FLAGS = ("-I", "-S")
"""Isolated and without site packages: a quarter of the time, and nothing of the user's can break it."""

_PROBE = "import os, select, sys, time; sys.exit(sys.version_info < (3, 11))"
_COMPILE = "import py_compile, sys; py_compile.compile(sys.argv[1])"
_PATIENCE_SECONDS = 20.0


def launcher() -> Path:
    """What a hook's command names: it starts the script from its bytecode."""
    return data_folder() / SCRIPT_NAME


def script_copy() -> Path:
    """Where the installed script lies."""
    return data_folder() / "script" / SCRIPT_NAME


def shipped_script() -> bytes:
    """The package's own script."""
    return resources.shipped(resources.CAPTURE_SCRIPT).read_bytes()


def content_of(path: Path) -> bytes | None:
    """A file's bytes; None where there is none that can be read, which says enough of a script."""
    try:
        return files.read(path)
    except AtocoreError:
        return None


def digest(content: bytes | None) -> str:
    """A content's hash as it is shown, "" where there is none."""
    return "" if content is None else hashlib.sha256(content).hexdigest()[:12]


def state() -> str:
    """What installing would make of the script: new, updated, kept."""
    present = {path: content_of(path) for path in _wanted()}
    if None in present.values():
        return "new"
    return "kept" if present == _wanted() else "updated"


def is_outdated(named: Path) -> bool:
    """Whether the script that a command names is not this version's."""
    if named == launcher():
        return state() == "updated"
    return content_of(named) not in (None, shipped_script())


def drift() -> tuple[str, ...]:
    """What is to be told where the installed script is another version's."""
    if state() != "updated":
        return ()
    return ("the installed hook script is not this version's: atocore hook install renews it",)


def place_script(interpreter: str) -> None:
    """Bring the copy up to the package's script, and compile it for an interpreter."""
    for path, content in _wanted().items():
        if content_of(path) != content:
            files.write(path, content, mark="script", mode=0o644)
            files.settle_folders([path.parent])
    _run([interpreter, *FLAGS, "-c", _COMPILE, str(script_copy())])  # else the first run of the hook does it


def _wanted() -> dict[Path, bytes]:
    """The files of the installed hook; the launcher comes last, so that it finds what it starts."""
    return {
        script_copy(): shipped_script(),
        launcher(): resources.shipped(resources.CAPTURE_LAUNCHER).read_bytes(),
    }


def interpreter(wanted: str = "") -> str:
    """The absolute path of an interpreter that runs the hook: the one that is wanted, else the one under this
    process's virtual environment, else this process's. Raises `bad-value` for one that cannot."""
    if wanted:
        path = os.path.abspath(files.expanded(wanted))  # noqa: PTH100  a link may be what stays
        if not _runs(path):
            told = f"{path} does not run as Python 3.11 or later"
            raise AtocoreError("bad-value", told, "name an interpreter, like /usr/bin/python3")
        return path
    for path in _candidates():
        if _runs(path):
            return path
    raise AtocoreError("bad-value", "no interpreter was found to run the hook", "name one with --python")


def _candidates() -> Iterator[str]:
    """Interpreters, the most lasting first; links are kept, for upgrades turn them to what is newer."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    yield from (
        path
        for path in (
            str(getattr(sys, "_base_executable", "") or ""),
            str(Path(sys.base_prefix) / "bin" / version),
            sys.executable,
        )
        if path
    )


def _runs(path: str) -> bool:
    """Whether an interpreter starts as the hook starts it. A shim of a version manager may, but slowly: the
    base interpreter of a process is never one."""
    return _run([path, *FLAGS, "-c", _PROBE])


def _run(command: list[str]) -> bool:
    """Whether a command ends well."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
