"""A daemon in a thread of the test's own process, and how to ask it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from atocore.daemon import client
from atocore.daemon.process import Daemon

QUICK = "format: 1\nmirror: off\ndaemon:\n  commit_seconds: 0.1\n"


@dataclass
class Running:
    """A daemon in a thread, and how to ask it."""

    daemon: Daemon
    reasons: list[str] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self, *, sync: bool = True) -> Running:
        """Start it, and wait until it answers and everything is in step."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self.until(lambda: self.ask("ping") is not None)
        if sync:
            self.sync()
        return self

    def _run(self) -> None:
        self.reasons.append(
            self.daemon.run(lambda seconds: "the test ends it" if self._end.wait(min(seconds, 0.1)) else "")
        )

    def stop(self) -> None:
        self._end.set()
        self.join()

    def join(self) -> None:
        """Wait for its end."""
        assert self._thread is not None
        self._thread.join(20.0)
        assert not self._thread.is_alive()

    def ask(self, verb: str, **args: object) -> Any:
        """The daemon's answer; None where there is none."""
        answer = client.ask(str(self.daemon.folder), verb, args)
        return answer if answer is None else answer.get("answer", answer)

    def sync(self) -> None:
        """Wait until the index is in step."""
        self.until(lambda: self.ask("sync")["in_step"])

    def found(self, query: str, **args: object) -> list[str]:
        """The paths that a search by words finds."""
        answer = self.ask("search", query=query, words=True, **args)
        assert "hits" in answer, answer
        return [hit["path"] for hit in answer["hits"]]

    def ping(self) -> dict[str, Any]:
        return dict(self.ask("ping"))

    def until(self, holds: Callable[[], object], seconds: float = 15.0) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it did not come to that"
            time.sleep(0.02)
