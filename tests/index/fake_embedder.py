"""An embedder without a model: texts that share words are near each other, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class FakeEmbedder:
    """Each word adds a direction of its own, drawn from its hash."""

    def __init__(self, fingerprint: str = "fake-1", dimensions: int = 64) -> None:
        self.fingerprint = fingerprint
        self.dimensions = dimensions
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen.extend(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split() or [""]:
                row += self._direction(word)
            row /= np.linalg.norm(row)
        return rows

    def _direction(self, word: str) -> NDArray[np.float32]:
        digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
        drawn = np.random.default_rng(int.from_bytes(digest, "little")).standard_normal(self.dimensions)
        return drawn.astype(np.float32)
