"""The embedding model of one process: loaded when first needed, shared by its sessions, let go when idle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atocore.index.embedding import Embedder


def _packaged() -> Embedder:
    from atocore.index.embedding import load_embedder

    return load_embedder()


class Model:
    """The embedder behind `load`. For any number of threads."""

    def __init__(self, load: Callable[[], Embedder] = _packaged) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._used = 0.0

    def get(self) -> Embedder:
        """The model; `EmbedderUnavailable` where it cannot be loaded."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._load()
            self._used = time.monotonic()
            return self._embedder

    @property
    def loaded(self) -> Embedder | None:
        """The model, if it is loaded."""
        return self._embedder

    @property
    def idle_seconds(self) -> float:
        """How long nobody has asked for the model."""
        return time.monotonic() - self._used

    def unload(self) -> None:
        """Let the model go; it is loaded again when next needed."""
        with self._lock:
            embedder, self._embedder = self._embedder, None
        if embedder is not None:
            embedder.close()
