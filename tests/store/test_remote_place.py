"""Backups in a git remote: pushed, listed, brought back and removed, and what a remote may answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from steps import git, open_

from atocore.errors import AtocoreError
from atocore.store.backups.bundle import references
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.manifest import BUNDLE, Form, Manifest, Reason
from atocore.store.backups.places import place_named, refuse_inside
from atocore.store.backups.remote_access import Address, is_address, refusal, without_password
from atocore.store.backups.remote_place import RemotePlace

STAMPS = ("20261130T031500Z", "20261129T031500Z")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    return tmp_path / "remote.git"


def place(name: str, vault: Path | None = None) -> RemotePlace:
    found = place_named(name, vault)
    assert isinstance(found, RemotePlace)
    return found


def send(where: RemotePlace, vault: Path, stamp: str = STAMPS[0]) -> Kept:
    repository = open_(vault)
    taken = references(repository)
    manifest = Manifest(
        stamp=stamp,
        sequence=where.next_sequence(),
        created="2026-11-30T03:15:00Z",
        reason=Reason.ASKED,
        form=Form.VAULT,
        atocore="0",
        git="2",
        vault="vault",
        commit=taken.commit,
        branch=taken.branch,
        refs=taken.names,
    )
    return where.send(repository, taken, manifest, vault / ".git/scratch.git")


def test_a_backup_is_pushed_whole_listed_by_number_brought_and_removed(
    repo: Path, remote: Path, tmp_path: Path
) -> None:
    git(repo, "remote", "add", "off", "../remote.git")
    (repo / "staged.md").write_text("stashed\n")
    git(repo, "stash", "-q")
    git(repo, "tag", "-a", "-m", "first", "v1")
    git(repo, "branch", "manifest")
    git(repo, "checkout", "-q", "--detach")
    git(repo, "commit", "-q", "--allow-empty", "-m", "on no branch")
    before = git(repo, "for-each-ref"), git(repo, "count-objects", "-v")
    where = place("remote:off", repo)
    for stamp in STAMPS:
        send(where, repo, stamp)
    assert (git(repo, "for-each-ref"), git(repo, "count-objects", "-v")) == before
    elsewhere = place(f"file://{remote}")
    first, second = elsewhere.backups()
    assert (first.stamp, first.manifest and first.manifest.sequence) == (STAMPS[1], 2)
    assert second.fault is None
    assert elsewhere.free_stamp(STAMPS[0]) == f"{STAMPS[0]}-2"
    brought = elsewhere.bring(STAMPS[0], tmp_path / "scratch")
    heads = git(brought, "bundle", "list-heads", BUNDLE).splitlines()
    held = {name: oid for oid, _, name in (line.partition(" ") for line in heads)}
    assert second.manifest
    assert held == {**second.manifest.refs, "HEAD": second.manifest.commit}
    elsewhere.remove(STAMPS[0])
    assert [one.stamp for one in elsewhere.backups()] == [STAMPS[1]]
    assert STAMPS[0] not in git(remote, "for-each-ref")


def test_a_remote_that_cannot_do_all_at_once_gets_the_manifest_last(repo: Path, remote: Path) -> None:
    git(remote, "config", "receive.advertiseAtomic", "false")
    where = place(f"file://{remote}")
    send(where, repo)
    assert [one.fault for one in where.backups()] == [None]


def test_a_remote_that_lost_a_reference_is_found_out(repo: Path, remote: Path, tmp_path: Path) -> None:
    where = place(f"file://{remote}")
    send(where, repo)
    git(remote, "update-ref", "-d", f"refs/atocore/backups/{STAMPS[0]}/heads/main")
    (kept,) = where.backups()
    assert kept.fault is not None
    assert (kept.fault.code, "refs/heads/main" in kept.fault.message) == ("backup-missing", True)
    git(remote, "update-ref", "-d", f"refs/atocore/backups/{STAMPS[0]}/manifest")
    assert where.backups() == []
    assert [path.name for path in where.unfinished()] == [STAMPS[0]]
    with pytest.raises(AtocoreError) as refused:
        where.bring(STAMPS[0], tmp_path)
    assert refused.value.code == "no-backup"


def test_a_remote_that_refuses_leaves_nothing_and_the_reason_is_told(repo: Path, remote: Path) -> None:
    (remote / "hooks/update").write_text('#!/bin/sh\ncase "$1" in *manifest) exit 1;; esac\n')
    (remote / "hooks/update").chmod(0o755)
    where = place(f"file://{remote}")
    with pytest.raises(AtocoreError) as refused:
        send(where, repo)
    assert refused.value.code == "backup-incomplete"
    assert "the server refuses" in refused.value.hint
    assert git(remote, "for-each-ref") == ""


def test_pushes_that_a_person_has_signed_ask_nobody_for_a_passphrase(
    repo: Path, remote: Path, tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "mine").write_text("[push]\n\tgpgSign = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "mine"))
    where = place(f"file://{remote}", repo)
    send(where, repo)
    assert len(where.backups()) == 1


def test_no_hook_of_the_vault_runs_and_its_settings_for_reaching_others_apply(
    repo: Path, remote: Path, tmp_path: Path
) -> None:
    for name in ("pre-push", "reference-transaction"):
        (repo / ".git/hooks" / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        (repo / ".git/hooks" / name).chmod(0o755)
    git(repo, "config", f"url.file://{tmp_path}/.insteadOf", "near:")
    where = place("near:remote.git", repo)
    send(where, repo)
    assert len(where.backups()) == 1
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("file:///nowhere/at/all.git", "git init --bare"),
        ("ssh://nobody.invalid/x.git", "network"),
        ("http://127.0.0.1:1/x.git", "ls-remote"),
        ("ftp://127.0.0.1:1/x.git", "alone"),
    ],
)
def test_what_cannot_be_reached_is_told_with_what_to_do(address: str, told: str) -> None:
    with pytest.raises(AtocoreError) as refused:
        place(address).backups()
    assert (refused.value.code, told in refused.value.hint) == ("unreadable", True), refused.value


CANNOT_READ = """fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
"""
CHANGED = f"""@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the ED25519 key sent by the remote host is
SHA256:7pteuUbyEDBCqLNyPHUQpPMlX/pD+TzXbZgVIC20cMc.
Please contact your system administrator.
Add correct host key in /home/op/.ssh/known_hosts to get rid of this message.
Offending ED25519 key in /home/op/.ssh/known_hosts:1
  remove with:
  ssh-keygen -f "/home/op/.ssh/known_hosts" -R "[127.0.0.1]:2222"
