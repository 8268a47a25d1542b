"""The bulk library in a child process, with a stand-in for the library: see fake_torch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fake_torch import write_fake_torch

from atocore.index import embedding
from atocore.index.embedding import Embedder, EmbeddingFailed, load_embedder

pytestmark = pytest.mark.model
OWNER = """
import sys
from atocore.index import embedding
sys.path.insert(0, sys.argv[1])
embedding._BULK_CHARACTERS = embedding._LIGHT_CHARACTERS = 0
embedder = embedding.load_embedder(bulk="child")
embedder.embed(["ready"])
print("ready", flush=True)
embedder.embed([sys.argv[2]])
"""


@pytest.fixture
def fake_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_fake_torch(tmp_path / "library")
    monkeypatch.syspath_prepend(str(tmp_path / "library"))
    return tmp_path / "library"


@pytest.fixture
def embedder(fake_torch: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedder]:
    monkeypatch.setattr(embedding, "_BULK_CHARACTERS", 0)
    monkeypatch.setattr(embedding, "_LIGHT_CHARACTERS", 0)
    embedder = load_embedder(bulk="child")
    yield embedder
    embedder.close()


def children(parent: int) -> list[int]:
    """The processes whose parent this is, ended ones that nobody waited for included."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def is_gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_many_texts_go_through_one_child(embedder: Embedder) -> None:
    loaded_before = "sentence_transformers" in sys.modules  # by another test
    assert embedder.embed(["one", "two"]).shape == (2, 384)
    [child] = children(os.getpid())
    rows = embedder.embed(["three"] * 1000)
    assert children(os.getpid()) == [child]
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert ("sentence_transformers" in sys.modules) is loaded_before


def test_an_embedder_that_did_no_bulk_work_has_no_child(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)
    assert embedder.windows("mirror") == ["mirror"]
    assert children(os.getpid()) == []


def test_many_small_calls_are_bulk_work_too(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_BULK_CHARACTERS", 1000)
    embedder.embed(["mirror " * 100])
    assert children(os.getpid()) == []
    embedder.embed(["mirror " * 100])
    assert len(children(os.getpid())) == 1


def test_questions_now_and_then_are_no_bulk_work(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_BULK_CHARACTERS", 1000)
    monkeypatch.setattr(embedding, "_STRETCH_SECONDS", 0.0)
    for _ in range(3):
        embedder.embed(["mirror " * 100])
    assert children(os.getpid()) == []


@pytest.mark.parametrize("ending", ["rest", "unload", "close"])
def test_the_child_is_gone_when_it_is_let_go(embedder: Embedder, ending: str) -> None:
    embedder.embed(["one"])
    getattr(embedder, ending)()
    assert children(os.getpid()) == []
    getattr(embedder, ending)()
    if ending != "close":
        assert embedder.embed(["one"]).shape == (1, 384)
        assert len(children(os.getpid())) == 1


def test_a_closed_embedder_starts_nothing(embedder: Embedder) -> None:
    embedder.close()
    with pytest.raises(EmbeddingFailed, match="closed"):
        embedder.embed(["one"])
    assert children(os.getpid()) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("crash", "ended with code 3"),
        ("kill", r"killed \(out of memory\?\)"),
        ("raise", "not enough memory"),
        ("nan", "no vector"),
    ],
)
def test_a_failure_is_told_and_the_next_call_works(embedder: Embedder, text: str, reason: str) -> None:
    with pytest.raises(EmbeddingFailed, match=reason) as raised:
        embedder.embed(["fine", text])
    assert raised.value.reason
    assert embedder.embed(["fine"]).shape == (1, 384)
    assert len(children(os.getpid())) == 1


def test_what_the_library_prints_goes_nowhere(embedder: Embedder, capfd: pytest.CaptureFixture[str]) -> None:
    assert embedder.embed(["print", "print"]).shape == (2, 384)
    assert capfd.readouterr() == ("", "")


def test_the_child_gives_way_to_others(embedder: Embedder) -> None:
    nice = int(embedder.embed(["priority"])[0].argmax())
    assert nice > os.nice(0)


def test_an_interrupt_is_the_parents_to_handle(embedder: Embedder) -> None:
    embedder.embed(["one"])
    [child] = children(os.getpid())
    assert os.getsid(child) != os.getsid(0)
    os.kill(child, signal.SIGINT)
    embedder.embed(["one"])
    assert children(os.getpid()) == [child]


def in_another_thread(embedder: Embedder, text: str) -> threading.Thread:
    """A thread in the midst of a call that never ends by itself."""

    def call() -> None:
        with pytest.raises(EmbeddingFailed, match=r"closed|stopped"):
            embedder.embed([text])

    thread = threading.Thread(target=call)
    thread.start()
    time.sleep(0.2)
    return thread


def test_closing_does_not_wait_for_a_call_under_way(embedder: Embedder) -> None:
    embedder.embed(["one"])
    caller = in_another_thread(embedder, "hang")
    embedder.close()
    caller.join(30)
    assert not caller.is_alive()
    assert children(os.getpid()) == []


def test_a_query_does_not_wait_for_bulk_work(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder.embed(["one"])
    monkeypatch.setattr(embedding, "_BULK_CHARACTERS", 1000)
    caller = in_another_thread(embedder, "hang " * 300)
    assert embedder.embed(["a question " * 20]).shape == (1, 384)
    assert caller.is_alive()
    embedder.close()
    caller.join(30)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("text", ["idle", "hang"])
def test_the_child_ends_with_its_parent(fake_torch: Path, number: signal.Signals, text: str) -> None:
    program = OWNER + ("import time; time.sleep(600)" if text == "idle" else "")
    owner = subprocess.Popen(
        [sys.executable, "-c", program, str(fake_torch), text],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with owner:
        assert owner.stdout
        assert owner.stdout.readline() == b"ready\n"
        [child] = children(owner.pid)
        owner.send_signal(number)
    wait_until(lambda: is_gone(child))


def test_the_child_ends_with_a_program_that_just_ends(fake_torch: Path) -> None:
    program = OWNER + "print(embedder._bulk._process.pid)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(fake_torch), "last"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    wait_until(lambda: is_gone(int(done.stdout.split()[1])))


def test_without_the_library_many_texts_go_the_light_way(embedder: Embedder, fake_torch: Path) -> None:
    (fake_torch / "sentence_transformers/__init__.py").write_text("raise ImportError('not installed')")
    assert embedder.embed(["mirror", "cell"]).shape == (2, 384)
    assert children(os.getpid()) == []


def test_a_child_that_cannot_be_started_is_told(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(EmbeddingFailed, match="could be started"):
        embedder.embed(["one"])
