"""Bulk embedding in a process of its own, whose memory goes when it does; both ends of the pipe.

A plain child rather than multiprocessing: nothing imports the caller's main module again, no tracker process
stays behind, and the pipe tells the child when its parent is gone, however that happened.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from atocore.index.embedding_model import EmbeddingFailed, no_rows

if TYPE_CHECKING:
    from atocore.index.embedding_model import Rows

_NICE: Final = 10
_SECONDS_TO_END: Final = 5.0  # from its last word
_PROGRAM: Final = (
    "import sys; folder, *sys.path = sys.argv[1:];"
    "from atocore.index.embedding_child import serve; serve(folder)"
)


class BulkChild:
    """sentence-transformers in a child process, started when first asked. One call at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._end: Callable[[], object] = _nothing

    @property
    def ready(self) -> bool:
        """Whether the child runs, so that a call would not have to load anything first."""
        return self._process is not None

    def embed(self, texts: Sequence[str]) -> Rows:
        """One row of length 1 for each text. ImportError if the library is not installed.

        EmbeddingFailed if the model fails or the child ends; the next call starts another.
        """
        if not texts:
            return no_rows()
        process = self._process = self._process or self._started()
        try:
            assert process.stdin and process.stdout
            pickle.dump(list(texts), process.stdin)
            process.stdin.flush()
            answer = pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError, ValueError) as error:
            reason = _how_it_ended(process) if self._process is process else "embedding was stopped"
            self.rest()
            raise EmbeddingFailed(reason) from error
        if isinstance(answer, Exception):
            if isinstance(answer, ImportError):
                self.rest()
            raise answer
        rows: Rows = answer
        return rows

    def rest(self) -> None:
        """End the child and wait until it is gone; it keeps nothing, so it need not be asked."""
        self._process = None
        self._end()

    def close(self) -> None:
        """The same as `rest`; a call under way in another thread fails."""
        self.rest()

    def _started(self) -> subprocess.Popen[bytes]:
        paths = [str(Path(entry).absolute()) for entry in sys.path]
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(self._folder), *paths],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder,  # not the vault, which may want to be unmounted
                start_new_session=True,  # Ctrl-C is the parent's
            )
        except OSError as error:
            raise EmbeddingFailed(f"no process for embedding could be started: {error}") from error
        self._end = weakref.finalize(self, _end, process)
        return process


def _nothing() -> None:
    """Ends the child that was never started."""


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was not sent yet
            if pipe is not None:
                pipe.close()


def _how_it_ended(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        return "the embedding process gave no answer that can be read"
    if code == -signal.SIGKILL:
        return "the embedding process was killed (out of memory?)"
    return f"the embedding process ended with code {code}"


def serve(folder: str) -> None:
    """The child: lists of texts on stdin, rows or an exception for each on stdout, until stdin ends."""
    from atocore.index.embedding_bulk import Bulk

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    asked: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    bulk = Bulk(Path(folder))
    with contextlib.suppress(OSError):  # nobody reads any more
        while True:
            pickle.dump(_answer(bulk, asked.get()), answers)
            answers.flush()
    os._exit(0)


def _answer(bulk: Any, texts: list[str]) -> Rows | Exception:
    try:
        rows: Rows = bulk.embed(texts)
        return rows
    except ImportError as error:
        return ImportError(str(error))
    except EmbeddingFailed as error:
        return error
    except Exception as error:  # noqa: BLE001  the top of this process
        return EmbeddingFailed(f"{type(error).__name__}: {error}")


def _listen(asked: IO[bytes], texts: queue.SimpleQueue[list[str]]) -> None:
    """Pass on what comes; when the parent is gone, so is this process, in the midst of its work too."""
    try:
        while True:
            texts.put(pickle.load(asked))
    finally:
        os._exit(0)
