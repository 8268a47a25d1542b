"""What a restore brings back and what it leaves alone: odd files, stashes, settings, hooks, captures,
stale state."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest
from desk import Desk, copied_desk, files_in, refusal, run_git
from fake_embedder import FakeEmbedder
from restoring_kit import BARE, backed_up

from atocore.app import git_hook
from atocore.app.backups.restored_answer import Options, Restored
from atocore.app.backups.restoring import restore
from atocore.errors import AtocoreError
from atocore.index.model import Model
from atocore.store.backups.machine_settings import is_safe
from atocore.store.repository import Repository

ODD = os.fsdecode(b"notes/caf\xe9\xff.txt")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "kept")


def put_back(desk: Desk, place: str, target: Path, options: Options = BARE) -> Restored:
    stamp = backed_up(desk, place)
    done = restore(stamp, target, source=place, options=options, model=Model(FakeEmbedder))
    assert done.restored_integrity_ok, done.findings
    return done


# -- files, references, the stash ---------------------------------------------------------------------


def test_links_modes_names_and_line_ends_come_back_as_they_were(
    desk: Desk, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("bin/run", "#!/bin/sh\n").chmod(0o755)
    desk.put("notes/lines.txt", b"one\r\ntwo\n")
    desk.put(ODD, b"odd")
    (desk.folder / "notes/link").symlink_to("visit.md")
    desk.commit()
    desk.put(os.fsdecode(b"notes/new\xff.md"), b"a draft\r\n").chmod(0o755)
    config = tmp_path / "gitconfig"
    script = tmp_path / "ran"
    config.write_text(
        "[core]\n autocrlf = true\n attributesFile = ATTR\n hooksPath = HOOKS\n[init]\n templateDir = HOOKS\n"
        f'[filter "spoil"]\n smudge = touch {script}; cat\n required = true\n'.replace(
            "ATTR", str(tmp_path / "attr")
        ).replace("HOOKS", str(tmp_path / "hooks"))
    )
    (tmp_path / "attr").write_text("* filter=spoil\n")
    (tmp_path / "hooks/hooks").mkdir(parents=True)
    for hook in ("hooks/post-checkout", "hooks/hooks/post-checkout"):
        (tmp_path / hook).write_text(f"#!/bin/sh\ntouch {script}\n")
        (tmp_path / hook).chmod(0o755)
    stamp = backed_up(desk, place)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    done = restore(stamp, tmp_path / "new", source=place, options=BARE)

    assert done.restored_integrity_ok, done.findings
    assert files_in(tmp_path / "new") == files_in(desk.folder)
    assert (tmp_path / "new/notes/link").readlink() == Path("visit.md")
    for path in ("bin/run", os.fsdecode(b"notes/new\xff.md")):
        assert (tmp_path / "new" / path).stat().st_mode & stat.S_IXUSR
    assert not script.exists()
    assert not (tmp_path / "new/.git/hooks").exists()


def test_branches_tags_notes_stashes_and_a_detached_head_come_back(
    desk: Desk, place: str, tmp_path: Path
) -> None:
    desk.git("branch", "side")
    desk.git("tag", "-a", "-m", "one", "v1")
    desk.git("notes", "add", "-m", "a note")
    desk.git("update-ref", "refs/remotes/origin/main", "HEAD")
    desk.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    for text in ("first", "second", "third"):
        desk.put("notes/visit.md", text)
        desk.git("stash", "push", "-q", "-m", text)
    desk.git("stash", "drop", "-q", "stash@{1}")
    desk.git("checkout", "-q", "--detach")
    desk.commit("-- notes/apart.md --\nnobody's branch\n")
    new = tmp_path / "new"
    put_back(desk, place, new)
    for ask in (
        ("for-each-ref", "--format=%(refname) %(objectname) %(symref)"),
        ("stash", "list", "--format=%gd %H %s"),
        ("rev-parse", "HEAD", "--symbolic-full-name", "HEAD"),
    ):
        assert run_git(new, *ask) == desk.git(*ask)
    assert run_git(new, "for-each-ref", "refs/atocore") == ""
    run_git(new, "stash", "pop", "-q")
    assert (new / "notes/visit.md").read_text() == "third"


def test_what_was_staged_is_staged_and_what_was_deleted_is_not_there(
    desk: Desk, place: str, tmp_path: Path
) -> None:
    desk.put("notes/staged.md", "staged")
    desk.put("notes/both.md", "staged so")
    desk.git("add", "-A")
    desk.put("notes/both.md", "saved so")
    (desk.folder / "notes/visit.md").unlink()
    done = put_back(desk, place, tmp_path / "new")
    assert set(done.drafts) == {"notes/staged.md", "notes/both.md", "notes/visit.md"}
    for ask in (("status", "--porcelain"), ("diff", "--cached"), ("diff",)):
        assert run_git(tmp_path / "new", *ask) == desk.git(*ask)


def test_a_vault_in_a_folder_of_a_repository_comes_back_with_all_of_it(
    desk: Desk, place: str, tmp_path: Path
) -> None:
    (tmp_path / "big").mkdir()
    big = copied_desk(desk.folder, tmp_path / "big" / "docs")
    (big.folder / ".git").rename(tmp_path / "big/.git")
    (tmp_path / "big/code.py").write_text("pass\n")
    run_git(tmp_path / "big", "add", "-A")
    run_git(tmp_path / "big", "commit", "-q", "-m", "big")
    big.put("notes/draft.md", "a draft")
    done = put_back(big, place, tmp_path / "new", Options())
    assert done.index is not None
    assert (tmp_path / "new/code.py").read_text() == "pass\n"
    assert (tmp_path / "new/docs/notes/draft.md").read_text() == "a draft"
    fresh = Desk(tmp_path / "new/docs")
    assert fresh.found("Zerodur")
    fresh.close()
    with pytest.raises(AtocoreError, match="whole repository") as refused:
        restore("latest", desk.folder, source=place)
    assert refusal(refused.value)[0] == "restore-refused"


# -- this machine's own -------------------------------------------------------------------------------


def test_settings_hooks_and_ignored_files_of_this_machine_stay(desk: Desk, place: str) -> None:
    desk.git("config", "remote.origin.url", "/then")
    stamp = backed_up(desk, place)
    desk.git("config", "remote.origin.url", "/now")
    desk.git("config", "alias.mine", "!echo mine")
    desk.put(".git/hooks/post-merge", "#!/bin/sh\n").chmod(0o755)
    desk.put(".git/info/exclude", "/secret.env\n/build/\n")
    desk.put("secret.env", "this machine's")
    desk.put("build/deep/own.bin", "this machine's")
    desk.put(".atocore/edit-1.txt", "half written")
    done = restore(stamp, desk.folder, source=place, options=BARE)
    assert done.restored_integrity_ok, done.findings
    assert desk.git("config", "remote.origin.url") == "/now\n"
    assert desk.git("mine") == "mine\n"
    assert os.access(desk.folder / ".git/hooks/post-merge", os.X_OK)
    assert desk.text("secret.env") == desk.text("build/deep/own.bin") == "this machine's"
    assert desk.text(".atocore/edit-1.txt") == "half written"


def test_a_backup_brings_no_command_with_it_and_tells_what_it_left(
    desk: Desk, place: str, tmp_path: Path
) -> None:
    for name, value in (
        ("remote.origin.url", "https://example.org/team.git"),
        ("remote.bad.url", "ext::sh -c touch% ran"),
        ("branch.main.remote", "origin"),
        ("branch.main.merge", "refs/heads/main"),
        ("core.sshCommand", "touch ran"),
        ("core.fsmonitor", "touch ran"),
        ("alias.evil", "!touch ran"),
    ):
        desk.git("config", name, value)
    git_hook.install(Repository.open(desk.folder))
    desk.put(".git/hooks/post-checkout", "#!/bin/sh\ntouch ran\n").chmod(0o755)
    desk.put(".git/info/exclude", "/mine\n")
    desk.put(".atocore/clone", "ab12cd34\n")
    new = tmp_path / "new"
    done = put_back(desk, place, new)
    told = run_git(new, "config", "--local", "--list")
    assert "remote.origin.url=https://example.org/team.git\n" in told
    assert "branch.main.merge=refs/heads/main\n" in told
    assert "merge.atocore-mirror.driver=true\n" in told
    assert "touch" not in told
    assert sorted(path.name for path in (new / ".git/hooks").iterdir()) == ["pre-commit"]
    assert (new / ".git/info/exclude").read_text() == "/mine\n"
    assert (new / ".atocore/clone").read_text() == "ab12cd34\n"
    assert any("core.sshcommand" in note for note in done.notes)
    assert any("post-checkout" in note for note in done.notes)


@pytest.mark.parametrize(
    ("name", "value", "safe"),
    [
        ("remote.origin.url", "git@example.org:team.git", True),
        ("remote.origin.url", "ssh://example.org/team.git", True),
        ("remote.origin.url", "fd::17", False),
        ("remote.origin.url", "--upload-pack=touch ran", False),
        ("remote.origin.uploadpack", "touch ran", False),
        ("remote.origin.vcs", "evil", False),
        ("user.name", "A\nB", False),
        ("include.path", "/tmp/x", False),
        ("gpg.program", "evil", False),
        ("commit.gpgsign", "true", True),
    ],
)
def test_a_setting_that_could_run_something_is_not_safe(name: str, value: str, safe: bool) -> None:
    assert is_safe(name, value) == safe


def test_what_the_former_state_left_is_gone_and_what_counts_stays(desk: Desk, place: str) -> None:
    stamp = backed_up(desk, place)
    local = desk.folder / ".atocore"
    index = next((local / "index").glob("gen-*"), None) or next(
        p for p in (local / "index").iterdir() if p.is_dir()
    )
    for name in ("catalog.db-wal", "catalog.db-shm"):
        (index / name).write_bytes(b"of the former state")
    for name in ("daemon.json", "daemon.json.17", "lock.pid", "old.db-wal", "operations.json", "hook.log"):
        (local / name).write_text("{}")
    (desk.folder / ".git/index.lock").unlink(missing_ok=True)
    (desk.folder / ".git/HEAD.lock").touch()
    with socket.socket(socket.AF_UNIX) as bound:
        here = Path.cwd()
        os.chdir(local)
        bound.bind("s")
        os.chdir(here)
    done = restore(
        stamp, desk.folder, source=place, options=Options(pre_snapshot=False), model=Model(FakeEmbedder)
    )
    assert done.restored_integrity_ok, done.findings
    kept = {path.name for path in local.iterdir()}
    assert {"operations.json", "hook.log", "lock", "index"} <= kept
    assert not {"daemon.json", "daemon.json.17", "old.db-wal", "s"} & kept
    assert not index.exists()
    assert not list((desk.folder / ".git").glob("*.lock"))
    assert desk.stale() == []


# -- captures ----------------------------------------------------------------------------------------------


HOOK = Path(__file__).parents[2] / "hooks" / "capture_stop.py"


def hook_runs(vault: Path, prompt: str) -> None:
    """The capture hook, as an assistant's host runs it."""
    transcript = vault.parent / f"{prompt}.jsonl"
    transcript.write_text(
        json.dumps(
            {
                "type": "user",
                "uuid": prompt,
                "sessionId": "s",
                "timestamp": "2026-11-20T09:00:00.000Z",
                "message": {"role": "user", "content": f"What of {prompt}?"},
            }
        )
        + "\n"
    )
    given = {"session_id": "s", "transcript_path": str(transcript), "hook_event_name": "Stop"}
    subprocess.run(
        ["python3", "-I", "-S", str(HOOK), "--vault", str(vault)],
        input=json.dumps(given),
        text=True,
        check=True,
    )


