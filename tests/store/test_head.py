"""What HEAD points to: told apart from damage, compared with another commit, and watched without git."""

from __future__ import annotations

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


DAMAGES = [
    cut_reference,
    half_reference,
    missing_commit,
    lost_reference,
    cut_pack,
    garbage_in_head,
    empty_head,
    detached_nowhere,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_no_branch_without_commits(repo: Path, damage: Callable[[Path], None]) -> None:
    repository = open_(repo)
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
