"""Every relative link of the README, the documentation and the vault leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PAGES = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md")), *sorted((TOP / "vault").rglob("*.md"))]
_CODE = re.compile(r"^(?P<fence>`{3,}).*?^(?P=fence)$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = _CODE.sub("", page.read_text("utf-8"))
    targets = [target for target in _LINK.findall(text) if "://" not in target]
    assert [target for target in targets if not _leads_somewhere(page, target)] == []


def _leads_somewhere(page: Path, target: str) -> bool:
    path, _, heading = target.partition("#")
    place = (page.parent / path).resolve() if path else page
    if not place.exists() or TOP not in (place, *place.parents):
        return False
    return not heading or heading in _anchors(place.read_text("utf-8"))


def _anchors(text: str) -> set[str]:
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in _HEADING.findall(text)}


def test_every_page_of_the_documentation_can_be_reached() -> None:
    found, due = set(), [TOP / "README.md"]
    while due:
        page = due.pop()
        if page in found or page.suffix != ".md" or not page.exists():
            continue
        found.add(page)
        targets = _LINK.findall(_CODE.sub("", page.read_text("utf-8")))
        due += [
            (page.parent / target.partition("#")[0]).resolve() for target in targets if "://" not in target
        ]
    assert sorted(set((TOP / "docs").rglob("*.md")) - found) == []
