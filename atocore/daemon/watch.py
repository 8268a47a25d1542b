"""What changes in the vault and in git's own folder; whatever it is, it only rings the bell.

The watches themselves are `ears.py`'s. A folder that cannot be watched, lost events and a dead thread are
told in `trouble`; comparing on a timer makes up for them.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.daemon.bell import Bell
from atocore.store.head import common_dir

if TYPE_CHECKING:
    from atocore.daemon.ears import Ears


class Watch:
    """The watching of one vault. `renew` starts it, and starts it anew while `is_stale`. `cookies` is a
    folder of the daemon's own, in which it may make and remove files."""

    def __init__(self, vault: Path, git_dir: Path, cookies: Path, bell: Bell) -> None:
        self.vault = vault
        self.git_dirs = tuple(dict.fromkeys((git_dir, common_dir(git_dir))))
        self.cookies = cookies
        self.bell = bell
        self._ears: Ears | None = None
        self._why_not = "not watching"
        self._overflows = 0
        self._numbers = itertools.count(1)
        self._laid: dict[str, threading.Event] = {}

    @property
    def folders(self) -> int:
        """How many folders are watched."""
        return self._ears.folders if self._ears is not None else 0

    @property
    def overflows(self) -> int:
        """How often the kernel had to drop events, since the beginning."""
        return self._overflows + (self._ears.overflows if self._ears is not None else 0)

    @property
    def is_stale(self) -> bool:
        """Whether a folder was moved, or events were lost: the watches may not be where they ought to be."""
        return self._ears is not None and self._ears.is_stale

    @property
    def trouble(self) -> str:
        """Why events do not tell everything; "" where they do."""
        return self._ears.trouble if self._ears is not None else self._why_not

    def renew(self) -> None:
        """Watch every folder that is there now, from scratch. What changed meanwhile must be compared."""
        former = self._ears
        try:
            self._clear_cookies()
            self._ears = self._new_ears()
        except OSError as error:
            self._ears, self._why_not = None, f"the vault cannot be watched: {error}"
        self._end(former)

    def _new_ears(self) -> Ears:
        if sys.platform != "linux":
            raise OSError("only Linux's way to tell of changes is known")
        from atocore.daemon.ears import Ears

        return Ears(self.vault, self.git_dirs, self.cookies, self.bell, self._came_by)

    def _clear_cookies(self) -> None:
        self.cookies.parent.mkdir(exist_ok=True)  # and nothing above: a vault that is gone stays so
        self.cookies.mkdir(exist_ok=True)
        for left in self.cookies.iterdir():
            if left.name not in self._laid:
                left.unlink(missing_ok=True)

    def stop(self) -> None:
        """Watch nothing any more."""
        former, self._ears, self._why_not = self._ears, None, "not watching"
        self._end(former)

    def _end(self, ears: Ears | None) -> None:
        if ears is not None:
            self._overflows += ears.overflows
            ears.stop()

    def heard(self, seconds: float) -> bool:
        """Whether every event up to now has been rung: lays a cookie, and waits until its event comes by."""
        if self.trouble or self.is_stale:
            return False
        name = f"{os.getpid()}-{next(self._numbers)}"
        event = self._laid[name] = threading.Event()
        place = self.cookies / name
        try:
            place.touch()
            return event.wait(seconds)
        except OSError:
            return False
        finally:
            del self._laid[name]
            with suppress(OSError):
                place.unlink()

    def _came_by(self, name: str) -> None:
        event = self._laid.get(name)
        if event is not None:
            event.set()
