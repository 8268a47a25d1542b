"""Drills of real backups: what passes, what each kind of damage is found as, and what is left behind."""

from __future__ import annotations

import errno
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, files_in, run_git
from fake_embedder import FakeEmbedder

from atocore.app.backups import damage_drill, restored_aside
from atocore.app.backups.damages import DAMAGES, Damage
from atocore.app.backups.rehearsing import Drilled, RehearsingVerbs, drill
from atocore.app.operations import Job, Operations
from atocore.errors import ERRORS, AtocoreError
from atocore.index.model import Model
from atocore.store.backups.folder_place import FolderPlace
from atocore.store.backups.local_reading import LocalPart
from atocore.store.backups.manifest import MANIFEST, Manifest, Sample, read_manifest


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "scratch").mkdir()


@pytest.fixture
def place(desk: Desk, tmp_path: Path) -> FolderPlace:
    """A place with one backup of a vault that has drafts and captures."""
    desk.put("notes/draft.md", "not committed\n")
    desk.put("captures/one.md", "private\n")
    desk.vault.backup_create(to=str(tmp_path / "kept"))
    desk.close()
    return FolderPlace(tmp_path / "kept")


def drilled(place: FolderPlace, tmp_path: Path, *, damage: bool = False) -> Drilled:
    scratch = tmp_path / "scratch"
    done = drill(place, scratch=str(scratch), damage=damage, model=Model(FakeEmbedder))
    assert list(scratch.iterdir()) == []
    return done


def manifest_of(place: FolderPlace) -> tuple[Path, Manifest]:
    path = place.backups()[0].path / MANIFEST
    return path, read_manifest(path.read_bytes(), MANIFEST)


def test_a_sound_backup_passes_and_every_kind_of_damage_to_it_is_found(
    desk: Desk, place: FolderPlace, tmp_path: Path
) -> None:
    before = files_in(place.folder), files_in(desk.folder)
    (tmp_path / "scratch" / "atocore-scratch-drill-k1lled_0").mkdir()
    done = drilled(place, tmp_path, damage=True)
    assert done.passed, done
    assert {"restored", "counts", "search", "context", "marker gone"} <= {one.name for one in done.steps}
    marker = next(one for one in done.steps if one.name == "marker")
    assert "6 places" in marker.told  # history, file, draft, capture, beside the index, search
    assert {one.name: one.found for one in done.proofs} == {one.name: one.code for one in done.proofs}
    assert {one.exit_code for one in done.proofs} == set(range(11, 20))
    assert before == (files_in(place.folder), files_in(desk.folder))


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.name)
def test_a_drill_of_a_damaged_backup_ends_with_the_exit_code_of_its_kind(
    place: FolderPlace, tmp_path: Path, damage: Damage
) -> None:
    damage.inflict(place.backups()[0].path)
    try:
        done = drilled(place, tmp_path)
        code, exit_code = done.code, done.exit_code
    except AtocoreError as error:
        code, exit_code = error.code, error.kind.exit_code
    assert (code, exit_code) == (damage.code, ERRORS[damage.code].exit_code)


def test_other_answers_than_recorded_are_found(place: FolderPlace, tmp_path: Path) -> None:
    path, found = manifest_of(place)
    asked = (*found.recorded.samples, Sample("search", "Zerodur", ("mem-nowhere",)))
    path.write_text(replace(found, recorded=replace(found.recorded, samples=asked)).to_json())
    done = drilled(place, tmp_path)
    assert (done.code, done.exit_code) == ("answers-differ", 18)
    assert any("mem-nowhere" in one.told for one in done.steps)


def test_damage_that_nobody_finds_fails_the_drill(
    place: FolderPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = Damage("nothing", "nothing is done", "backup-checksum", lambda _backup: None)
    monkeypatch.setattr(damage_drill, "DAMAGES", (harmless,))
    monkeypatch.setattr(damage_drill, "_of_restored", lambda _drill: [])
    done = drilled(place, tmp_path, damage=True)
    assert not done.passed
    assert done.exit_code == 1
    assert [(one.name, one.is_found) for one in done.proofs] == [("nothing", False)]


def test_drafts_and_captures_that_do_not_come_back_fail_the_drill(
    place: FolderPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restored_aside, "put_back", lambda *_args: LocalPart())
    done = drilled(place, tmp_path)
    assert (done.passed, done.code) == (False, "restored-differs")
    assert any("notes/draft.md" in one.told and "captures/one.md" in one.told for one in done.steps)


def test_a_vault_without_records_passes_all_the_same(desk: Desk, tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet", "empty")
    empty = Desk(tmp_path / "empty")
    empty.put(".git/config", desk.text(".git/config"))
    empty.put("atocore.yaml", desk.text("atocore.yaml"))
    empty.commit()
    empty.vault.backup_create(to=str(tmp_path / "kept"))
    empty.close()
    done = drilled(FolderPlace(tmp_path / "kept"), tmp_path, damage=True)
    assert done.passed, done.proofs
    assert "lost record" not in {one.name for one in done.proofs}
    assert any(one.name == "lost record" and "not tried" in one.told for one in done.steps)


def test_the_outcome_is_written_down_for_health(
    desk: Desk, place: FolderPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "vault.bundle")

    shutil.rmtree(tmp_path / "scratch")
    operations = Operations(desk.folder / ".atocore")
    vault = RehearsingVerbs(desk.folder, desk.vault.repository, desk.vault.settings, desk.vault.actor)
    vault.model = Model(FakeEmbedder)
    with pytest.raises(AtocoreError, match="no scratch folder"):
        vault.backup_drill(source=str(place), scratch=str(tmp_path / "scratch"))
    assert "no scratch folder" in operations.ran()[Job.DRILL].error
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("atocore.app.backups.rehearsing.drill", full)
        vault.backup_drill(source=str(place))
    ran = operations.ran()[Job.DRILL]
    assert (ran.failures, "No space left" in ran.error) == (2, True), "a disk that is full is a failure, too"
    (tmp_path / "scratch").mkdir()
    assert vault.backup_drill(source=str(place), scratch=str(tmp_path / "scratch")).passed
    ran = operations.ran()[Job.DRILL]
    assert ran.last_success
    assert ran.told["stamp"] == place.backups()[0].stamp
    assert json.loads((desk.folder / ".atocore/operations.json").read_text())["drill"]["last_success"]
