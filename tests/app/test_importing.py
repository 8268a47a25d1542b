"""Tool handoffs through the vault: one commit, clear refusals, and nothing lost of what can be taken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from desk import Desk, last

from atocore.errors import AtocoreError

EXAMPLES = Path(__file__).parents[2] / "docs" / "handoff"
HEAD = {"format": "atocore-handoff", "version": 1, "project": "scope"}
RING = {
    "id": "R/mass",
    "type": "parameter",
    "subject": "Ring",
    "attribute": "mass",
    "value": 1.84,
    "unit": "kg",
}
SECRET = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


def handoff(folder: Path, *facts: object, name: str = "bom.json") -> Path:
    file = folder / name
    file.write_text(json.dumps({**HEAD, "facts": list(facts)}), "utf-8")
    return file


@pytest.mark.parametrize(("name", "tool"), [("cad-bom.json", "cad"), ("fem-result.json", "fem")])
def test_the_examples_come_in_whole_and_again_change_nothing(desk: Desk, name: str, tool: str) -> None:
    start = desk.head()
    done = desk.vault.import_from_tool(tool, EXAMPLES / name)
    assert desk.commits_since(start) == [done.commit]
    assert done.candidates == done.read > 0 and done.skipped == ()
    assert (last(desk).action, last(desk).actor) == ("import", "machine")
    assert desk.codes() == [] and (desk.folder / done.report).read_text().startswith("# Wave")
    state = desk.state()
    again = desk.vault.import_from_tool(tool, EXAMPLES / name)
    assert (again.commit, again.unchanged, again.report) == (None, done.read, "")
    assert desk.state() == state


def test_a_changed_accepted_mass_is_an_open_conflict(desk: Desk, tmp_path: Path) -> None:
    first = desk.vault.import_from_tool("cad", EXAMPLES / "cad-bom.json")
    (mass,) = [one.id for one in first.records if one.value == "4.20 kg"]
    desk.vault.promote(mass)
    changed = tmp_path / "cad-bom.json"
    changed.write_text((EXAMPLES / "cad-bom.json").read_text("utf-8").replace("4.20", "4.55"), "utf-8")
    before = desk.vault.status().open_conflicts_count
    done = desk.vault.import_from_tool("cad", changed)
    (conflict,) = done.conflicts
    assert (conflict.type, conflict.status, conflict.prevailing) == ("claimed", "open", mass)
    assert [member.value for member in conflict.members] == ["4.20 kg", "4.55 kg"]
    assert conflict.slot == "Primary mirror cell assembly mass"
    assert desk.vault.show(mass).value == "4.20 kg"
    assert desk.vault.status().open_conflicts_count == before + 1
    assert conflict.id in {one.id for one in desk.vault.conflicts_list().conflicts}
    candidate = desk.vault.show(conflict.members[1].id)
    assert [side.id for side in candidate.would_conflict] == [mass]
    desk.vault.conflicts_resolve(conflict.id, winner=candidate.id, reason="weighed")
    assert desk.statuses() is not None and desk.vault.show(mass).status == "superseded"
    assert desk.codes() == []


def test_a_conflict_that_a_person_resolved_by_hand_is_completed(desk: Desk, tmp_path: Path) -> None:
    first = desk.vault.import_from_tool("cad", handoff(tmp_path, RING))
    desk.vault.promote(first.records[0].id)
    (conflict,) = desk.vault.import_from_tool("cad", handoff(tmp_path, {**RING, "value": 2})).conflicts
    new = conflict.members[1].id
    desk.edit(conflict.path, "status: open", f"status: resolved\nwinner: {new}")
    desk.commit()
    desk.vault.confirm(desk.vault.list(status="active").records[0].id)
    assert (desk.vault.show(new).status, desk.vault.show(first.records[0].id).status) == (
        "active",
        "superseded",
    )


def test_a_dry_run_writes_nothing_and_shows_the_plan(desk: Desk, tmp_path: Path) -> None:
    state = desk.state()
    done = desk.vault.import_from_tool("cad", handoff(tmp_path, RING), dry_run=True)
    assert done.dry_run and "value: 1.84 kg" in done.diff and desk.state() == state


def test_secrets_stay_out_of_every_file(desk: Desk, tmp_path: Path) -> None:
    fact = {**RING, "text": f"fetched with {SECRET}", "aliases": [SECRET], "tags": [SECRET]}
    desk.vault.import_from_tool("cad", handoff(tmp_path, fact))
    assert SECRET not in desk.git("show", "HEAD")


def test_what_cannot_be_read_is_refused(desk: Desk, tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"format":\n "\xe9"}')
    fifth = tmp_path / "big.json"
    fifth.write_bytes(b" " * (8 * 1024 * 1024 + 1))
    for file, code, told in (
        (tmp_path / "none.json", "not-found", "no file"),
        (tmp_path, "unreadable", "no regular file"),
        (latin, "bad-value", "latin.json:2: not UTF-8"),
        (fifth, "bad-value", "larger than 8,388,608 bytes"),
    ):
        with pytest.raises(AtocoreError) as refusal:
            desk.vault.import_from_tool("cad", file)
        assert refusal.value.code == code and told in refusal.value.message
    for tool in ("", "a\nb", "../x", "-x"):
        with pytest.raises(AtocoreError):
            desk.vault.import_from_tool(tool, EXAMPLES / "cad-bom.json")
    with pytest.raises(AtocoreError):
        desk.vault.import_from_tool("cad")


def test_one_bad_file_among_several_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    done = desk.vault.import_from_tool("cad", bad, handoff(tmp_path, RING))
    assert done.candidates == 1
    assert [row.path for row in done.skipped] == ["bad.json"]


def test_a_long_bill_of_materials_comes_within_the_caps_and_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    parts = [{"id": f"P-{n}", "type": "component", "title": f"Part {n}"} for n in range(300)]
    file = handoff(tmp_path, *parts)
    done = desk.vault.import_from_tool("cad", file)
    assert (done.read, done.candidates, done.deferred) == (300, 50, 250)
    again = desk.vault.import_from_tool("cad", file)
    assert (again.candidates, again.unchanged, again.deferred) == (50, 50, 200)


def test_two_clones_make_the_same_files(desk: Desk, tmp_path: Path) -> None:
    file = handoff(tmp_path, RING)
    shutil.copytree(desk.folder, tmp_path / "clone")
    other = Desk(tmp_path / "clone")
    first, second = (one.vault.import_from_tool("cad", file) for one in (desk, other))
    assert first.records == second.records
    assert desk.text(first.records[0].path) == other.text(second.records[0].path)
    other.close()


def test_a_machine_may_hand_over(desk: Desk, tmp_path: Path) -> None:
    assert desk.machine.import_from_tool("cad", handoff(tmp_path, RING)).candidates == 1


def test_standard_input_has_the_limit_of_a_file(desk: Desk) -> None:
    with pytest.raises(AtocoreError, match="stdin is larger than 8,388,608 bytes"):
        desk.vault.import_from_tool("cad", "-", stdin=b" " * (8_388_608 + 1))


def test_a_password_by_name_alone_reaches_no_file(desk: Desk, tmp_path: Path) -> None:
    named = {
        "id": "R/pw",
        "type": "parameter",
        "subject": "Router",
        "attribute": "password",
        "value": "Xy9!trLm48",
    }
    done = desk.vault.import_from_tool("cad", handoff(tmp_path, named))
    assert done.candidates == 1
    assert [one for one in desk.vault.audit().findings if one.path.startswith(("entities", "reports"))] == []


@pytest.mark.parametrize("project", ["two\nlines", "p\x1b[31m", "p\u2028q"])
def test_a_name_that_no_project_can_have_is_one_refusal(desk: Desk, tmp_path: Path, project: str) -> None:
    for ask in (
        lambda: desk.vault.import_from_tool("cad", handoff(tmp_path, RING), project=project),
        lambda: desk.vault.ingest(tmp_path, project=project),
    ):
        with pytest.raises(AtocoreError) as caught:
            ask()
        assert caught.value.code == "bad-value"
