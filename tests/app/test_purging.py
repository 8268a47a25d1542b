"""Purging: afterwards no object of git's holds the secret, and everything else is as it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from desk import Desk, files_in, refusal, run_git
from purging import KEY, PASSWORD, TOKEN, stored

from atocore.app import Vault
from atocore.app.founding import init
from atocore.errors import AtocoreError
from atocore.knowledge.leaks import fingerprint
from atocore.knowledge.purged import parse

MARK, TOKEN_MARK, PASSWORD_MARK = map(fingerprint, (KEY, TOKEN, PASSWORD))


def sound(desk: Desk, *secrets: str) -> None:
    """No object holds a secret, git is whole, nothing of the purge is left over."""
    assert stored(desk.folder, *secrets) == []
    desk.git("fsck", "--strict", "--no-dangling")
    left = [*desk.folder.glob(".git/**/*.lock"), *desk.folder.glob(".git/atocore*")]
    assert left == []
    assert desk.git("status", "--porcelain") == ""
    assert desk.vault.audit().findings == ()
    assert [one.code for one in desk.vault.check().problems if one.code.startswith("purged")] == []


def test_a_secret_leaves_files_and_messages_and_a_list_stays(desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\none\nkey {KEY}\n")
    desk.git("mv", "notes/a.md", "notes/b.md")
    desk.commit("", f"Rename, and use {KEY}")
    before = desk.head()
    answer = desk.vault.purge(MARK, reason="it was in the logs")
    sound(desk, KEY)
    assert desk.text("notes/b.md") == "one\nkey [REDACTED:aws-access-key]\n"
    assert desk.message("HEAD~1") == "Rename, and use [REDACTED:aws-access-key]"
    assert answer.commit == desk.head()
    assert desk.touched() == {"purged.txt"}
    assert desk.message().endswith("it was in the logs\n\nAtocore-Action: purge\nAtocore-Actor: person")
    assert {entry.old for entry in parse(desk.text("purged.txt").encode())} >= {before}
    assert KEY not in repr(answer)
    assert (answer.commits, answer.messages, answer.listed) == (2, 1, 2)


def test_a_look_at_what_would_go_changes_nothing(desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\nkey {KEY}\n")
    before = desk.state(), desk.git("for-each-ref"), desk.git("reflog")
    seen = desk.vault.purge(MARK, dry_run=True)
    assert (desk.state(), desk.git("for-each-ref"), desk.git("reflog")) == before
    done = desk.vault.purge(MARK)
    assert (seen.files, seen.commits, seen.refs) == (done.files, done.commits, done.refs)


def test_branches_tags_notes_stash_and_index_are_rewritten_alike(desk: Desk) -> None:
    root = desk.head()
    desk.commit(f"-- notes/a.md --\nkey {KEY}\n")
    desk.git("tag", "-a", "v1", "-m", f"with {KEY}")
    desk.git("tag", "light")
    desk.git("notes", "add", "-m", f"seen {KEY}", "HEAD")
    desk.git("switch", "-q", "-c", "side")
    desk.commit(f"-- notes/side.md --\n{KEY}\n", "side")
    desk.git("switch", "-q", "main")
    desk.git("branch", "clean", root)
    desk.put("notes/stashed.md", f"first {KEY}\n")
    desk.git("stash", "-q", "--include-untracked", "-m", f"with {KEY}")
    desk.put("notes/visit.md", f"second {KEY}\n")
    desk.git("stash", "-q")
    desk.put("notes/staged.md", f"staged {KEY}\n")
    desk.git("add", "notes/staged.md")
    answer = desk.vault.purge(MARK)
    assert stored(desk.folder, KEY) == []
    desk.git("fsck", "--strict", "--no-dangling")
    assert desk.git("rev-parse", "clean").strip() == root
    assert (
        desk.git("rev-parse", "v1^{commit}")
        == desk.git("rev-parse", "light")
        == desk.git("rev-parse", "HEAD~1")
    )
    assert desk.git("notes", "show", "light").strip() == "seen [REDACTED:aws-access-key]"
    assert len(desk.git("stash", "list").splitlines()) == 2
    assert answer.stashes == 2
    assert desk.git("status", "--porcelain") == "A  notes/staged.md\n"
    assert desk.text("notes/staged.md") == "staged [REDACTED:aws-access-key]\n"
    desk.git("stash", "pop", "-q")
    assert desk.text("notes/visit.md") == "second [REDACTED:aws-access-key]\n"


def test_drafts_stay_and_one_with_the_secret_is_told(desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\nkey {KEY}\n-- notes/b.md --\nb\n-- notes/c.md --\nc\n")
    desk.put("notes/a.md", f"key {KEY}\nand my edit\n")
    desk.put("notes/b.md", "an edit\n")
    desk.put("notes/new.md", "new\n")
    desk.git("rm", "-q", "--cached", "notes/c.md")
    status, files = desk.git("status", "--porcelain"), files_in(desk.folder)
    answer = desk.vault.purge(MARK)
    assert desk.git("status", "--porcelain") == status
    now = files_in(desk.folder)
    assert {path for path in now if now[path] != files.get(path)} == {"purged.txt"}
    assert answer.drafts == ("notes/a.md",)
    assert stored(desk.folder, KEY) == []


def test_captures_out_of_git_are_redacted_too(desk: Desk) -> None:
    path = "captures/2026/11/22/int-0000000000000000.md"
    desk.put(path, f"---\nid: int-0000000000000000\nkind: interaction\n---\n## Prompt\n{KEY}\n").chmod(0o600)
    answer = desk.vault.purge(MARK)
    assert answer.captures == (path,)
    assert answer.commit is None
    assert "[REDACTED:aws-access-key]" in desk.text(path)
    assert (desk.folder / path).stat().st_mode & 0o777 == 0o600


def test_records_stay_records_whatever_their_headers_look_like(desk: Desk) -> None:
    desk.commit(f"""-- memories/plain.md --
