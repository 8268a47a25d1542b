"""Indexes are caches: lost, damaged, foreign or shared, they come back, and nothing else changes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import REVIEWER, Desk, copied_desk, files_in, run_git
from helpers import whole

from atocore import open_vault
from atocore.app import catchup
from atocore.app.founding import init
from atocore.errors import AtocoreError
from atocore.index import child, reading
from atocore.index.catalog import Catalog
from atocore.index.generations import Generations

MASS, GEM = whole("mem-mass"), whole("mem-gem")


def local(desk: Desk) -> Path:
    """The generation of the index that is in use."""
    place = Generations(desk.folder / ".atocore" / "index").current
    assert place is not None
    return place


def warm(desk: Desk) -> None:
    """Indexes that are in step, and closed."""
    assert desk.found("Zerodur", kind="memory") == [GEM]
    desk.close()


def _gone(folder: Path) -> None:
    shutil.rmtree(folder)


def _no_catalog(folder: Path) -> None:
    for file in folder.glob("catalog.db*"):
        file.unlink()


def _garbage(folder: Path) -> None:
    for file in folder.glob("catalog.db-*"):
        file.unlink()
    (folder / "catalog.db").write_bytes(b"garbage" * 1000)


def _empty(folder: Path) -> None:
    for file in folder.glob("catalog.db-*"):
        file.unlink()
    (folder / "catalog.db").write_bytes(b"")


def _torn(folder: Path) -> None:
    for file in folder.glob("catalog.db-*"):
        file.unlink()
    raw = (folder / "catalog.db").read_bytes()
    (folder / "catalog.db").write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))


def _no_table(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.db") as db:
        db.execute("DROP TABLE files")
    db.close()


def _another_format(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.db") as db:
        db.execute("UPDATE meta SET value = '0/0' WHERE name = 'format'")
    db.close()


def _no_text_index(folder: Path) -> None:
    for index in folder.glob("text-*"):
        shutil.rmtree(index)


def _text_files(folder: Path) -> list[Path]:
    return [file for file in folder.glob("text-*/*") if file.is_file()]


def _text_emptied(folder: Path) -> None:
    for file in _text_files(folder):
        file.write_bytes(b"")


def _text_garbled(folder: Path) -> None:
    for file in _text_files(folder):
        if file.name.endswith(".json"):
            file.write_text("{")


def _text_halved(folder: Path) -> None:
    for file in _text_files(folder)[::2]:
        file.unlink()


def _all_local(folder: Path) -> None:
    shutil.rmtree(folder.parent.parent)


DAMAGE: list[Callable[[Path], None]] = [
    _gone,
    _all_local,
    _no_catalog,
    _garbage,
    _empty,
    _torn,
    _no_table,
    _another_format,
    _no_text_index,
    _text_emptied,
    _text_garbled,
    _text_halved,
]


@pytest.mark.parametrize("damage", DAMAGE, ids=[one.__name__.strip("_") for one in DAMAGE])
def test_what_is_lost_or_damaged_is_built_anew(desk: Desk, damage: Callable[[Path], None]) -> None:
    warm(desk)
    before = desk.state()
    damage(local(desk))
    assert desk.found("Zerodur", kind="memory") == [GEM]
    assert desk.in_context("mirror made of Zerodur") == [GEM]
    assert desk.codes() == []
    assert desk.state() == before
    assert desk.git("status", "--porcelain") == ""
    assert desk.stale() == []
    desk.vault.promote(MASS)
    assert desk.status("mem-mass") == "active"


def test_a_build_that_fails_ends_the_process_beside_it_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_catalog: Catalog, _read: object) -> None:
        raise OSError(28, "No space left on device")

    made: list[subprocess.Popen[bytes]] = []
    started = child.started
    monkeypatch.setattr(child, "started", lambda *args: made.append(started(*args)) or made[-1])  # type: ignore[func-returns-value]
    monkeypatch.setattr(catchup, "_BATCHES", 1)
    monkeypatch.setattr(reading, "_FILES_AT_ONCE", 1)
    monkeypatch.setattr(reading, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(reading, "_cores", lambda: 2)
    monkeypatch.setattr(Catalog, "load", full)
    desk.close()
    shutil.rmtree(desk.folder / ".atocore" / "index", ignore_errors=True)
    with pytest.raises(OSError, match="No space left") as told:  # its frames are kept as long as it is
        desk.vault.catch_up()
    assert told.tb is not None
    assert [process.poll() is None for process in made] == [False]


def test_what_is_no_file_keeps_no_progress_from_its_end(desk: Desk) -> None:
    (desk.folder / "notes").mkdir(exist_ok=True)
    (desk.folder / "notes/link.md").symlink_to("../atocore.yaml")
    run_git(desk.folder, "add", "notes/link.md")
    run_git(desk.folder, "commit", "-qm", "A link")
    desk.close()
    shutil.rmtree(desk.folder / ".atocore" / "index", ignore_errors=True)
    told: list[tuple[str, int, int]] = []
    desk.vault.progress = lambda *one: told.append(one)
    desk.vault.catch_up()
    doing, done, of = told[-1]
    assert (doing, done) == ("reading", of)


def _later_pages(folder: Path) -> None:
    """Damage that opening does not see."""
    for file in folder.glob("catalog.db-*"):
        file.unlink()
    raw = (folder / "catalog.db").read_bytes()
    (folder / "catalog.db").write_bytes(raw[:8192] + b"\xff" * (len(raw) - 8192))


def _stored_texts(folder: Path) -> None:
    """What a hit's text is read from; finding the hit goes on as before."""
    for file in folder.glob("text-*/*.store"):
        raw = file.read_bytes()
        file.write_bytes(b"\xff" * (len(raw) // 2) + raw[len(raw) // 2 :])


@pytest.mark.parametrize("damage", [_later_pages, _stored_texts])
@pytest.mark.parametrize("verb", ["search mirror --words", "context mirror --words", "list", "check"])
def test_damage_that_shows_late_is_no_internal_error(
    desk: Desk, damage: Callable[[Path], None], verb: str
) -> None:
    warm(desk)
    damage(local(desk))
    args = [sys.executable, "-m", "atocore", *verb.split()]
    for _ in range(2):  # what cannot be answered at once says so, and the next command can
        done = subprocess.run(args, cwd=desk.folder, capture_output=True, text=True, check=False)
        assert "internal error" not in done.stderr
        if done.returncode == 0:
            break
        assert "repeat the command" in done.stderr
    assert done.returncode == 0
    assert desk.found("Zerodur", kind="memory") == [GEM]
    assert desk.stale() == []


def test_a_damaged_text_is_found_by_verification(desk: Desk) -> None:
    warm(desk)
    _stored_texts(local(desk))
    assert any("damaged" in told for told in desk.stale())


def test_reading_changes_no_byte_and_no_time_of_the_vault(desk: Desk) -> None:
    def times() -> dict[str, int]:
        return {path: (desk.folder / path).stat().st_mtime_ns for path in files_in(desk.folder)}

    before, then = desk.state(), times()
    warm(desk)
    desk.vault.list()
    desk.vault.show(GEM)
    desk.vault.check()
    desk.vault.status()
    desk.vault.log()
    desk.vault.index_rebuild()
    desk.found("mirror")
    assert (desk.state(), times()) == (before, then)


def test_a_clone_finds_the_same(desk: Desk, tmp_path: Path) -> None:
    desk.vault.promote(MASS)
    pack = desk.vault.context("primary mirror", project="scope", words=True)
    desk.git("clone", "-q", str(desk.folder), str(tmp_path / "clone"))
    clone = Desk(tmp_path / "clone")
    assert clone.vault.context("primary mirror", project="scope", words=True) == pack
    assert clone.found("mirror") == desk.found("mirror")
    assert clone.vault.log() == desk.vault.log()
    clone.close()


MANY = """
import sys
from atocore import open_vault
with open_vault(sys.argv[1]) as vault:
    print(sorted(hit.id for hit in vault.search("Zerodur", kind="memory", words=True).hits))
"""


def test_processes_that_catch_up_at_once_all_answer(desk: Desk) -> None:
    for number in range(60):
        desk.put(f"notes/n{number}.md", f"Note {number}.\n")
    desk.commit()
    args = [sys.executable, "-c", MANY, str(desk.folder)]
    running = [subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    outcomes = [process.communicate(timeout=60) for process in running]
    assert [(out.decode().strip(), err.decode()) for out, err in outcomes] == [(f"['{GEM}']", "")] * 4
    assert desk.stale() == []


def test_an_open_vault_sees_what_another_process_did(desk: Desk) -> None:
    assert desk.status("mem-mass") == "candidate"
    with open_vault(desk.folder) as other:
        other.promote(MASS)
        other.search("mirror", words=True)
    assert desk.found("weighs") == [MASS]
    assert desk.status("mem-mass") == "active"


def test_a_rebuilt_catalog_under_an_open_vault(desk: Desk) -> None:
    warm(desk)
    assert desk.found("Zerodur", kind="memory") == [GEM]
    with open_vault(desk.folder) as other:
        other.index_rebuild()
    assert desk.found("Zerodur", kind="memory") == [GEM]
    assert desk.stale() == []


def test_a_branch_and_back(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "side")
    desk.vault.retire(GEM)
    desk.commit("-- notes/side.md --\nanamorphic\n")
    assert len(desk.found("anamorphic")) == 1
    desk.git("switch", "-q", "main")
    assert desk.found("anamorphic") == []
    assert desk.status("mem-gem") == "active"
    assert desk.stale() == []
    desk.git("merge", "-q", "--no-edit", "side")
    assert desk.status("mem-gem") == "retired"
    assert desk.stale() == []


def test_a_rewritten_history_is_compared_whole(desk: Desk) -> None:
    desk.commit("-- notes/secret.md --\nanamorphic\n")
    assert len(desk.found("anamorphic")) == 1
    desk.git("reset", "-q", "--hard", "HEAD~1")
    desk.git("reflog", "expire", "--expire=now", "--all")
    desk.git("gc", "-q", "--prune=now")
    assert desk.found("anamorphic") == []
    assert desk.stale() == []


def test_a_stash_takes_drafts_away_and_brings_them_back(desk: Desk) -> None:
    desk.edit("memories/scope/gem.md", "made of Zerodur.", "made of Sitall.")
    assert desk.found("Sitall") == [GEM]
    desk.git("stash", "-q")
    assert desk.found("Sitall") == []
    desk.git("stash", "pop", "-q")
    assert desk.found("Sitall") == [GEM]
    desk.git("clean", "-fdxq")
    assert desk.found("Sitall") == [GEM]


# -- where a vault can be -----------------------------------------------------------------------------------


def test_a_vault_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    top = tmp_path / "repository"
    top.mkdir()
    run_git(top, "init", "-q", "-b", "main")
    run_git(top, "config", "user.name", REVIEWER[0])
    run_git(top, "config", "user.email", REVIEWER[1])
    (top / "code.md").write_text("anamorphic code\n")
    run_git(top, "add", "-A")
    run_git(top, "commit", "-q", "-m", "Code")
    init(top / "docs" / "memory")
    desk = Desk(top / "docs" / "memory")
    made = desk.vault.new("memory", "The lens is anamorphic.", type="knowledge").records[0]
    assert desk.found("anamorphic") == [made.id]
    (top / "code.md").write_text("changed\n")
    run_git(top, "add", "code.md")
    desk.vault.retire(made.id)
    assert desk.touched() == {f"docs/memory/{made.path}"}
    assert run_git(top, "status", "--porcelain").strip() == "M  code.md"
    assert [entry.action for entry in desk.vault.log(made.id).entries] == ["retire", "add"]
    desk.vault.undo("HEAD")
    assert desk.vault.show(made.id).status == "active"
    assert desk.codes() == []
    assert desk.stale() == []
    with pytest.raises(AtocoreError) as caught:
        desk.vault.undo(run_git(top, "rev-list", "--max-parents=0", "HEAD").strip())
    assert caught.value.code == "cannot-undo"
    desk.close()


def test_a_vault_without_a_first_commit(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", REVIEWER[0])
    run_git(folder, "config", "user.email", REVIEWER[1])
    (folder / "atocore.yaml").write_text("format: 1\n")
    desk = Desk(folder)
    desk.put("notes/n.md", "anamorphic\n")
    assert len(desk.found("anamorphic")) == 1
    assert desk.vault.list().records == ()
    assert desk.vault.log().entries == ()
    assert desk.codes() == []
    assert desk.vault.status().commit == ""
    assert desk.in_context("anamorphic") == []
    assert desk.stale() == []
    made = desk.vault.new("memory", "The first.", type="knowledge")
    assert desk.head() == made.commit
    assert desk.git("status", "--porcelain").splitlines() == ["?? atocore.yaml", "?? notes/"]
    assert desk.stale() == []
    desk.close()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: None, "no-repository"),
        (lambda folder: run_git(folder, "init", "-q", "--bare", ".git"), "bare-repository"),
    ],
)
def test_no_repository_or_a_bare_one(tmp_path: Path, make: Callable[[Path], object], code: str) -> None:
    (tmp_path / "atocore.yaml").write_text("format: 1\n")
    make(tmp_path)
    with pytest.raises(AtocoreError) as caught:
        open_vault(tmp_path)
    assert caught.value.code == code
    assert caught.value.hint


SITUATIONS: dict[str, tuple[Callable[[Desk], object], str]] = {
    "detached": (lambda d: d.git("checkout", "-q", "--detach"), "detached-head"),
    "merge": (lambda d: (d.folder / ".git/MERGE_HEAD").write_text(d.head()), "git-in-progress"),
    "rebase": (lambda d: (d.folder / ".git/rebase-merge").mkdir(), "git-in-progress"),
    "nobody": (lambda d: d.git("config", "--unset", "user.email"), "no-identity"),
    "hook": (lambda d: _hook(d, "exit 1"), "hook-failed"),
}


def _hook(desk: Desk, script: str) -> None:
    hook = desk.put(".git/hooks/pre-commit", f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_situation_has_its_answer_and_reading_goes_on(desk: Desk, name: str) -> None:
    prepare, code = SITUATIONS[name]
    prepare(desk)
    before = desk.state()
    with pytest.raises(AtocoreError) as caught:
        desk.vault.promote(MASS)
    assert caught.value.code == code
    assert caught.value.message
    assert desk.state() == before
    assert desk.found("Zerodur", kind="memory") == [GEM]
    assert desk.in_context("mirror made of Zerodur") == [GEM]
    assert desk.codes() == []
    assert desk.vault.status().commit == desk.head()


def test_a_machine_needs_no_identity_and_runs_no_hook(desk: Desk) -> None:
    desk.git("config", "--unset", "user.email")
    _hook(desk, "exit 1")
    assert desk.machine.propose("The truss is carbon.").commit


def test_a_shallow_clone_answers(desk: Desk, tmp_path: Path) -> None:
    desk.vault.promote(MASS)
    desk.git("clone", "-q", "--depth", "1", f"file://{desk.folder}", str(tmp_path / "shallow"))
    clone = Desk(tmp_path / "shallow")
    assert clone.found("weighs") == [MASS]
    assert clone.codes() == []
    clone.git("config", "user.name", "N")
    clone.git("config", "user.email", "n@example.org")
    clone.vault.demote(MASS)
    assert clone.status("mem-mass") == "candidate"
    clone.close()


def test_a_worktree_has_indexes_of_its_own(desk: Desk, tmp_path: Path) -> None:
    warm(desk)
    desk.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "tree"))
    tree = Desk(tmp_path / "tree")
    tree.vault.retire(GEM)
    assert tree.status("mem-gem") == "retired"
    assert desk.status("mem-gem") == "active"
    tree.close()


