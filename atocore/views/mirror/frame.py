"""What stands around each page: where one is, that it is derived and from what, where to correct it, and a
seal by which an edit of the page itself is seen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atocore.views.mirror.markdown import code, link, text

FORMAT = 1
"""Raised whenever pages of the same records come out otherwise."""
_SEAL = re.compile(r"\n<!-- atocore mirror (\d+) ([0-9a-f]{16}) -->\n\Z")


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest commit that changed any of the records that a page shows: its hash, and its day in UTC."""

    commit: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the mirror. `lines` are Markdown, safe already; `above` are the pages that one comes from,
    as (title, path), the topmost first; `records` counts what it shows; `correct` tells where to correct it,
    as Markdown."""

    path: str
    title: str
    lines: Sequence[str]
    above: Sequence[tuple[str, str]] = ()
    records: int = 0
    newest: Newest = Newest()
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
    when = (
        f", newest change {page.newest.day} in {code(page.newest.commit[:10])}" if page.newest.commit else ""
    )
    correct = page.correct or "correct the records that it links to, and commit"
    return f"AtoCore derived this page from {shown}{when}. An edit here would not last: {correct}."


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


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]