id: mem-pa
subject: database
attribute: password
value: {PASSWORD}
--
It is {PASSWORD}, they say.
-- memories/quoted.md --
id: mem-qa
title: "Use {TOKEN}"
aliases: [{TOKEN}, other]
provenance:
  quote: '{TOKEN} opens it'
--
See {TOKEN}.
-- memories/folded.md --
id: mem-fa
status: candidate
provenance:
  quote: >-
    the token is
    {TOKEN}
    for now
--
Text.
""")
    ids = {r.id: r.path for r in desk.vault.catch_up().select()}
    desk.vault.purge(PASSWORD_MARK, TOKEN_MARK)
    sound(desk, PASSWORD, TOKEN)
    assert {r.id: r.path for r in desk.vault.catch_up().select()} == ids
    record = desk.vault.catch_up().get("mem-pa0000000000")
    assert record is not None
    assert record.value == "[REDACTED:password]"
    assert desk.codes("memories/quoted.md") == []
    assert desk.stale() == []


def test_line_ends_binaries_encodings_and_wrapped_text(desk: Desk) -> None:
    desk.put("notes/crlf.md", f"key {KEY}\r\nnext\r\n".encode())
    desk.put("notes/data.bin", b"\x00\x01" + KEY.encode() + b"\xff")
    desk.put("notes/wide.txt", f"key {KEY}\n".encode("utf-16"))
    desk.put("notes/wrapped.md", f"> the key is {KEY[:10]}\n> {KEY[10:]} there\n")
    desk.put("notes/settings.yaml", f"key: {KEY}\n")
    desk.commit()
    desk.vault.purge(MARK)
    assert stored(desk.folder, KEY, KEY[10:]) == []
    assert (desk.folder / "notes/crlf.md").read_bytes() == b"key [REDACTED:aws-access-key]\r\nnext\r\n"
    assert (desk.folder / "notes/data.bin").read_bytes() == b"\x00\x01[REDACTED:aws-access-key]\xff"
    assert (desk.folder / "notes/wide.txt").read_bytes().decode("utf-16") == "key [REDACTED:aws-access-key]\n"
    assert desk.text("notes/wrapped.md") == "> the key is [REDACTED:aws-access-key] there\n"
    assert desk.text("notes/settings.yaml") == "key: REDACTED-aws-access-key\n"
    desk.git("fsck", "--strict")
    assert desk.git("status", "--porcelain") == ""


def test_a_private_key_goes_whole_and_in_pieces(desk: Desk) -> None:
    body = "\n".join("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ" + letter * 14 for letter in "aBcD")
    pem = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"
    desk.commit(f"-- notes/key.md --\n{pem}\n")
    desk.put("notes/crlf.pem", pem.replace("\n", "\r\n"))
    desk.put("notes/escaped.json", '{"key": "' + pem.replace("\n", "\\n") + '"}')
    desk.put("notes/piece.md", f"it has {body.splitlines()[2]} in it\n")
    desk.commit()
    (mark,) = {one.fingerprint for one in desk.vault.audit().findings if one.path == "notes/key.md"}
    desk.vault.purge(mark)
    assert stored(desk.folder, *body.splitlines()) == []


def test_a_name_with_the_secret_is_another(desk: Desk) -> None:
    desk.commit(f"-- notes/{TOKEN}.md --\ntext\n")
    desk.git("branch", f"use-{TOKEN}")
    answer = desk.vault.purge(TOKEN_MARK)
    assert desk.text("notes/REDACTED-github-token.md") == "text\n"
    assert desk.git("status", "--porcelain") == ""
    assert "rename it by hand: refs/heads/use-REDACTED-github-token" in answer.left[0]


def test_a_file_leaves_history_by_its_path(desk: Desk) -> None:
    desk.commit("-- notes/keys.md --\nfirst\n-- notes/sub/x.md --\nx\n")
    desk.commit("-- notes/keys.md --\nthe 2nd key\n-- notes/other.md --\nfirst\n")
    answer = desk.vault.purge(paths=["notes/keys.md", "notes/sub"])
    assert not (desk.folder / "notes/keys.md").exists()
    assert desk.git("log", "--all", "--format=%H", "--", "notes/keys.md", "notes/sub") == ""
    assert stored(desk.folder, "the 2nd key") == []
    assert "stands elsewhere too" in answer.left[0]
    assert all(entry.new is None for entry in parse(desk.text("purged.txt").encode()))
    assert desk.git("status", "--porcelain") == ""
    assert desk.codes() == []


def test_a_version_leaves_history_by_its_id(desk: Desk) -> None:
    desk.commit("-- notes/a.md --\nold and wrong\n")
    blob = desk.git("rev-parse", "HEAD:notes/a.md").strip()
    desk.commit("-- notes/a.md --\nnew\n")
    desk.vault.purge(blobs=[blob[:10]])
    assert stored(desk.folder, "old and wrong") == []
    assert desk.text("notes/a.md") == "new\n"


def test_what_was_purged_is_refused_at_the_door(desk: Desk) -> None:
    desk.commit("-- notes/a.md --\nWeighs 4 kg.\n")
    desk.vault.purge(paths=["notes/a.md"])
    desk.put("notes/a.md", "Weighs 4 kg.\n")
    from atocore.records.plan import Actor, Change, Message, Plan

    plan = Plan((Change("notes/a.md", None, b"Weighs 4 kg.\n"),), Message("x", "new", Actor.PERSON))
    with pytest.raises(AtocoreError) as error:
        desk.vault.repository.apply(plan)
    assert refusal(error.value)[0] == "secret"
    with pytest.raises(AtocoreError, match="purged from history"):
        desk.vault.repository.apply(Plan(plan.changes, None))
    desk.git("add", "notes/a.md")
    staged = desk.vault.check_staged()
    assert staged.stops
    assert [one.code for one in staged.problems] == ["purged-again"]


def test_an_old_clone_brings_it_back_check_tells_and_again_ends_it(desk: Desk, tmp_path: Path) -> None:
    desk.commit(f"-- notes/a.md --\nkey {KEY}\n")
    desk.close()
    run_git(tmp_path, "clone", "-q", str(desk.folder), "old")
    old = Desk(tmp_path / "old")
    old.git("config", "user.name", "B")
    old.git("config", "user.email", "b@example.org")
    old.commit(f"-- notes/a.md --\nkey {KEY}\nand more\n", "work in the old clone")
    desk.vault.purge(MARK)
    purged = desk.head()
    desk.git("remote", "add", "old", str(old.folder))
    desk.git("fetch", "-q", "old")
    assert "purged-again" in desk.codes()
    desk.git("merge", "-q", "-X", "theirs", "--no-edit", "old/main")
    assert "purged-again" in desk.codes()
    listed = len(parse(desk.text("purged.txt").encode()))
    answer = desk.vault.purge(again=True)
    sound(desk, KEY)
    assert desk.text("notes/a.md") == "key [REDACTED:aws-access-key]\nand more\n"
    assert len(parse(desk.text("purged.txt").encode())) == listed + 1
    assert answer.listed == 1
    desk.git("merge-base", "--is-ancestor", purged, "HEAD")
    with pytest.raises(AtocoreError, match="nothing that was purged"):
        desk.vault.purge(again=True)


def test_two_lists_merge_without_a_conflict(desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n-- notes/b.md --\n{TOKEN}\n")
    desk.vault.purge(MARK)
    desk.git("branch", "side")
    desk.vault.purge(TOKEN_MARK)
    desk.git("switch", "-q", "side")
    desk.commit("-- notes/c.md --\nunrelated\n")
    desk.close()
    desk.vault.purge(paths=["notes/c.md"])
    desk.git("merge", "-q", "--no-edit", "main")
    assert len(parse(desk.text("purged.txt").encode())) == 3


def test_a_vault_in_a_folder_leaves_the_rest_alone_unless_told(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    run_git(tmp_path, "config", "user.name", "A")
    run_git(tmp_path, "config", "user.email", "a@example.org")
    (tmp_path / "code.py").write_text(f'KEY = "{KEY}"\n')
    run_git(tmp_path, "add", "-A")
    run_git(tmp_path, "commit", "-q", "-m", "code")
    vault_folder = tmp_path / "docs" / "memory"
    init(vault_folder)
    (vault_folder / "note.md").write_text(f"{KEY}\n")
    run_git(tmp_path, "add", "-A")
    run_git(tmp_path, "commit", "-q", "-m", "note", "--no-verify")
    with Vault.open(vault_folder) as vault:
        answer = vault.purge(MARK)
    assert (tmp_path / "code.py").read_text() == f'KEY = "{KEY}"\n'
    assert (vault_folder / "note.md").read_text() == "[REDACTED:aws-access-key]\n"
    assert (vault_folder / "purged.txt").exists()
    assert "outside the vault's folder" in answer.left[-1]
    assert len(stored(tmp_path, KEY)) == 1
    with Vault.open(vault_folder) as vault:
        vault.purge(MARK, whole_repository=True)
    assert stored(tmp_path, KEY) == []
    assert run_git(tmp_path, "status", "--porcelain") == ""


def test_signatures_that_are_lost_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n")
    raw = desk.git("cat-file", "commit", "HEAD")
    (tmp_path / "c").write_text(raw.replace("\n\n", "\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n\n", 1))
    signed = desk.git("hash-object", "-t", "commit", "-w", str(tmp_path / "c")).strip()
    desk.git("reset", "-q", "--hard", signed)
    assert desk.vault.purge(MARK).unsigned == 1
    assert "gpgsig" not in desk.git("cat-file", "commit", "HEAD~1")


def test_derived_files_of_this_machine_forget_it(desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\nsecretive {KEY}\n")
    assert desk.found("secretive")
    desk.put(".atocore/extractors.sqlite", "answers")
    desk.vault.purge(MARK)
    held = [
        path
        for path in (desk.folder / ".atocore").rglob("*")
        if path.is_file() and KEY.encode() in path.read_bytes()
    ]
    assert held == []
    assert not (desk.folder / ".atocore/extractors.sqlite").exists()
    assert desk.found("secretive")
    assert desk.stale() == []


def test_backups_of_this_machine_that_hold_it_still_are_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.commit(f"-- notes/a.md --\nkey {KEY}\n")
    own, other = tmp_path / "own", tmp_path / "other"
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(own))
    for place in (own, own, other):
        desk.vault.backup_create(to=str(place))
    told = desk.vault.purge(MARK, dry_run=True).notes
    assert [str(own) in one for one in told] == [False, True]
    assert "a backup in" in told[0]
    assert "2 backups in" in told[1]
    assert desk.vault.purge(MARK).notes == told


def test_the_mirror_is_true_afterwards(desk: Desk) -> None:
    desk.commit(f"-- memories/k.md --\nid: mem-k\n--\nThe key is {KEY}.\n")
    desk.vault.mirror_build()
    desk.vault.purge(MARK)
    assert stored(desk.folder, KEY) == []
    desk.vault.mirror_build()
    assert desk.codes() == []


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda d: d.git("switch", "-q", "--detach"), "detached-head"),
        (lambda d: (d.folder / ".git/MERGE_HEAD").write_text(d.head()), "git-in-progress"),
        (lambda d: d.git("worktree", "add", "-q", "../other"), "cannot-purge"),
        (lambda d: d.git("replace", "HEAD", "HEAD~1"), "cannot-purge"),
        (lambda d: d.put("purged.txt", "mine\n"), "dirty-file"),
        (lambda d: (d.folder / ".git/index.lock").write_text(""), "git-busy"),
    ],
)
def test_what_is_in_the_way_is_told_and_nothing_changes(desk: Desk, prepare, code: str) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n")
    desk.vault.repository.lock_wait_seconds = 0.1
    prepare(desk)
    before = desk.git("for-each-ref"), files_in(desk.folder)
    with pytest.raises(AtocoreError) as error:
        desk.vault.purge(MARK)
    assert refusal(error.value)[0] == code
    assert (desk.git("for-each-ref"), files_in(desk.folder)) == before


def test_what_names_nothing_is_refused(desk: Desk) -> None:
    for call, code in (
        (lambda: desk.vault.purge(), "usage"),
        (lambda: desk.vault.purge(MARK, again=True), "usage"),
        (lambda: desk.vault.purge(KEY), "bad-value"),
        (lambda: desk.vault.purge(MARK), "not-found"),
        (lambda: desk.vault.purge(paths=["notes/never.md"]), "not-found"),
        (lambda: desk.vault.purge(paths=["atocore.yaml"]), "bad-path"),
        (lambda: desk.vault.purge(paths=["../x"]), "bad-path"),
        (lambda: desk.vault.purge(blobs=["abcdef0123"]), "not-found"),
        (lambda: desk.vault.purge(blobs=["--all"]), "not-found"),
        (lambda: desk.vault.purge(again=True), "not-found"),
        (lambda: desk.vault.purge(MARK, reason=f"it is {KEY}"), "secret"),
        (lambda: desk.machine.purge(MARK), "machine-refused"),
    ):
        with pytest.raises(AtocoreError) as error:
            call()
        assert refusal(error.value)[0] == code
        assert KEY not in str(error.value)


def test_a_shallow_clone_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n")
    run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{desk.folder}", "shallow")
    with Vault.open(tmp_path / "shallow") as vault, pytest.raises(AtocoreError, match="shallow"):
        vault.purge(MARK)


def test_a_running_daemon_is_in_the_way(desk: Desk) -> None:
    from filelock import FileLock

    desk.commit(f"-- notes/a.md --\n{KEY}\n")
    (desk.folder / ".atocore").mkdir(exist_ok=True)
    with FileLock(desk.folder / ".atocore/daemon.lock"), pytest.raises(AtocoreError, match="daemon"):
        desk.vault.purge(MARK)


def test_files_that_attributes_change_on_checkout_stay_clean(desk: Desk) -> None:
    desk.put(".gitattributes", "*.txt text eol=crlf\n*.md -text\n")
    desk.put("notes/a.txt", f"key {KEY}\r\n")
    desk.commit()
    desk.vault.purge(MARK)
    assert (desk.folder / "notes/a.txt").read_bytes() == b"key [REDACTED:aws-access-key]\r\n"
    sound(desk, KEY)


def test_a_dangling_object_goes_with_git_s_garbage(desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\n{KEY}\n")
    desk.commit("-- notes/a.md --\nclean\n", "again", "--amend")
    subprocess.run(["git", "hash-object", "-w", "--stdin"], input=KEY.encode(), cwd=desk.folder, check=True)
    remembered = desk.folder / ".git/rr-cache/0a/preimage"
    remembered.parent.mkdir(parents=True)
    remembered.write_text(KEY)
    left = desk.vault.purge(MARK).left
    assert any("rr-cache" in one for one in left), left
    sound(desk, KEY)


def test_a_line_of_the_list_that_says_nothing_is_told_and_the_others_count(desk: Desk) -> None:
    oid = desk.git("rev-parse", "HEAD:memories/scope/gem.md").strip()
    desk.commit(f"-- purged.txt --\nnonsense\n{oid} - 2026-11-30\n")
    told = {(one.code, one.line) for one in desk.vault.check().problems if one.path == "purged.txt"}
    assert {("purged-list", 1), ("purged-again", 0)} <= told


def test_many_files_need_no_more_git_processes_than_few(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []

    class Counted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **options: object) -> None:
            started.append(args)
            super().__init__(*args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", Counted)
    costs = []
    for number in (2, 40):
        for one in range(number):
            desk.put(f"notes/of-{number}/{one}.md", f"key {KEY} {one}\n")
        desk.commit()
        desk.close()
        started.clear()
        desk.vault.purge(MARK)
        costs.append(len(started))
    assert costs[1] <= costs[0] + 5
    assert desk.text("notes/of-40/39.md") == "key [REDACTED:aws-access-key] 39\n"
