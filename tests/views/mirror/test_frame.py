"""What stands around a page, and how an edit of it is seen."""

from __future__ import annotations

import re

import pytest
from helpers import record, vault_of
from hypothesis import given
from hypothesis import strategies as st

from atocore.records.brief import brief_of
from atocore.views.mirror import names
from atocore.views.mirror.frame import FORMAT, Page, is_edited, made_by, rendered

PAGE = Page(
    "mirror/p/index.md",
    "The mass | of it",
    ["It is 4.2 kg."],
    [("AtoCore", "mirror/index.md")],
    3,
    "2026-11-22",
)


def test_a_page_says_where_it_is_and_what_it_comes_from() -> None:
    said = rendered(PAGE)
    assert said.startswith("# The mass \\| of it\n\n[AtoCore](../index.md)\n\nIt is 4.2 kg.\n")
    assert re.search(r"derived this page from 3 records, the newest of 2026-11-22 \(`[0-9a-f]{10}`\)", said)
    assert made_by(said) == FORMAT


@pytest.mark.parametrize("edit", [("4.2", "4.3"), ("# The", "# A"), ("<!--", "More.\n<!--"), (" -->\n", "")])
def test_any_edit_is_seen(edit: tuple[str, str]) -> None:
    said = rendered(PAGE)
    assert not is_edited(said)
    assert is_edited(said.replace(*edit))
    assert is_edited(said + "More.\n")


def test_line_ends_of_a_checkout_are_no_edit() -> None:
    assert not is_edited(rendered(PAGE).replace("\n", "\r\n"))


@given(st.lists(st.text(max_size=12), unique=True, max_size=12))
def test_projects_have_folders_of_their_own(projects: list[str]) -> None:
    folders = [names.folder(project).casefold() for project in projects]
    assert len(set(folders)) == len(folders)
    assert all("/" not in folder for folder in folders)


def test_a_records_page_is_named_by_title_and_id() -> None:
    vault = vault_of("-- entities/p/a.md --\nid: ent-a\nproject: p 04\ntitle: Mass of ü\n")
    page = names.record_page(brief_of(record(vault, "ent-a")))
    assert page.startswith("mirror/p-04--") and page.endswith("/records/mass-of-u--a00000000000.md")
