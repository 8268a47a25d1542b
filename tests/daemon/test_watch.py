"""What rings the bell, and what does not: real files, real git, real inotify."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent

from atocore.daemon.bell import Bell
from atocore.daemon.watch import Watch
from atocore.records.record import is_page


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def watch(repo: Path, bell: Bell) -> Iterator[Watch]:
    made = Watch(repo, repo / ".git", repo / ".atocore" / "cookies", bell)
    made.renew()
    assert made.trouble == ""
    yield made
    made.stop()


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)


def rung(watch: Watch) -> frozenset[str] | None:
    """What was rung by all that happened until now."""
    assert watch.heard(5.0)
    return watch.bell.take().paths


def test_a_saved_page_rings_with_its_path(watch: Watch, repo: Path) -> None:
    (repo / "memories/p/one.md").write_text("changed\n")
    assert rung(watch) == {"memories/p/one.md"}
    (repo / "memories/p/new.md").write_text("new\n")
    (repo / "memories/p/gone.md").unlink()
    assert rung(watch) == {"memories/p/new.md", "memories/p/gone.md"}
    assert rung(watch) == frozenset()


def test_what_is_moved_out_of_the_vault_is_rung_at_once(watch: Watch, repo: Path, tmp_path: Path) -> None:
    (repo / "staged.md").rename(tmp_path / "away.md")
    assert rung(watch) == {"staged.md"}
    (tmp_path / "away.md").rename(repo / "back.md")
    assert rung(watch) == {"back.md"}


def test_a_new_folder_is_watched_with_all_that_is_in_it(watch: Watch, repo: Path) -> None:
    deep = repo / "memories/q/r/s"
    deep.mkdir(parents=True)
    (deep / "at-once.md").write_text("x\n")
    assert rung(watch) == {"memories/q/r/s/at-once.md"}
    (deep / "later.md").write_text("x\n")
    assert rung(watch) == {"memories/q/r/s/later.md"}


def test_a_hundred_folders_made_at_once_lose_no_file(watch: Watch, repo: Path) -> None:
    names = set()
    for number in range(100):
        folder = repo / f"notes/n{number}/deep"
        folder.mkdir(parents=True)
        (folder / "page.md").write_text("x\n")
        names.add(f"notes/n{number}/deep/page.md")
    assert rung(watch) == names


def test_a_folder_that_is_renamed_means_everything_and_new_watches(watch: Watch, repo: Path) -> None:
    (repo / "memories/p").rename(repo / "memories/r")
    assert rung_everything(watch)
    assert watch.is_stale
    watch.renew()
    rung(watch)
    (repo / "memories/r/one.md").write_text("changed\n")
    assert rung(watch) == {"memories/r/one.md"}


def test_a_folder_that_is_moved_away_is_watched_no_more(watch: Watch, repo: Path, tmp_path: Path) -> None:
    (repo / "memories/p").rename(tmp_path / "away")
    assert rung_everything(watch)
    watch.renew()
    rung(watch)
    (tmp_path / "away/one.md").write_text("a ghost\n")
    assert rung(watch) == frozenset()


def rung_everything(watch: Watch) -> bool:
    watch.heard(5.0) or watch.bell.sleep(5.0)
    return watch.bell.take().paths is None


@pytest.mark.parametrize(
    "args",
    [
        ("commit", "-q", "--allow-empty", "-m", "x"),
        ("checkout", "-q", "-b", "other"),
        ("branch", "feature/deep/one"),
        ("pack-refs", "--all"),
        ("add", "-A"),
    ],
)
def test_whatever_git_moves_means_everything(watch: Watch, repo: Path, args: tuple[str, ...]) -> None:
    (repo / "plain.txt").write_text("x")
    assert rung(watch) == frozenset()
    git(repo, *args)
    assert rung(watch) is None
    assert rung(watch) == frozenset()


def test_git_that_only_looks_rings_nothing(watch: Watch, repo: Path) -> None:
    git(repo, "--no-optional-locks", "status")
    git(repo, "log", "-1")
    git(repo, "hash-object", "-w", "atocore.yaml")
    assert rung(watch) == frozenset()


def test_a_linked_work_tree_hears_of_its_own_head_and_of_the_common_branches(repo: Path, bell: Bell) -> None:
    git(repo, "worktree", "add", "-q", "../tree")
    tree = repo.parent / "tree"
    git_dir = Path(
        subprocess.run(
            ["git", "rev-parse", "--absolute-git-dir"], cwd=tree, check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    watch = Watch(tree, git_dir, tree / ".atocore/cookies", bell)
    watch.renew()
    try:
        git(tree, "commit", "-q", "--allow-empty", "-m", "x")
        assert rung(watch) is None
        git(tree, "checkout", "-q", "--detach")
        assert rung(watch) is None
    finally:
        watch.stop()


def test_ignore_rules_and_settings_mean_everything(watch: Watch, repo: Path) -> None:
    for name in (".gitignore", "memories/.gitattributes", "atocore.yaml"):
        (repo / name).write_text("# x\n")
        assert rung(watch) is None


def test_hidden_folders_and_node_modules_are_left_out(watch: Watch, repo: Path) -> None:
    before = watch.folders
    for name in (".obsidian", "node_modules/pack", ".atocore/index", "notes/.trash"):
        (repo / name).mkdir(parents=True)
        (repo / name / "page.md").write_text("x\n")
    assert rung(watch) == frozenset()
    assert watch.folders == before


EDITORS = [
    "4913",
    "note.md~",
    ".note.md.swp",
    ".note.md.swx",
    ".#note.md",
    "#note.md#",
    "note.md.tmp",
    "note.tmp",
    ".note.md.kate-swp",
    "note.md___jb_tmp___",
    "note.md___jb_old___",
    ".goutputstream-9F3KX1",
    "~$note.md",
    ".~lock.note.md#",
    ".~note.md",
    "note.md.sb-1a2b3c4d-AbCdEf",
    ".syncthing.note.md.tmp",
    "~syncthing~note.md.tmp",
    ".atocore-tmp-1-0123456789abcdef",
    ".DS_Store",
    "sedWq3X1k",
    "note.md.orig",
    "note.md.rej",
    "note.md.bak",
]


@pytest.mark.parametrize("name", EDITORS)
def test_what_editors_leave_beside_a_file_is_no_page(name: str) -> None:
    assert not is_page(name)
    assert not is_page(f"memories/p/{name}")


def in_place(page: Path) -> None:
    with page.open("r+") as file:
        file.truncate()
        file.write("in place\n")


def rename_over(page: Path) -> None:
    draft = page.with_name(f".{page.name}.tmp")
    draft.write_text("renamed over\n")
    draft.replace(page)


def vim(page: Path) -> None:
    probe = page.with_name("4913")
    probe.touch()
    probe.unlink()
    swap = page.with_name(f".{page.name}.swp")
    swap.write_text("swap")
    backup = page.with_name(f"{page.name}~")
    page.rename(backup)
    page.write_text("from vim\n")
    backup.unlink()
    swap.unlink()


def emacs(page: Path) -> None:
    lock = page.with_name(f".#{page.name}")
    lock.symlink_to("someone@somewhere")
    page.with_name(f"#{page.name}#").write_text("autosaved")
    shutil.copy(page, page.with_name(f"{page.name}~"))
    in_place(page)
    page.with_name(f"#{page.name}#").unlink()
    lock.unlink()


def jetbrains(page: Path) -> None:
    made = page.with_name(f"{page.name}___jb_tmp___")
    old = page.with_name(f"{page.name}___jb_old___")
    made.write_text("from an IDE\n")
    page.rename(old)
    made.rename(page)
    old.unlink()


def linked(page: Path) -> None:
    draft = page.with_name(".draft")
    draft.write_text("linked\n")
    page.unlink()
    os.link(draft, page)
    draft.unlink()


@pytest.mark.parametrize("save", [in_place, rename_over, vim, emacs, jetbrains, linked])
def test_however_an_editor_saves_its_page_alone_is_rung(watch: Watch, repo: Path, save) -> None:
    save(repo / "memories/p/one.md")
    assert rung(watch) == {"memories/p/one.md"}


def test_lost_events_mean_everything_and_new_watches(watch: Watch, repo: Path) -> None:
    overflow = InotifyEvent(-1, InotifyConstants.IN_Q_OVERFLOW, 0, b"")
    watch._ears._fd.handle_event(overflow)
    assert watch.bell.take().paths is None
    assert watch.is_stale
    assert watch.overflows == 1
    assert not watch.heard(5.0)
    watch.renew()
    assert (watch.overflows, watch.is_stale) == (1, False)
    assert rung(watch) == frozenset()


def test_a_dead_thread_is_told(watch: Watch) -> None:
    watch._ears._fd.stop()
    watch._ears._fd.join()
    assert "thread" in watch.trouble
    assert not watch.heard(5.0)
    watch.renew()
    assert watch.trouble == ""
    assert watch.heard(5.0)


def test_a_watch_limit_is_told_and_the_rest_is_watched(
    repo: Path, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers import inotify_c

    real = inotify_c.inotify_add_watch

    def limited(fd: int, path: bytes, mask: int) -> int:
        if not path.endswith(b"/notes"):
            return real(fd, path, mask)
        inotify_c.ctypes.set_errno(28)
        return -1

    monkeypatch.setattr(inotify_c, "inotify_add_watch", limited)
    watch = Watch(repo, repo / ".git", repo / ".atocore/cookies", bell)
    watch.renew()
    assert "limit" in watch.trouble
    (repo / "memories/p/one.md").write_text("changed\n")
    bell.sleep(5.0)
    assert bell.take().paths == {"memories/p/one.md"}
    watch.stop()


def test_cookies_leave_nothing_behind(watch: Watch, repo: Path) -> None:
    (repo / ".atocore/cookies/999-1").touch()
    watch.renew()
    assert watch.heard(5.0)
    assert list((repo / ".atocore/cookies").iterdir()) == []


def test_cookies_survive_the_removal_of_the_local_folder(watch: Watch, repo: Path) -> None:
    shutil.rmtree(repo / ".atocore")
    watch.bell.sleep(5.0)
    assert watch.is_stale
    assert not watch.heard(1.0)
    watch.renew()
    assert watch.heard(5.0)


def test_renewing_leaks_no_descriptor(watch: Watch) -> None:
    def descriptors() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = descriptors()
    for _ in range(20):
        watch.renew()
    assert descriptors() == before


def test_a_vault_that_is_gone_is_not_made_anew(watch: Watch, repo: Path, tmp_path: Path) -> None:
    repo.rename(tmp_path / "away")
    watch.renew()
    assert watch.trouble
    assert not repo.exists()
