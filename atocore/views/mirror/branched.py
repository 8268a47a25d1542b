"""Pages on a branch of their own, where no file of the vault lies beside them: what would link to one tells
its path, or links to where a git host shows it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote, unquote

from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import code
from atocore.views.mirror.names import MIRROR

BRANCH = "atocore-mirror"
# What stands before a link is passed over first: code, and what is escaped.
_PARTS = re.compile(r"(`+)(?:.+?)\1(?!`)|\\.|\[((?:\\.|[^\[\]\\])*)\]\(([^()\s]*)\)")
_FENCE = re.compile(r"(`{3,})")


def branched(page: Page, url: str) -> Page:
    """The page as it stands on the branch. `url` comes before the paths of files ("": told as text)."""

    def told(match: re.Match[str]) -> str:
        address = match[3]
        if address is None:
            return match[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(address)))
        if not address or address[0] == "#" or ":" in address or target.startswith(f"{MIRROR}/"):
            return match[0]
        if url:
            return f"[{match[2]}]({url.rstrip('/')}/{quote(target)})"
        path = code(target, len(target))
        return path if match[2].replace("\\", "") == target else f"{match[2]} ({path})"

    lines = list(_outside_code(page.lines, told))
    return replace(page, lines=lines, correct=_PARTS.sub(told, page.correct))


def _outside_code(lines: Iterable[str], told: Callable[[re.Match[str]], str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and line == fence:
            fence = ""
        elif not fence:
            line = _PARTS.sub(told, line)
        yield line
