"""A desk with a vault, and the daemon running for it in a thread, with a model that needs no files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, copied_desk, founded
from fake_embedder import FakeEmbedder
from running import QUICK, Running

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


@pytest.fixture(scope="session")
def template_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template-vault") / "vault"
    made = founded(folder)
    (folder / "atocore.yaml").write_text(QUICK)
    made.commit(RECORDS, "Start")
    shutil.rmtree(folder / ".atocore", ignore_errors=True)
    return folder


@pytest.fixture
def desk(template_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    made = copied_desk(template_vault, tmp_path / "vault")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no stopped daemon."""
    monkeypatch.setattr(client, "HEARD_SECONDS", 10.0)


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
