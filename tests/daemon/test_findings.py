"""What a review of the daemon found, each as the user who met it would see it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk
from fake_embedder import FakeEmbedder
from running import Running
from test_process import Process, atocore, launch

from atocore.app import Vault
from atocore.daemon import asking
from atocore.daemon.holder import Holder, socket_place
from atocore.daemon.process import Daemon
from atocore.index.model import Model

__all__ = ["launch"]

OTHER_VERSION = {"version": "0.0.9"}


@pytest.fixture
def slow_to_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until the event is set, an ending daemon waits for its threads."""
    may_end = threading.Event()
    ended = Daemon._stop_working

    def slowly(self: Daemon, threads: list[threading.Thread]) -> None:
        may_end.wait(10.0)
        ended(self, threads)

    monkeypatch.setattr(Daemon, "_stop_working", slowly)
    yield may_end
    may_end.set()


def test_stop_returns_once_another_daemon_may_start(
    desk: Desk, slow_to_end: threading.Event, running: Running
) -> None:
    timer = threading.Timer(2.0, slow_to_end.set)
    timer.start()
    stopped = atocore(desk.folder, "daemon", "--stop")
    assert slow_to_end.is_set()
    assert (stopped.returncode, Holder(desk.folder).is_held()) == (0, False), stopped.stderr
    timer.join()


def test_a_variable_that_keeps_searches_from_asking_keeps_nobody_from_stopping_it(
    desk: Desk, running: Running
) -> None:
    told = atocore(desk.folder, "daemon", "--status", "--json", ATOCORE_NO_DAEMON="1")
    assert json.loads(told.stdout)["pid"] == os.getpid()
    assert atocore(desk.folder, "daemon", "--stop", ATOCORE_NO_DAEMON="1").returncode == 0
    running.join()


@pytest.mark.parametrize("what", ["--status", "--stop"])
def test_a_daemon_of_another_version_is_named_with_how_to_end_it(
    desk: Desk, running: Running, what: str
) -> None:
    place = desk.folder / ".atocore" / "daemon.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | OTHER_VERSION))
    told = atocore(desk.folder, "daemon", what)
    assert told.returncode == 1
    assert f"kill {os.getpid()}" in told.stderr
    assert "0.0.9" in told.stderr


def test_a_daemon_that_is_stopped_is_named_with_how_to_end_it(
    desk: Desk, launch: Callable[[Desk], Process]
) -> None:
    process = launch(desk).answers()
    process.popen.send_signal(signal.SIGSTOP)
    told = atocore(desk.folder, "daemon", "--stop")
    assert (told.returncode, f"kill {process.popen.pid}" in told.stderr) == (1, True), told.stderr


def test_without_a_daemon_one_is_told_to_start_it(desk: Desk) -> None:
    told = atocore(desk.folder, "daemon", "--stop")
    assert (told.returncode, "no daemon runs" in told.stderr) == (1, True), told.stderr


def test_a_killed_daemons_number_is_never_named(desk: Desk) -> None:
    place = desk.folder / ".atocore" / "daemon.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps({"pid": 4711, "socket": "x", "version": "0.1.0", "vault": "x"}))
    holder = Holder(desk.folder)
    holder.take()
    told = atocore(desk.folder, "daemon", "--stop")
    holder.leave()
    assert (told.returncode, "4711" in told.stderr) == (1, False), told.stderr


def test_asking_whether_it_is_held_holds_nothing(desk: Desk) -> None:
    holder = Holder(desk.folder)
    assert not holder.is_held()
    holder.take()
    assert Holder(desk.folder).is_held()
    holder.leave()
    assert not holder.is_held()
    with (desk.folder / ".atocore" / "daemon.lock").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("runtime", ["/proc/nowhere", "/dev/null"])
def test_where_the_runtime_folder_cannot_be_used_another_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
    assert socket_place(desk.folder).parent.stat().st_mode & 0o077 == 0


def test_a_runtime_folder_of_another_users_is_not_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_args: object, **_kwargs: object) -> str:
        raise PermissionError("the runtime folder is owned by another user")

    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("platformdirs.user_runtime_dir", refuses)
    assert socket_place(desk.folder).parent == Path(f"/tmp/atocore-{os.getuid()}")


@pytest.fixture
def held_rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Rounds that do not come to an end before the event is set."""
    go_on = threading.Event()
    made = Vault.round

    def held(self: Vault, *args: object, **kwargs: object) -> object:
        go_on.wait(30.0)
        return made(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Vault, "round", held)
    monkeypatch.setattr(asking, "FIRST_SECONDS", 0.2)
    yield go_on
    go_on.set()


def unsynced(desk: Desk) -> Running:
    return Running(Daemon(desk.folder, Model(FakeEmbedder))).start(sync=False)


def test_a_search_while_the_first_comparison_goes_on_is_answered_from_the_index_there_is(
    desk: Desk, held_rounds: threading.Event
) -> None:
    with Vault.open(desk.folder) as vault:
        vault.search("Zerodur", words=True)
    running = unsynced(desk)
    answer = running.ask("search", query="Zerodur", words=True)
    held_rounds.set()
    running.stop()
    assert [hit["path"] for hit in answer["hits"]] == ["memories/scope/gem.md"], answer
    assert answer["notes"] == [asking.BEHIND]


def test_an_index_that_cannot_be_built_is_told_with_its_reason(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device", "catalog.db")

    monkeypatch.setattr(Vault, "round", fails)
    running = unsynced(desk)
    running.until(lambda: running.ping()["errors"])
    answer = running.ask("search", query="Zerodur", words=True)
    running.stop()
    assert "No space left" in answer["error"]["message"]


def test_an_answer_under_broken_settings_says_so(desk: Desk, running: Running) -> None:
    (desk.folder / "atocore.yaml").write_text("format: [1\n")
    notes = running.ask("search", query="Zerodur", words=True)["notes"]
    assert any("former ones stay in force" in note for note in notes), notes


def test_both_halves_alone_at_once_are_refused_and_nothing_breaks(running: Running, caplog) -> None:
    answer = running.ask("search", query="Zerodur", words=True, vectors=True)
    assert answer["error"]["code"] == "usage"
    assert not [record for record in caplog.records if record.exc_info]
