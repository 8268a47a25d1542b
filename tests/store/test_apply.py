"""Applying plans: one commit, and nobody else's work in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from steps import (
    busy_person,
    check_sound,
    git,
    hook,
    open_,
    persons_state,
    plan,
    saved,
    state_of,
    whole_plan,
)

from atocore.errors import AtocoreError
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.store.repository import Repository

ONE = ("memories/p/one.md", b"one\n", b"ONE\n")


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_one_commit_and_the_persons_work_stays(repo: Path, actor: Actor) -> None:
    busy_person(repo)
    mine = persons_state(repo)
    commit = open_(repo).apply(whole_plan(actor=actor))
    assert commit == git(repo, "rev-parse", "HEAD").strip()
    assert state_of(repo) == "new"
    assert persons_state(repo) == mine
    changed = git(repo, "show", "--name-status", "--format=", "--no-renames").split()
    assert sorted(changed[1::2]) == sorted(change.path for change in whole_plan().changes)
    check_sound(repo)


def test_the_message_and_the_author(repo: Path) -> None:
    open_(repo).apply(plan(ONE))
    open_(repo).apply(plan(("memories/p/two.md", b"two\n", b"TWO\n"), actor=Actor.MACHINE))
    shown = git(repo, "log", "-2", "--reverse", "--format=%an <%ae> %cn <%ce>%n%B")
    person, _, machine = shown.partition("Atocore-Actor: person\n")
    assert person == (
        "A Reviewer <reviewer@example.org> A Reviewer <reviewer@example.org>\n"
        "promote memory: one\n\nweighed on the bench\n\n"
        "Atocore-Action: promote\nAtocore-Record: mem-7k2m9qxw4d3f\n"
    )
    assert "atocore <atocore@localhost> atocore <atocore@localhost>" in machine


def test_an_empty_folder_left_by_a_removal_is_removed(repo: Path) -> None:
    open_(repo).apply(plan(("notes/other.md", b"other\n", None)))
    assert not (repo / "notes").exists()


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_a_file_keeps_its_permissions(repo: Path, actor: Actor) -> None:
    (repo / "memories/p/one.md").chmod(0o755)
    git(repo, "commit", "-qam", "Make it executable")
    open_(repo).apply(plan(ONE, actor=actor))
    assert (repo / "memories/p/one.md").stat().st_mode & 0o777 == 0o755
    assert git(repo, "ls-tree", "HEAD", "memories/p/one.md").startswith("100755")
    assert git(repo, "status", "--porcelain") == ""


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_an_ignored_file_that_the_plan_names_is_committed(repo: Path, actor: Actor) -> None:
    (repo / ".gitignore").write_text("captures/\n")
    git(repo, "add", ".gitignore")
    git(repo, "commit", "-qm", "Ignore")
    open_(repo).apply(plan(("captures/a.md", None, b"a\n"), actor=actor))
    assert git(repo, "ls-files", "captures") == "captures/a.md\n"


def test_a_draft_that_says_what_the_plan_says_is_committed(repo: Path) -> None:
    (repo / "memories/p/one.md").write_bytes(b"ONE\n")
    (repo / "memories/p/three.md").write_bytes(b"three\n")
    open_(repo).apply(plan(ONE, ("memories/p/three.md", None, b"three\n")))
    assert git(repo, "status", "--porcelain") == ""


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
@pytest.mark.parametrize("attributes", ["* text eol=crlf", "* ident", "* text=auto"])
def test_files_that_git_checks_out_otherwise(repo: Path, attributes: str, actor: Actor) -> None:
    (repo / ".gitattributes").write_text(f"{attributes}\n")
    (repo / "memories/p/one.md").write_bytes(b"$Id$ one\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Attributes")
    (repo / "memories/p/one.md").unlink()
    git(repo, "checkout", "--", ".")
    changes = ("memories/p/one.md", b"$Id$ one\n", b"$Id$ ONE\n"), ("memories/p/new.md", None, b"new\n")
    open_(repo).apply(plan(*changes, actor=actor))
    assert git(repo, "cat-file", "blob", "HEAD:memories/p/one.md") == "$Id$ ONE\n"
    assert git(repo, "status", "--porcelain") == ""
    if "crlf" in attributes:
        assert saved(repo, "memories/p/one.md") == b"$Id$ ONE\r\n"


HOSTILE = [
    "memories/a b.md",
    "memories/'quoted' \"twice\".md",
    "memories/new\nline\ttab.md",
    "memories/Ünïcödé-木.md",
    "-leading-dash.md",
    "memories/*.md",
    "memories/[p].md",
    ":(top)magic.md",
    ":!exclude.md",
    "memories/back\\slash.md",
    "memories/\udcff-not-utf8.md",
    "#comment.md",
]


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_hostile_names(repo: Path, actor: Actor) -> None:
    repository = open_(repo)
    repository.apply(plan(*((name, None, b"first\n") for name in HOSTILE), actor=actor))
    assert set(repository.tree("HEAD")) >= set(HOSTILE)
    assert git(repo, "status", "--porcelain") == ""
    repository.apply(plan(*((name, b"first\n", b"second\n") for name in HOSTILE), actor=actor))
    assert saved(repo, "memories/p/one.md") == b"one\n"
    repository.apply(plan(*((name, b"second\n", None) for name in HOSTILE), actor=actor))
    assert git(repo, "status", "--porcelain") == ""
    assert git(repo, "diff", "HEAD~3", "--stat") == ""
    assert len(git(repo, "rev-list", "HEAD").split()) == 4


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_three_hundred_files_in_one_commit(repo: Path, actor: Actor) -> None:
    many = [(f"memories/m/{number:03}.md", None, b"%d\n" % number) for number in range(300)]
    open_(repo).apply(plan(*many, actor=actor))
    open_(repo).apply(plan(*((path, new, b"again " + (new or b"")) for path, _, new in many), actor=actor))
    assert git(repo, "status", "--porcelain") == ""
    open_(repo).apply(plan(*((path, b"again " + (new or b""), None) for path, _, new in many), actor=actor))
    assert git(repo, "rev-list", "--count", "HEAD") == "4\n"
    assert git(repo, "status", "--porcelain") == ""
    check_sound(repo)


def test_git_revert_restores_the_former_state(repo: Path) -> None:
    commit = open_(repo).apply(whole_plan())
    git(repo, "revert", "--no-edit", str(commit))
    assert state_of(repo) == "old"


def test_undoing_with_gits_next_commit_keeps_the_step(repo: Path) -> None:
    open_(repo).apply(whole_plan())
    (repo / "staged.md").write_text("by hand\n")
    git(repo, "commit", "-qam", "by hand")
    assert git(repo, "show", "--name-only", "--format=").split() == ["staged.md"]


def test_a_vault_in_a_subfolder_of_a_busy_repository(repo: Path) -> None:
    vault = repo / "team vault"
    (vault / "memories").mkdir(parents=True)
    (vault / "memories/one.md").write_bytes(b"one\n")
    git(repo, "add", "team vault")
    git(repo, "commit", "-qm", "Vault")
    busy_person(repo)
    mine = persons_state(repo)
    repository = open_(vault)
    repository.apply(plan(("memories/one.md", b"one\n", b"ONE\n"), ("memories/two.md", None, b"two\n")))
    after = persons_state(repo)
    assert (after[0], after[2]) == (mine[0], mine[2])
    assert [line for line in after[1] if "team" not in line] == [
        line for line in mine[1] if "team" not in line
    ]
    head = repository.head()
    assert head
    assert set(repository.tree(head)) == {"memories/one.md", "memories/two.md"}
    assert repository.dirty() == []
    check_sound(repo)


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_an_unborn_branch(tmp_path: Path, actor: Actor) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.name", "A")
    git(tmp_path, "config", "user.email", "a@example.org")
    (tmp_path / "mine.md").write_text("staged\n")
    git(tmp_path, "add", "mine.md")
    repository = open_(tmp_path)
    assert repository.head() is None
    assert list(repository.history()) == []
    repository.apply(plan(("memories/a.md", None, b"a\n"), actor=actor))
    assert git(tmp_path, "status", "--porcelain") == "A  mine.md\n"
    check_sound(tmp_path)


def test_a_linked_work_tree(repo: Path, tmp_path: Path) -> None:
    git(repo, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")
    linked = tmp_path / "linked"
    busy_person(linked)
    mine = persons_state(linked)
    open_(linked).apply(whole_plan())
    assert state_of(linked) == "new"
    assert state_of(repo) == "old"
    assert persons_state(linked) == mine
    check_sound(linked)


def test_a_shallow_clone(repo: Path, tmp_path: Path) -> None:
    git(repo, "commit", "-q", "--allow-empty", "-m", "more")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", "shallow")
    shallow = tmp_path / "shallow"
    assert open_(shallow).situation().shallow
    open_(shallow).apply(whole_plan(actor=Actor.MACHINE))
    assert state_of(shallow) == "new"


def test_a_sha256_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    repository = open_(tmp_path)
    repository.apply(plan(("a.md", None, b"a\n"), ("b.md", None, b"b\n"), actor=Actor.MACHINE))
    repository.apply(plan(("a.md", b"a\n", b"A\n"), ("b.md", b"b\n", None), actor=Actor.MACHINE))
    assert git(tmp_path, "status", "--porcelain") == ""


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
@pytest.mark.parametrize(
    "settings_", [("core.splitIndex", "true"), ("core.untrackedCache", "true"), ("index.version", "4")]
)
def test_kinds_of_index(repo: Path, settings_: tuple[str, str], actor: Actor) -> None:
    git(repo, "config", *settings_)
    git(repo, "update-index", "--force-write-index")
    git(repo, "status")
    busy_person(repo)
    mine = persons_state(repo)
    open_(repo).apply(whole_plan(actor=actor))
    assert state_of(repo) == "new"
    assert persons_state(repo) == mine
    if "split" in settings_[0]:
        assert list((repo / ".git").glob("sharedindex.*"))
    check_sound(repo)


def test_flags_on_other_entries_survive(repo: Path) -> None:
    git(repo, "update-index", "--assume-unchanged", "staged.md")
    git(repo, "update-index", "--skip-worktree", "unstaged.md")
    flags = git(repo, "ls-files", "-v", "staged.md", "unstaged.md")
    open_(repo).apply(whole_plan())
    assert git(repo, "ls-files", "-v", "staged.md", "unstaged.md") == flags


def test_a_sparse_checkout(repo: Path) -> None:
    git(repo, "status")  # else git takes the copied files for edited, and leaves them
    git(repo, "sparse-checkout", "set", "memories")
    open_(repo).apply(plan(ONE))
    assert git(repo, "status", "--porcelain") == ""
    with pytest.raises(AtocoreError, match="outside this sparse checkout: notes/other"):
        open_(repo).apply(plan(("notes/other.md", b"other\n", b"OTHER\n")))


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_a_racy_edit_is_still_seen(repo: Path, actor: Actor) -> None:
    for number in range(5):
        text = f"{number}\n"
        (repo / "staged.md").write_text(text)
        git(repo, "add", "staged.md")
        (repo / "staged.md").write_text(f"{number + 5}\n")  # same size, within the same tick
        old, new = (b"one\n" if number == 0 else b"%d\n" % (number - 1)), b"%d\n" % number
        open_(repo).apply(plan(("memories/p/one.md", old, new), actor=actor))
        assert "MM staged.md" in git(repo, "status", "--porcelain")


# -- a person's configuration and hooks --


def fake_signer(folder: Path, script: str) -> Path:
    path = folder / "signer"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


SIGNS = 'cat >/dev/null; echo >&2; echo "[GNUPG:] SIG_CREATED D" >&2; echo "-----BEGIN PGP SIGNATURE-----"'


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_a_person_signs_and_a_machine_does_not(repo: Path, tmp_path: Path, actor: Actor) -> None:
    git(repo, "config", "commit.gpgSign", "true")
    git(repo, "config", "gpg.program", str(fake_signer(tmp_path, SIGNS)))
    open_(repo).apply(plan(ONE, actor=actor))
    assert ("gpgsig" in git(repo, "cat-file", "commit", "HEAD")) == (actor is Actor.PERSON)


def test_a_signer_that_fails_leaves_everything(repo: Path, tmp_path: Path) -> None:
    git(repo, "config", "commit.gpgSign", "true")
    git(repo, "config", "gpg.program", str(fake_signer(tmp_path, "echo no key >&2; exit 1")))
    refused(repo, whole_plan(), "git-failed", "signed")
    open_(repo).apply(whole_plan(actor=Actor.MACHINE))


def refused(repo: Path, what: Plan, code: str, *words: str, seconds: float = 10.0) -> AtocoreError:
    """The plan is refused with the code and words, and nothing at all has changed."""

    def everything() -> tuple[str, ...]:
        return (
            git(repo, "status", "--porcelain", "-uall"),
            git(repo, "ls-files", "-s", "-v", "-t"),
            git(repo, "rev-parse", "--verify", "-q", "HEAD", ok=False),
            *(f"{path}:{path.read_bytes()!r}" for path in sorted(repo.rglob("*.md")) if path.is_file()),
        )

    before = everything()
    with pytest.raises(AtocoreError) as caught:
        open_(repo, seconds).apply(what)
    assert caught.value.code == code
    for word in words:
        assert word in caught.value.message
    assert everything() == before
    return caught.value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("commit.template", "/nowhere/template"),
        ("commit.cleanup", "scissors"),
        ("commit.verbose", "true"),
        ("commit.status", "false"),
        ("core.editor", "false"),
        ("core.commentChar", "p"),
        ("i18n.commitEncoding", "ISO-8859-1"),
        ("core.autocrlf", "input"),
        ("core.safecrlf", "true"),
        ("core.quotePath", "false"),
        ("core.logAllRefUpdates", "false"),
        ("core.preloadIndex", "false"),
        ("status.relativePaths", "false"),
        ("diff.noprefix", "true"),
        ("diff.renames", "copies"),
        ("log.showSignature", "true"),
        ("log.diffMerges", "combined"),
        ("advice.statusHints", "false"),
        ("core.pager", "false"),
        ("color.ui", "always"),
    ],
)
def test_commits_whatever_the_configuration(repo: Path, key: str, value: str) -> None:
    git(repo, "config", key, value)
    open_(repo).apply(whole_plan())
    assert state_of(repo) == "new"
    assert "Atocore-Action: promote" in git(repo, "cat-file", "commit", "HEAD")
    assert [commit.subject for commit in open_(repo).history()] == ["promote memory: one", "Start"]


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg", "prepare-commit-msg", "reference-transaction"])
def test_a_failing_hook_leaves_all_as_before(repo: Path, name: str) -> None:
    busy_person(repo)
    hook(repo, name, "echo the hook says no >&2; exit 1")
    refused(repo, whole_plan(), "hook-failed", "the hook says no")
    check_sound(repo)


def test_a_hook_from_core_hooks_path(repo: Path, tmp_path: Path) -> None:
    hook(repo, "pre-commit", "exit 0")
    shutil.move(repo / ".git/hooks", tmp_path / "hooks")
    fake_signer(tmp_path / "hooks", "exit 0").rename(tmp_path / "hooks/commit-msg")
    (tmp_path / "hooks/commit-msg").write_text('#!/bin/sh\necho "Change-Id: I1" >> "$1"\n')
    git(repo, "config", "core.hooksPath", str(tmp_path / "hooks"))
    open_(repo).apply(whole_plan())
    assert "Change-Id: I1" in git(repo, "log", "-1", "--format=%B")
    (tmp_path / "hooks/pre-commit").write_text("#!/bin/sh\nexit 1\n")
    refused(repo, plan(("staged.md", b"staged: old\n", b"x\n")), "hook-failed")


def test_a_machines_commit_runs_no_hooks(repo: Path) -> None:
    for name in ("pre-commit", "commit-msg", "prepare-commit-msg", "reference-transaction", "post-commit"):
        hook(repo, name, f'touch "{repo}/ran"; exit 1')
    open_(repo).apply(whole_plan(actor=Actor.MACHINE))
    assert not (repo / "ran").exists()


def test_a_hook_sees_that_the_commit_is_atocores_and_plain_pathspecs(repo: Path) -> None:
    hook(repo, "pre-commit", 'test "$ATOCORE_COMMIT" = 1 && test -z "$GIT_LITERAL_PATHSPECS"')
    open_(repo).apply(whole_plan())


def test_a_formatting_hook_is_accepted(repo: Path) -> None:
    busy_person(repo)
    mine = persons_state(repo)
    hook(repo, "pre-commit", "echo formatted >> memories/p/one.md; git add memories/p/one.md")
    open_(repo).apply(whole_plan())
    assert saved(repo, "memories/p/one.md") == b"ONE\nformatted\n"
    assert git(repo, "show", "HEAD:memories/p/one.md") == "ONE\nformatted\n"
    assert persons_state(repo) == mine
    assert "one.md" not in git(repo, "status", "--porcelain")


def test_a_hook_that_rewrites_message_and_files(repo: Path) -> None:
    hook(repo, "commit-msg", 'echo rewritten > "$1"')
    hook(repo, "pre-commit", "echo else > memories/p/one.md; git add memories/p/one.md")
    assert open_(repo).apply(whole_plan()) == git(repo, "rev-parse", "HEAD").strip()
    assert git(repo, "log", "-1", "--format=%B").strip() == "rewritten"
    assert git(repo, "status", "--porcelain") == ""


def test_an_edit_made_while_the_hook_refuses_is_kept_and_named(repo: Path) -> None:
    hook(repo, "pre-commit", "echo by hand >> memories/p/one.md; exit 1")
    with pytest.raises(AtocoreError) as caught:
        open_(repo).apply(whole_plan())
    assert "memories/p/one.md" in caught.value.hint
    assert git(repo, "status", "--porcelain") == " M memories/p/one.md\n"


def test_a_hook_that_leaves_a_process_behind_is_not_waited_for(repo: Path) -> None:
    hook(repo, "post-commit", "sleep 5 &")
    started = time.monotonic()
    open_(repo).apply(whole_plan())
    assert time.monotonic() - started < 4


def test_inside_an_outer_gits_hook(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))
    monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    repository = open_(repo)
    repository.apply(whole_plan())
    assert len(list(repository.history())) == 2
    monkeypatch.undo()
    assert state_of(repo) == "new"


# -- refusals --


def test_dirty_targets_are_all_named(repo: Path) -> None:
    (repo / "memories/p/one.md").write_text("edited\n")
    (repo / "memories/p/two.md").write_text("staged\n")
    git(repo, "add", "memories/p/two.md")
    (repo / "memories/p/two.md").write_text("two\n")
    (repo / "entities/new").mkdir(parents=True)
    (repo / "entities/new/thing.md").write_text("there already\n")
    (repo / "memories/p/gone.md").unlink()
    (repo / "memories/p/gone.md").write_text("changed\n")
    names = ("memories/p/one.md", "memories/p/two.md", "entities/new/thing.md", "memories/p/gone.md")
    refused(repo, whole_plan(), "dirty-file", *names)
    check_sound(repo)


def test_a_changed_permission_is_an_edit(repo: Path) -> None:
    (repo / "memories/p/one.md").chmod(0o755)
    refused(repo, plan(ONE), "dirty-file", "memories/p/one.md")
    git(repo, "config", "core.fileMode", "false")
    open_(repo).apply(plan(ONE))


def test_a_deleted_target_is_an_edit(repo: Path) -> None:
    (repo / "memories/p/one.md").unlink()
    refused(repo, plan(ONE), "dirty-file", "memories/p/one.md")


def test_what_was_decided_on_has_changed(repo: Path) -> None:
    refused(repo, plan(("memories/p/one.md", b"else\n", b"x\n")), "changed-meanwhile", "memories/p/one.md")
    refused(repo, plan(("memories/p/one.md", None, b"x\n")), "changed-meanwhile")
    refused(repo, plan(("memories/p/none.md", b"x\n", b"y\n")), "changed-meanwhile")


@pytest.mark.parametrize(
    "path",
    [
        "../out.md",
        "/etc/x.md",
        "a/../b.md",
        ".git/hooks/x",
        "a/.GIT/x",
        ".atocore/x.md",
        "",
        "a//b",
        "./a",
        "a\0b",
    ],
)
def test_illegal_paths(repo: Path, path: str) -> None:
    refused(repo, plan((path, None, b"x\n")), "bad-path")


def test_links_and_special_files(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (repo / "linked").symlink_to(tmp_path / "outside")
    (repo / "link.md").symlink_to(tmp_path / "outside/x.md")
    os.mkfifo(repo / "fifo.md")
    for path in ("linked/x.md", "link.md", "fifo.md", "notes", "staged.md/x.md"):
        refused(repo, plan((path, None, b"x\n")), "bad-path")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_name_that_differs_only_by_case(repo: Path) -> None:
    refused(repo, plan(("memories/p/ONE.md", None, b"x\n")), "exists", "one.md")


def test_detached(repo: Path) -> None:
    git(repo, "checkout", "-q", "--detach")
    refused(repo, whole_plan(), "detached-head")
    assert open_(repo).situation().branch is None


def diverge(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "side")
    (repo / "staged.md").write_text("side\n")
    git(repo, "commit", "-qam", "side")
    git(repo, "checkout", "-q", "main")
    (repo / "staged.md").write_text("main\n")
    git(repo, "commit", "-qam", "main")


@pytest.mark.parametrize(
    ("operation", "command"),
    [
        ("merge", ["merge", "side"]),
        ("rebase", ["rebase", "side"]),
        ("cherry-pick", ["cherry-pick", "side"]),
        ("revert", ["revert", "--no-edit", "HEAD~1"]),
        ("bisect", ["bisect", "start"]),
    ],
)
def test_an_operation_in_progress(repo: Path, operation: str, command: list[str]) -> None:
    diverge(repo)
    if operation == "revert":
        (repo / "staged.md").write_text("again\n")
        git(repo, "commit", "-qam", "again")
    git(repo, *command, ok=False)
    error = refused(repo, whole_plan(), "git-in-progress", operation)
    assert operation in error.hint
    assert open_(repo).situation().in_progress == operation


def test_no_identity(repo: Path) -> None:
    git(repo, "config", "--unset", "user.name")
    git(repo, "config", "--unset", "user.email")
    assert open_(repo).situation().identity is None
    error = refused(repo, whole_plan(), "no-identity")
    assert "git config" in error.hint
    open_(repo).apply(whole_plan(actor=Actor.MACHINE))
    assert state_of(repo) == "new"


# -- waiting, and others --


def test_a_lock_held_for_a_moment_is_waited_for(repo: Path) -> None:
    (repo / ".git/index.lock").touch()
    timer = threading.Timer(0.5, (repo / ".git/index.lock").unlink)
    timer.start()
    open_(repo).apply(whole_plan())
    timer.join()
    assert state_of(repo) == "new"


def test_a_lock_held_too_long(repo: Path) -> None:
    (repo / ".git/index.lock").touch()
    refused(repo, whole_plan(), "git-busy", "index.lock", seconds=0.3)
    assert (repo / ".git/index.lock").exists()
    (repo / ".git/index.lock").unlink()
    check_sound(repo)


@pytest.mark.parametrize("actor", [Actor.PERSON, Actor.MACHINE])
def test_a_branch_lock_held_for_a_moment_is_waited_for(repo: Path, actor: Actor) -> None:
    lock = repo / ".git/refs/heads/main.lock"
    lock.touch()
    refused(repo, whole_plan(actor=actor), "git-busy", seconds=0.3)
    timer = threading.Timer(0.5, lock.unlink)
    timer.start()
    open_(repo).apply(whole_plan(actor=actor))
    timer.join()
    assert state_of(repo) == "new"


def test_another_process_holds_the_vault(repo: Path) -> None:
    inside, leave = threading.Event(), threading.Event()

    def on_step(name: str) -> None:
        if name == "locked":
            inside.set()
            leave.wait(10)

    holder = threading.Thread(target=Repository.open(repo, on_step=on_step).apply, args=(whole_plan(),))
    holder.start()
    inside.wait(10)
    other = plan(("staged.md", b"staged: old\n", b"x\n"))
    with pytest.raises(AtocoreError, match=f"by process {os.getpid()}") as caught:
        open_(repo, 0.2).apply(other)
    assert caught.value.code == "vault-busy"
    assert open_(repo).recover() is None
    leave.set()
    open_(repo).apply(other)
    holder.join()
    check_sound(repo)


RACER = """
import sys
from pathlib import Path
from atocore.errors import AtocoreError
from atocore.records.plan import *
from atocore.store.repository import Repository
repository = Repository.open(Path(sys.argv[1]), lock_wait_seconds=30)
for number in range(int(sys.argv[4])):
    message = Message(f"step {number}", "promote", Actor(sys.argv[3]), (sys.argv[2],))
    before = None if number == 0 else f"{number - 1}".encode()
    try:
        repository.apply(Plan((Change(sys.argv[2], before, f"{number}".encode()),), message))
    except AtocoreError as error:
        sys.exit(error.code)
