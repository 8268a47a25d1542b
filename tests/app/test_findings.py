"""What a hostile user found: each of these went wrong once."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from desk import ASSISTANT, Desk
from helpers import whole

from atocore import open_vault
from atocore.errors import AtocoreError
from atocore.store.lock import IndexLock

SEVEN, EIGHT = whole("mem-zeven"), whole("mem-acht")
SIDES = """\
-- memories/scope/seven.md --
id: mem-zeven
kind: memory
type: knowledge
status: active
project: scope
subject: pinhole
attribute: weight
value: 7 kg
--
The pinhole weighs 7 kg.
-- memories/scope/eight.md --
id: mem-acht
kind: memory
type: knowledge
status: active
project: scope
subject: pinhole
attribute: weight
value: 8 kg
--
The pinhole weighs 8 kg.
"""


def test_the_loser_of_a_conflict_resolved_by_hand_is_in_no_pack(desk: Desk) -> None:
    desk.commit(SIDES)
    desk.vault.conflicts_sweep()
    conflict = desk.vault.conflicts_list().conflicts[0]
    desk.edit(conflict.path, "status: open\n", f"status: resolved\nwinner: {EIGHT}\n")
    desk.commit()
    assert desk.in_context("pinhole weight", "scope") == [EIGHT]
    shown = {record.id: record.disputed for record in desk.vault.list(kind="memory").records}
    assert shown[EIGHT] is None
    told = shown[SEVEN]
    assert told is not None and [other.value for other in told] == ["8 kg"]


def test_undo_in_a_shallow_clone_does_not_empty_the_vault(desk: Desk, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    command = ["git", "clone", "-q", "--depth", "1", f"file://{desk.folder}", str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    with open_vault(clone) as vault, pytest.raises(AtocoreError, match="shallow"):
        vault.undo("HEAD")
    assert (clone / "atocore.yaml").exists()


def test_an_assistants_edit_and_deletion_of_knowledge_are_problems(desk: Desk) -> None:
    desk.commit(SIDES)
    desk.edit("memories/scope/seven.md", "value: 7 kg", "value: 99 kg")
    desk.commit("", "improve", f"--author={ASSISTANT}")
    (desk.folder / "memories/scope/eight.md").unlink()
    desk.commit("", "tidy", f"--author={ASSISTANT}")
    assert desk.codes("memories/scope/seven.md") == ["machine-step"]
    assert desk.codes("memories/scope/eight.md") == ["machine-step"]
    assert desk.vault.check().has_errors


def test_a_persons_later_confirmation_settles_an_assistants_edit(desk: Desk) -> None:
    desk.commit(SIDES)
    desk.edit("memories/scope/seven.md", "value: 7 kg", "value: 99 kg")
    desk.commit("", "improve", f"--author={ASSISTANT}")
    desk.vault.confirm(SEVEN)
    assert "machine-step" not in desk.codes("memories/scope/seven.md")


def test_a_conflict_that_atocore_itself_opens_again_is_no_problem(desk: Desk) -> None:
    desk.commit(SIDES)
    desk.vault.conflicts_sweep()
    conflict = desk.vault.conflicts_list().conflicts[0]
    desk.vault.conflicts_dismiss(conflict.id, reason="two pinholes")
    desk.edit("memories/scope/seven.md", "value: 7 kg", "value: 9 kg")
    desk.commit()
    desk.vault.conflicts_sweep()
    assert desk.vault.conflicts_list().conflicts
    assert desk.codes(conflict.path) == []


def test_the_log_of_a_record_is_not_that_of_the_one_it_resembles(desk: Desk) -> None:
    blocks = SIDES.split("-- memories/scope/eight.md --")
    first = desk.commit(blocks[0], "first")
    second = desk.commit(f"-- memories/scope/eight.md --{blocks[1]}", "second")
    commits = [entry.commit for entry in desk.vault.log(EIGHT).entries]
    assert commits == [second] and first not in commits


def test_links_in_an_ingested_folder_are_not_followed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "secret.md").write_text("# Outside\n\nMust not come in.\n")
    (tmp_path / "docs" / "link.md").symlink_to(tmp_path / "secret.md")
    made = desk.vault.ingest(tmp_path / "docs", project="scope")
    assert made.commit is None and [passed.path for passed in made.skipped] == ["link.md"]


def test_a_vault_does_not_ingest_itself(desk: Desk) -> None:
    made = desk.vault.ingest(desk.folder, project="scope")
    assert not [record for record in made.records if record.path.startswith("sources/scope/memories")]
    assert {passed.reason for passed in made.skipped} >= {"a file of this vault"}


def test_a_pack_states_a_value_that_the_text_holds_only_as_part_of_another(desk: Desk) -> None:
    desk.commit(
        SIDES.split("-- memories/scope/eight.md --")[0]
        .replace("value: 7 kg", 'value: "7"')
        .replace("The pinhole weighs 7 kg.", "See section 17 about the pinhole's weight.")
    )
    assert "pinhole weight is 7." in desk.vault.context("pinhole weight", project="scope", words=True).text


def test_a_document_ingested_by_another_path_is_no_second_source(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / "sub" / "x.md").write_text("# One\n\nOnly once.\n")
    assert desk.vault.ingest(tmp_path / "docs", project="scope").commit
    again = desk.vault.ingest(tmp_path / "docs" / "sub" / "x.md", project="scope")
    assert again.commit is None and again.unchanged == 1


def test_the_first_commit_is_not_undone(desk: Desk) -> None:
    first = desk.git("rev-list", "--max-parents=0", "HEAD").strip()
    with pytest.raises(AtocoreError, match="first commit"):
        desk.vault.undo(first)


def test_a_negative_limit_is_refused(desk: Desk) -> None:
    with pytest.raises(AtocoreError, match="negative"):
        desk.vault.list(limit=-1)
    with pytest.raises(AtocoreError, match="negative"):
        desk.vault.log(limit=-1)


def test_any_next_command_frees_git_of_a_dead_ones_lock(desk: Desk) -> None:
    """Killed between taking git's lock and writing the journal, a step leaves the lock alone."""
    repository = desk.vault.repository
    IndexLock(repository.git_dir, repository.tag).take(1)
    assert (repository.git_dir / "index.lock").exists()
    desk.vault.list()
    assert not (repository.git_dir / "index.lock").exists()


def test_a_vault_that_leaves_answers_out_keeps_none(desk: Desk) -> None:
    desk.commit("-- atocore.yaml --\ncapture: {response: false}\n")
    with open_vault(desk.folder) as vault:
        made = vault.capture("How heavy is it?", response="Nine kilograms.")
    assert "How heavy" in desk.text(made.path) and "Nine" not in desk.text(made.path)
