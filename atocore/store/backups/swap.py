"""The contents of a folder exchanged for others that were made inside it, so that a kill loses neither.

The folder itself and its `.atocore` stay what they are, mount points and locked files included. All is
done by renames in one file system, which need no space. A journal tells what is under way; from the
moment it is there until it is gone, every command refuses, and `forward` finishes from wherever the last
one was killed.

.atocore/restore/new/ what is to be there .atocore/restore/old/ what was there
.atocore/restore/journal.json written before the first entry moves, removed after the last effect
.atocore/restore/phase-NAME how far it is: `out` (entries move to old/), `in` (new/ moves in), `settle`
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from atocore.errors import AtocoreError
from atocore.store import files
from atocore.store.lock import LOCAL
from atocore.store.unfinished import JOURNAL, WORK, unfinished
from atocore.store.worktree import SETTINGS_FILE

_STALE: Final = ("index", "journal", "journal.child", "cookies")
_STALE_ENDS: Final = (".pid", ".sock", ".db", "-wal", "-shm", "-journal")
_STAY: Final = frozenset({LOCAL, "lost+found"})


@dataclass(frozen=True, slots=True)
class Journal:
    """What finishing needs. `command` is the command line that finishes; `carried` are paths of the former
    contents that are this machine's own and go into the new; `captures` tells the captures that were there
    before, by path; `told` is the caller's own."""

    stamp: str
    command: str
    has_settings: bool = True
    carried: tuple[str, ...] = ()
    captures: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


class Swap:
    """One exchange in a folder. `on_step` hears where it is, for tests that kill it there."""

    def __init__(self, folder: Path, on_step: Callable[[str], None] = lambda _name: None) -> None:
        self.folder = folder
        self.work = folder / WORK
        self.new = self.work / "new"
        self.old = self.work / "old"
        self.on_step = on_step

    def clear(self) -> None:
        """Make room for new contents: what an exchange left that never began is removed."""
        if self.work.exists():
            remove_tree(self.work)
        self.work.mkdir(mode=0o700)

    def begin(self, journal: Journal) -> None:
        """From here on the former contents are on their way out."""
        self.old.mkdir()
        (self.work / "phase-out").touch()
        raw = json.dumps(asdict(journal)).encode()
        files.write(self.work / JOURNAL, raw, mark="restore", mode=0o600)
        files.settle_folders([self.work])
        self.on_step("journal-written")

    def journal(self) -> Journal:
        """The journal of an exchange that was begun. Raises `restore-unfinished` where it cannot be read."""
        try:
            told = json.loads((self.work / JOURNAL).read_text("utf-8"))
            return Journal(**{**told, "carried": tuple(told["carried"])})
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise unfinished(self.folder) from error

    def forward(self, journal: Journal) -> None:
        """Exchange the contents, from wherever that was left. Raises `restore-unfinished` where the system
        refuses a rename, or `read-only` where all is as it was before."""
        try:
            if self._is_in("out"):
                self._move_out()
        except OSError as error:
            self._move_back(error)
        try:
            if self._is_in("in"):
                self._move_in(journal)
        except OSError as error:
            told = f"{error.filename}: {error.strerror or error}: the contents are half exchanged"
            raise AtocoreError("restore-unfinished", told, f"then finish it: {journal.command}") from error

    def finish(self, *, keep_as: Path | None = None) -> bool:
        """The end: the former contents are removed, or kept under another name, and the journal goes. Whether
        all of that could be removed."""
        gone = True
        if keep_as is not None and self.old.exists():
            self.old.rename(keep_as)
        elif self.old.exists():
            gone = remove_tree(self.old)
        self.on_step("former-removed")
        files.remove(self.work / JOURNAL)
        files.settle_folders([self.work])
        self.on_step("journal-removed")
        return remove_tree(self.work) and gone

    # -- the phases ------------------------------------------------------------------------------------

    def _is_in(self, phase: str) -> bool:
        return (self.work / f"phase-{phase}").exists()

    def _advance(self, phase: str, following: str) -> None:
        files.settle_folders([self.folder, self.old, self.new])
        (self.work / f"phase-{phase}").rename(self.work / f"phase-{following}")
        files.settle_folders([self.work])

    def _move_out(self) -> None:
        """All but the settings goes; these are replaced in one action later: whoever looks for a vault, the
        capture hook first, looks for them."""
        for name in _names(self.folder):
            if name in _STAY:
                continue
            place = self.folder / name
            if name == SETTINGS_FILE and stat.S_ISREG(place.lstat().st_mode):
                _copied(place, self.old / name)
            else:
                place.rename(_free(self.old / name))
                self.on_step("moving-out")
        self._advance("out", "in")
        self.on_step("moved-out")

    def _move_in(self, journal: Journal) -> None:
        order = {SETTINGS_FILE: 0, ".git": 1}
        for name in sorted(_names(self.new), key=lambda name: order.get(name, 2)):
            place = self.folder / name
            if name == LOCAL:
                continue
            if name != SETTINGS_FILE and os.path.lexists(place):  # a capture that was written meanwhile
                place.rename(_free(self.old / name))
            (self.new / name).replace(place)
            self.on_step("moving-in")
        if not journal.has_settings:
            files.remove(self.folder / SETTINGS_FILE)
        self._advance("in", "settle")
        self.on_step("moved-in")

    def _move_back(self, error: OSError) -> None:
        """Nothing new is there yet: put back what was taken out."""
        told = f"{error.filename}: {error.strerror or error}"
        try:
            for name in _names(self.old):
                if not os.path.lexists(self.folder / name):
                    (self.old / name).rename(self.folder / name)
            files.remove(self.work / JOURNAL)
        except OSError as further:
            raise unfinished(self.folder) from further
        remove_tree(self.work)
        hint = "see its rights, and what holds it; nothing was changed"
        raise AtocoreError("read-only", f"cannot be moved away: {told}", hint) from error

    # -- what goes over from the former contents -------------------------------------------------------------

    def carry(self, journal: Journal) -> list[str]:
        """Move over what is this machine's own and stands in nothing's way; what does, and stays behind."""
        left: list[str] = []
        for path in journal.carried:
            if _is_plain_way(self.folder, path):
                _merge(self.old / path, self.folder / path, path, left)
            elif os.path.lexists(self.old / path):
                left.append(path)
        return left

    def rescue_captures(self, journal: Journal) -> int:
        """Move over the captures that the hook wrote since the exchange was begun on; how many."""
        found = 0
        for folder in sorted(self.old.glob("captures*")):
            for path, mark in captures_in(folder).items():
                if journal.captures.get(path) != mark and _is_plain_way(self.folder, path):
                    target = self.folder / path
                    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    (folder / path.removeprefix("captures/")).replace(target)
                    found += 1
        return found