"""


def race(repo: Path, *names: str, count: int = 5, actor: str = "person") -> list[str]:
    root = Path(__file__).parent.parent.parent
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(repo), name, actor, str(count)],
            env=os.environ | {"PYTHONPATH": str(root)},
            stderr=subprocess.PIPE,
        )
        for name in names
    ]
    return [os.fsdecode(process.communicate()[1]).strip() for process in processes]


@pytest.mark.parametrize("actor", ["person", "machine"])
def test_writers_of_different_files_all_succeed(repo: Path, actor: str) -> None:
    assert race(repo, "a.md", "b.md", "c.md", actor=actor) == ["", "", ""]
    assert git(repo, "rev-list", "--count", "HEAD") == "16\n"
    assert git(repo, "status", "--porcelain") == ""
    check_sound(repo)


def test_writers_of_the_same_file_one_wins(repo: Path) -> None:
    assert sorted(race(repo, "a.md", "a.md", count=1)) == ["", "changed-meanwhile"]
    assert git(repo, "status", "--porcelain") == ""


@pytest.mark.parametrize("actor", ["person", "machine"])
def test_a_person_who_commits_all_the_while(repo: Path, actor: str) -> None:
    root = Path(__file__).parent.parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", RACER, str(repo), "a.md", actor, "15"],
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    mine = 0
    while process.poll() is None:
        (repo / "staged.md").write_text(f"mine {mine}\n")
        command = ["git", "commit", "-q", "-m", "mine", "staged.md"]
        mine += subprocess.run(command, cwd=repo, capture_output=True, check=False).returncode == 0
    assert process.returncode == 0
    assert git(repo, "rev-list", "--count", "HEAD") == f"{1 + 15 + mine}\n"
    git(repo, "fsck", "--strict")


# -- loose files, and the property --


def test_without_a_message_files_are_written_and_not_committed(repo: Path) -> None:
    loose = Plan((Change("captures/2026/01/02/int-1.md", None, b"secret\n"),), None)
    head = open_(repo).head()
    assert open_(repo).apply(loose) is None
    assert open_(repo).apply(loose) is None
    path = repo / "captures/2026/01/02/int-1.md"
    assert path.read_bytes() == b"secret\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_(repo).head() == head
    with pytest.raises(AtocoreError) as caught:
        open_(repo).apply(Plan((Change("captures/2026/01/02/int-1.md", None, b"other\n"),), None))
    assert caught.value.code == "exists"


def test_an_empty_plan_and_one_that_changes_nothing(repo: Path) -> None:
    assert open_(repo).apply(Plan((), whole_plan().message)) is None
    assert open_(repo).apply(plan(("memories/p/one.md", b"one\n", b"one\n"))) is None
    assert git(repo, "rev-list", "--count", "HEAD") == "1\n"


NAMES = st.sampled_from(["a.md", "p/a.md", "p/b.md", "p/q/c.md", "d é.md"])
CONTENT = st.one_of(st.none(), st.binary(max_size=40))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.dictionaries(NAMES, CONTENT, min_size=1), min_size=1, max_size=3))
def test_apply_on_disk_equals_the_plan_in_memory(
    copied: Callable[[str], Path], tmp_path: Path, steps: list[dict[str, bytes | None]]
) -> None:
    shutil.rmtree(tmp_path / "property", ignore_errors=True)
    repository = open_(copied("property"))
    memory: dict[str, bytes] = {}
    for wanted in steps:
        changes = tuple(Change(path, memory.get(path), new) for path, new in wanted.items())
        message = Message("step", "batch", Actor.MACHINE, wave="wave-1")
        due = any(change.old != change.new for change in changes)
        assert (repository.apply(Plan(changes, message)) is not None) == due
        memory |= {path: new for path, new in wanted.items() if new is not None}
        memory = {path: text for path, text in memory.items() if wanted.get(path, text) is not None}
    head = repository.head()
    assert head
    names = {"a.md", "p/a.md", "p/b.md", "p/q/c.md", "d é.md"}
    committed = {path: entry.oid for path, entry in repository.tree(head).items() if path in names}
    blobs = dict(repository.blobs(committed.values()))
    assert {path: blobs[oid] for path, oid in committed.items()} == memory
    assert {path: text for path in names if (text := saved(repository.vault, path)) is not None} == memory
    assert repository.dirty() == []
