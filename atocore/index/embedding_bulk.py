"""Many texts to vectors, at the processor's pace: sentence-transformers, silent and offline.

Takes seconds and some 500 MB to load, so it is loaded when first asked. Knows torch; knows nothing of
processes.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from atocore.index.embedding_model import WINDOW_TOKENS, EmbeddingFailed, no_rows, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from atocore.index.embedding_model import Rows

_BATCH: Final = 32
_ENOUGH_COSINE: Final = 0.9999  # of half-precision arithmetic to full, or it is not used
_HALF_PRECISION_SAMPLE: Final = (
    "The primary mirror weighs 4.2 kg.",
    "status",
    "Who decided on the coating, and why?",
)


class Bulk:
    """sentence-transformers in this process; in half-precision arithmetic where the processor has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._model: _Model | None = None

    @property
    def ready(self) -> bool:
        """Whether a call would not have to load anything first."""
        return self._model is not None

    def embed(self, texts: Sequence[str]) -> Rows:
        """One row of length 1 for each text, sorted by length for the work and back in order after it.

        The more texts a call has, the better they sort. ImportError if the library is not installed,
        EmbeddingFailed if it fails.
        """
        try:
            self._model = self._model or _Model(self._folder)
            return self._model.embed(texts) if texts else no_rows()
        except (MemoryError, RuntimeError, ValueError, ArithmeticError, OSError) as error:
            raise EmbeddingFailed(f"{type(error).__name__}: {error}") from error

    def rest(self) -> None:
        """Let the model go. The library stays: a process cannot unload it."""
        self._model = None

    def close(self) -> None:
        """The same as `rest` here, where there is no other process."""
        self.rest()


class _Model:
    def __init__(self, folder: Path) -> None:
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_PROGRESS_BARS"):
            os.environ.setdefault(name, "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns in every later fork
        with _silence():
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.set_verbosity_error()
            logging.disable_progress_bar()
            self._model: SentenceTransformer = SentenceTransformer(str(folder), device="cpu")
        self._model.max_seq_length = WINDOW_TOKENS
        self._half = _has_half_precision() and self._half_is_close()

    def embed(self, texts: Sequence[str]) -> Rows:
        return self._encode(texts, half=self._half)

    def _encode(self, texts: Sequence[str], half: bool) -> Rows:
        import numpy as np
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            rows = self._model.encode(
                list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True
            )
        return unit(np.asarray(rows, dtype=np.float32))

    def _half_is_close(self) -> bool:
        full, half = (self._encode(_HALF_PRECISION_SAMPLE, half=half) for half in (False, True))
        return bool((full * half).sum(axis=1).min() >= _ENOUGH_COSINE)


def _has_half_precision() -> bool:
    """Whether bfloat16 is arithmetic of the processor's own; emulated, it is slower than full precision."""
    import torch

    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in checks)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Nothing a library prints while it loads may reach a terminal, or a protocol on stdout."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
