"""Edits of pages, and where what they say is to be corrected."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from atocore.views.mirror.material import Material
from atocore.views.mirror.names import about, page, record_page_end

_LINK = re.compile(r"\]\(([^)#\s]+)[^)\s]*\)")
_MOST_RECORDS = 5
_BY_PAGE = {
    page("conflicts"): "atocore conflicts resolve, or dismiss",
    page("review"): "atocore review",
    page("problems"): "mend the files that it names",
}


@dataclass(frozen=True, slots=True)
class EditedPage:
    """A page that a person edited: the `records` that what it said there comes from, what to do instead
    (`correct`), and how the page gets back (`restore`). `saved`: not committed."""

    path: str
    saved: bool
    records: tuple[str, ...]
    correct: str
    restore: str


def edited_page(
    material: Material, path: str, saved: bool, wanted: bytes | None, said: bytes | None
) -> EditedPage:
    """What to tell of a page that shall be `wanted` (None: nothing) and is `said` (None: deleted)."""
    records = _records(material, path, wanted, said)
    told = (
        f"correct {' or '.join(records)}, and commit" if records else "correct the records that it links to"
    )
    restore = f"git restore --staged --worktree {path}" if saved else "atocore mirror build --overwrite"
    if saved and said is not None and wanted is None:
        restore = f"git rm -f {path}"
    return EditedPage(path, saved, records, _BY_PAGE.get(path, told), restore)


def _records(material: Material, path: str, wanted: bytes | None, said: bytes | None) -> tuple[str, ...]:
    """The files of the records that the page is about, else of those that the edited lines link to."""
    end = about(path).record
    if end:
        return tuple(brief.path for brief in material.briefs if record_page_end(brief.id) == end)[:1]
    if wanted is None or said is None:
        return ()
    ours, theirs = (Counter(text.decode("utf-8", "replace").splitlines()) for text in (wanted, said))
    files = {brief.path for brief in material.briefs}
    ends = {record_page_end(brief.id): brief.path for brief in material.briefs}
    targets = (target for line in (*(ours - theirs), *(theirs - ours)) for target in _targets(path, line))
    found = (target if target in files else ends.get(about(target).record, "") for target in targets)
    return tuple(dict.fromkeys(file for file in found if file))[:_MOST_RECORDS]


def _targets(here: str, line: str) -> Iterator[str]:
    """Where the links of a page's line lead, by paths from the vault's top."""
    for address in _LINK.findall(line):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(address)))
