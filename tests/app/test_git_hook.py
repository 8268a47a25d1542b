"""The pre-commit hook with real git: it tells, and stops only what no commit should hold."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, run_git
from ready import ready

from atocore.app import Vault
from atocore.app.founding import init
from atocore.knowledge.leaks import fingerprint

KEY = "ghp_" + "a1B2c3D4e5F6" * 3
CLASH = """
-- memories/scope/other.md --
id: mem-ther
project: scope
subject: primary mirror
attribute: glass
value: ULE
--
The primary mirror is made of ULE.
"""
MARKED = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> side\n"


@pytest.fixture
def installed(desk: Desk) -> Desk:
    """A vault with the hook as it is installed."""
    assert desk.vault.git_hook_install().state == "installed"
    return desk


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("ready")
    with ready(folder, dict(os.environ)) as path:
        yield path / "atocore"


@pytest.fixture
def hooked(installed: Desk, fast: Path) -> Desk:
    """The same, and what the hook starts is a process that has imported AtoCore."""
    starts(installed, fast)
    return installed


def starts(desk: Desk, atocore: Path) -> None:
    """Make the hook start another `atocore`."""
    hook = desk.folder / ".git/hooks/pre-commit"
    lines = hook.read_text().splitlines(keepends=True)
    named = [f"atocore={atocore}\n" if line.startswith("atocore=") else line for line in lines]
    assert named != lines
    hook.write_text("".join(named))


def commit(folder: Path, *args: str, **env: str) -> tuple[int, str]:
    """`git commit` by hand; exit code and all that was said."""
    done = subprocess.run(
        ["git", "commit", "-q", "-m", "by hand", *args],
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, **env},
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def stage(desk: Desk, blocks: str) -> None:
    desk.save(blocks)
    desk.git("add", "-A")


def test_what_is_fine_is_committed_without_a_word(installed: Desk) -> None:
    stage(installed, "-- notes/a.md --\nfine\n")
    assert commit(installed.folder) == (0, "")


def test_a_secret_stops_the_commit_and_is_not_shown(installed: Desk) -> None:
    stage(installed, f"-- notes/a.md --\none\nkey {KEY}\n")
    before = installed.state()
    code, told = commit(installed.folder)
    assert code == 1
    assert "notes/a.md:2: secret: github-token (ghp_… 40 characters)" in told
    assert fingerprint(KEY) in told
    assert "--no-verify" in told
    assert KEY not in told
    assert installed.state() == before
    assert commit(installed.folder, "--no-verify")[0] == 0


def test_a_false_alarm_is_allowed_in_the_settings(hooked: Desk) -> None:
    hooked.put("atocore.yaml", f"secrets:\n  false_alarms: [{fingerprint(KEY)}]\n")
    stage(hooked, f"-- notes/a.md --\n{KEY}\n")
    assert commit(hooked.folder) == (0, "")


def test_problems_and_new_conflicts_are_told_and_stop_nothing(hooked: Desk) -> None:
    stage(hooked, f"{CLASH}\n-- memories/scope/bad.md --\n---\nid: nonsense\nkind: memory\n---\nx\n")
    code, told = commit(hooked.folder)
    assert code == 0
    assert "memories/scope/bad.md:2: error bad-id" in told
    assert "primary mirror / glass" in told
    assert "ULE" in told
    assert "Zerodur" in told
    stage(hooked, "-- memories/scope/third.md --\nid: mem-th3\nproject: scope\n--\nNothing to do with it.\n")
    assert commit(hooked.folder) == (0, "")  # a conflict that was there before is not told again


@pytest.mark.parametrize("path", ["memories/scope/mass.md", "notes/visit.md", "notes/table.csv"])
def test_conflict_markers_stop_the_commit(hooked: Desk, path: str) -> None:
    hooked.put(path, MARKED)
    hooked.git("add", "-A")
    code, told = commit(hooked.folder)
    assert code == 1
    assert f"{path}:2: error conflict-markers" in told


def test_the_staged_text_is_judged_and_not_the_saved_one(hooked: Desk) -> None:
    stage(hooked, "-- notes/a.md --\nclean\n")
    hooked.save(f"-- notes/a.md --\n{KEY}\n-- notes/untracked.md --\n{KEY}\n")
    assert commit(hooked.folder) == (0, "")
    hooked.git("add", "notes/a.md")
    hooked.save("-- notes/a.md --\nclean again\n")
    assert commit(hooked.folder)[0] == 1


def test_commit_of_named_files_looks_at_those(hooked: Desk) -> None:
    stage(hooked, f"-- notes/bad.md --\n{KEY}\n-- notes/visit.md --\nbetter\n")
    assert commit(hooked.folder, "--only", "notes/visit.md") == (0, "")
    hooked.save(f"-- notes/visit.md --\n{KEY}\n")
    hooked.git("rm", "-q", "--cached", "notes/bad.md")
    assert commit(hooked.folder, "-a")[0] == 1


def test_what_git_holds_already_stops_nothing(hooked: Desk) -> None:
    stage(hooked, f"-- notes/a.md --\n{KEY}\n")
    commit(hooked.folder, "--no-verify")
    hooked.git("mv", "notes/a.md", "notes/b.md")
    assert commit(hooked.folder) == (0, "")
    hooked.git("rm", "-q", "notes/b.md")
    assert commit(hooked.folder) == (0, "")


def test_a_merge_that_brings_a_secret_of_the_other_side(hooked: Desk) -> None:
    hooked.git("switch", "-q", "-c", "side")
    stage(hooked, f"-- notes/a.md --\n{KEY}\n-- notes/visit.md --\ntheirs\n")
    commit(hooked.folder, "--no-verify")
    hooked.git("switch", "-q", "main")
    stage(hooked, "-- notes/visit.md --\nours\n")
    commit(hooked.folder)
    merged = subprocess.run(
        ["git", "merge", "-q", "side"], cwd=hooked.folder, capture_output=True, check=False
    )
    assert merged.returncode == 1
    hooked.git("add", "-A")
    assert commit(hooked.folder)[0] == 1  # the markers
    stage(hooked, "-- notes/visit.md --\nboth\n")
    assert commit(hooked.folder) == (0, "")


@pytest.mark.parametrize("name", ["notes/odd\nname.md", 'notes/a"b[1]*.md', "notes/-x.md", "notes/ünï.md"])
def test_odd_names(hooked: Desk, name: str) -> None:
    hooked.put(name, f"{KEY}\n")
    hooked.git("add", "-A")
    assert commit(hooked.folder)[0] == 1


def test_a_first_commit_and_a_file_that_is_no_text(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    run_git(tmp_path, "config", "user.name", "A")
    run_git(tmp_path, "config", "user.email", "a@example.org")
    (tmp_path / "atocore.yaml").write_text("format: 1\n")
    (tmp_path / "image.png").write_bytes(b"\0\1" + KEY.encode())
    (tmp_path / "link").symlink_to("nowhere")
    with Vault.open(tmp_path) as vault:
        vault.git_hook_install()
    run_git(tmp_path, "add", "-A")
    assert commit(tmp_path) == (0, "")


def test_in_atocores_own_commits_it_returns_at_once(hooked: Desk) -> None:
    hook = hooked.folder / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text().replace("stopped=0", "exit 7"))
    assert hooked.vault.promote("mem-mass00000000").commit
    stage(hooked, "-- notes/a.md --\nx\n")
    assert commit(hooked.folder)[0] == 1


def test_without_atocore_it_says_nothing(hooked: Desk) -> None:
    starts(hooked, Path("/nowhere/atocore"))
    stage(hooked, f"-- notes/a.md --\n{KEY}\n")
    assert commit(hooked.folder, PATH="/usr/bin:/bin") == (0, "")


def test_an_atocore_that_is_broken_stops_nothing(hooked: Desk) -> None:
    broken = hooked.folder.parent / "atocore"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    starts(hooked, broken)
    stage(hooked, f"-- notes/a.md --\n{KEY}\n")
    assert commit(hooked.folder)[0] == 0


def test_a_busy_or_broken_index_stops_nothing(hooked: Desk) -> None:
    shutil.rmtree(hooked.folder / ".atocore/index")
    hooked.put(".atocore/index", "not a folder")
    stage(hooked, f"{CLASH}-- notes/a.md --\n{MARKED}")
    code, told = commit(hooked.folder)
    assert code == 1
    assert "conflict-markers" in told
    stage(hooked, "-- notes/a.md --\nfine\n")
    assert commit(hooked.folder)[0] == 0


def test_a_vault_in_a_folder_and_two_of_them(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    run_git(tmp_path, "config", "user.name", "A")
    run_git(tmp_path, "config", "user.email", "a@example.org")
    first, second = tmp_path / "docs" / "it's memory", tmp_path / "other"
    for folder in (first, second):
        hook = init(folder, git_hook=True).git_hook
        assert hook is not None
        assert (hook.state, hook.changed) == ("installed", True)
    (tmp_path / "code.py").write_text(KEY)
    run_git(tmp_path, "add", "-A")
    assert commit(tmp_path) == (0, "")  # outside of any vault: nobody asked us
    for folder in (first, second):
        (folder / "note.md").write_text(KEY)
        run_git(tmp_path, "add", "-A")
        assert commit(tmp_path / "docs")[0] == 1
        run_git(tmp_path, "rm", "-q", "--cached", "-f", str(folder / "note.md"))
        (folder / "note.md").unlink()
    with Vault.open(first) as vault:
        assert vault.git_hook_uninstall().changed
    (first / "note.md").write_text(KEY)
    run_git(tmp_path, "add", "-A")
    assert commit(tmp_path) == (0, "")
    with Vault.open(second) as vault:
        vault.git_hook_uninstall()
    assert not (tmp_path / ".git/hooks/pre-commit").exists()


def test_install_is_repeatable_and_dry_run_writes_nothing(desk: Desk) -> None:
    hook = desk.folder / ".git/hooks/pre-commit"
    assert desk.vault.git_hook_install(dry_run=True).changed
    assert not hook.exists()
    assert desk.vault.git_hook_install().changed
    assert not desk.vault.git_hook_install().changed
    hook.chmod(0o644)
    assert desk.vault.git_hook_install().changed
    assert desk.vault.git_hook_uninstall(dry_run=True).changed
    assert hook.exists()
    assert desk.vault.git_hook_uninstall().changed
    assert not desk.vault.git_hook_uninstall().changed


def test_somebody_elses_hook_stays(desk: Desk) -> None:
    hook = desk.put(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")
    for answer in (desk.vault.git_hook_install(), desk.vault.git_hook_uninstall()):
        assert (answer.state, answer.changed) == ("foreign", False)
        assert "check --staged" in answer.told
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"


def test_a_folder_of_hooks_that_git_was_told_of_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.git("config", "core.hooksPath", str(tmp_path / "shared hooks"))
    answer = desk.vault.git_hook_install()
    assert (answer.state, answer.path) == ("elsewhere", str(tmp_path / "shared hooks/pre-commit"))
    assert not (tmp_path / "shared hooks").exists()


def test_a_linked_work_tree(hooked: Desk, tmp_path: Path) -> None:
    hooked.git("worktree", "add", "-q", str(tmp_path / "tree"))
    (tmp_path / "tree/notes/a.md").write_text(KEY)
    run_git(tmp_path / "tree", "add", "-A")
    assert commit(tmp_path / "tree")[0] == 1
