"""A desk with a vault, and the daemon running for it in a thread, with a model that needs no files."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from desk import REVIEWER, Desk, copied_desk, run_git
from fake_embedder import FakeEmbedder

from atocore.app.founding import init
from atocore.daemon import client
from atocore.daemon.process import Daemon
from atocore.index.model import Model

RECORDS = """
-- memories/scope/gem.md --
id: mem-gem
project: scope
subject: primary mirror
attribute: glass
value: Zerodur
--
The primary mirror is made of Zerodur.
-- memories/scope/frame.md --
id: mem-frame
project: scope
--
The truss frame carries the secondary.
-- notes/visit.md --
They pour blanks on Mondays.
"""
QUICK = "format: 1\ndaemon:\n  commit_seconds: 0.1\n"


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


@pytest.fixture(scope="session")
def template_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template-vault") / "vault"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", REVIEWER[0])
    run_git(folder, "config", "user.email", REVIEWER[1])
    init(folder)
    (folder / "atocore.yaml").write_text(QUICK)
    Desk(folder).commit(RECORDS, "Start")
    shutil.rmtree(folder / ".atocore", ignore_errors=True)
    return folder


@pytest.fixture
def desk(template_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    made = copied_desk(template_vault, tmp_path / "vault")
    yield made
    made.close()


@pytest.fixture
def start() -> Iterator[Callable[[Desk], Running]]:
    """Starts a daemon for a desk's vault; ended with the test."""
    started: list[Running] = []

    def starting(desk: Desk) -> Running:
        started.append(Running(Daemon(desk.folder, Model(FakeEmbedder))))
        return started[-1].start()

    yield starting
    for running in started:
        running.stop()


@pytest.fixture
def running(desk: Desk, start: Callable[[Desk], Running]) -> Running:
    """A daemon that runs for the desk's vault."""
    return start(desk)
