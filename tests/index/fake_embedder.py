"""An embedder without a model: texts that share words are near each other, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WINDOW_WORDS = 200


class FakeEmbedder:
    """Each word adds a direction of its own, drawn from its hash; a window is 200 words."""

    def __init__(self, fingerprint: str = "fake-1", dimensions: int = 64) -> None:
        self.fingerprint = fingerprint
        self.dimensions = dimensions
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen.extend(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split()[:WINDOW_WORDS] or [""]:
                row += self._direction(word)
            row /= np.linalg.norm(row)
        return rows

    def windows(self, text: str, lead: str = "") -> list[str]:
        words, head = text.split(), lead.split()[:20]
        if len(words) <= WINDOW_WORDS:
            return [text]
        size = WINDOW_WORDS - len(head)
        later = [words[at : at + size] for at in range(WINDOW_WORDS, len(words), size)]
        return [" ".join(words[:WINDOW_WORDS]), *(" ".join([*head, *some]) for some in later)]

    def rest(self) -> None:
        pass

    def unload(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _direction(self, word: str) -> NDArray[np.float32]:
        digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
        drawn = np.random.default_rng(int.from_bytes(digest, "little")).standard_normal(self.dimensions)
        return drawn.astype(np.float32)
