"""Where pages lie: legal everywhere, and no two the same, whatever projects and records are called."""

from __future__ import annotations

import unicodedata

import pytest
from helpers import record_of
from hypothesis import given
from hypothesis import strategies as st

from atocore.records.birth import portable
from atocore.records.brief import brief_of
from atocore.views.mirror import names

ODD = [
    "",
    "..",
    ".",
    "con",
    "NUL.txt",
    "index",
    "records",
    "shared",
    "Shared",
    "conflicts",
    "p/q",
    "p\\q",
    "a" * 300,
]
ODD += [
    "é",
    "e\u0301",
    "É",
    "😀",
    "😁",
    "ß",
    "ss",
    "İ",
    "i",
    "望遠鏡" * 60,
    "p04",
    "P04",
    "p 04",
    "한",
    "한\u200b",
]


def same_place(path: str) -> str:
    """What a file system that knows neither case nor composition takes a path for."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def test_odd_projects_have_folders_of_their_own_that_every_system_takes() -> None:
    folders = [names.folder(project) for project in ODD]
    assert len({same_place(folder) for folder in folders}) == len(ODD)
    assert all(portable(folder) for folder in folders)


@pytest.mark.parametrize("title", [one for one in ODD if one.isprintable()])
def test_a_record_of_any_title_has_a_page_that_every_system_takes(title: str) -> None:
    one, other = (
        brief_of(record_of(f"id: ent-{end}\ntype: component\n", f"entities/{end}.md"))._replace(title=title)
        for end in "ab"
    )
    paths = [names.record_page(brief) for brief in (one, other)]
    assert len(set(map(same_place, paths))) == 2
    assert all(portable(part) for path in paths for part in path.split("/"))


@given(st.lists(st.text(alphabet="aAéÉßſKkıİ-_. /\\e\u0301", max_size=5), unique=True, max_size=8))
def test_projects_that_look_alike_have_folders_of_their_own(projects: list[str]) -> None:
    assert len({same_place(names.folder(project)) for project in projects}) == len(projects)
