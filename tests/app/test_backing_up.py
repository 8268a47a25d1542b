"""Backups of real repositories: what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, run_git

from atocore.errors import AtocoreError
from atocore.store.backups.manifest import MANIFEST, read_manifest


def test_a_backup_is_a_bundle_of_every_reference_and_tells_what_the_vault_held(
    desk: Desk, tmp_path: Path
) -> None:
    run_git(desk.folder, "branch", "side")
    run_git(desk.folder, "tag", "-a", "-m", "first", "v1")
    made = desk.vault.backup_create(to=str(tmp_path / "kept"))
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", f"{made.path}/vault.bundle", str(clone))
    assert run_git(clone, "rev-parse", "HEAD") == run_git(desk.folder, "rev-parse", "HEAD")
    told = read_manifest((Path(made.path) / MANIFEST).read_bytes(), "it")
    assert {"refs/heads/side", "refs/tags/v1", told.branch} <= told.refs.keys()
    assert told.recorded.counts["memory/active"] == 1
    assert [one.stamp for one in desk.vault.backup_list(source=str(tmp_path / "kept")).backups] == [
        made.stamp
    ]


def test_a_manifest_that_was_edited_is_found_out(desk: Desk, tmp_path: Path) -> None:
    made = desk.vault.backup_create(to=str(tmp_path))
    path = Path(made.path) / MANIFEST
    path.write_text(path.read_text().replace('"memory/active": 1', '"memory/active": 2'))
    assert "digest" in desk.vault.backup_list(source=str(tmp_path)).backups[0].fault
    with pytest.raises(AtocoreError, match="digest") as refused:
        read_manifest(path.read_bytes(), "it")
    assert refused.value.code == "backup-manifest"


def test_a_manifest_tells_what_sample_questions_were_answered(desk: Desk, tmp_path: Path) -> None:
    made = desk.vault.backup_create(to=str(tmp_path))
    told = desk.vault.recorded()
    assert {one.verb for one in told.samples} == {"search", "context"}
    assert all(one.ids for one in told.samples if one.verb == "search")
    assert read_manifest((Path(made.path) / MANIFEST).read_bytes(), "it").recorded == told
