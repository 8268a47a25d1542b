"""Bulk embedding in a process of its own, whose memory goes when it does; both ends of the pipe."""

from __future__ import annotations

import contextlib
import os
import subprocess
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from atocore.index import child
from atocore.index.embedding_model import EmbeddingFailed, no_rows

if TYPE_CHECKING:
    from atocore.index.embedding_model import Rows

_NICE: Final = 10


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
            child.send(process, list(texts))
            answer = child.received(process)
        except child.BROKEN as error:
            reason = "embedding was stopped"
            if self._process is process:
                reason = child.how_it_ended(process, "the embedding process")
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
        try:
            process = child.started(__name__, serve.__name__, str(self._folder), self._folder)
        except OSError as error:
            raise EmbeddingFailed(f"no process for embedding could be started: {error}") from error
        self._end = weakref.finalize(self, child.end, process)
        return process


def _nothing() -> None:
    """Ends the child that was never started."""


def serve(folder: str) -> None:
    """The child: lists of texts in, rows or an exception for each out."""
    from atocore.index.embedding_bulk import Bulk

    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)
    child.serve(partial(_answer, Bulk(Path(folder))))


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
