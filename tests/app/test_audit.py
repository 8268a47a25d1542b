"""Secrets in the vault and in git's memory of it: each is found once, with its commit, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, run_git

from atocore.app import Vault
from atocore.app.founding import init
from atocore.app.leak_search import Found
from atocore.knowledge.leaks import fingerprint

KEY = "AKIA" + "Q3EGR7X2M5N8P4T6"
OTHER = "ghp_" + "a1B2c3D4e5F6" * 3


def places(desk: Desk, **keys: bool) -> list[tuple[str, int, str]]:
    return [(one.path, one.line, one.where) for one in desk.vault.audit(**keys).findings]


def only(desk: Desk) -> Found:
    (found,) = desk.vault.audit().findings
    return found


def test_a_new_vault_has_none(desk: Desk) -> None:
    answer = desk.vault.audit()
    assert answer.findings == ()
    assert answer.commits == len(desk.git("log", "--format=%H").split())
    assert answer.skipped == ()
    assert answer.blobs == len(desk.git("ls-files").split())


def test_a_secret_that_is_there_is_told_with_what_brought_it_in(desk: Desk) -> None:
    commit = desk.commit(f"-- notes/a.md --\none\nkey {KEY}\n")
    desk.commit(f"-- notes/a.md --\nzero\none\nkey {KEY}\n")
    found = only(desk)
    assert (found.path, found.line, found.where, found.present) == ("notes/a.md", 3, "committed", True)
    assert (found.commit, found.label, found.hint) == (commit, "aws-access-key", "AKIA… 20 characters")
    assert found.fingerprint == fingerprint(KEY)
    assert KEY not in repr(found)


def test_a_secret_that_was_taken_out_is_still_in_git(desk: Desk) -> None:
    commit = desk.commit(f"-- notes/a.md --\nkey {KEY}\n")
    desk.commit("-- notes/a.md --\nclean\n")
    found = only(desk)
    assert (found.path, found.where, found.present, found.commit) == ("notes/a.md", "history", False, commit)
    assert places(desk, history=False) == []


def test_every_reference_counts(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "side")
    desk.commit(f"-- notes/side.md --\n{KEY}\n")
    desk.git("switch", "-q", "main")
    desk.save(f"-- notes/new.md --\n{OTHER}\n")
    desk.git("stash", "-q", "--include-untracked")
    assert places(desk) == [("notes/new.md", 1, "history"), ("notes/side.md", 1, "history")]


def test_what_was_amended_away_is_in_the_reflog(desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n")
    desk.commit("-- notes/a.md --\nclean\n", "again", "--amend")
    assert places(desk) == [("notes/a.md", 1, "history")]


def test_what_a_merge_alone_brought_in(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "side")
    desk.commit("-- notes/side.md --\nx\n")
    desk.git("switch", "-q", "main")
    desk.commit("-- notes/main.md --\ny\n")
    desk.git("merge", "-q", "--no-commit", "--no-ff", "side")
    desk.commit(f"-- notes/evil.md --\n{KEY}\n", "merge")
    assert only(desk).commit == desk.head()


def test_a_renamed_file_tells_its_present_path_and_its_first_commit(desk: Desk) -> None:
    commit = desk.commit(f"-- notes/a.md --\n{KEY}\n")
    desk.git("mv", "notes/a.md", "notes/b.md")
    desk.commit()
    found = only(desk)
    assert (found.path, found.present, found.commit) == ("notes/b.md", True, commit)


def test_messages_of_commits_and_tags(desk: Desk) -> None:
    desk.commit("-- notes/a.md --\nx\n", f"Rotate\n\nthe old one was {KEY}\n\nRefs: {OTHER}")
    desk.git("tag", "-a", "v1", "-m", "the db password is hunter2xyz")
    found = desk.vault.audit().findings
    assert {(one.path, one.line, one.where) for one in found} == {
        (f"message of {desk.head()[:10]}", 3, "message"),
        (f"message of {desk.head()[:10]}", 5, "message"),
        ("message of tags/v1", 1, "message"),
    }


def test_names_of_files_branches_and_tags(desk: Desk) -> None:
    desk.commit(f"-- notes/{OTHER}.md --\ntext\n")
    desk.git("branch", f"key-{KEY}")
    shown = [
        ("name of notes/[REDACTED:github-token].md", 1, "name"),
        ("name of refs/heads/key-[REDACTED:aws-access-key]", 1, "name"),
    ]
    assert places(desk) == shown
    assert places(desk, history=False) == shown[:1]
    desk.git("mv", f"notes/{OTHER}.md", "notes/plain.md")
    desk.git("commit", "-qm", "rename", "--no-verify")
    assert ("name of notes/[REDACTED:github-token].md", 1, "history") in places(desk)


def test_saved_files_and_captures(desk: Desk) -> None:
    desk.commit("-- notes/a.md --\nclean\n")
    desk.save(f"-- notes/a.md --\n{KEY}\n-- notes/new.md --\n{OTHER}\n")
    desk.put("captures/2026/11/22/int-0000000000000000.md", f"an old one, before redaction: {KEY}\n")
    assert places(desk, history=False) == [
        ("captures/2026/11/22/int-0000000000000000.md", 1, "capture"),
        ("notes/a.md", 1, "saved"),
        ("notes/new.md", 1, "saved"),
    ]


def test_binaries_are_passed_by_and_what_is_too_large_is_told(desk: Desk) -> None:
    desk.put("notes/image.png", b"\x89PNG\0\0" + KEY.encode())
    desk.put("notes/wide.txt", f"key {KEY}\n".encode("utf-16"))
    desk.put("atocore.yaml", "limits:\n  file_bytes: 1000\n")
    desk.put("notes/large.md", "x" * 2000)
    desk.commit()
    desk.close()
    answer = desk.vault.audit()
    assert [one.path for one in answer.findings] == ["notes/wide.txt"]
    assert ("notes/large.md", "too-large: 2,000 bytes") in [(one.path, one.reason) for one in answer.skipped]


def test_a_false_alarm_is_allowed(desk: Desk) -> None:
    desk.put("atocore.yaml", f"secrets:\n  false_alarms: [{fingerprint(KEY)}]\n")
    desk.commit(f"-- notes/a.md --\n{KEY} {OTHER}\n")
    desk.close()
    assert only(desk).fingerprint == fingerprint(OTHER)


def test_a_vault_in_a_folder_looks_at_its_own_unless_told(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    run_git(tmp_path, "config", "user.name", "A")
    run_git(tmp_path, "config", "user.email", "a@example.org")
    (tmp_path / "code.py").write_text(f'KEY = "{KEY}"\n')
    run_git(tmp_path, "add", "-A")
    run_git(tmp_path, "commit", "-q", "-m", "code")
    init(tmp_path / "docs" / "memory")
    with Vault.open(tmp_path / "docs" / "memory") as vault:
        (vault.vault / "note.md").write_text(OTHER)
        assert [one.path for one in vault.audit().findings] == ["note.md"]
        whole = vault.audit(whole_repository=True).findings
        assert [(one.path, one.present) for one in whole] == [
            ("code.py", True),
            ("docs/memory/note.md", True),
        ]


def test_a_clone_that_is_shallow_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n")
    desk.commit("-- notes/a.md --\nclean\n")
    run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{desk.folder}", "shallow")
    with Vault.open(tmp_path / "shallow") as vault:
        answer = vault.audit()
    assert answer.findings == ()
    assert "shallow" in answer.notes[0]


def test_a_repository_without_commits(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "atocore.yaml").write_text("format: 1\n")
    (tmp_path / "note.md").write_text(KEY)
    with Vault.open(tmp_path) as vault:
        assert [(one.path, one.where) for one in vault.audit().findings] == [("note.md", "saved")]


@pytest.mark.parametrize(
    "name", ["odd\nname.md", 'a"b.md', "ünï.md", b"\xff.md".decode(errors="surrogateescape")]
)
def test_odd_names(desk: Desk, name: str) -> None:
    desk.put(name, KEY)
    desk.commit()
    assert [one.path for one in desk.vault.audit().findings] == [name]


def test_an_object_that_git_lacks_is_told(desk: Desk) -> None:
    desk.commit("-- notes/a.md --\nlost\n")
    oid = desk.git("rev-parse", "HEAD:notes/a.md").strip()
    (desk.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    assert [(one.path, one.reason) for one in desk.vault.audit().skipped] == [
        ("notes/a.md", "git does not have it: run git fsck")
    ]
