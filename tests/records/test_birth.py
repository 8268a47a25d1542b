"""Births: where a new file lies, and what stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.errors import AtocoreError
from atocore.records.birth import home, portable, project_folder, slug, written
from atocore.records.codec import read
from atocore.records.kinds import KINDS, RESERVED_NAMES, Kind

ID = "mem-7k2m9qxw4d3f"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The primary mirror weighs 4.2 kg!", "the-primary-mirror-weighs-4-2-kg"),
        ("Größe der Öffnung", "grosse-der-offnung"),
        ("主鏡の質量", "主鏡の質量"),
        ("a_b/c\\d", "a-b-c-d"),
        ("...", "record"),
        ("", "record"),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_slug_is_the_words_joined_by_hyphens(text: str, name: str) -> None:
    assert slug(text) == name


@pytest.mark.parametrize(
    ("kind", "project", "title", "path"),
    [
        (Kind.MEMORY, "p04", "Mirror mass", "memories/p04/mirror-mass--qxw4d3.md"),
        (Kind.MEMORY, "", "Mirror mass", "memories/_shared/mirror-mass--qxw4d3.md"),
        (Kind.ENTITY, "P04 Telescope", "x", "entities/P04 Telescope/x--qxw4d3.md"),
        (Kind.STATE, "../../etc", "x", "state/etc/x--qxw4d3.md"),
        (Kind.STATE, "a/b", "x", "state/a-b/x--qxw4d3.md"),
        (Kind.STATE, "CON", "x", "state/con-project/x--qxw4d3.md"),
        (Kind.STATE, ".hidden", "x", "state/hidden/x--qxw4d3.md"),
        (Kind.STATE, "_shared", "x", "state/shared/x--qxw4d3.md"),
        (Kind.CONFLICT, "p04", "x", "conflicts/mem-7k2m9qqxw4d3.md"),
        (Kind.PROJECT, "p04", "x", "projects/p04.md"),
        (Kind.PROJECT, "index", "x", "projects/project-index.md"),
    ],
)
def test_a_new_record_lies_in_its_kinds_and_projects_folder(
    kind: Kind, project: str, title: str, path: str
) -> None:
    assert home(kind, project, title, "mem-7k2m9qqxw4d3") == path


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(list(KINDS)))
def test_every_home_is_a_legal_path_inside_the_vault_and_a_record_there(
    project: str, title: str, kind: Kind
) -> None:
    path = home(kind, project, title, ID)
    parts = path.split("/")
    assert parts[0] == KINDS[kind].folder
    assert all(portable(part) and not part.startswith(".") for part in parts)
    assert parts[-1] not in RESERVED_NAMES


@pytest.mark.parametrize(
    "name", ["a<b", "a:b", "a\\b", "nul", "COM1.md", "a ", "a.", " a", "", "x" * 256, "a\n"]
)
def test_names_that_some_system_refuses(name: str) -> None:
    assert not portable(name)


@pytest.mark.parametrize("name", ["a.md", "ä b.md", "console.md", "x" * 255, "COM.md", "~a"])
def test_names_that_every_system_takes(name: str) -> None:
    assert portable(name)


def test_a_new_file_has_its_keys_in_the_schemas_order_one_a_line() -> None:
    change = written(
        Kind.MEMORY,
        ID,
        {"status": "candidate", "value": "4.2 kg", "subject": "", "type": "knowledge", "tags": ("a", "b"),
         "own": "x", "provenance": {"rule": "r", "extractor": "1"}},
        "The mirror weighs 4.2 kg.",
    )  # fmt: skip
    assert change.path == "memories/_shared/the-mirror-weighs-4-2-kg--xw4d3f.md"
    assert change.old is None
    assert (
        change.new
        == b"""\
---
id: mem-7k2m9qxw4d3f
kind: memory
type: knowledge
status: candidate
tags:
  - a
  - b
value: 4.2 kg
provenance:
  rule: r
  extractor: 1
own: x
---
The mirror weighs 4.2 kg.
"""
    )


def test_a_new_file_reads_back_as_what_was_asked_for() -> None:
    values = [
        "no",
        "1.10",
        "012",
        "~",
        "a: b",
        "# c",
        "- d",
        "'e'",
        '"f"',
        "4.2 kg",
        "[g]",
        "{h",
        "@i",
        "2026-01-01",
    ]
    for value in values:
        change = written(Kind.MEMORY, ID, {"type": "knowledge", "status": "active", "value": value}, "x")
        assert change.new is not None
        record = read(change.path, change.new, max_bytes=10_000).record
        assert record is not None
        assert record.value == value


def test_an_empty_body_stays_empty() -> None:
    change = written(Kind.PROJECT, "prj-7k2m9qxw4d3f", {"name": "p04", "status": "active"}, "")
    assert change.new == b"---\nid: prj-7k2m9qxw4d3f\nkind: project\nstatus: active\nname: p04\n---\n"


@pytest.mark.parametrize(
    "keys", [{"project": "a\nb"}, {"name": "a\nb"}, {"value": "a\x07"}, {"value": "\ud800"}]
)
def test_what_no_header_can_hold_is_refused(keys: dict[str, str]) -> None:
    with pytest.raises(AtocoreError) as refused:
        written(Kind.MEMORY, ID, keys, "x")
    assert refused.value.code == "bad-value"


def test_the_folder_of_a_project_leaves_room_for_the_files_ending() -> None:
    assert len(f"{project_folder('x' * 255)}.md") <= 255
