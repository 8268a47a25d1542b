"""Cuts a text that is longer than the model's window into pieces that each fit.

Knows the tokeniser and where sentences, lines and words end; knows nothing of passages or vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from atocore.index.embedding_model import WINDOW_TOKENS, clean

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_ROOM: Final = WINDOW_TOKENS - 2  # without the marks at both ends
_LEAD_TOKENS: Final = 48
_OVERLAP_TOKENS: Final = 32
_MOST_WINDOWS: Final = 64  # some 60,000 characters of English: a passage that has more is no prose
_ENDS: Final = ".!?:;…"
_WIDE_ENDS: Final = "。！？；．｡"  # no space follows these


def windows(tokenizer: Tokenizer, text: str, lead: str = "") -> list[str]:
    """`[text]` where it fits the window, else pieces of it that do, in order.

    A piece ends where a line does, or a sentence, or a word, the best that is found in its second half. It
    begins at the best such place among the last tokens of the one before, so that a cut within a
    sentence loses no context. The pieces after the first have `lead` in front of them, as far as that
    takes a fifth of the window. At most 64 pieces are made: of a text beyond them, words alone find the rest.
    """
    if len(text.encode("utf-8", "replace")) <= _ROOM:  # a token is a byte at least
        return [text]
    text = clean(text)
    cutter = _Cutter(tokenizer, text)
    if cutter.count <= _ROOM:
        return [text]
    head, head_tokens = _head(tokenizer, clean(lead))
    pieces = [text[start:end] for start, end in cutter.pieces(_ROOM, _ROOM - head_tokens)]
    return [pieces[0], *(head + piece for piece in pieces[1:])]


def _head(tokenizer: Tokenizer, lead: str) -> tuple[str, int]:
    """The lead as far as there is room for it, with the line's end after it, and its number of tokens."""
    spans = tokenizer.encode(lead, add_special_tokens=False).offsets[:_LEAD_TOKENS]
    return (lead[: spans[-1][1]] + "\n", len(spans)) if spans else ("", 0)


class _Cutter:
    """One text as tokens, and how good a place each is to begin a piece with."""

    def __init__(self, tokenizer: Tokenizer, text: str) -> None:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        self.count = len(encoding)
        self._text = text
        self._spans = encoding.offsets
        self._words = encoding.word_ids

    def pieces(self, first_room: int, room: int) -> Iterator[tuple[int, int]]:
        """Where each piece starts and ends in the text, by characters."""
        begin, limit = 0, first_room
        for _ in range(_MOST_WINDOWS):
            if begin + limit >= self.count:
                yield self._spans[begin][0], self._spans[-1][1]
                return
            # A word has at most 100 tokens (a longer one is one unknown), so half a piece has a word's end.
            cut = max(range(begin + limit // 2, begin + limit + 1), key=lambda at: (self._worth(at), at))
            yield self._spans[begin][0], self._spans[cut - 1][1]
            begin = max(range(cut - _OVERLAP_TOKENS, cut + 1), key=lambda at: (self._worth(at), -at))
            limit = room

    def _worth(self, at: int) -> int:
        """How good it is to cut before this token: within a word, between words, after a sentence, a line."""
        if self._words[at] == self._words[at - 1]:
            return 0
        end = self._spans[at - 1][1]
        gap, last = self._text[end : self._spans[at][0]], self._text[end - 1]
        if "\n" in gap:
            return 4
        if last in _WIDE_ENDS or (gap and last in _ENDS):
            return 3
        return 2 if gap else 1
