"""Reading a repository: trees, differences, contents, drafts, history; and how it is opened."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from steps import git, open_, plan, whole_plan

from atocore.errors import AtocoreError
from atocore.store.history import raw_date
from atocore.store.repository import Dirty
from atocore.store.trees import TreeChange, TreeEntry


def refusal(vault: Path) -> AtocoreError:
    with pytest.raises(AtocoreError) as caught:
        open_(vault)
    return caught.value


def test_no_repository(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "no-repository"
    assert "git init" in refusal(tmp_path).hint
    assert refusal(tmp_path / "nowhere").code == "no-repository"


def test_a_bare_repository_and_gits_own_folder(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    assert refusal(tmp_path / "bare.git").code == "bare-repository"
    assert refusal(repo / ".git").code == "no-repository"


def test_the_situation(repo: Path) -> None:
    now = open_(repo).situation()
    assert (now.branch, now.in_progress, now.shallow) == ("main", None, False)
    assert now.identity == ("A Reviewer", "reviewer@example.org")


def test_opening_through_a_link_and_in_a_folder(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repo / "memories")
    repository = open_(tmp_path / "link")
    assert (repository.vault, repository.top, repository.prefix) == (repo / "memories", repo, "memories/")
    head = repository.head()
    assert head
    assert set(repository.tree(head)) == {"p/one.md", "p/two.md", "p/gone.md"}
    assert repository.read_at(head, "p/one.md") == b"one\n"
    assert repository.read_at(head, "p") is None
    assert repository.read_at(head, "p/none.md") is None


def test_links_and_submodules_are_told_apart(repo: Path) -> None:
    (repo / "link.md").symlink_to("staged.md")
    git(repo, "add", "link.md")
    oid = git(repo, "rev-parse", "HEAD").strip()
    git(repo, "update-index", "--add", "--cacheinfo", f"160000,{oid},sub")
    git(repo, "commit", "-qm", "Odd entries")
    repository = open_(repo)
    tree = repository.tree("HEAD")
    assert (tree["link.md"].mode, tree["sub"]) == ("120000", TreeEntry("160000", oid))
    assert not tree["link.md"].is_file
    assert tree["staged.md"].is_file
    assert repository.read_at("HEAD", "link.md") is None


def test_changes_between_two_commits(repo: Path) -> None:
    repository = open_(repo)
    old = repository.head()
    new = repository.apply(whole_plan())
    assert old and new
    found = {
        change.path: (change.old_oid is None, change.new_oid is None)
        for change in repository.tree_changes(old, new)
    }
    assert found == {
        "entities/new/thing.md": (True, False),
        "memories/p/gone.md": (False, True),
        "memories/p/one.md": (False, False),
        "memories/p/two.md": (False, False),
    }
    inside = open_(repo / "memories").tree_changes(old, new)
    assert {change.path for change in inside} == {"p/gone.md", "p/one.md", "p/two.md"}


def test_a_rename_is_an_end_and_a_birth_in_a_difference(repo: Path) -> None:
    git(repo, "mv", "staged.md", "moved.md")
    git(repo, "commit", "-qm", "Move")
    found = open_(repo).tree_changes("HEAD~1", "HEAD")
    assert [(change.path, change.mode) for change in found] == [
        ("moved.md", "100644"),
        ("staged.md", "100644"),
    ]


def test_blobs_in_the_order_asked_for_by_the_thousand(repo: Path) -> None:
    texts = [b"%d\n" % number * 400 for number in range(50)]
    for number, text in enumerate(texts):
        (repo / f"{number}.md").write_bytes(text)
    (repo / "empty.md").write_bytes(b"")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Many")
    repository = open_(repo)
    tree = repository.tree("HEAD")
    wanted = [tree[f"{number}.md"].oid for number in range(50)] * 100 + [tree["empty.md"].oid]
    got = list(repository.blobs(wanted))
    assert [oid for oid, _ in got] == wanted
    assert [content for _, content in got] == texts * 100 + [b""]


def test_leaving_blobs_and_history_early(repo: Path) -> None:
    repository = open_(repo)
    oid = repository.tree("HEAD")["staged.md"].oid
    blobs = repository.blobs([oid] * 100_000)
    assert next(blobs) == (oid, b"staged: old\n")
    blobs.close()
    assert list(repository.blobs([])) == []
    history = repository.history()
    next(history)
    history.close()


def test_a_blob_that_is_not_there(repo: Path) -> None:
    with pytest.raises(AtocoreError) as caught:
        list(open_(repo).blobs(["0" * 40]))
    assert caught.value.code == "not-found"


def test_dirty(repo: Path) -> None:
    (repo / "staged.md").write_text("staged\n")
    git(repo, "add", "staged.md")
    (repo / "unstaged.md").write_text("unstaged\n")
    (repo / "notes/other.md").unlink()
    git(repo, "mv", "memories/p/one.md", "memories/p/renamed.md")
    git(repo, "rm", "-q", "--cached", "memories/p/two.md")
    (repo / "new folder").mkdir()
    (repo / "new folder/ünew\n.md").write_text("new\n")
    with (repo / os.fsdecode(b"\xff.md")).open("w") as file:
        file.write("x")
    (repo / "intended.md").write_text("x\n")
    git(repo, "add", "-N", "intended.md")
    (repo / ".atocore").mkdir()
    (repo / ".atocore/x").touch()
    assert {entry.path: entry.state for entry in open_(repo).dirty()} == {
        "staged.md": "modified",
        "unstaged.md": "modified",
        "notes/other.md": "deleted",
        "memories/p/one.md": "deleted",
        "memories/p/renamed.md": "added",
        "memories/p/two.md": "modified",
        "new folder/ünew\n.md": "added",
        "\udcff.md": "added",
        "intended.md": "added",
    }
    assert Dirty("p/two.md", "modified") in open_(repo / "memories").dirty()
    assert len(open_(repo / "memories").dirty()) == 3


def test_unmerged_is_dirty(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "side")
    (repo / "staged.md").write_text("side\n")
    git(repo, "commit", "-qam", "side")
    git(repo, "checkout", "-q", "main")
    (repo / "staged.md").write_text("main\n")
    git(repo, "commit", "-qam", "main")
    git(repo, "merge", "side", ok=False)
    assert open_(repo).dirty() == [Dirty("staged.md", "unmerged")]


def test_reading_writes_nothing_of_gits(repo: Path) -> None:
    for path in repo.rglob("*.md"):
        os.utime(path, (0, 0))  # makes every entry worth refreshing
    index = (repo / ".git/index").read_bytes()
    repository = open_(repo)
    repository.dirty()
    repository.situation()
    repository.tree("HEAD")
    list(repository.history())
    assert (repo / ".git/index").read_bytes() == index
    assert not (repo / ".atocore").exists()


def test_reading_runs_nothing_that_attributes_name(repo: Path) -> None:
    git(repo, "config", "diff.evil.textconv", f"touch {repo}/ran")
    git(repo, "config", "diff.evil.command", f"touch {repo}/ran")
    (repo / ".gitattributes").write_text("* diff=evil\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Evil")
    repository = open_(repo)
    list(repository.history())
    repository.tree_changes("HEAD~1", "HEAD")
    repository.dirty()
    assert not (repo / "ran").exists()


def test_resolve(repo: Path) -> None:
    repository = open_(repo)
    head = repository.head()
    assert head
    git(repo, "tag", "-m", "t", "v1")
    for name in ("HEAD", "main", "v1", head[:8], "HEAD~0"):
        assert repository.resolve(name) == head
    for name in ("nothing", "", "--all", "-h", "HEAD:staged.md", "a\nb", "HEAD~7", "--output=x"):
        with pytest.raises(AtocoreError) as caught:
            repository.resolve(name)
        assert caught.value.code == "not-found"


# -- history --


def test_history_of_a_step(repo: Path) -> None:
    repository = open_(repo)
    start = repository.head()
    commit = repository.apply(whole_plan())
    newest, oldest = repository.history()
    assert (newest.id, newest.parents, oldest.id) == (commit, (start,), start)
    assert (newest.author_name, newest.author_email) == ("A Reviewer", "reviewer@example.org")
    assert (newest.committer_name, newest.committer_email) == ("A Reviewer", "reviewer@example.org")
    assert (newest.subject, newest.body) == ("promote memory: one", "weighed on the bench")
    assert newest.trailers == (
        ("Atocore-Action", "promote"),
        ("Atocore-Record", "mem-7k2m9qxw4d3f"),
        ("Atocore-Actor", "person"),
    )
    assert newest.trailer("atocore-record") == ("mem-7k2m9qxw4d3f",)
    assert newest.date.utcoffset() is not None
    assert {change.path for change in newest.changes} == {change.path for change in whole_plan().changes}
    assert [one.id for one in repository.history(since=start)] == [commit]
    assert [one.id for one in open_(repo / "notes").history()] == [start]


def test_a_file_is_followed_through_its_renames(repo: Path) -> None:
    git(repo, "mv", "staged.md", "notes/moved [1].md")
    git(repo, "commit", "-qm", "Move")
    found = list(open_(repo).history("notes/moved [1].md"))
    assert [commit.subject for commit in found] == ["Move", "Start"]
    (change,) = found[0].changes
    assert isinstance(change, TreeChange)
    assert (change.path, change.old_path) == ("notes/moved [1].md", "staged.md")
    several = open_(repo).history("notes/moved [1].md", "unstaged.md")
    assert [commit.subject for commit in several] == ["Move", "Start"]


def test_a_rename_across_the_vaults_edge(repo: Path) -> None:
    git(repo, "mv", "staged.md", "memories/in.md")
    git(repo, "mv", "memories/p/one.md", "out.md")
    git(repo, "commit", "-qm", "Move")
    newest = next(open_(repo / "memories").history())
    found = {change.path: (change.old_oid is None, change.new_oid is None) for change in newest.changes}
    assert found == {"in.md": (True, False), "p/one.md": (False, True)}


def test_odd_commits(repo: Path) -> None:
    texts = ["", "only a subject", "a\n\nbody\n\nwith: colon\n\nmore", "s\n\nKey: folded\n  value\nOther: x"]
    for text in texts:
        git(repo, "commit", "-q", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "-m", text)
    git(repo, "checkout", "-q", "-b", "side", "HEAD~1")
    (repo / "side.md").write_text("x\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "side")
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--no-edit", "side")
    merge, *rest = open_(repo).history()
    assert len(merge.parents) == 2
    assert [change.path for change in merge.changes] == ["side.md"]
    bodies = {commit.subject: (commit.body, commit.trailers) for commit in rest}
    assert bodies["a"] == ("body\n\nwith: colon\n\nmore", ())
    assert bodies["s"] == ("", (("Key", "folded value"), ("Other", "x")))
    assert bodies[""] == ("", ())


def test_history_of_names_that_are_not_utf8(repo: Path) -> None:
    name = "\udcff\n.md"
    open_(repo).apply(plan((name, None, b"x\n")))
    assert next(open_(repo).history(name)).changes[0].path == name


def test_an_empty_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert list(open_(tmp_path).history()) == []
    assert open_(tmp_path).situation().branch is not None


def test_dates_that_no_calendar_holds() -> None:
    assert raw_date("0 +0200").utcoffset() == timedelta(hours=2)
    assert raw_date("1700000000 -0330") == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert raw_date("99999999999999999 +0000").year == 1970
    assert raw_date("5 +9999").utcoffset() == timedelta(0)
    assert raw_date("").year == 1970


@pytest.mark.parametrize("worktree", [".", ".."])
def test_a_folder_that_only_looks_like_gits_own_runs_nothing(repo: Path, worktree: str) -> None:
    """A clone can hold such a folder; its settings could name commands, and its hooks be anybody's."""
    vault = repo / "memories"
    for name in ("objects", "refs", "hooks"):
        (vault / name).mkdir(exist_ok=True)
    (vault / "HEAD").write_text("ref: refs/heads/main\n")
    (vault / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {worktree}\n"
        f'\tfsmonitor = "touch {repo / "pwned"}; false"\n'
    )
    assert refusal(vault).code == "bare-repository"
    assert not (repo / "pwned").exists()


def test_a_vault_that_begins_to_look_like_gits_own_folder_runs_nothing(repo: Path) -> None:
    repository = open_(repo / "memories")
    test_a_folder_that_only_looks_like_gits_own_runs_nothing(repo, ".")
    with pytest.raises(AtocoreError, match="bare repository"):
        list(repository.dirty())
    assert not (repo / "pwned").exists()


def test_worktrees_submodules_and_git_folders_elsewhere_are_opened(repo: Path, tmp_path: Path) -> None:
    git(repo, "worktree", "add", "-q", str(tmp_path / "tree"))
    git(tmp_path, "clone", "-q", "--separate-git-dir", str(tmp_path / "away"), str(repo), "apart")
    git(tmp_path, "init", "-q", "outer")
    add = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo), "inner")
    git(tmp_path / "outer", *add)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / ".git").symlink_to(repo / ".git")
    for name in ("tree", "apart", "outer/inner", "linked"):
        assert open_(tmp_path / name).head() == open_(repo).head()