Host key for [127.0.0.1]:2222 has changed and you have requested strict checking.\r
Host key verification failed.\r
{CANNOT_READ}"""
FULL = """remote: fatal: unable to write loose object file: No space left on device        \r
error: remote unpack failed: unpack-objects abnormal exit
To ssh://h/x.git
 ! [remote rejected] HEAD -> refs/atocore/x (unpacker error)
error: failed to push some refs to 'ssh://h/x.git'
"""
FOREIGN = f"fatal: detected dubious ownership in repository at '/x.git'\n{CANNOT_READ}"


@pytest.mark.parametrize(
    ("said", "told", "hint"),
    [
        (f"Host key verification failed.\r\n{CANNOT_READ}", "Host key verification failed.", "ssh HOST"),
        (
            CHANGED,
            "Host key for [127.0.0.1]:2222 has changed and you have requested strict checking.; "
            "Host key verification failed.",
            "ssh-keygen -R HOST",
        ),
        (
            f"b@h: Permission denied (publickey,password).\r\n{CANNOT_READ}",
            "b@h: Permission denied (publickey,password).",
            "nobody is asked for a password",
        ),
        (
            f"Timeout, server h not responding.\r\nfatal: the remote end hung up unexpectedly\n{CANNOT_READ}",
            "Timeout, server h not responding.",
            "is the network there?",
        ),
        ("fatal: the remote end hung up unexpectedly\n", "the remote end hung up unexpectedly", "network"),
        (
            f"bash: line 1: git-upload-pack: command not found\n{CANNOT_READ}",
            "bash: line 1: git-upload-pack: command not found",
            "git ls-remote",
        ),
        (
            FULL,
            "remote: fatal: unable to write loose object file: No space left on device; "
            "error: remote unpack failed: unpack-objects abnormal exit; "
            "! [remote rejected] HEAD -> refs/atocore/x (unpacker error)",
            "disk there is full",
        ),
        (
            "error: remote unpack failed: unable to create temporary object directory\n"
            " ! [remote rejected] HEAD -> refs/atocore/x (unpacker error)\n",
            "error: remote unpack failed: unable to create temporary object directory; "
            "! [remote rejected] HEAD -> refs/atocore/x (unpacker error)",
            "cannot be written there",
        ),
        (
            "fatal: the receiving end does not support --signed push\n"
            "fatal: the remote end hung up unexpectedly\n",
            "the receiving end does not support --signed push",
            "git ls-remote",
        ),
        (FOREIGN, "detected dubious ownership in repository at '/x.git'", "another user"),
        ("", "git failed", "git ls-remote"),
    ],
)
def test_why_it_failed_is_told_and_not_that_it_did(said: str, told: str, hint: str) -> None:
    error = refusal("unreadable", Address("ssh://h/x.git", "ssh://h/x.git"), said)
    assert (error.message, hint in error.hint) == (f"ssh://h/x.git: {told}", True), error


def test_nobody_is_asked_for_a_password(remote: Path, tmp_path: Path, monkeypatch) -> None:
    helper = tmp_path / "asking"
    helper.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    helper.chmod(0o755)
    monkeypatch.setenv("SSH_ASKPASS", str(helper))
    monkeypatch.setenv("GIT_ASKPASS", str(helper))
    with pytest.raises(AtocoreError) as refused:
        place("http://me:secret@127.0.0.1:1/x.git").backups()
    assert "secret" not in refused.value.message
    assert not (tmp_path / "asked").exists()


def test_names_of_places(repo: Path, remote: Path, tmp_path: Path) -> None:
    for name in ("https://h/x", "git@h:team/x.git", "remote:origin", "file:///x", "h:x"):
        assert is_address(name)
    for name in ("backups", "./h:x", "/mnt/h:x", "~/backups"):
        assert not is_address(name)
    assert without_password("https://me:secret@h/x") == "https://me:…@h/x"
    for name in ("ext::sh -c id", "fd::3", "", "a\nb", "-x", str(remote)):
        with pytest.raises(AtocoreError) as refused:
            place_named(name)
        assert refused.value.code == "bad-value"
    git(repo, "remote", "add", "bad", "ext::sh -c id")
    for name, code in (("remote:bad", "bad-value"), ("remote:none", "not-found")):
        with pytest.raises(AtocoreError) as refused:
            place_named(name, repo)
        assert refused.value.code == code
    (tmp_path / "link").symlink_to(repo)
    with pytest.raises(AtocoreError, match="inside"):
        refuse_inside(place_named(str(tmp_path / "link" / ".atocore" / "x")), repo)
