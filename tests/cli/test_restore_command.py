"""`backup restore` on the command line: what it asks for, what it prints, and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk

from atocore.store.backups.manifest import MANIFEST

GO = "--confirm-service-stopped"


@pytest.fixture
def stamp(desk: Desk, tmp_path: Path) -> str:
    made = desk.vault.backup_create(to=str(tmp_path / "kept"))
    desk.close()
    return made.stamp


def test_it_is_not_done_without_the_word_that_no_service_runs(
    run, desk: Desk, stamp: str, tmp_path: Path
) -> None:
    before = desk.state()
    ran = run("backup", "restore", stamp, "--from", str(tmp_path / "kept"), "--json")
    assert (ran.code, ran.error["code"]) == (2, "usage")
    assert GO in ran.error["hint"]
    assert desk.state() == before


def test_a_dry_run_checks_both_ends_and_writes_nothing(run, desk: Desk, stamp: str, tmp_path: Path) -> None:
    before = desk.state()
    to = ("backup", "restore", "latest", "--from", str(tmp_path / "kept"), "--dry-run")
    ran = run(*to, "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["dry_run"], ran.json["stamp"], ran.json["commit"]) == (True, stamp, desk.head())
    assert run(*to).code == 0
    assert desk.state() == before
    assert len(list((tmp_path / "kept").iterdir())) == 1
    assert not (desk.folder / ".atocore/restore").exists()


def test_the_answer_tells_what_was_restored_and_where_the_former_is(
    run, desk: Desk, stamp: str, tmp_path: Path
) -> None:
    args = ("backup", "restore", stamp, "--from", str(tmp_path / "kept"), "--no-index", GO)
    ran = run(*args, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["restored_integrity_ok"] is True
    assert ran.json["findings"] == []
    assert ran.json["target"] == str(desk.folder)
    assert Path(ran.json["safety"]["path"], MANIFEST).exists()
    told = run(*args).out
    assert "restored_integrity_ok: true" in told
    assert "what was there: " in told


def test_a_target_wins_over_the_vault_and_needs_none(run, desk: Desk, stamp: str, tmp_path: Path) -> None:
    kept, new = str(tmp_path / "kept"), tmp_path / "new"
    args = ("backup", "restore", stamp, "--from", kept, "--target", str(new), "--no-index", GO, "--json")
    ran = run(*args, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert ran.json["safety"] is None
    assert (new / "atocore.yaml").exists()


def test_without_a_vault_or_a_target_it_says_what_to_name(run, stamp: str, tmp_path: Path) -> None:
    ran = run("backup", "restore", stamp, "--vault", str(tmp_path), GO, "--json")
    assert ran.code == 1
    assert ran.error["code"] in ("restore-refused", "no-backup")
