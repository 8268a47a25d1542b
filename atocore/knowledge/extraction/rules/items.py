"""Items of lists as findings: each states something, or heads the items under it.

Knows lists. Must not know headings or rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from atocore.knowledge.extraction.rules.document import Finding
from atocore.knowledge.extraction.rules.text import clean, leading_id, sentences
from atocore.knowledge.ingestion.outline import Block, Item

MAX_OPENING = 12  # words of a sentence that a list goes on with

_LABEL_WORDS = 4  # a passage of fewer words is a label

_CONTINUES = re.compile(r"\b(?:shall|must|should|will|can|may|not|to|cannot)\W{0,3}:?\W{0,3}$", re.IGNORECASE)

_REASON = re.compile(r"\W*(?:because|since|good|bad|neutral|pro|con|\+|-)\b[,:]?", re.IGNORECASE)


def opening_of(above: Block | None) -> str:
    """The paragraph above a list, where its items only go on with its sentence ("The valve shall:")."""
    text = clean(above.text) if above and above.kind == "paragraph" else ""
    return f"{text} " if _CONTINUES.search(text) and len(text.split()) <= MAX_OPENING else ""


def items(block: Block, number: int, opening: str = "") -> Iterator[Finding]:
    """Findings of a list in section `number`; each statement begins with `opening`."""
    for item in block.items:
        yield from _item(item, number, opening)


def _item(item: Item, number: int, opening: str) -> Iterator[Finding]:
    """One finding an item; where an item only heads the items under it, one for each of those."""
    own, rest = _parts(item)
    inner = [block for block in item.blocks if block.kind == "list"]
    if inner and _heads(own, inner):
        goes_on = _CONTINUES.search(own) or len(own.split()) < _LABEL_WORDS
        for block in inner:
            yield from items(block, number, f"{opening}{own} " if own and goes_on else "")
    elif own and not _REASON.match(own):
        alias, text = leading_id(own)
        more = "\n".join((*rest, *(bullets(block) for block in inner)))
        yield Finding(f"{opening}{text}", item.first, item.last, number, alias=alias, more=more)


def _parts(item: Item) -> tuple[str, list[str]]:
    """An item's statement and its further paragraphs; a first one that is but a label belongs to the next."""
    texts = [text for block in item.blocks if block.kind == "paragraph" and (text := clean(block.text))]
    if len(texts) > 1 and len(texts[0].split()) < _LABEL_WORDS:
        joint = " " if re.search(r"[.:!?*_]\s*$", texts[0]) else ": "
        texts[:2] = [f"{texts[0]}{joint}{texts[1]}"]
    return (texts[0], [f"{text}\n" for text in texts[1:]]) if texts else ("", [])


def _heads(own: str, inner: Sequence[Block]) -> bool:
    if not own or _CONTINUES.search(own):
        return True
    one = own.rstrip(" *_").endswith(":") and len(sentences(own)) == 1
    return (one or len(own.split()) < _LABEL_WORDS) and _mean_words(inner) >= _LABEL_WORDS


def _mean_words(blocks: Sequence[Block]) -> float:
    texts = [_own_text(item) for block in blocks for item in block.items]
    return sum(len(text.split()) for text in texts) / max(1, len(texts))


def _own_text(item: Item) -> str:
    return " ".join(clean(block.text) for block in item.blocks if block.kind in ("paragraph", "heading"))


def bullets(block: Block) -> str:
    """Give the items of a list again as a list, one line each."""
    return "\n".join(f"- {text}" for item in block.items if (text := _own_text(item)))


def listed(block: Block) -> str:
    """Give the items of a list on one line."""
    return "; ".join(text.rstrip(".;") for item in block.items if (text := _own_text(item)))
