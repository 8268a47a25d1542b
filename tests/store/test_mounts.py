"""Places that are mounted by rclone: it loses what is written there as a disk would keep it."""

from __future__ import annotations

from pathlib import Path

import pytest

from atocore.store.backups import mounts
from atocore.store.backups.folder_place import FolderPlace
from atocore.store.backups.manifest import MANIFEST
from atocore.store.backups.mounts import takes_whole_files_only
from atocore.store.backups.scratch import _NAME, clear_scratch

STAMP = "20261130T031500Z"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderPlace:
    """A place that the system tells is mounted by rclone."""
    folder = tmp_path / "a cloud" / "backups"
    folder.mkdir(parents=True)
    told = str(folder.parent).replace(" ", "\\040")
    (tmp_path / "mountinfo").write_text(
        "45 44 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        f"46 45 0:50 / {told} rw,nosuid,nodev,relatime shared:1 - fuse.rclone x: rw,user_id=0\n",
        "utf-8",
    )
    monkeypatch.setattr(mounts, "MOUNTS", tmp_path / "mountinfo")
    return FolderPlace(folder)


def make(place: FolderPlace, renamed: list[Path]) -> list[str]:
    steps: list[str] = []
    with place.making(STAMP, steps.append) as draft:
        renamed.append(draft)
        for name in ("vault.bundle", MANIFEST):
            (draft / name).write_text(name, "utf-8")
        (draft / "vault.bundle").chmod(0o600)
    return steps


def test_the_innermost_mount_tells(place: FolderPlace, tmp_path: Path) -> None:
    assert takes_whole_files_only(place.folder / "not there yet")
    assert not takes_whole_files_only(tmp_path)
    assert not takes_whole_files_only(tmp_path / "a cloud beside")


def test_a_backup_is_made_elsewhere_and_brought_there_file_by_file(place: FolderPlace) -> None:
    drafts: list[Path] = []
    steps = make(place, drafts)
    assert not drafts[0].is_relative_to(place.folder)
    assert not drafts[0].parent.exists()
    assert steps[-4:] == ["moving vault.bundle", f"moving {MANIFEST}", "moved", "in place"]
    final = place.folder / STAMP
    assert sorted(path.name for path in final.iterdir()) == [MANIFEST, "vault.bundle"]
    assert (final / "vault.bundle").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_maker_leaves_elsewhere_is_a_scratch_folder(place: FolderPlace) -> None:
    with place.making(STAMP) as draft:
        assert _NAME.fullmatch(draft.parent.name)
        clear_scratch()  # another process's: this one lives
        assert draft.is_dir()
        (draft / MANIFEST).touch()
    assert not draft.parent.exists()


def test_nothing_is_renamed_when_one_is_removed(place: FolderPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    make(place, [])

    def refuse(*_args: object) -> None:
        raise AssertionError("renamed")

    monkeypatch.setattr(Path, "rename", refuse)
    place.remove(STAMP)
    assert list(place.folder.iterdir()) == []
