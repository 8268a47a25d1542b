"""Reading a vault as a whole: each file's entry and passages, made in a process beside this one if that pays.

While this process fills tables and indexes, the other reads what comes next. It starts nothing for a small
vault, and where the other process cannot be started, dies or stands still, this one reads all by itself: the
same, later.
"""

from __future__ import annotations

import gc
import os
import queue
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, NamedTuple

from atocore.index import child
from atocore.index.catalog_rows import Realm, Row
from atocore.index.entries import Entry, File, entry_of
from atocore.index.fulltext import Passage
from atocore.index.passages import passages_of

_FILES_AT_ONCE: Final = 200
_BYTES_AT_ONCE: Final = 1 << 20  # and no further file once these are reached
_AHEAD: Final = 25  # batches that are asked for and not yet taken: 5,000 files of the usual size
_WORTH_A_PROCESS: Final = 1_500
"""So many files: starting the other process takes as long as reading some 500."""
_SILENT_SECONDS: Final = 60.0  # for a batch, which takes a tenth of one: it was stopped, or hangs


class Read(NamedTuple):
    """What was read of one committed version of a file."""

    file: File
    entry: Entry
    passages: tuple[Passage, ...]


_Made = tuple[Entry, tuple[Passage, ...]]
_Asked = tuple[str, str, bytes | None]  # path, oid, raw


def read_files(files: Iterable[File], count: int, max_bytes: int) -> Generator[list[Read], None, None]:
    """Read some `count` committed files, in portions and in their order. To be closed by who may stop early:
    the other process goes then."""
    batches = _batches(files)
    beside = None
    if count >= _WORTH_A_PROCESS and _cores() > 1:
        with suppress(OSError):
            beside = _Beside(max_bytes)
    if beside is not None:
        yield from beside.read(batches)
    else:
        yield from (_read_here(batch, max_bytes) for batch in batches)


def _batches(files: Iterable[File]) -> Iterator[list[File]]:
    batch: list[File] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.raw or b"")
        if len(batch) == _FILES_AT_ONCE or size > _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Beside:
    """A child process that reads, some batches ahead of who takes them."""

    def __init__(self, max_bytes: int) -> None:
        """Raises OSError where no process can be started."""
        self._max_bytes = max_bytes
        self._process = child.started(__name__, serve.__name__, str(max_bytes), tempfile.gettempdir())
        self._asked: queue.SimpleQueue[list[_Asked] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[list[_Made] | None] = queue.SimpleQueue()
        self._is_lost = False

    def read(self, batches: Iterable[list[File]]) -> Iterator[list[Read]]:
        talk = threading.Thread(target=self._talk, daemon=True)
        try:
            try:
                talk.start()
            except RuntimeError:  # the system lets this user have no more threads
                self._lose()
            waiting = deque[list[File]]()
            for batch in batches:
                waiting.append(batch)
                if not self._is_lost:
                    self._asked.put([(file.path, file.oid, file.raw) for file in batch])
                if len(waiting) > _AHEAD:
                    yield self._next(waiting.popleft())
            self._asked.put(None)
            while waiting:
                yield self._next(waiting.popleft())
        finally:
            self._process.kill()  # first: the thread may be writing to it
            self._asked.put(None)
            if talk.ident is not None:
                talk.join()
            child.end(self._process)

    def _next(self, batch: list[File]) -> list[Read]:
        """The batch that was asked for first; once the child is lost, read here."""
        answer = None
        if not self._is_lost:
            with suppress(queue.Empty):
                answer = self._answers.get(timeout=_SILENT_SECONDS)
        if answer is None:
            self._lose()
            return _read_here(batch, self._max_bytes)
        return [Read(file, *made) for file, made in zip(batch, answer, strict=True)]

    def _lose(self) -> None:
        """Ask the child for nothing more: who listens no more would be sent the whole vault."""
        self._is_lost = True
        self._process.kill()

    def _talk(self) -> None:
        """In a thread: ask for the next batch before taking the answer of the one before, so that the child
        never waits."""
        is_under_way = False
        try:
            while (batch := self._asked.get()) is not None:
                child.send(self._process, batch)
                if is_under_way:
                    self._answers.put(child.received(self._process))
                is_under_way = True
            if is_under_way:
                self._answers.put(child.received(self._process))
        except child.BROKEN:
            pass  # it is gone
        finally:
            self._answers.put(None)


def serve(max_bytes: str) -> None:
    """The child: batches of files in, what was read of each out."""
    gc.disable()  # nothing here refers to itself
    child.serve(partial(_answer, int(max_bytes)))


def _answer(max_bytes: int, batch: list[_Asked]) -> list[_Made]:
    return [_made(File(*asked), max_bytes) for asked in batch]


def _read_here(batch: Sequence[File], max_bytes: int) -> list[Read]:
    return [Read(file, *_made(file, max_bytes)) for file in batch]


def _made(file: File, max_bytes: int) -> _Made:
    entry, record = entry_of(file, max_bytes)
    raw = file.raw if record is None and file.raw is not None and len(file.raw) <= max_bytes else None
    return entry, tuple(passages_of(Row(Realm.COMMITTED, file.path, file.oid, record, ()), raw))


def _cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
