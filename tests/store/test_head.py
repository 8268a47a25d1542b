"""What HEAD points to: told apart from damage, compared with another commit, and watched without git."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from steps import git, open_, whole_plan

from atocore.errors import AtocoreError


def commit(folder: Path, text: str = "Next") -> str:
    git(folder, "commit", "-q", "--allow-empty", "-m", text)
    return git(folder, "rev-parse", "HEAD").strip()


def unborn(folder: Path) -> Path:
    git(folder, "checkout", "-q", "--orphan", "fresh")
    return folder


def linked(repo: Path) -> Path:
    place = repo.parent / "linked"
    git(repo, "worktree", "add", "-q", "-b", "side", str(place))
    return place


# -- a branch without commits, and a damaged one --


def test_a_branch_without_commits(repo: Path) -> None:
    assert open_(unborn(linked(repo))).head() is None
    git(repo, "checkout", "-q", "--orphan", "other")
    assert open_(repo).head() is None


def test_an_unborn_branch_whose_name_is_a_folder_of_references(repo: Path) -> None:
    git(repo, "branch", "a/b")
    git(repo, "branch", "-D", "a/b")  # leaves an empty folder
    git(repo, "symbolic-ref", "HEAD", "refs/heads/a")
    assert open_(repo).head() is None


def test_a_packed_branch_and_a_worktrees(repo: Path) -> None:
    place, head = linked(repo), git(repo, "rev-parse", "HEAD").strip()
    git(repo, "pack-refs", "--all")
    assert not (repo / ".git/refs/heads/main").exists()
    assert open_(repo).head() == open_(place).head() == head


def cut_reference(git_dir: Path) -> None:
    (git_dir / "refs/heads/main").write_text("")


def half_reference(git_dir: Path) -> None:
    (git_dir / "refs/heads/main").write_text("1234")


def missing_commit(git_dir: Path) -> None:
    (git_dir / "refs/heads/main").write_text("1" * 40 + "\n")


def lost_reference(git_dir: Path) -> None:
    (git_dir / "refs/heads/main").unlink()  # its log still tells of commits


def cut_pack(git_dir: Path) -> None:
    git(git_dir.parent, "pack-refs", "--all")
    packed = git_dir / "packed-refs"
    packed.write_bytes(packed.read_bytes()[:-20])


def garbage_in_head(git_dir: Path) -> None:
    (git_dir / "HEAD").write_text("garbage\n")


def empty_head(git_dir: Path) -> None:
    (git_dir / "HEAD").write_text("")


def detached_nowhere(git_dir: Path) -> None:
    (git_dir / "HEAD").write_text("1" * 40 + "\n")


def commits_file(git_dir: Path) -> Path:
    commit = git(git_dir.parent, "rev-parse", "HEAD").strip()
    file = git_dir / "objects" / commit[:2] / commit[2:]
    file.chmod(0o644)
    return file


def lost_commit(git_dir: Path) -> None:
    commits_file(git_dir).unlink()


def rotten_commit(git_dir: Path) -> None:
    file = commits_file(git_dir)
    raw = bytearray(file.read_bytes())
    raw[5] ^= 255
    file.write_bytes(raw)


DAMAGES = [
    cut_reference,
    half_reference,
    missing_commit,
    lost_reference,
    cut_pack,
    garbage_in_head,
    empty_head,
    detached_nowhere,
    lost_commit,
    rotten_commit,
]


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_no_branch_without_commits(repo: Path, damage: Callable[[Path], None], asked: bool) -> None:
    repository = open_(repo)
    if asked:
        assert repository.head()
    damage(repo / ".git")
    with pytest.raises(AtocoreError) as caught:
        repository.head()
    assert caught.value.code == "git-failed"
    files = sorted(repo.rglob("*.md"))
    with pytest.raises(AtocoreError):
        repository.apply(whole_plan())
    assert sorted(repo.rglob("*.md")) == files


@pytest.mark.parametrize("damage", [garbage_in_head, empty_head])
def test_a_damaged_repository_is_not_passed_over(repo: Path, damage: Callable[[Path], None]) -> None:
    """Git would take the outer repository for the vault's."""
    outer = repo.parent
    git(outer, "init", "-q", "-b", "main")
    assert open_(repo).prefix == ""
    damage(repo / ".git")
    for folder in (repo, repo / "memories"):
        with pytest.raises(AtocoreError) as caught:
            open_(folder)
        assert caught.value.code == "git-failed"
        assert str(repo / ".git") in caught.value.message


def test_a_damaged_repository_is_not_made_anew(repo: Path) -> None:
    garbage_in_head(repo / ".git")
    with pytest.raises(AtocoreError) as caught:
        open_(repo)
    assert caught.value.code == "git-failed"


def test_a_vault_in_a_folder_with_line_ends_in_its_name(repo: Path) -> None:
    odd = repo / "a\n" / "b\nc"
    odd.mkdir(parents=True)
    repository = open_(odd)
    assert (repository.prefix, repository.git_dir) == ("a\n/b\nc/", repo / ".git")


# -- commits compared --


