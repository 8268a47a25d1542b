"""A child process that is asked with pickles over its pipes; both ends.

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
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

_SECONDS_TO_END: Final = 5.0  # from its last word
_PROGRAM: Final = (
    "import sys; module, function, given, *sys.path = sys.argv[1:];"
    "from importlib import import_module; getattr(import_module(module), function)(given)"
)
BROKEN: Final = (EOFError, OSError, pickle.UnpicklingError, ValueError)
"""What sending and receiving raise where the child is gone."""


def started(module: str, function: str, given: str, folder: str | Path) -> subprocess.Popen[bytes]:
    """A child, in `folder`, that runs a module's function with one text; OSError where none can be made."""
    paths = [str(Path(entry).absolute()) for entry in sys.path]
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _PROGRAM, module, function, given, *paths],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,  # not the vault, which may want to be unmounted
        start_new_session=True,  # Ctrl-C is the parent's
    )


def send(process: subprocess.Popen[bytes], question: object) -> None:
    """Put a question to a child, which listens while it answers the one before. Raises one of `BROKEN`."""
    assert process.stdin
    pickle.dump(question, process.stdin, pickle.HIGHEST_PROTOCOL)
    process.stdin.flush()


def received(process: subprocess.Popen[bytes]) -> Any:
    """The child's next answer. Raises one of `BROKEN`."""
    assert process.stdout
    try:
        return pickle.load(process.stdout)
    except BROKEN:
        raise
    except Exception as error:  # what is no answer, such as what was printed at its start, can raise anything
        raise pickle.UnpicklingError(f"no answer: {error}") from error


def end(process: subprocess.Popen[bytes]) -> None:
    """End a child and wait until it is gone; it keeps nothing, so it need not be asked."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was not sent yet
            if pipe is not None:
                pipe.close()


def how_it_ended(process: subprocess.Popen[bytes], name: str) -> str:
    """Why a child answers no more, for a person; `name` says what it is."""
    try:
        code = process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        return f"{name} gave no answer that can be read"
    if code == -signal.SIGKILL:
        return f"{name} was killed (out of memory?)"
    return f"{name} ended with code {code}"


def serve(answer: Callable[[Any], object]) -> None:
    """The child: an answer on stdout for each question on stdin, until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    with contextlib.suppress(OSError):  # nobody reads any more
        while True:
            pickle.dump(answer(asked.get()), answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
    os._exit(0)


def _listen(questions: IO[bytes], asked: queue.SimpleQueue[Any]) -> None:
    """Pass on what comes; when the parent is gone, so is this process, in the midst of its work too."""
    try:
        while True:
            asked.put(pickle.load(questions))
    finally:
        os._exit(0)
