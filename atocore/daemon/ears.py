"""One inotify instance with a watch on each folder that matters: the vault's, git's, and the cookies'.

Stands on watchdog's inotify layer rather than on its observers (see docs/decisions/watchdog.md): events
come in the order in which the kernel made them, whatever folder they are from. So the event of a cookie
proves that all that happened before it was rung.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from atocore.daemon.bell import MANY, Bell
from atocore.records.record import is_page

SETTINGS_FILE = "atocore.yaml"
_RULES = frozenset({".gitignore", ".gitattributes"})
"""These change what git tells of files that did not change."""
_GIT_FILES = frozenset(
    {"HEAD", "index", "packed-refs", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG"}
)
_GIT_FOLDERS = ("refs/heads", "reftable", "rebase-merge", "rebase-apply")
_MASK = Mask(
    InotifyConstants.IN_CREATE
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_ATTRIB
    | InotifyConstants.IN_DELETE
    | InotifyConstants.IN_DELETE_SELF
    | InotifyConstants.IN_MOVED_FROM
    | InotifyConstants.IN_MOVED_TO
    | InotifyConstants.IN_MOVE_SELF
    | InotifyConstants.IN_ONLYDIR
    | InotifyConstants.IN_DONT_FOLLOW
    | InotifyConstants.IN_EXCL_UNLINK
)


class Kind(Enum):
    """What a watched folder is: the vault or a folder in it, git's own folder, one that holds references
    (or the state of a rebase), or where cookies are laid."""

    VAULT = "vault"
    GIT = "git"
    REFS = "refs"
    COOKIES = "cookies"


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder; `path` is relative to the vault ("" for its top), and unused outside of it."""

    kind: Kind
    place: Path
    path: str = ""


class Ears:
    """Listens from its making until `stop`. Raises OSError where the system gives no inotify instance."""

    def __init__(
        self,
        vault: Path,
        git_dirs: Sequence[Path],
        cookies: Path,
        bell: Bell,
        cookie_came_by: Callable[[str], None],
    ) -> None:
        self.overflows = 0
        self.is_stale = False
        self._vault = vault
        self._bell = bell
        self._cookie_came_by = cookie_came_by
        self._unwatched = ""
        self._folders: dict[WatchDescriptor, Folder] = {}
        self._known: set[Path] = set()
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._fd: InotifyFD | None = InotifyFD()
        self._fd.start()
        with self._lock:
            self._add(Folder(Kind.COOKIES, cookies))
            for git_dir in git_dirs:
                self._add(Folder(Kind.GIT, git_dir))
                for name in _GIT_FOLDERS:
                    self._add_refs(git_dir / name)
            for _page in self._add_pages(""):
                pass

    @property
    def folders(self) -> int:
        """How many folders are watched."""
        return len(self._known)

    @property
    def trouble(self) -> str:
        """Why not all events come; "" where they do."""
        if self._fd is None or not self._fd.is_alive():
            return "the watching thread ended"
        return self._unwatched

    def stop(self) -> None:
        """Listen no more, and give the descriptors back."""
        with self._lock:
            fd, self._fd = self._fd, None
            self._folders.clear()
        if fd is not None:
            fd.stop()
            fd.join()

    # -- adding watches ---------------------------------------------------------------------------------

    def _add_refs(self, place: Path) -> None:
        for here, _, _ in os.walk(place):
            self._add(Folder(Kind.REFS, Path(here)))

    def _add_pages(self, top: str) -> Iterator[str]:
        """Watch a folder of the vault and those below it; the paths of the pages that are there already."""
        stack = [top]
        while stack:
            here = stack.pop()
            place = self._vault / here
            self._add(Folder(Kind.VAULT, place, here))
            with suppress(OSError), os.scandir(place) as entries:
                for entry in entries:
                    path = f"{here}/{entry.name}" if here else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if _may_hold_pages(entry.name):
                            stack.append(path)
                    elif is_page(path):
                        yield path

    def _add(self, folder: Folder) -> None:
        """Watch one folder. One that is gone, or closed to us, is none: its parent tells when that
        changes."""
        if self._fd is None or folder.place in self._known:
            return
        # a number of its own each time: a folder that was moved meanwhile keeps its descriptor
        number = CallbackId(next(self._numbers))
        try:
            found = self._fd.add_callback(os.fsencode(folder.place), _MASK, self, number)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self._unwatched = f"{folder.place} is not watched: {error.strerror or error}"
            return
        if found != -1:  # what watchdog gives for a folder that is closed to us
            self._folders[found] = folder
            self._known.add(folder.place)

    # -- what watchdog calls ----------------------------------------------------------------------------

    def on_event(self, event: InotifyEvent) -> None:
        """One event of a watched folder."""
        name = os.fsdecode(event.name)
        with self._lock:
            folder = self._folders.get(event.wd)
            if folder is None:
                return
            if not name:
                self._happened_to_it(event)
            elif folder.kind is Kind.COOKIES:
                self._cookie_came_by(name)
            elif folder.kind is Kind.VAULT:
                self._happened_in_vault(folder, name, event)
            else:
                self._happened_in_git(folder, name, event)

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """A watched folder is gone."""
        with self._lock:
            folder = self._folders.pop(wd, None)
            if folder is None:
                return
            self._known.discard(folder.place)
            if folder.kind is not Kind.REFS and not folder.path:
                self._mistrust()

    def on_queue_overflow(self) -> None:
        """The kernel dropped events: which, nobody knows."""
        self.overflows += 1
        self._mistrust()

    def _mistrust(self) -> None:
        self.is_stale = True
        self._bell.ring(everything=True)

    def _happened_to_it(self, event: InotifyEvent) -> None:
        if event.is_move_self:  # its watch goes on under a name that the folder no longer has
            self._mistrust()

    def _happened_in_vault(self, folder: Folder, name: str, event: InotifyEvent) -> None:
        path = f"{folder.path}/{name}" if folder.path else name
        if not event.is_directory:
            if name in _RULES or path == SETTINGS_FILE:
                self._bell.ring(everything=True)
            elif is_page(path):
                self._bell.ring((path,))
        elif _may_hold_pages(name):
            if event.is_create:
                self._folder_came(path)
            else:  # moved here, moved away, removed, opened or closed to us
                if not event.is_delete:
                    self._folder_came(path)
                self._bell.ring(everything=True)

    def _folder_came(self, path: str) -> None:
        """Watch a folder, and ring for what it holds already."""
        pages = list(itertools.islice(self._add_pages(path), MANY + 1))
        if len(pages) > MANY:
            self._mistrust()  # the walk was left early, so folders may lack a watch
        else:
            self._bell.ring(pages)

    def _happened_in_git(self, folder: Folder, name: str, event: InotifyEvent) -> None:
        if event.is_directory:
            if folder.kind is Kind.REFS or name in _GIT_FOLDERS:
                self._add_refs(folder.place / name)
                self._bell.ring(everything=True)
        elif name in _GIT_FILES if folder.kind is Kind.GIT else not name.endswith(".lock"):
            self._bell.ring(everything=True)


def _may_hold_pages(folder_name: str) -> bool:
    return not folder_name.startswith(".") and folder_name != "node_modules"
