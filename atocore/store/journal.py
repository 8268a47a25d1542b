"""The journal of one step: written before the first effect, removed after the last.

It says all that undoing or finishing the step needs, so that a crash at any point loses nothing.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from pathlib import Path
from subprocess import run
from typing import NamedTuple

from atocore.errors import AtocoreError
from atocore.store import files


class FileStep(NamedTuple):
    """One file of a step: what stood in the work tree and what shall stand there, with its permissions; and
    what is committed before and after, with git's `mode`."""

    path: str
    before: bytes | None
    after: bytes | None
    permissions: int | None
    mode: str
    head_oid: str | None
    new_oid: str | None

    @property
    def is_written(self) -> bool:
        """Whether there is anything to write: a draft may already say what the step commits."""
        return self.before != self.after


class Journal(NamedTuple):
    """One step: a unique name, the branch and where it stood, the trailers to know its commit by."""

    step: str
    branch: str
    head: str | None
    trailers: tuple[tuple[str, str], ...]
    folders: tuple[str, ...]
    files: tuple[FileStep, ...]

    def save(self, folder: Path) -> None:
        """Write the journal, durably, into the vault's local folder."""
        plain = {**self._asdict(), "files": [step._asdict() for step in self.files]}
        text = json.dumps(plain, default=lambda value: b64encode(value).decode())
        files.write(folder / "journal", text.encode(), mark=self.step, mode=0o600)
        files.settle_folders([folder])


def load(folder: Path) -> Journal | None:
    """The journal of an unfinished step, if there is one. Raises `damaged`."""
    content = files.read(folder / "journal")
    if content is None:
        return None
    try:
        return _parsed(json.loads(content))
    except (ValueError, KeyError, TypeError) as error:
        place = folder / "journal"
        raise AtocoreError(
            "damaged", f"{place} cannot be read", "look at `git status`, then remove it"
        ) from error


def _parsed(found: dict[str, object]) -> Journal:
    rows = found.pop("files")
    trailers, folders = found.pop("trailers"), found.pop("folders")
    assert isinstance(rows, list) and isinstance(trailers, list) and isinstance(folders, list)
    steps = tuple(FileStep(**row | {key: _bytes(row[key]) for key in ("before", "after")}) for row in rows)
    return Journal(
        **found,  # type: ignore[arg-type]
        trailers=tuple((str(key), str(value)) for key, value in trailers),
        folders=tuple(str(folder) for folder in folders),
        files=steps,
    )


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)


def discard(folder: Path) -> None:
    """The step is over: remove the journal, then what belongs to it."""
    files.remove(folder / "journal")
    files.settle_folders([folder])
    files.remove(folder / "journal.child")


def record_child(folder: Path, pid: int) -> None:
    """Note the git process that is about to commit; it waits for its input until this is done."""
    (folder / "journal.child").write_text(f"{pid} {_birth(pid)}")


def live_child(folder: Path) -> int | None:
    """The recorded git process, if it is still running (and its number not another process's by now)."""
    try:
        number, _, birth = (folder / "journal.child").read_text().partition(" ")
        pid = int(number)
    except (OSError, ValueError):
        return None
    return pid if birth and _birth(pid) == birth else None


def _birth(pid: int) -> str:
    """When a process started, in whatever words the system has for it; "" for one that has ended."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "" if os.path.isdir("/proc/self") else _birth_by_ps(pid)  # noqa: PTH112
    return "" if facts[0] in "ZX" else facts[19]


def _birth_by_ps(pid: int) -> str:
    answer = run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, check=False)
    state, _, birth = answer.stdout.decode(errors="replace").strip().partition(" ")
    return "" if state.startswith("Z") else birth.strip()
