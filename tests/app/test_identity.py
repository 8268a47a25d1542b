"""Identity is the id, never the path: copies, duplicates, moves, and names that other systems refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk
from helpers import whole

MASS, GEM = whole("mem-mass"), whole("mem-gem")


def copy_of(desk: Desk, name: str) -> str:
    desk.put(f"memories/scope/{name}.md", desk.text("memories/scope/gem.md").replace("Zerodur.", "Sitall."))
    return f"memories/scope/{name}.md"


@pytest.mark.parametrize("name", ["a-copy", "z-copy"])
def test_the_first_committed_keeps_the_id(desk: Desk, name: str) -> None:
    path = copy_of(desk, name)
    desk.commit()
    assert desk.codes(path) == ["duplicate-id"]
    assert desk.codes("memories/scope/gem.md") == []
    assert desk.vault.show(GEM).path == "memories/scope/gem.md"
    assert desk.in_context("Sitall") == []
    assert desk.stale() == []

    desk.git("rm", "-q", "memories/scope/gem.md")
    desk.commit(message="Only the copy is left")
    assert desk.codes() == []
    assert desk.vault.show(GEM).path == path
    assert desk.stale() == []


def test_mending_the_duplicate_makes_it_a_record(desk: Desk) -> None:
    path = copy_of(desk, "copy")
    desk.commit()
    desk.edit(path, "id: mem-gem", "id: mem-nnn")
    desk.commit()
    assert desk.codes() == []
    assert desk.status("mem-nnn") == "active"
    assert desk.stale() == []


def test_two_duplicates_in_one_commit_are_told_apart_by_path(desk: Desk) -> None:
    text = desk.text("memories/scope/gem.md").replace(GEM, whole("mem-new"))
    desk.put("memories/scope/n1.md", text)
    desk.put("memories/scope/n2.md", text)
    desk.commit()
    assert desk.vault.show(whole("mem-new")).path == "memories/scope/n1.md"
    assert desk.codes("memories/scope/n2.md") == ["duplicate-id"]
    assert desk.stale() == []


def test_a_copy_before_its_first_is_renamed_keeps_nobody_waiting(desk: Desk) -> None:
    path = copy_of(desk, "copy")
    desk.commit()
    desk.git("mv", "memories/scope/gem.md", "memories/scope/zz-moved.md")
    desk.commit(message="Move the first")
    assert desk.vault.show(GEM).path == "memories/scope/zz-moved.md"
    assert desk.codes(path) == ["duplicate-id"]
    assert desk.stale() == []


def test_a_duplicate_whose_first_breaks_keeps_the_id_whoever_decides_by_then(desk: Desk) -> None:
    desk.put("memories/scope/copy.md", desk.text("memories/scope/gem.md"))
    desk.commit(message="Copy")
    assert desk.codes() == ["duplicate-id"]
    desk.edit("memories/scope/gem.md", "kind: memory", "kind: [memory")
    desk.put("atocore.yaml", "format: 1\nmachines: {authors: ['*nobody*']}\n")
    desk.commit(message="Break it, and trust others")
    desk.close()
    assert "duplicate-id" not in desk.codes()
    assert desk.vault.show(GEM).path == "memories/scope/copy.md"
    assert desk.stale() == []


def test_swapping_two_paths_swaps_nothing_else(desk: Desk) -> None:
    one, two = "memories/scope/gem.md", "memories/scope/mass.md"
    first, second = desk.text(one), desk.text(two)
    desk.put(one, second)
    desk.put(two, first)
    assert desk.codes() == []
    desk.commit()
    assert desk.codes() == []
    assert desk.vault.show(GEM).path == two
    assert desk.statuses("mem-gem", "mem-mass") == ["active", "candidate"]
    assert desk.stale() == []


def test_case_and_unicode_twins_are_told(desk: Desk) -> None:
    desk.put("notes/Twin.md", "anamorphic")
    desk.put("notes/twin.md", "two")
    desk.put("notes/caf\u00e9.md", "three")
    desk.put("notes/cafe\u0301.md", "four")
    assert sorted(desk.codes()) == ["name-clash", "name-clash"]
    desk.commit()
    assert sorted(desk.codes()) == ["name-clash", "name-clash"]
    assert len(desk.found("anamorphic")) == 1
    assert len(desk.found("three four")) >= 1


@pytest.mark.parametrize(
    "name", ["CON.md", "colon:name.md", "trailing .md", "back\\slash.md", "new\nline.md"]
)
def test_names_that_another_system_refuses_are_told(desk: Desk, name: str) -> None:
    desk.put(f"notes/{name}", "word anamorphic")
    expected = [] if name == "trailing .md" else ["unportable-name"]
    assert desk.codes() == expected
    desk.commit()
    assert desk.codes() == expected
    assert len(desk.found("anamorphic")) == 1
    assert desk.stale() == []


def test_a_name_that_is_not_utf8_is_handled_everywhere(desk: Desk) -> None:
    raw = desk.text("memories/scope/gem.md").replace(GEM, whole("mem-byte")).replace("Zerodur", "Borofloat")
    file = Path(str(desk.folder / "memories/scope/bad") + "\udcff\udcfe.md")
    file.write_bytes(raw.encode())
    assert desk.found("Borofloat") == [whole("mem-byte")]
    desk.commit()
    assert desk.found("Borofloat") == [whole("mem-byte")]
    assert desk.vault.show(whole("mem-byte")).path.endswith("bad\udcff\udcfe.md")
    assert desk.in_context("Borofloat") == [whole("mem-byte")]
    desk.vault.retire(whole("mem-byte"))
    assert b"status: retired" in file.read_bytes()
    desk.vault.undo("HEAD")
    assert file.read_bytes() == raw.encode()
    assert desk.stale() == []
