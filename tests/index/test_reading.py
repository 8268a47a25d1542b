"""What is read beside this process is what is read in it, in its order, whatever becomes of the other."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from atocore.index import child, reading
from atocore.index.entries import File, entry_of
from atocore.index.reading import Read, read_files

MAX_BYTES = 5_000
HEAD = "---\nid: mem-{0:0>12}\nkind: memory\ntype: knowledge\nstatus: active\nsubject: pump\n"


def files() -> list[File]:
    """Records, notes, a record with an error, bytes that are no text, one beyond the limit, odd names."""
    found = [
        File(
            f"memories/{n}.md",
            f"{n}",
            (HEAD.format(n) + f"attribute: mass\nvalue: {n} kg\n---\nIt is {n} kg.\n").encode(),
        )
        for n in range(900)
    ]
    return [
        *found,
        File("notes/n.md", "n", b"# A note\n\nOf a person's.\n" + b"\n## More\n\nmany words here " * 150),
        File("memories/wrong.md", "w", b"---\nid: mem-000000000wro\nkind: memory\nstatus: lost\n---\nx\n"),
        File("notes/bytes.md", "b", b"\0\xff\xfe"),
        File("notes/large.md", "l", b"x" * (MAX_BYTES + 1)),
        File("notes/o\udcffdd \u2028 % name.md", "o", "Grüße, 質量\n".encode()),
        File("notes/empty.md", "e", b""),
    ]


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is worth it for few files, in many batches."""
    monkeypatch.setattr(reading, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(reading, "_FILES_AT_ONCE", 40)
    monkeypatch.setattr(reading, "_AHEAD", 3)
    monkeypatch.setattr(reading, "_cores", lambda: 2)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The processes that were started."""
    made: list[object] = []
    started = child.started

    def noted(*args: str) -> object:
        made.append(started(*args))
        return made[-1]

    monkeypatch.setattr(child, "started", noted)
    return made


def all_of(portions: Iterator[list[Read]]) -> list[Read]:
    return [one for portion in portions for one in portion]


def read_here() -> list[Read]:
    return all_of(read_files(files(), 0, MAX_BYTES))


@pytest.mark.usefixtures("beside")
def test_another_process_reads_the_same_in_the_same_order(processes: list[object]) -> None:
    found = all_of(read_files(iter(files()), len(files()), MAX_BYTES))
    assert len(processes) == 1
    assert [one.file for one in found] == files()
    assert found == read_here()
    assert found[0].entry == entry_of(files()[0], MAX_BYTES)[0]
    assert sum(len(one.passages) for one in found) > len(found)


def test_few_files_start_no_process(processes: list[object]) -> None:
    assert len(all_of(read_files(files(), len(files()), MAX_BYTES))) == len(files())
    assert processes == []


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("after", [0, 1, 7, 20])
def test_what_a_killed_process_did_not_read_is_read_here(processes: list[object], after: int) -> None:
    found: list[Read] = []
    for number, portion in enumerate(read_files(files(), len(files()), MAX_BYTES)):
        if number == after:
            processes[0].kill()  # type: ignore[attr-defined]
        found += portion
    assert found == read_here()


@pytest.mark.usefixtures("beside")
def test_where_no_process_can_be_started_all_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert all_of(read_files(files(), len(files()), MAX_BYTES)) == read_here()


@pytest.mark.usefixtures("beside")
def test_what_a_stopped_process_does_not_read_is_read_here(
    processes: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_SILENT_SECONDS", 0.5)
    portions = read_files(files(), len(files()), MAX_BYTES)
    found = next(portions)
    os.kill(processes[0].pid, signal.SIGSTOP)  # type: ignore[attr-defined]
    assert found + all_of(portions) == read_here()
    assert processes[0].poll() is not None  # type: ignore[attr-defined]


@pytest.mark.usefixtures("beside", "processes")
@pytest.mark.parametrize("said", ["starting up", "configured\nnow\n", "(ofpanel\n", "."])
def test_where_the_process_prints_at_its_start_all_is_read_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"print({said!r}, flush=True)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert all_of(read_files(files(), len(files()), MAX_BYTES)) == read_here()


@pytest.mark.usefixtures("beside")
def test_where_no_thread_can_be_started_all_is_read_here(
    processes: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_thread: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    assert all_of(read_files(files(), len(files()), MAX_BYTES)) == read_here()
    assert processes[0].poll() is not None  # type: ignore[attr-defined]


@pytest.mark.usefixtures("beside")
def test_nothing_more_is_kept_for_a_lost_process(processes: list[object]) -> None:
    other = reading._Beside(MAX_BYTES)
    portions = other.read([file] for file in files())
    next(portions)
    processes[0].kill()  # type: ignore[attr-defined]
    assert sum(1 for _ in portions) == len(files()) - 1
    assert other._asked.qsize() < 20


@pytest.mark.usefixtures("beside")
def test_who_stops_early_leaves_no_process(processes: list[object]) -> None:
    portions = read_files(files(), len(files()), MAX_BYTES)
    next(portions)
    portions.close()  # type: ignore[attr-defined]
    assert processes[0].poll() is not None  # type: ignore[attr-defined]


@pytest.mark.usefixtures("beside")
def test_what_fails_while_files_are_fetched_is_told_and_leaves_no_process(processes: list[object]) -> None:
    def fetched() -> Iterator[File]:
        yield from files()[:100]
        raise RuntimeError("git is gone")

    with pytest.raises(RuntimeError, match="git is gone"):
        all_of(read_files(fetched(), 1000, MAX_BYTES))
    assert processes[0].poll() is not None  # type: ignore[attr-defined]


def test_large_files_make_small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_BYTES_AT_ONCE", 1000)
    assert max(len(portion) for portion in read_files(files(), 0, MAX_BYTES)) < 20
