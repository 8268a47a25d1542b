"""A bundle of every reference of one moment, of repositories of every shape."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from steps import git, open_

from atocore.errors import AtocoreError
from atocore.store.backups.bundle import References, failed, make_bundle, references

_NAMED = "--format=%(objectname) %(refname)"


def bundled(vault: Path, tmp_path: Path) -> tuple[References, dict[str, str]]:
    """What was taken, and what the bundle has, read without the repository."""
    repository = open_(vault)
    taken = references(repository)
    target = tmp_path / "made.bundle"
    before = git(vault, "for-each-ref", _NAMED), git(vault, "count-objects", "-v")
    make_bundle(repository, taken, target, tmp_path / "scratch.git")
    assert (git(vault, "for-each-ref", _NAMED), git(vault, "count-objects", "-v")) == before
    assert not (tmp_path / "scratch.git").exists()
    lines = git(tmp_path, "bundle", "list-heads", str(target)).splitlines()
    return taken, {name: oid for oid, _, name in (line.partition(" ") for line in lines)}


def test_every_kind_of_reference_is_in_it(repo: Path, tmp_path: Path, copied) -> None:
    origin = copied("origin")
    git(repo, "remote", "add", "origin", str(origin))
    git(repo, "fetch", "-q", "origin")
    git(repo, "remote", "set-head", "origin", "main")
    git(repo, "tag", "-a", "-m", "first", "v1")
    git(repo, "notes", "add", "-m", "noted")
    for name in ("one", "two"):
        (repo / "staged.md").write_text(name)
        git(repo, "stash", "-q")
    git(repo, "commit", "-q", "--allow-empty", "-m", "another")
    git(repo, "replace", "HEAD", "HEAD~1")
    taken, held = bundled(repo, tmp_path)
    assert held.pop("HEAD") == taken.commit
    assert held == taken.names
    assert {
        "refs/heads/main",
        "refs/remotes/origin/main",
        "refs/tags/v1",
        "refs/notes/commits",
        "refs/stash",
        "refs/atocore/stash/0",
        "refs/atocore/stash/1",
    } <= held.keys()
    assert any(name.startswith("refs/replace/") for name in held)
    assert taken.symrefs == {"refs/remotes/origin/HEAD": "refs/remotes/origin/main"}
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(tmp_path / "made.bundle"), str(clone))
    assert git(clone, "cat-file", "-t", "v1").strip() == "tag"


def test_a_detached_head_and_a_work_tree_beside_the_repository(repo: Path, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    git(repo, "worktree", "add", "-q", "--detach", str(beside))
    (beside / "new.md").write_text("new\n")
    git(beside, "add", "-A")
    git(beside, "commit", "-q", "-m", "on no branch")
    taken, held = bundled(beside, tmp_path)
    assert (taken.branch, held["HEAD"]) == ("", git(beside, "rev-parse", "HEAD").strip())


def test_broken_references_are_left_out_and_told(repo: Path, tmp_path: Path) -> None:
    (repo / ".git/refs/heads/garbage").write_text("no object's name\n")
    (repo / ".git/refs/heads/gone").write_text(f"{'1' * 40}\n")
    taken, held = bundled(repo, tmp_path)
    assert held.keys() == {"HEAD", "refs/heads/main"}
    assert taken.left_out == (
        "refs/heads/garbage: a broken reference",
        "refs/heads/gone: its object is missing",
    )


def test_objects_named_by_sha256(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    git(tmp_path, "init", "-q", "-b", "main", "--object-format=sha256", "vault")
    git(vault, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "first")
    taken, held = bundled(vault, tmp_path)
    assert len(taken.commit) == 64
    assert held == {"HEAD": taken.commit, "refs/heads/main": taken.commit}


def test_a_repository_that_borrows_objects_in_a_folder_whose_name_has_two_lines(
    template_repository: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(template_repository), "base.git")
    vault = tmp_path / "two\nlines"
    vault.mkdir()
    git(vault, "init", "-q", "-b", "main")
    (vault / ".git/objects/info/alternates").write_text("../../../base.git/objects\n")
    git(vault, "update-ref", "refs/heads/main", git(template_repository, "rev-parse", "HEAD").strip())
    taken, held = bundled(vault, tmp_path)
    assert held["refs/heads/main"] == taken.commit


def test_what_has_not_the_whole_history_is_refused(
    repo: Path, template_repository: Path, tmp_path: Path
) -> None:
    git(repo, "commit", "-q", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", "shallow")
    with pytest.raises(AtocoreError, match="shallow") as refused:
        references(open_(tmp_path / "shallow"))
    assert "unshallow" in refused.value.hint
    git(repo, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{repo}", "partial")
    shutil.rmtree(repo)
    with pytest.raises(AtocoreError) as refused:
        bundled(tmp_path / "partial", tmp_path)
    assert (refused.value.code, "partial clone" in refused.value.hint) == ("backup-incomplete", True)
    git(tmp_path, "init", "-q", "-b", "main", "unborn")
    with pytest.raises(AtocoreError, match="main has no commit yet"):
        references(open_(tmp_path / "unborn"))


def test_a_missing_object_is_told_and_no_bundle_is_left(repo: Path, tmp_path: Path) -> None:
    blob = git(repo, "rev-parse", "HEAD:staged.md").strip()
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(AtocoreError) as refused:
        bundled(repo, tmp_path)
    assert refused.value.code == "backup-incomplete"
    assert "git fsck" in refused.value.hint
    assert list(tmp_path.glob("*.bundle*")) == []


def test_a_full_place_is_told_however_git_words_it(repo: Path, tmp_path: Path) -> None:
    for said in (
        "sha1 file '<stdout>' write error. Out of diskspace\nerror: pack-objects died\n",
        "fatal: write error: No space left on device\n",
        "fatal: write error: Disk quota exceeded\n",
    ):
        told = failed(open_(repo), said, tmp_path)
        assert told.message.startswith(f"no backup was made: {tmp_path}: ")
        assert told.hint.startswith("free space there")
