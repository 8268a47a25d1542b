"""What stands around each page: where one is, that it is derived and from what (never from which commit: the
same records give the same page in every clone), where to correct it, and a
seal by which an edit of the page itself is seen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atocore.views.mirror.markdown import code, link, text

FORMAT = 2
"""Raised whenever pages of the same records come out otherwise."""
_SEALED = b"<!-- atocore mirror "
_SEAL = re.compile(r"\n<!-- atocore mirror (\d+) ([0-9a-f]{16}) -->\n\Z")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the mirror. `lines` are Markdown, safe already; `above` are the pages that one comes from,
    as (title, path), the topmost first; `records` counts what it shows; `correct` tells where to correct it,
    as Markdown. `newest` is the day of the newest step on what it shows."""

    path: str
    title: str
    lines: Sequence[str]
    above: Sequence[tuple[str, str]] = ()
    records: int = 0
    newest: str = ""
    correct: str = ""


def rendered(page: Page) -> str:
    """The page's file."""
    trail = " › ".join(link(title, page.path, path) for title, path in page.above)
    parts = [f"# {text(page.title)}", "", *([trail, ""] if trail else []), *page.lines]
    body = "\n".join((*_trimmed(parts), "", "---", "", f"<sub>{_told(page)}</sub>", ""))
    return f"{body}\n<!-- atocore mirror {FORMAT} {_digest(body)} -->\n"


def _trimmed(lines: Iterable[str]) -> list[str]:
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _told(page: Page) -> str:
    shown = f"{page.records} record{'s' * (page.records != 1)}"
    when = f", the newest of {page.newest}" if page.newest else ""
    digest = _digest("\n".join((page.title, *_trimmed(page.lines))))[:10]
    correct = page.correct or "correct the records that it links to, and commit"
    derived = f"AtoCore derived this page from {shown}{when} ({code(digest)})"
    return f"{derived}. An edit here would not last: {correct}."


def is_edited(page: str) -> bool:
    """Whether a file under `mirror/` is not as AtoCore wrote it: its seal does not fit, or it has none. How a
    checkout ends its lines does not matter."""
    unix = page.replace("\r\n", "\n")
    seal = _SEAL.search(unix)
    return seal is None or seal[2] != _digest(unix[: seal.start()])


def made_by(page: str) -> int:
    """The format that a page was made in, 0 where it has no seal."""
    seal = _SEAL.search(page.replace("\r\n", "\n"))
    return int(seal[1]) if seal else 0


def sealed_anew(before: bytes, after: bytes) -> bytes:
    """A page from which something was taken out, under a seal that fits, where the page as it was had one."""
    if _SEALED not in before or before == after:
        return after
    former = before.decode("utf-8", "replace")
    if not made_by(former) or is_edited(former):
        return after
    text = after.decode("utf-8", "replace")
    ends = "\r\n" if "\r\n" in text else "\n"
    unix = text.replace("\r\n", "\n")
    seal = _SEAL.search(unix)
    if seal is None:
        return after
    body = unix[: seal.start()]
    fresh = f"{body}\n<!-- atocore mirror {seal[1]} {_digest(body)} -->\n"
    return fresh.replace("\n", ends).encode()


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]