def captures_in(folder: Path) -> dict[str, str]:
    """The files below a folder of captures, by their path in the vault, each with what tells a version."""
    found = {}
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            path = Path(here, name)
            with suppress(OSError):
                seen = path.lstat()
                if stat.S_ISREG(seen.st_mode) and not name.startswith("."):
                    mark = f"{seen.st_ino}:{seen.st_size}:{seen.st_mtime_ns}"
                    found[f"captures/{path.relative_to(folder).as_posix()}"] = mark
    return found


def _copied(place: Path, target: Path) -> None:
    """The same file under a second name, or a copy of it."""
    if target.exists():
        return
    try:
        target.hardlink_to(place)
    except OSError:
        shutil.copy2(place, target)


def _names(folder: Path) -> list[str]:
    """What is in a folder, in an order that is the same each time."""
    return sorted(entry.name for entry in os.scandir(folder))


def _free(place: Path) -> Path:
    """The name, or one beside it where it is taken."""
    number, free = 0, place
    while os.path.lexists(free):
        number += 1
        free = place.with_name(f"{place.name}~{number}")
    return free


def _is_plain_way(folder: Path, path: str) -> bool:
    """Whether what is above a path is folders, or nothing yet: a link could lead anywhere."""
    for part in path.rstrip("/").split("/")[:-1]:
        folder = folder / part
        if os.path.lexists(folder) and not stat.S_ISDIR(folder.lstat().st_mode):
            return False
    return True


def _merge(source: Path, target: Path, path: str, left: list[str]) -> None:
    if not os.path.lexists(source):
        return
    if not os.path.lexists(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    elif all(stat.S_ISDIR(one.lstat().st_mode) for one in (source, target)):
        for name in _names(source):
            _merge(source / name, target / name, f"{path.rstrip('/')}/{name}", left)
    else:
        left.append(path)


def remove_tree(place: Path) -> bool:
    """Remove a folder with all in it, closed folders too; whether nothing is left."""

    def opened(_function: object, path: str, _error: object) -> None:
        with suppress(OSError):
            Path(path).parent.chmod(0o700)
            Path(path).chmod(0o700)
            if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114
                shutil.rmtree(path)
            else:
                os.unlink(path)  # noqa: PTH108

    shutil.rmtree(place, onerror=opened)
    return not place.exists()


def stale_in(local: Path) -> Iterator[Path]:
    """What a vault's local folder holds of the former contents alone: indexes, the journal of a step, what a
    daemon or a holder of a lock said of itself, sockets. Locks, counters, logs and a person's texts stay."""
    for entry in sorted(os.scandir(local), key=lambda entry: entry.name):
        name = entry.name
        known = name in _STALE or name.startswith("daemon.json") or name.endswith(_STALE_ENDS)
        if known or stat.S_ISSOCK(entry.stat(follow_symlinks=False).st_mode):
            yield Path(entry.path)
