"""The socket from both sides: clients that misbehave, and daemons that do; who asks is never worse off."""

from __future__ import annotations

import json
import os
import socket
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk

from atocore import __version__
from atocore.daemon import client
from atocore.daemon.holder import Holder, socket_place
from atocore.daemon.service import CLIENTS, LARGEST_REQUEST, Service
from atocore.errors import AtocoreError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "s"


@pytest.fixture
def slow() -> threading.Event:
    """Set it, and the verb `wait` answers."""
    return threading.Event()


@pytest.fixture
def service(tmp_path: Path, place: Path, slow: threading.Event) -> Iterator[Service]:
    def refuse(_args: object) -> object:
        raise AtocoreError("not-found", "no such thing", "look elsewhere")

    def fail(_args: object) -> object:
        raise ZeroDivisionError

    verbs = {
        "echo": lambda args: {"echo": dict(args)},
        "wait": lambda _args: slow.wait(10.0),
        "refuse": refuse,
        "fail": fail,
    }
    made = Service(place, tmp_path, verbs)
    made.start()
    tell(tmp_path, place)
    yield made
    slow.set()
    made.stop()


def tell(folder: Path, place: Path, **other: object) -> None:
    """Write the file that tells where a daemon is."""
    told = {"pid": os.getpid(), "socket": str(place), "version": __version__, "vault": str(folder)}
    (folder / ".atocore").mkdir(exist_ok=True)
    (folder / "atocore.yaml").touch()
    (folder / ".atocore" / "daemon.json").write_text(json.dumps(told | other))