def test_commits_between(repo: Path) -> None:
    start = git(repo, "rev-parse", "HEAD").strip()
    (repo / "staged.md").write_text("x\n")
    git(repo, "commit", "-qam", "Outside")
    (repo / "memories/p/one.md").write_text("x\n")
    git(repo, "commit", "-qam", "Inside")
    end = git(repo, "rev-parse", "HEAD").strip()
    assert open_(repo).commits_between(start, end) == 2
    assert open_(repo).commits_between(end, start) == 0
    assert open_(repo / "memories").commits_between(start, end) == 1
    assert open_(repo).commits_between("1" * 40, end) == -1
    assert open_(repo).commits_between("", end) == -1


def test_reftables_prove_no_branch_unborn(repo: Path) -> None:
    repository = open_(unborn(repo))
    (repo / ".git/reftable").mkdir()
    with pytest.raises(AtocoreError) as caught:
        repository.head()
    assert caught.value.code == "git-failed"


# -- what HEAD is, asked once for as long as nothing there changes --


def moved_by_a_commit(folder: Path) -> None:
    commit(folder)


def moved_without_a_commit(folder: Path) -> None:
    git(folder, "update-ref", "refs/heads/main", git(folder, "rev-parse", "HEAD~1").strip())


def on_another_branch(folder: Path) -> None:
    git(folder, "branch", "other")
    git(folder, "checkout", "-q", "other")


def detached(folder: Path) -> None:
    git(folder, "checkout", "-q", "--detach")


def packed(folder: Path) -> None:
    git(folder, "gc", "-q")
    git(folder, "pack-refs", "--all")


def packed_and_moved(folder: Path) -> None:
    packed(folder)
    commit(folder)


def through_another_name(folder: Path) -> None:
    git(folder, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
    git(folder, "symbolic-ref", "HEAD", "refs/heads/alias")


def by_a_link(folder: Path) -> None:
    (folder / ".git/HEAD").unlink()
    (folder / ".git/HEAD").symlink_to("refs/heads/main")


def without_commits(folder: Path) -> None:
    git(folder, "checkout", "-q", "--orphan", "fresh")


def in_another_repository(folder: Path) -> None:
    (folder / ".git").rename(folder.parent / "former")
    shutil.copytree(folder.parent / "former", folder / ".git")
    moved_without_a_commit(folder)


def nothing_at_all(folder: Path) -> None:
    del folder


MOVES = [
    nothing_at_all,
    moved_by_a_commit,
    on_another_branch,
    detached,
    packed,
    packed_and_moved,
    without_commits,
]
MAIN_MOVES = [moved_without_a_commit, through_another_name, by_a_link, in_another_repository]
"""Of the branch `main`, or of a `.git` that is a folder."""


@pytest.mark.parametrize(
    ("move", "worktree"),
    [*((move, False) for move in (*MOVES, *MAIN_MOVES)), *((move, True) for move in MOVES)],
)
def test_what_git_said_of_head_holds_until_something_changes(
    repo: Path, move: Callable[[Path], None], worktree: bool
) -> None:
    commit(repo)
    folder = linked(repo) if worktree else repo
    asked, fresh = open_(folder), open_(folder)
    for _ in range(2):
        assert (asked.head(), asked.standing(), asked.branch_ref()) == told_by_git(folder)
    move(folder)
    for repository in (asked, asked, fresh, open_(folder)):
        for _ in range(2):
            assert (repository.head(), repository.standing(), repository.branch_ref()) == told_by_git(folder)


def told_by_git(folder: Path) -> tuple[str | None, tuple[str | None, str | None], str | None]:
    commit = git(folder, "rev-parse", "--verify", "-q", "HEAD^{commit}", ok=False).strip() or None
    branch = git(folder, "symbolic-ref", "-q", "HEAD", ok=False).strip() or None
    return commit, (branch, commit), branch


@pytest.mark.parametrize("worktree", [False, True])
def test_git_is_asked_for_head_once(repo: Path, worktree: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = open_(linked(repo) if worktree else repo)
    first = repository.head()
    with monkeypatch.context() as patch:
        patch.setattr(repository.git, "ask", None)
        assert repository.head() == first
        assert repository.standing() == (repository.branch_ref(), first)
    assert repository.head() == first != commit(repository.vault) == repository.head()


# -- drafts of some paths --


def test_drafts_of_some_paths(repo: Path) -> None:
    for name in ("staged.md", "notes/other.md", "memories/p/one.md", "[x]*.md", "new/a.md"):
        (repo / name).parent.mkdir(exist_ok=True)
        (repo / name).write_text("draft\n")
    (repo / "unstaged.md").unlink()

    def found(*paths: str, folder: Path = repo) -> set[str]:
        return {entry.path for entry in open_(folder).dirty(paths)}

    assert found("staged.md") == {"staged.md"}
    assert found("unstaged.md", "[x]*.md", "nowhere.md", "new") == {"unstaged.md", "[x]*.md", "new/a.md"}
    assert found("memories/p/two.md") == set()
    assert found("p/one.md", "p/two.md", folder=repo / "memories") == {"p/one.md"}
    many = [f"none/{number}.md" for number in range(500)]
    assert found(*many, "staged.md", "notes/") == {"staged.md", "notes/other.md"}
