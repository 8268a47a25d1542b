"""Purging again from the list alone, in any repository: a restored backup, a clone that was never told."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, run_git
from purging import KEY, TOKEN, stored

from atocore.app.purge.repurging import brings_back, repurge
from atocore.knowledge.purged import Purged
from atocore.knowledge.redaction import Redactor, Secret
from atocore.store.repository import Repository
from atocore.store.trees import blob_id

DAY = "2026-11-30"
NOTE = f"-- notes/a.md --\none\nkey {KEY}\n"


def entry(desk: Desk, path: str = "notes/a.md", secret: str = KEY, label: str = "aws-access-key") -> Purged:
    """What the list says of a committed file whose secret was purged."""
    raw = desk.git("cat-file", "blob", f"HEAD:{path}").encode()
    new = Redactor([Secret(secret, label)]).file(path, raw)
    return Purged(blob_id(raw, "0" * 40), blob_id(new, "0" * 40), DAY)


def bare(desk: Desk, tmp_path: Path, name: str = "bare.git") -> Path:
    run_git(tmp_path, "clone", "-q", "--mirror", str(desk.folder), name)
    return tmp_path / name


def test_a_bare_clone_is_purged_of_what_the_list_names(desk: Desk, tmp_path: Path) -> None:
    before = desk.head()
    old = desk.commit(NOTE)
    listed = entry(desk)
    desk.commit("-- notes/b.md --\nlater\n")
    git_dir = bare(desk, tmp_path)
    report = repurge(git_dir, [listed])
    assert stored(git_dir, KEY) == []
    assert run_git(git_dir, "show", "main:notes/a.md") == "one\nkey [REDACTED:aws-access-key]\n"
    assert set(report.mapping) == {old, desk.head()}
    assert run_git(git_dir, "rev-parse", "main~2").strip() == before
    assert report.refs["refs/heads/main"] == (desk.head(), report.mapping[desk.head()])
    assert report.taken_out == ()
    run_git(git_dir, "fsck", "--strict")


def test_the_same_list_gives_the_same_commits_everywhere(desk: Desk, tmp_path: Path) -> None:
    desk.commit(NOTE)
    listed = entry(desk)
    desk.git("branch", "side")
    desk.commit("-- notes/b.md --\nlater\n")
    one, other = bare(desk, tmp_path), bare(desk, tmp_path, "other.git")
    run_git(other, "update-ref", "-d", "refs/heads/side")
    assert repurge(one, [listed]).refs["refs/heads/main"] == repurge(other, [listed]).refs["refs/heads/main"]


def test_without_anything_of_the_list_nothing_happens(desk: Desk, tmp_path: Path) -> None:
    git_dir = bare(desk, tmp_path)
    report = repurge(git_dir, [Purged("1" * 40, None, DAY)])
    assert not report.changed
    assert run_git(git_dir, "rev-parse", "main").strip() == desk.head()


def test_later_files_with_the_same_secret_go_too_and_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.commit(NOTE)
    listed = entry(desk)
    desk.commit(f"-- notes/a.md --\none\ntwo\nkey {KEY}\n", f"Use {KEY}")
    git_dir = bare(desk, tmp_path)
    report = repurge(git_dir, [listed])
    assert stored(git_dir, KEY) == []
    assert len(report.entries) == 2  # the newer file, and the commit that says it


def test_a_file_that_nothing_is_known_of_leaves_history(desk: Desk, tmp_path: Path) -> None:
    desk.commit("-- notes/a.md --\nnobody finds this secret\n-- notes/b.md --\nstays\n")
    old = desk.git("rev-parse", "HEAD:notes/a.md").strip()
    for new in (None, "1" * 40):
        git_dir = bare(desk, tmp_path, f"{new}.git")
        report = repurge(git_dir, [Purged(old, new, DAY)])
        assert report.taken_out == ("notes/a.md",)
        assert run_git(git_dir, "ls-tree", "--name-only", "main", "notes/").split() == [
            "notes/b.md",
            "notes/visit.md",
        ]
        assert stored(git_dir, "nobody finds") == []


def test_another_clone_gives_what_stands_for_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.commit("-- notes/a.md --\nnobody finds this secret\n")
    old = desk.git("rev-parse", "HEAD:notes/a.md").strip()
    git_dir = bare(desk, tmp_path)
    donor = tmp_path / "donor.git"
    run_git(tmp_path, "init", "-q", "--bare", str(donor))
    (tmp_path / "clean.md").write_text("nobody finds it\n")
    new = run_git(donor, "hash-object", "-w", str(tmp_path / "clean.md")).strip()
    report = repurge(git_dir, [Purged(old, new, DAY)], donors=[donor])
    assert report.taken_out == ()
    assert run_git(git_dir, "show", "main:notes/a.md") == "nobody finds it\n"


def test_what_was_purged_twice_becomes_what_it_was_last(desk: Desk, tmp_path: Path) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n{TOKEN}\n")
    first = entry(desk)
    raw = f"[REDACTED:aws-access-key]\n{TOKEN}\n".encode()
    assert first.new == blob_id(raw, "0" * 40)
    second = Purged(
        first.new, blob_id(raw.replace(TOKEN.encode(), b"[REDACTED:github-token]"), "0" * 40), DAY
    )
    git_dir = bare(desk, tmp_path)
    repurge(git_dir, [first, second])
    assert stored(git_dir, KEY, TOKEN) == []
    assert "github-token" in run_git(git_dir, "show", "main:notes/a.md")


def test_tags_notes_and_stashes_follow(desk: Desk) -> None:
    desk.commit(NOTE)
    listed = entry(desk)
    desk.git("tag", "-a", "v1", "-m", "the first")
    desk.git("notes", "add", "-m", "seen", "HEAD")
    desk.put("notes/visit.md", "half done\n")
    desk.git("stash", "-q")
    desk.put("notes/visit.md", "other half\n")
    desk.git("stash", "-q")
    desk.close()
    report = repurge(desk.folder / ".git", [listed])
    desk.git("reset", "-q", "--hard")
    desk.git("gc", "-q", "--prune=now")  # the index held the file until now
    assert stored(desk.folder, KEY) == []
    assert desk.git("notes", "show", "HEAD").strip() == "seen"
    assert desk.git("rev-parse", "v1^{commit}") == desk.git("rev-parse", "HEAD")
    assert len(desk.git("stash", "list").splitlines()) == 2
    desk.git("stash", "apply", "-q", "stash@{1}")
    assert desk.text("notes/visit.md") == "half done\n"
    assert report.changed


def test_signatures_of_what_need_not_change_stay(desk: Desk, tmp_path: Path) -> None:
    """A signature is a header like others: none is checked here, so one that is none will do."""
    raw = desk.git("cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n\n", 1
    )
    (tmp_path / "commit").write_text(raw)
    signed = desk.git("hash-object", "-t", "commit", "-w", str(tmp_path / "commit")).strip()
    desk.git("reset", "-q", "--hard", signed)
    desk.commit(NOTE)
    listed = entry(desk)
    git_dir = bare(desk, tmp_path)
    repurge(git_dir, [listed])
    assert run_git(git_dir, "rev-parse", "main~1").strip() == signed


def test_a_range_that_brings_something_back_is_told(desk: Desk) -> None:
    before = desk.head()
    desk.commit(NOTE)
    listed = entry(desk)
    repository = Repository.open(desk.folder)
    (found,) = brings_back(repository, f"{before}..HEAD", [listed])
    assert (found.oid, found.path) == (listed.old, "notes/a.md")
    assert brings_back(repository, before, [listed]) == []
    assert brings_back(repository, "HEAD", []) == []


def test_a_vault_in_a_folder_is_purged_there_alone(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main", "all")
    top = tmp_path / "all"
    for name in ("docs/memory/a.md", "code/a.md"):
        (top / name).parent.mkdir(parents=True)
        (top / name).write_text(f"{KEY}\n")
    run_git(top, "add", "-A")
    run_git(top, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x")
    old = run_git(top, "rev-parse", "HEAD:code/a.md").strip()
    repurge(top / ".git", [Purged(old, None, DAY)], prefix="docs/memory/")
    assert run_git(top, "ls-tree", "-r", "--name-only", "main").split() == ["code/a.md"]


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_both_kinds_of_ids(tmp_path: Path, form: str) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main", f"--object-format={form}", "v")
    top = tmp_path / "v"
    (top / "a.md").write_text(f"{KEY}\n")
    run_git(top, "add", "-A")
    run_git(top, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", KEY)
    old = run_git(top, "rev-parse", "HEAD:a.md").strip()
    commit = run_git(top, "rev-parse", "HEAD").strip()
    repurge(top / ".git", [Purged(old, None, DAY), Purged(commit, None, DAY)])
    run_git(top, "update-index", "--force-remove", "a.md")
    run_git(top, "gc", "-q", "--prune=now")
    assert stored(top, KEY) == []