@pytest.mark.parametrize(
    "at",
    [
        "safety-made",
        "unpacked",
        "journal-written",
        "moving-out",
        "moved-out",
        "moving-in",
        "moved-in",
        "checked",
    ],
)
def test_a_capture_that_the_hook_writes_meanwhile_is_not_lost(desk: Desk, place: str, at: str) -> None:
    hook_runs(desk.folder, "then")
    stamp = backed_up(desk, place)
    hook_runs(desk.folder, "between")
    seen: list[str] = []

    def on_step(name: str) -> None:
        if name == at and name not in seen:
            seen.append(name)
            hook_runs(desk.folder, "meanwhile")

    done = restore(stamp, desk.folder, source=place, options=Options(index=False), on_step=on_step)

    assert seen == [at]
    assert done.restored_integrity_ok, done.findings
    texts = "".join(path.read_text() for path in (desk.folder / "captures").rglob("*.md"))
    assert "What of then?" in texts
    assert "What of meanwhile?" in texts
    assert "What of between?" not in texts  # it is in the safety snapshot


def test_a_backup_without_a_local_part_leaves_the_captures_of_this_machine(desk: Desk, place: str) -> None:
    stamp = desk.vault.backup_create(to=place, local=False).stamp
    desk.close()
    desk.put("captures/2026/11/20/int-1.md", "mine")
    restore(stamp, desk.folder, source=place, options=BARE)
    assert desk.text("captures/2026/11/20/int-1.md") == "mine"


