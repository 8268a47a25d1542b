"""The packaged model as every way of running it knows it, and what can go wrong with it.

Knows shapes and limits of all-MiniLM-L6-v2; knows nothing of numpy's forward pass, torch or processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

DIMENSIONS: Final = 384
WINDOW_TOKENS: Final = 256
"""What the model was trained to read at once, its two marks included."""
LONGEST_TEXT: Final = 200_000
"""Characters of a text that are looked at: more than all of its windows hold, few enough to tokenise."""


class EmbedderUnavailable(Exception):  # noqa: N818  a state of the installation: search goes on with words
    """The model cannot be used here; `reason` says why, in words for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EmbeddingFailed(Exception):  # noqa: N818  a state of these texts: words find them, and it is tried again
    """The model is here, and these texts got no vectors this time; `reason` says why. Worth trying again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean(text: str) -> str:
    """The part of a text that is looked at, without lone surrogates; places of characters stay."""
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def unit(rows: Rows) -> Rows:
    """Rows of length 1; EmbeddingFailed where one has no direction (zeros, infinities, NaN)."""
    import numpy as np

    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (np.isfinite(norms).all() and norms.all()):
        raise EmbeddingFailed("the model gave numbers that are no vector")
    scaled: Rows = (rows / norms).astype(np.float32)
    return scaled


def no_rows() -> Rows:
    """What no texts give."""
    import numpy as np

    return np.empty((0, DIMENSIONS), dtype=np.float32)
