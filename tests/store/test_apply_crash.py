"""A process is really killed at each step of apply; recovery leaves the old state or the new one, whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from steps import (
    TARGETS,
    busy_person,
    check_sound,
    crash,
    git,
    hook,
    leftovers,
    open_,
    persons_state,
    saved,
    state_of,
    whole_plan,
)

BEFORE = ["locked", "index-locked", "journal-written", "worktree-partial", "worktree-written", "blobs-added"]
AFTER = ["committed", "index-prepared", "index-replaced", "journal-removed"]


@pytest.mark.parametrize("actor", ["person", "machine"])
@pytest.mark.parametrize("point", BEFORE + AFTER)
def test_killed_at_a_point_then_recovered(repo: Path, point: str, actor: str) -> None:
    busy_person(repo)
    mine = persons_state(repo)
    crash(repo, point, what=actor)
    open_(repo).recover()
    assert state_of(repo) == ("old" if point in BEFORE else "new")
    assert persons_state(repo) == mine
    check_sound(repo)
    assert open_(repo).recover() is None


@pytest.mark.parametrize("actor", ["person", "machine"])
@pytest.mark.parametrize("how", ["self", "group"])
def test_killed_while_git_commits_it_is_one_or_the_other(repo: Path, how: str, actor: str) -> None:
    busy_person(repo)
    mine = persons_state(repo)
    crash(repo, "commit-started", how, what=actor)
    open_(repo).recover()
    assert state_of(repo) in ("old", "new")
    assert persons_state(repo) == mine
    check_sound(repo)


@pytest.mark.parametrize("point", BEFORE + AFTER)
def test_the_next_step_recovers_by_itself(repo: Path, point: str) -> None:
    crash(repo, point)
    if point in BEFORE:
        assert open_(repo).apply(whole_plan()) is not None
        assert state_of(repo) == "new"
    git(repo, "status")
    open_(repo).recover()
    check_sound(repo)


@pytest.mark.parametrize(
    ("name", "script", "expected"),
    [
        ("pre-commit", "", "old"),
        ("commit-msg", "", "old"),
        ("reference-transaction", 'test "$1" = prepared || exit 0', "old"),
        ("post-commit", "", "new"),
    ],
)
def test_the_whole_group_killed_while_git_commits(repo: Path, name: str, script: str, expected: str) -> None:
    busy_person(repo)
    mine = persons_state(repo)
    hook(repo, name, f'{script}\ntouch "{repo.parent}/hook-runs"; sleep 5')
    crash(repo, "commit-started", "group-in-hook")
    (repo / ".git/hooks" / name).unlink()
    found = open_(repo).recover()
    assert found is not None
    assert state_of(repo) == expected
    assert persons_state(repo) == mine
    check_sound(repo)


@pytest.mark.parametrize(("script", "expected"), [("exit 0", "new"), ("exit 1", "old")])
def test_a_git_that_outlives_its_atocore_is_waited_for(repo: Path, script: str, expected: str) -> None:
    busy_person(repo)
    mine = persons_state(repo)
    hook(repo, "pre-commit", f'touch "{repo.parent}/hook-runs"; sleep 1; {script}')
    crash(repo, "commit-started", "self-in-hook")
    open_(repo).recover()
    assert state_of(repo) == expected
    assert persons_state(repo) == mine
    check_sound(repo)


def test_a_git_that_outlives_its_atocore_too_long_keeps_everyone_out(repo: Path) -> None:
    hook(repo, "pre-commit", f'touch "{repo.parent}/hook-runs"; sleep 3')
    crash(repo, "commit-started", "self-in-hook")
    assert open_(repo, 0.1).recover() is None
    assert leftovers(repo)
    open_(repo).recover()
    assert state_of(repo) == "new"


@pytest.mark.parametrize("point", ["journal-written", "worktree-partial", "worktree-written", "blobs-added"])
def test_edits_made_after_the_crash_are_kept_as_drafts(repo: Path, point: str) -> None:
    crash(repo, point)
    (repo / "memories/p/one.md").write_bytes(b"by hand\n")
    (repo / "entities/new").mkdir(parents=True, exist_ok=True)
    (repo / "entities/new/thing.md").write_bytes(b"also by hand\n")
    open_(repo).recover()
    assert saved(repo, "memories/p/one.md") == b"by hand\n"
    assert saved(repo, "entities/new/thing.md") == b"also by hand\n"
    assert saved(repo, "memories/p/two.md") == b"two\n"
    assert git(repo, "diff", "--cached", "--name-only") == ""
    check_sound(repo)


def test_edits_made_after_the_commit_landed_are_kept_and_unstaged(repo: Path) -> None:
    crash(repo, "committed")
    (repo / "memories/p/one.md").write_bytes(b"by hand\n")
    open_(repo).recover()
    assert git(repo, "status", "--porcelain") == " M memories/p/one.md\n"
    check_sound(repo)


@pytest.mark.parametrize("point", ["worktree-written", "committed", "index-replaced"])
def test_a_person_who_removes_the_lock_and_goes_on(repo: Path, point: str) -> None:
    crash(repo, point)
    (repo / ".git/index.lock").unlink()
    (repo / "staged.md").write_text("mine\n")
    git(repo, "commit", "-q", "--only", "-m", "mine", "staged.md")
    open_(repo).recover()
    assert state_of(repo) == ("old" if point == "worktree-written" else "new")
    assert git(repo, "status", "--porcelain") == ""
    check_sound(repo)


@pytest.mark.parametrize(
    ("point", "second", "expected"),
    [("worktree-written", "recovery-partial", "old"), ("committed", "recovery-index-prepared", "new")],
)
def test_recovery_itself_killed(repo: Path, point: str, second: str, expected: str) -> None:
    busy_person(repo)
    mine = persons_state(repo)
    crash(repo, point)
    crash(repo, second, what="recover")
    open_(repo).recover()
    assert state_of(repo) == expected
    assert persons_state(repo) == mine
    check_sound(repo)


def test_a_lock_of_somebody_else_survives_recovery(repo: Path) -> None:
    crash(repo, "index-locked")
    (repo / ".git/index.lock").unlink()
    (repo / ".git/index.lock").write_bytes(b"")
    open_(repo).recover()
    assert (repo / ".git/index.lock").exists()
    assert not list((repo / ".git").glob("atocore*"))


def test_losing_the_local_folder_loses_no_content(repo: Path) -> None:
    crash(repo, "worktree-written")
    for path in (repo / ".atocore").iterdir():
        path.unlink()
    open_(repo).recover()
    for path, (_, new) in TARGETS.items():
        assert saved(repo, path) == new
    check_sound(repo)


def test_a_subfolder_vault_recovers_in_its_own_name(repo: Path) -> None:
    vault = repo / "team"
    git(repo, "mv", "-k", "memories", "notes", "staged.md", "unstaged.md", ".", ok=False)
    vault.mkdir()
    git(repo, "mv", "memories", "notes", "staged.md", "unstaged.md", "team")
    git(repo, "commit", "-qm", "Move")
    crash(vault, "committed")
    open_(vault).recover()
    assert git(repo, "status", "--porcelain") == ""
    check_sound(vault)
