"""Few texts to vectors, quickly: the model's forward pass (BERT, mean pooling) in numpy.

Knows the model's layers and the names of its weights. The weights are mapped from their file, so that pages
are read when used, shared between processes, and gone when this is let go.
"""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from atocore.index.embedding_model import DIMENSIONS, WINDOW_TOKENS, EmbeddingFailed, no_rows, unit

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    from atocore.index.embedding_model import Rows

_LAYERS: Final = 6
_HEADS: Final = 12


class Light:
    """The model in numpy, one text at a time: no padding, no batches. Any number of threads may call it."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._weights = _map_weights(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> Rows:
        """One row of length 1 for each text; what follows the window is cut. EmbeddingFailed if it cannot."""
        import numpy as np

        try:
            with _one_thread():
                return unit(np.stack([self._embed(text) for text in texts])) if texts else no_rows()
        except (MemoryError, RuntimeError, ValueError, ArithmeticError) as error:
            raise EmbeddingFailed(f"{type(error).__name__}: {error}") from error

    def _embed(self, text: str) -> Rows:
        w = self._weights
        ids = self.tokenizer.encode(text).ids
        if len(ids) > WINDOW_TOKENS:
            ids = [*ids[: WINDOW_TOKENS - 1], ids[-1]]
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x + w["embeddings.position_embeddings.weight"][: len(ids)], "embeddings.LayerNorm")
        for number in range(_LAYERS):
            layer = f"encoder.layer.{number}"
            attended = self._dense(self._attend(x, layer), f"{layer}.attention.output.dense")
            x = self._norm(x + attended, f"{layer}.attention.output.LayerNorm")
            inner = _gelu(self._dense(x, f"{layer}.intermediate.dense"))
            x = self._norm(x + self._dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        mean: Rows = x.mean(axis=0)
        return mean

    def _attend(self, x: Rows, layer: str) -> Rows:
        import numpy as np

        def heads(name: str) -> Rows:
            rows = self._dense(x, f"{layer}.attention.self.{name}")
            return rows.reshape(len(x), _HEADS, -1).transpose(1, 0, 2)

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(DIMENSIONS / _HEADS))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: Rows = (weights @ value).transpose(1, 0, 2).reshape(len(x), -1)
        return attended

    def _dense(self, x: Rows, name: str) -> Rows:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, x: Rows, name: str) -> Rows:
        import numpy as np

        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-12)
        normed: Rows = x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed


def _gelu(x: Rows) -> Rows:
    """x Φ(x), with the error function of Abramowitz and Stegun 7.1.26 (off by 1.5e-7 at most)."""
    import numpy as np

    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    gelu: Rows = x * (1 + np.sign(x) * (1 - series * np.exp(-z * z))) / 2
    return gelu


def _map_weights(path: Path) -> Mapping[str, Rows]:
    """The tensors of a safetensors file, mapped: pages are read when used, and shared between processes."""
    import numpy as np

    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + size)
    tensors = {name: entry for name, entry in header.items() if entry.get("dtype") == "F32"}
    return {
        name: np.asarray(data[slice(*entry["data_offsets"])]).view("<f4").reshape(entry["shape"])
        for name, entry in tensors.items()
    }


class _OneThread:
    """Holds numpy's linear algebra to one thread for as long as anybody computes here.

    A second thread gains a third on idle cores and loses tenfold on busy ones, where the two spin. The
    setting is the process's: whoever comes first sets it and whoever leaves last gives it back. threadpoolctl
    silently ignores all threads but the first that asked, as long as that one lives: so each asks in a
    thread that ends at once.
    """

    def __init__(self) -> None:
        from threadpoolctl import ThreadpoolController

        self._pools: ThreadpoolController = ThreadpoolController()
        self._lock = threading.Lock()
        self._inside = 0
        self._restore: Callable[[], None]

    def _limit(self) -> None:
        self._restore = self._pools.limit(limits=1, user_api="blas").restore_original_limits

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                _in_a_thread(self._limit)
            self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                _in_a_thread(self._restore)


def _in_a_thread(action: Callable[[], None]) -> None:
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()


@functools.cache
def _one_thread() -> _OneThread:
    return _OneThread()