def test_from_a_git_remote_what_only_this_machine_has_is_kept_first(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    run_git(tmp_path, "init", "-q", "--bare", "far.git")
    far = f"file://{tmp_path}/far.git"
    before = desk.head()
    stamp = backed_up(desk, far)
    desk.commit("-- notes/marker.md --\nx\n")
    desk.put("notes/draft.md", "only here")
    done = restore(stamp, desk.folder, source=far, options=Options(index=False))
    assert done.restored_integrity_ok, done.findings
    assert desk.head() == before
    assert done.safety is not None
    assert Path(done.safety.path).is_relative_to(tmp_path / "data")
    again = restore(done.safety.stamp, desk.folder, source=str(Path(done.safety.path).parent), options=BARE)
    assert again.restored_integrity_ok
    assert desk.text("notes/draft.md") == "only here"


def test_what_no_safety_snapshot_holds_is_not_lost(desk: Desk, place: str) -> None:
    desk.put("notes/plain.md", "committed then\n")
    desk.commit()
    stamp = backed_up(desk, place)
    desk.git("rm", "-q", "notes/plain.md")
    desk.put(".gitignore", "plain.md\n/captures/\n")
    desk.commit()
    desk.put("notes/plain.md", "ignored now, and nowhere else")
    (desk.folder / "shortcut").symlink_to("notes")
    done = restore(stamp, desk.folder, source=place, options=Options(index=False))
    assert done.restored_integrity_ok, done.findings
    assert desk.text("notes/plain.md") == "committed then\n"
    assert str((desk.folder / "shortcut").readlink()) == "notes"
    assert (Path(done.former) / "notes/plain.md").read_text() == "ignored now, and nowhere else"
    assert any("notes/plain.md" in note and done.former in note for note in done.notes)