def connected(place: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(10.0)
    made.connect(str(place))
    return made


def test_a_question_and_its_answer(service: Service, tmp_path: Path) -> None:
    args = {"text": "häß \udcff\n", "number": 3}
    assert client.ask(str(tmp_path), "echo", args) == {"answer": {"echo": args}}
    assert client.ask(str(tmp_path), "refuse") == {
        "error": {"code": "not-found", "message": "no such thing", "hint": "look elsewhere"}
    }


def test_only_its_user_may_ask(service: Service, place: Path) -> None:
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_stranger_is_not_answered(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atocore.daemon.service.peer_uid", lambda _connection: os.getuid() + 1)
    assert client.ask(str(tmp_path), "echo") is None


def test_a_strangers_socket_is_not_asked(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atocore.daemon.client.peer_uid", lambda _connection: os.getuid() + 1)
    assert client.ask(str(tmp_path), "echo") is None


def test_silent_and_slow_clients_hold_nobody_up(service: Service, tmp_path: Path, place: Path) -> None:
    held = [connected(place) for _ in range(CLIENTS // 2)]
    for number, one in enumerate(held):
        if number % 2:
            one.sendall(b'{"verb": ')
    assert client.ask(str(tmp_path), "echo") == {"answer": {"echo": {}}}
    for one in held:
        one.close()


def test_one_client_too_many_does_the_work_itself(
    service: Service, tmp_path: Path, place: Path, slow: threading.Event
) -> None:
    held = [connected(place) for _ in range(CLIENTS)]
    for one in held:
        one.sendall(b'{"verb": "wait"}\n')
    assert client.ask(str(tmp_path), "echo") is None
    slow.set()
    for one in held:
        lines = one.makefile("rb")
        assert b"heard" in lines.readline()
        assert json.loads(lines.readline()) == {"answer": True}
        lines.close()
        one.close()
    assert client.ask(str(tmp_path), "echo") == {"answer": {"echo": {}}}


def test_an_answer_that_takes_too_long_is_not_waited_for(service: Service, tmp_path: Path) -> None:
    assert client.ask(str(tmp_path), "wait", seconds=0.1) is None


def test_a_bug_in_an_answer_is_no_answer(service: Service, tmp_path: Path) -> None:
    assert client.ask(str(tmp_path), "fail") is None
    assert client.ask(str(tmp_path), "echo") is not None


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b"3",
        b"{}",
        b'{"verb": 3}',
        b'{"verb": ["echo"]}',
        b'{"verb": "promote"}',
        b'{"verb": "echo", "args": []}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_request_is_told(service: Service, tmp_path: Path, place: Path, line: bytes) -> None:
    with connected(place) as one, one.makefile("rb") as lines:
        lines.readline()
        one.sendall(line + b"\n")
        assert json.loads(lines.readline())["error"]["code"] == "usage"
    assert client.ask(str(tmp_path), "echo") is not None


def test_a_request_without_end_is_cut_off(service: Service, tmp_path: Path, place: Path) -> None:
    with connected(place) as one:
        one.recv(1000)
        with pytest.raises(OSError, match=r"."):
            for _ in range(100):
                one.sendall(b"x" * LARGEST_REQUEST)
    assert client.ask(str(tmp_path), "echo") is not None


def test_without_the_file_nobody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "atocore.yaml").touch()
    assert client.find(str(tmp_path)) is None
    assert client.ask(str(tmp_path), "echo") is None


def test_the_vault_around_a_folder_is_found(service: Service, tmp_path: Path) -> None:
    deep = tmp_path / "memories" / "p"
    deep.mkdir(parents=True)
    assert client.find(str(deep)) == str(tmp_path)
    assert client.find("/") is None


def test_a_variable_keeps_from_asking(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATOCORE_NO_DAEMON", "1")
    assert client.ask(str(tmp_path), "echo") is None


@pytest.mark.parametrize("other", [{"version": "0.0.0"}, {"vault": "/elsewhere"}, {"socket": 3}])
def test_another_version_or_vault_is_not_asked(
    service: Service, tmp_path: Path, place: Path, other: dict[str, object]
) -> None:
    tell(tmp_path, place, **other)
    assert client.ask(str(tmp_path), "echo") is None


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", "3"])
def test_a_damaged_file_is_no_daemon(tmp_path: Path, place: Path, text: str) -> None:
    tell(tmp_path, place)
    (tmp_path / ".atocore" / "daemon.json").write_text(text)
    assert client.ask(str(tmp_path), "echo") is None


def test_a_socket_that_is_gone_or_that_nobody_serves_is_no_daemon(tmp_path: Path, place: Path) -> None:
    tell(tmp_path, place)
    assert client.ask(str(tmp_path), "echo") is None
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    assert client.ask(str(tmp_path), "echo") is None


def test_a_daemon_that_is_stopped_is_not_waited_for(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "HEARD_SECONDS", 0.2)
    tell(tmp_path, place)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(place))
        silent.listen()
        assert client.ask(str(tmp_path), "echo") is None


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"nonsense\n",
        b'{"heard": 3}\n',
        b'{"heard": {"version": "0.0.0", "vault": "/"}}\n',
        b'{"heard": {"version": "%s", "vault": "%s"}}\n',
        b'{"heard": {"version": "%s", "vault": "%s"}}\n[]\n',
        b'{"heard": {"version": "%s", "vault": "%s"}}\n{"half": ',
    ],
)
def test_a_daemon_that_talks_nonsense_is_no_daemon(tmp_path: Path, place: Path, said: bytes) -> None:
    tell(tmp_path, place)
    if said.count(b"%s") == 2:
        said %= (__version__.encode(), bytes(tmp_path))

    def talk(listening: socket.socket) -> None:
        one, _ = listening.accept()
        with one:
            one.sendall(said)

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()
        talking = threading.Thread(target=talk, args=(listening,))
        talking.start()
        assert client.ask(str(tmp_path), "echo") is None
        talking.join()


def test_the_socket_is_in_a_folder_that_only_its_user_may_enter(tmp_path: Path) -> None:
    place = socket_place(tmp_path)
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert len(os.fsencode(place)) <= 100
    assert place == socket_place(tmp_path) != socket_place(tmp_path / "other")


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder, whose path is short enough for a socket's whatever runs the tests."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path, runtime: Path, mode: int) -> None:
    (runtime / "atocore").mkdir()
    (runtime / "atocore").chmod(mode)
    with pytest.raises(AtocoreError) as refused:
        socket_place(tmp_path)
    assert refused.value.code == "read-only"


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path, runtime: Path) -> None:
    (runtime / "elsewhere").mkdir(mode=0o700)
    (runtime / "atocore").symlink_to(runtime / "elsewhere")
    with pytest.raises(AtocoreError):
        socket_place(tmp_path)


def test_a_second_daemon_is_told_who_runs(desk: Desk, running) -> None:
    second = Holder(desk.folder)
    with pytest.raises(AtocoreError) as refused:
        second.take()
    assert refused.value.code == "vault-busy"
    assert str(os.getpid()) in refused.value.message
    assert running.ping()["started"] in refused.value.message
    second.leave()
    assert running.ask("ping") is not None


def test_a_number_that_another_process_has_now_is_no_daemon(desk: Desk, start, place: Path) -> None:
    tell(desk.folder, place, pid=os.getppid(), vault=os.path.realpath(desk.folder))
    assert start(desk).ping()["pid"] == os.getpid()
