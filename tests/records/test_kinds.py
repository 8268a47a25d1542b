"""The table of kinds against the product's contract, and against the tables that build on it."""

from __future__ import annotations

import pytest

from atocore.records.kinds import DERIVED_FOLDERS, KINDS, RECORD_FOLDERS, RESERVED_NAMES, Kind, layer_name
from atocore.records.record import folder_kind, is_page

LIFE = ("candidate", "active", "superseded", "retired", "rejected")


@pytest.mark.parametrize(
    ("kind", "prefix", "layer", "statuses"),
    [
        ("interaction", "int", "L0", ()),
        ("source", "src", "L0", ()),
        ("memory", "mem", "L1", (*LIFE, "graduated")),
        ("entity", "ent", "L2", LIFE),
        ("state", "sta", "L3", ("active", "superseded", "retired")),
        ("conflict", "con", "", ("open", "resolved", "dismissed")),
        ("project", "prj", "", ("active", "archived")),
    ],
)
def test_a_kind_has_the_prefix_layer_and_statuses_of_the_contract(
    kind: str, prefix: str, layer: str, statuses: tuple[str, ...]
) -> None:
    spec = KINDS[Kind(kind)]
    assert (spec.prefix, layer_name(Kind(kind))) == (prefix, layer)
    assert set(spec.statuses) == set(statuses)


def test_every_kind_but_the_note_is_in_the_table() -> None:
    assert set(Kind) - set(KINDS) == {Kind.NOTE}
    assert layer_name(Kind.NOTE) == "L0"


def test_prefixes_and_folders_are_unique() -> None:
    assert len({spec.prefix for spec in KINDS.values()}) == len(KINDS)
    assert len(RECORD_FOLDERS) == len(KINDS)
    assert not set(RECORD_FOLDERS) & set(DERIVED_FOLDERS)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("memories/p04/a.md", Kind.MEMORY),
        ("memories/a.md", Kind.MEMORY),
        ("captures/2026/11/22/int-x.md", Kind.INTERACTION),
        ("memories", None),
        ("memories.md", None),
        ("notes/memories/a.md", None),
        ("memories/p04/index.md", None),
        ("memories/log.md", None),
    ],
)
def test_a_folder_says_which_kind_is_expected_in_it(path: str, kind: Kind | None) -> None:
    assert folder_kind(path) is kind


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("a.md", True),
        ("notes/A.MD", True),
        ("memories/p/a.md", True),
        ("mirror/index.md", False),
        ("reports/w.md", False),
        (".obsidian/a.md", False),
        ("notes/.hidden.md", False),
        ("node_modules/x/readme.md", False),
        ("notes/~$draft.md", False),
        ("notes/a.txt", False),
        ("notes/a.md~", False),
    ],
)
def test_which_paths_are_pages_of_the_vault(path: str, fine: bool) -> None:
    assert is_page(path) is fine


def test_reserved_names_are_those_of_the_open_knowledge_format() -> None:
    assert sorted(RESERVED_NAMES) == ["index.md", "log.md"]
