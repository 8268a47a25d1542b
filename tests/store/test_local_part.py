"""The local part of a backup: what a vault holds on this machine and git does not, byte for byte."""

from __future__ import annotations

import json
import os
import socket
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from steps import git, open_

from atocore.store.backups import local_tar
from atocore.store.backups.local_part import write_local_part

ODD = os.fsdecode(b"notes/caf\xe9.md")


def part_of(vault: Path, tmp_path: Path) -> tuple[dict[str, bytes], dict[str, int], tuple[str, ...]]:
    """Contents and modes by name, and what was left out."""
    target = tmp_path / "local.tar"
    told = write_local_part(open_(vault), vault / ".atocore", target)
    assert target.stat().st_mode & 0o777 == 0o600
    held, modes = {}, {}
    with tarfile.open(target) as tar:
        for member in tar:
            opened = tar.extractfile(member)
            assert opened
            held[member.name], modes[member.name] = opened.read(), member.mode
    return held, modes, told


def test_it_has_every_draft_capture_and_setting_of_this_machine(repo: Path, tmp_path: Path) -> None:
    (repo / ".gitignore").write_text("captures/\n*.secret\n.atocore/\n")
    git(repo, "add", ".gitignore")
    git(repo, "commit", "-q", "-m", "ignore")
    (repo / "unstaged.md").write_bytes(b"unstaged: new\r\n\0")
    (repo / "staged.md").write_text("staged: in the index\n")
    git(repo, "add", "staged.md")
    (repo / "staged.md").write_text("staged: and saved since\n")
    (repo / "memories/p/gone.md").unlink()
    (repo / "tool.sh").write_text("#!/bin/sh\n")
    (repo / "tool.sh").chmod(0o755)
    (repo / ODD).write_bytes(b"odd")
    (repo / "my.secret").write_text("ignored")
    for name in ("captures/2026/one.md", ".atocore/clone", ".atocore/index/x", ".atocore/lock"):
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(name)
    (repo / ".git/hooks/post-commit").write_text("#!/bin/sh\n")
    (repo / ".git/info/exclude").write_text("*.bak\n")
    held, modes, told = part_of(repo, tmp_path)
    listed = json.loads(held.pop("drafts.json"))
    assert held.keys() == {
        "captures/2026/one.md",
        "drafts/unstaged.md",
        "drafts/staged.md",
        "drafts/tool.sh",
        f"drafts/{ODD}",
        "staged/staged.md",
        "settings/git/config",
        "settings/git/info/exclude",
        "settings/git/hooks/post-commit",
        "settings/atocore/clone",
    }
    assert held["drafts/unstaged.md"] == b"unstaged: new\r\n\0"
    assert held["staged/staged.md"] == b"staged: in the index\n"
    assert held["drafts/staged.md"] == b"staged: and saved since\n"
    assert (modes["drafts/tool.sh"], modes["drafts/staged.md"]) == (0o755, 0o644)
    assert listed["deleted"] == ["memories/p/gone.md"]
    assert listed["staged"] == {"staged.md": "100644"}
    assert told == ("what git ignores: my.secret",)


def test_what_is_no_plain_file_is_told_and_never_followed(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "private.md").write_text("private")
    (repo / "link.md").symlink_to(outside / "private.md")
    (repo / "folder").symlink_to(outside)
    os.mkfifo(repo / "pipe.md")
    git(repo, "init", "-q", "nested")
    (repo / "nested/inner.md").write_text("inner")
    (repo / ".git/hooks/pre-push").symlink_to(outside / "private.md")
    monkeypatch.chdir(repo)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.md")
        held, _, told = part_of(repo, tmp_path)
    assert not any(b"private" in raw or b"inner" in raw for raw in held.values())
    assert sorted(told) == [
        "draft folder: a symbolic link",
        "draft link.md: a symbolic link",
        "draft nested/: another git repository",
        "git's hook pre-push: a symbolic link",
        "pipe.md: a FIFO, not a file",
        "s.md: a socket, not a file",
    ]


def test_a_tracked_file_that_a_link_or_a_pipe_replaced_is_told(repo: Path, tmp_path: Path) -> None:
    (repo / "staged.md").unlink()
    (repo / "staged.md").symlink_to("/etc/passwd")
    (repo / "unstaged.md").unlink()
    os.mkfifo(repo / "unstaged.md")
    outside = tmp_path / "outside"
    (repo / "memories/p").rename(outside)
    (repo / "memories/p").symlink_to(outside)
    (outside / "one.md").write_text("from outside")
    held, _, told = part_of(repo, tmp_path)
    assert not any(name.startswith("drafts/") for name in held)
    assert {"draft staged.md: a symbolic link", "draft unstaged.md: a FIFO"} <= set(told)
    assert {"memories/p/one.md", "memories/p/two.md"} <= set(json.loads(held["drafts.json"])["deleted"])


def test_of_a_merge_that_stopped_the_saved_files_are_kept_and_the_merge_is_told(
    repo: Path, tmp_path: Path
) -> None:
    git(repo, "checkout", "-q", "-b", "side")
    (repo / "staged.md").write_text("theirs\n")
    git(repo, "commit", "-q", "-a", "-m", "theirs")
    git(repo, "checkout", "-q", "main")
    (repo / "staged.md").write_text("ours\n")
    git(repo, "commit", "-q", "-a", "-m", "ours")
    git(repo, "merge", "-q", "side", ok=False)
    held, _, told = part_of(repo, tmp_path)
    assert held["drafts/staged.md"].startswith(b"<<<<<<<")
    assert told == ("the merge that is under way: its files are drafts",)


def test_a_file_that_grows_while_it_is_read_is_told_and_the_rest_is_whole(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = repo / "growing.md"
    log.write_text("line\n")
    (repo / "later.md").write_text("later\n")
    copied: Callable[..., tuple[os.stat_result, bool]] = local_tar._copied

    def writing(path: Path, copy: object) -> tuple[os.stat_result, bool]:
        found = copied(path, copy)
        if path == log:
            with log.open("a") as file:
                file.write("line\n")
            return found[0], False
        return found

    monkeypatch.setattr(local_tar, "_copied", writing)
    held, _, told = part_of(repo, tmp_path)
    assert told == ("draft growing.md: was being written: as it was at one moment of that",)
    assert held["drafts/growing.md"] == b"line\n" * 3
    assert held["drafts/later.md"] == b"later\n"


def test_a_vault_in_a_subfolder_has_its_own_drafts_alone(template_repository: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    git(tmp_path, "clone", "-q", str(template_repository), "top")
    vault = top / "memories"
    (vault / "atocore.yaml").write_text("format: 1\n")
    (vault / "p/one.md").write_text("ONE\n")
    (vault / "p/two.md").unlink()
    (top / "staged.md").write_text("not the vault's\n")
    held, _, _ = part_of(vault, tmp_path)
    assert {name for name in held if name.startswith("drafts/")} == {"drafts/atocore.yaml", "drafts/p/one.md"}
    assert json.loads(held["drafts.json"])["deleted"] == ["p/two.md"]