def test_local_files_are_never_seen_by_git_even_without_an_ignore_file(desk: Desk) -> None:
    desk.git("rm", "-q", ".gitignore")
    desk.commit(message="no ignore file")
    warm(desk)
    assert desk.git("status", "--porcelain", "-uall") == ""


def test_a_copied_local_folder_of_another_vault(desk: Desk, template_vault: Path, tmp_path: Path) -> None:
    other = copied_desk(template_vault, tmp_path / "other")
    other.commit("-- notes/o.md --\nanamorphic\n")
    assert len(other.found("anamorphic")) == 1
    other.close()
    shutil.copytree(other.folder / ".atocore", desk.folder / ".atocore", dirs_exist_ok=True)
    assert desk.found("anamorphic") == []
    assert desk.found("Zerodur", kind="memory") == [GEM]
    assert desk.stale() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_vault_can_be_read_and_a_step_says_so(desk: Desk) -> None:
    shutil.rmtree(local(desk))
    desk.folder.chmod(0o555)
    try:
        assert desk.found("Zerodur", kind="memory") == [GEM]
        with pytest.raises(AtocoreError) as caught:
            desk.vault.promote(MASS)
        assert caught.value.code == "read-only"
    finally:
        desk.folder.chmod(0o755)


def test_a_vault_whose_path_is_not_utf_8_keeps_its_index_elsewhere(
    template_vault: Path, tmp_path: Path
) -> None:
    desk = copied_desk(template_vault, tmp_path / os.fsdecode(b"caf\xe9"))
    shutil.rmtree(desk.folder / ".atocore/index")
    assert desk.found("Zerodur", kind="memory") == [GEM]
    desk.vault.promote(MASS)
    assert desk.found("weighs") == [MASS]
    assert not (desk.folder / ".atocore/index").exists()
    desk.close()
