"""Restoring onto real folders: what is there afterwards, what stays, what is refused with nothing changed."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, files_in, refusal, run_git
from fake_embedder import FakeEmbedder
from restoring_kit import BARE, SAFE, backed_up

from atocore.app.backups.restoring import restore
from atocore.errors import AtocoreError
from atocore.index.model import Model


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "kept")


def inode(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def picture(folder: Path) -> tuple[object, ...]:
    """All that a restore is to bring back: files, references, stashes, HEAD, and what git says of it."""
    ask = ("for-each-ref", "--format=%(refname) %(objectname)")
    stash = subprocess.run(
        ["git", "log", "-g", "--format=%H %gs", "refs/stash"], cwd=folder, capture_output=True, check=False
    )
    head = (folder / ".git/HEAD").read_text()
    status = run_git(folder, "status", "--porcelain", "-uall")
    modes = run_git(folder, "ls-files", "-s")
    return files_in(folder), run_git(folder, *ask), stash.stdout, head, status, modes


def test_onto_a_live_vault_it_is_what_it_was_and_the_folders_are_the_same(desk: Desk, place: str) -> None:
    desk.git("branch", "side")
    desk.git("tag", "-a", "-m", "one", "v1")
    before = picture(desk.folder)
    stamp = backed_up(desk, place)
    desk.commit("-- notes/marker.md --\nnot for long\n")
    desk.git("branch", "-D", "side")
    desk.git("branch", "later")
    desk.put("notes/draft.md", "a draft")
    folders = inode(desk.folder), inode(desk.folder / ".atocore"), inode(desk.folder / ".atocore/lock")

    done = restore(stamp, desk.folder, source=place, options=SAFE)

    assert done.restored_integrity_ok, done.findings
    assert picture(desk.folder) == before
    assert folders == (
        inode(desk.folder),
        inode(desk.folder / ".atocore"),
        inode(desk.folder / ".atocore/lock"),
    )
    assert not (desk.folder / ".atocore/restore").exists()
    assert done.safety is not None
    again = restore(done.safety.stamp, desk.folder, source=place, options=BARE)
    assert again.restored_integrity_ok, again.findings
    assert desk.text("notes/marker.md") == "not for long\n"
    assert "later" in desk.git("branch")
    assert desk.text("notes/draft.md") == "a draft"


def test_a_new_machine_needs_no_vault_and_finds_all_of_it_at_once(
    desk: Desk, place: str, tmp_path: Path
) -> None:
    backed_up(desk, place)
    model = Model(FakeEmbedder)

    done = restore("latest", tmp_path / "new" / "vault", source=place, model=model)

    assert done.restored_integrity_ok, done.findings
    assert done.safety is None
    assert done.index is not None
    assert done.index.commit == done.commit == desk.head()
    assert done.index.vectors > 0
    assert done.counts["memory/active"] == 1
    fresh = Desk(tmp_path / "new" / "vault")
    generation = fresh.vault.generations().current
    assert fresh.found("Zerodur")
    assert fresh.vault.generations().current == generation
    assert fresh.stale() == []
    fresh.close()


@pytest.mark.parametrize("kind", ["missing", "empty", "lost+found"])
def test_into_a_folder_that_is_there_or_not(desk: Desk, place: str, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "new"
    if kind != "missing":
        target.mkdir()
    if kind == "lost+found":
        (target / kind).mkdir()
    stamp = backed_up(desk, place)
    before = inode(target) if target.exists() else None
    assert restore(stamp, target, source=place, options=BARE).restored_integrity_ok
    assert before in (None, inode(target))
    assert files_in(target) == files_in(desk.folder)
    assert (target / "lost+found").is_dir() == (kind == "lost+found")


def damaged_git(folder: Path) -> None:
    (folder / ".git/HEAD").write_bytes(b"\0\0\0")


def damaged_index(folder: Path) -> None:
    (folder / ".git/index").write_bytes(b"\x07" * 300)


def no_git(folder: Path) -> None:
    shutil.rmtree(folder / ".git")


def no_settings(folder: Path) -> None:
    (folder / "atocore.yaml").unlink()


def broken_settings(folder: Path) -> None:
    (folder / "atocore.yaml").write_text("format: [")


def no_objects(folder: Path) -> None:
    shutil.rmtree(folder / ".git/objects")
    (folder / ".git/objects").mkdir()


@pytest.mark.parametrize(
    "harm", [damaged_git, damaged_index, no_git, no_settings, broken_settings, no_objects]
)
def test_over_a_vault_that_cannot_be_opened(
    desk: Desk, place: str, harm: Callable[[Path], None], tmp_path: Path
) -> None:
    before = picture(desk.folder)
    stamp = backed_up(desk, place)
    desk.put("notes/only-here.md", "kept in the snapshot")
    harm(desk.folder)

    done = restore(stamp, desk.folder, source=place, options=SAFE)

    assert done.restored_integrity_ok, done.findings
    assert picture(desk.folder) == before
    assert done.safety is not None
    assert any("cannot be opened" in note for note in done.notes)
    shutil.unpack_archive(Path(done.safety.path) / "contents.tar", tmp_path / "by-hand")
    assert (tmp_path / "by-hand/notes/only-here.md").read_text() == "kept in the snapshot"
    with pytest.raises(AtocoreError, match="plain files") as refused:
        restore(done.safety.stamp, tmp_path / "x", source=place)
    assert "tar -xf" in refused.value.hint


# -- what is refused, with nothing changed ----------------------------------------------------------------


@pytest.fixture
def unchanged(desk: Desk) -> Iterator[None]:
    """The vault is, after the test, what it is before it; nothing is left in `.atocore` either."""
    before = picture(desk.folder)
    yield
    assert picture(desk.folder) == before
    assert not (desk.folder / ".atocore/restore").exists()


@pytest.mark.usefixtures("unchanged")
def test_a_daemon_that_holds_the_vault_is_respected_even_if_it_does_not_answer(
    desk: Desk, place: str
) -> None:
    stamp = backed_up(desk, place)
    with (desk.folder / ".atocore/daemon.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(AtocoreError, match="daemon") as refused:
            restore(stamp, desk.folder, source=place)
    assert refusal(refused.value)[0] == "vault-busy"
    assert len(list(Path(place).iterdir())) == 1


def test_a_folder_with_something_else_in_it_is_no_target(desk: Desk, place: str, tmp_path: Path) -> None:
    stamp = backed_up(desk, place)
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter.txt").write_text("mine")
    with pytest.raises(AtocoreError, match="no vault") as refused:
        restore(stamp, tmp_path / "home", source=place)
    assert refusal(refused.value)[0] == "restore-refused"
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("kind", ["worktree", "subfolder", "linked", "backups inside"])
def test_a_repository_that_others_use_is_no_target(desk: Desk, place: str, tmp_path: Path, kind: str) -> None:
    stamp, target = backed_up(desk, place), desk.folder
    if kind == "worktree":
        desk.git("worktree", "add", "-q", str(tmp_path / "tree"))
        target = tmp_path / "tree"
    if kind == "linked":
        desk.git("worktree", "add", "-q", str(tmp_path / "tree"))
    if kind == "subfolder":
        shutil.rmtree(desk.folder / ".git")
        target = tmp_path / "big" / "vault"
        shutil.copytree(desk.folder, target)
        run_git(tmp_path / "big", "init", "-q")
        run_git(tmp_path / "big", "add", "-A")
    if kind == "backups inside":
        shutil.move(place, desk.folder / "backups")
        place = str(desk.folder / "backups")
    before = files_in(target)
    with pytest.raises(AtocoreError) as refused:
        restore(stamp, target, source=place)
    assert refusal(refused.value)[0] == "restore-refused"
    assert "--target" in refused.value.hint
    assert files_in(target) == before


def test_it_is_told_that_a_backup_is_of_another_vault(desk: Desk, place: str, tmp_path: Path) -> None:
    stamp = backed_up(desk, place)
    run_git(tmp_path, "init", "--quiet", "other")
    other = tmp_path / "other"
    for name in ("atocore.yaml", ".git/config"):
        (other / name).write_bytes((desk.folder / name).read_bytes())
    run_git(other, "add", "-A")
    run_git(other, "commit", "--quiet", "-m", "another beginning")
    for dry_run in (True, False):
        done = restore(stamp, other, source=place, options=SAFE, dry_run=dry_run)
        assert any("another vault's" in note for note in done.notes), done.notes
    done = restore(stamp, desk.folder, source=place, options=SAFE)
    assert not any("another vault's" in note for note in done.notes)


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to be somebody else than the owner")
def test_somebody_elses_vault_is_its_owners_to_restore(desk: Desk, place: str) -> None:
    stamp = backed_up(desk, place)
    before = files_in(desk.folder)
    for path in (desk.folder, desk.folder / ".git"):
        os.chown(path, 65533, 65533)
    with pytest.raises(AtocoreError) as refused:
        restore(stamp, desk.folder, source=place, options=SAFE)
    assert refusal(refused.value)[0] == "restore-refused"
    assert "owner" in refused.value.hint
    assert files_in(desk.folder) == before
