"""Health: each reason is told where its symptom is on disk, nothing else degrades, and whatever is broken,
there is an answer."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, copied_desk
from filelock import FileLock

from atocore.app.health import index as health_index
from atocore.app.health.reporting import Health, health_of
from atocore.app.operations import Job, Operations
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge.health import REASONS
from atocore.knowledge.purged import Purged

OLD = "2020-02-02T02:02:02Z"
BROKEN = "-- memories/scope/broken.md --\nid: [\n--\nBroken.\n"
NEW = "-- notes/new.md --\nA note.\n"


@pytest.fixture(scope="module")
def kept_vault(template_vault: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault whose index is in step. Copy it, never write to it."""
    made = copied_desk(template_vault, tmp_path_factory.mktemp("kept") / "vault")
    made.vault.take_in()
    made.close()
    return made.folder


@pytest.fixture
def desk(kept_vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(tmp_path / "backups"))
    made = copied_desk(kept_vault, tmp_path / "vault")
    yield made
    made.close()


def codes(health: Health) -> list[str]:
    assert health.status == ("degraded" if health.reasons else "ok")
    return [one.code for one in health.reasons]


def settings(desk: Desk, text: str) -> None:
    desk.put("atocore.yaml", f"format: 1\n{text}\n")


def operations(desk: Desk) -> Operations:
    return Operations(desk.folder / ".atocore")


def seen_since(desk: Desk, seconds: int) -> None:
    """Let the vault have come to this machine at a moment."""
    os.utime(desk.folder / ".atocore/.gitignore", (seconds, seconds))


# -- each symptom ---------------------------------------------------------------------------------------


def restore_cut_short(desk: Desk) -> None:
    told = {"stamp": "20261130T031500Z", "command": "atocore backup restore 20261130T031500Z"}
    desk.put(".atocore/restore/journal.json", json.dumps(told))


def settings_broken(desk: Desk) -> None:
    desk.put("atocore.yaml", "format: [\n")


def settings_gone(desk: Desk) -> None:
    (desk.folder / "atocore.yaml").unlink()


def schedule_senseless(desk: Desk) -> None:
    settings(desk, "schedule:\n  drill: sometimes")


def repository_gone(desk: Desk) -> None:
    shutil.rmtree(desk.folder / ".git")


def head_damaged(desk: Desk) -> None:
    desk.put(".git/HEAD", "nonsense\n")


def commit_missing(desk: Desk) -> None:
    desk.put(".git/refs/heads/main", "1" * 40 + "\n")


def purged_is_back(desk: Desk) -> None:
    oid = desk.git("rev-parse", "HEAD:notes/visit.md").strip()
    desk.put("purged.txt", Purged(oid, None, "2026-01-31").line() + "\n")
    desk.commit()


def file_broken(desk: Desk) -> None:
    desk.commit(BROKEN)


def fifo_left(desk: Desk) -> None:
    os.mkfifo(desk.folder / "memories/pipe.md")


def folder_unseen(desk: Desk) -> None:
    catalog = desk.vault.catalog
    with catalog.change():
        catalog.set_unknown(Realm.LOCAL, {"captures": "Permission denied"}, None)
    desk.close()


def daemon_lags(desk: Desk) -> None:
    os.environ["GIT_COMMITTER_DATE"] = OLD
    try:
        desk.commit(NEW)
    finally:
        del os.environ["GIT_COMMITTER_DATE"]


def sweep_failed(desk: Desk) -> None:
    operations(desk).succeeded(Job.SWEEP, OLD.replace("2020", "2999"))
    operations(desk).failed(Job.SWEEP, OLD.replace("2020", "2999"), "git-busy: somebody commits")


def backup_made(desk: Desk) -> Path:
    made = desk.vault.backup_create()
    desk.close()
    return Path(made.path)


def backup_gone(desk: Desk) -> None:
    shutil.rmtree(backup_made(desk))


def place_gone(desk: Desk) -> None:
    shutil.rmtree(backup_made(desk).parent)


def bundle_cut(desk: Desk) -> None:
    os.truncate(backup_made(desk) / "vault.bundle", 10)


def part_missing(desk: Desk) -> None:
    (backup_made(desk) / "vault.bundle").unlink()


def manifest_damaged(desk: Desk) -> None:
    (backup_made(desk) / "manifest.json").write_text("{}")


def clock_went_back(desk: Desk) -> None:
    operations(desk).succeeded(Job.DRILL, OLD.replace("2020", "2999"))


def no_space_left(desk: Desk) -> None:
    settings(desk, f"health:\n  free_bytes: {10**18}")


def hook_failed(desk: Desk) -> None:
    told = {"last_run": OLD, "last_outcome": "failed", "last_error": "no space", "last_error_at": OLD}
    desk.put(".atocore/hook-status.json", json.dumps(told))


def candidate_old(desk: Desk) -> None:
    settings(desk, "health:\n  candidates_days: 1")
    desk.git("add", "-A")
    text = "id: mem-wts\nstatus: candidate\n--\nIt waits."
    desk.commit(f"-- memories/scope/waits.md --\n{text}\n", "by hand", "--date", OLD)


SYMPTOMS: dict[str, tuple[Callable[[Desk], None], ...]] = {
    "restore-unfinished": (restore_cut_short,),
    "settings": (settings_broken, settings_gone, schedule_senseless),
    "repository": (repository_gone, head_damaged, commit_missing),
    "purged-back": (purged_is_back,),
    "problems": (file_broken, fifo_left),
    "unreadable": (folder_unseen,),
    "sweep-failed": (sweep_failed,),
    "backup-gone": (backup_gone, place_gone),
    "backup-damaged": (bundle_cut, part_missing, manifest_damaged),
    "clock-behind": (clock_went_back,),
    "disk-low": (no_space_left,),
    "hook-failing": (hook_failed,),
    "candidates-waiting": (candidate_old,),
}
ELSEWHERE = {
    *("index-missing", "index-damaged", "index-behind", "daemon-errors", "daemon-silent", "disk-unknown"),
    *(f"{job}-{how}" for job in Job for how in ("overdue", "failed")),
}
"""Reasons whose symptoms have a test of their own below."""
EACH = [(code, cause) for code, causes in SYMPTOMS.items() for cause in causes]


@pytest.mark.parametrize(("code", "cause"), EACH, ids=[f"{c}-{f.__name__}" for c, f in EACH])
def test_each_reason_is_told_where_its_symptom_is(
    desk: Desk, code: str, cause: Callable[[Desk], None]
) -> None:
    cause(desk)
    found = health_of(desk.folder)
    expected = {code, "clock-behind"} if code == "sweep-failed" else {code}
    if cause is clock_went_back:
        assert found.last_drill.age_seconds == 0
    assert set(codes(found)) == expected
    assert all(one.message and one.hint for one in found.reasons)


def test_every_reason_of_the_table_is_caused_by_a_test() -> None:
    assert SYMPTOMS.keys() | ELSEWHERE == REASONS.keys()


# -- jobs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("job", Job)
def test_a_job_that_failed_or_whose_time_has_passed_is_told(desk: Desk, job: Job) -> None:
    operations(desk).succeeded(job, OLD)
    operations(desk).failed(job, OLD, "unreadable: it is not mounted")
    found = health_of(desk.folder)
    assert codes(found) == [f"{job}-overdue", f"{job}-failed"]
    stands = getattr(found, f"last_{job}")
    assert (stands.overdue, stands.failing, stands.last_success) == (True, True, OLD)
    assert stands.age_seconds > 200_000_000
    assert "not mounted" in stands.error
    assert stands.next_due > found.at


def test_what_never_ran_is_overdue_from_its_first_time_on(desk: Desk) -> None:
    assert codes(health_of(desk.folder)) == []
    seen_since(desk, 1_700_000_000)
    found = health_of(desk.folder)
    assert codes(found) == [f"{job}-overdue" for job in Job]
    assert found.last_backup.overdue_since.startswith("2023-11-1")
    assert found.last_backup.age_seconds is None


def test_a_job_that_is_off_is_not_judged(desk: Desk) -> None:
    seen_since(desk, 1_700_000_000)
    settings(desk, "schedule:\n" + "\n".join(f"  {job}: off" for job in Job))
    found = health_of(desk.folder)
    assert codes(found) == []
    assert (found.last_drill.schedule, found.last_drill.next_due) == ("off", "")


def test_one_schedule_that_is_broken_hides_no_other(desk: Desk) -> None:
    seen_since(desk, 1_700_000_000)
    settings(desk, 'schedule:\n  backup: "61 3 * *"\n  prune: soon\n')
    found = health_of(desk.folder)
    assert codes(found) == ["settings", "settings", "drill-overdue", "sweep-overdue"]
    assert (found.last_backup.schedule, found.last_backup.next_due) == ("61 3 * *", "")


def test_a_backup_that_was_made_and_stands_is_fine(desk: Desk) -> None:
    backup_made(desk)
    found = health_of(desk.folder)
    assert codes(found) == []
    assert found.last_backup.age_seconds is not None


def test_backups_that_were_moved_with_the_setting_are_fine(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = desk.folder.parent / "moved"
    backup_made(desk).parent.rename(moved)
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(moved))
    assert codes(health_of(desk.folder)) == []


def test_a_backup_that_was_made_elsewhere_is_looked_at_there(desk: Desk, tmp_path: Path) -> None:
    made = desk.vault.backup_create(to=str(tmp_path / "usb"))
    assert codes(health_of(desk.folder)) == []
    shutil.rmtree(made.path)
    assert codes(health_of(desk.folder)) == ["backup-gone"]


# -- the daemon -----------------------------------------------------------------------------------------


@pytest.fixture
def held(desk: Desk) -> Iterator[None]:
    """A daemon holds the vault, and told where it is."""
    told = {"pid": os.getpid(), "version": "0.0.1", "started": OLD, "socket": "gone", "vault": "?"}
    desk.put(".atocore/daemon.json", json.dumps(told))
    with FileLock(desk.folder / ".atocore/daemon.lock", thread_local=False):
        yield


def told(**more: Any) -> dict[str, Any]:
    return {"pid": os.getpid(), "errors": {}, "rounds": 3, "last_round": OLD} | more


@pytest.mark.usefixtures("held")
def test_a_daemon_is_told_with_what_fails_in_it(desk: Desk) -> None:
    found = health_of(desk.folder, told())
    assert codes(found) == []
    assert (found.daemon.runs, found.daemon.answers, found.daemon.rounds) == (True, True, 3)
    assert (found.daemon.started, found.daemon.version) == (OLD, "0.0.1")
    found = health_of(desk.folder, told(errors={"COMMIT": "no space left"}))
    assert codes(found) == ["daemon-errors"]
    assert "no space left" in found.reasons[0].message
    found = health_of(desk.folder, told(errors={"BACKUP": "backup: no-backup: the disk is gone"}))
    assert found.reasons[0].message == "backup: no-backup: the disk is gone"


@pytest.mark.usefixtures("held")
def test_a_daemon_that_does_not_answer_is_told_unless_it_is_starting(desk: Desk) -> None:
    assert codes(health_of(desk.folder, {})) == ["daemon-silent"]
    assert codes(health_of(desk.folder)) == []  # nobody asked it
    (desk.folder / ".atocore/daemon.json").unlink()
    assert codes(health_of(desk.folder, {})) == []


def test_no_daemon_is_no_reason(desk: Desk) -> None:
    assert not health_of(desk.folder).daemon.runs


@pytest.mark.usefixtures("held")
def test_an_index_that_a_daemon_leaves_behind_is_told_after_a_while(desk: Desk) -> None:
    before = desk.head()
    desk.commit(NEW)
    found = health_of(desk.folder, told())
    assert codes(found) == []
    assert (found.indexed_commit, found.lag and found.lag.commits) == (before, 1)
    assert found.covered
    assert (found.covered.files, found.covered.of) == (found.covered.of - 1, found.covered.of)
    desk.git("reset", "-q", "--hard", "HEAD~1")
    daemon_lags(desk)
    found = health_of(desk.folder, told())
    assert codes(found) == ["index-behind"]
    assert found.lag
    assert found.lag.seconds > 100_000_000


# -- the index ------------------------------------------------------------------------------------------


def test_a_little_that_was_committed_is_taken_in(desk: Desk) -> None:
    desk.commit(NEW)
    found = health_of(desk.folder)
    assert codes(found) == []
    assert found.indexed_commit == found.commit == desk.head()
    assert found.lag
    assert (found.lag.commits, found.lag.text, found.lag.seconds) == (0, 0, 0)
    assert found.covered
    assert found.covered.files == found.covered.of


def test_more_is_left_to_others_and_told_as_lag(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_index, "LITTLE", 0)
    before = desk.head()
    desk.git("rm", "-q", "notes/visit.md")
    desk.edit("memories/scope/gem.md", "Zerodur", "Borofloat")
    desk.commit(NEW)
    found = health_of(desk.folder)
    assert codes(found) == []
    assert found.indexed_commit == before
    assert found.lag
    assert (found.lag.commits, found.lag.text) == (1, 3)
    assert found.covered
    files = len(desk.git("ls-files", "*.md").split())
    assert (found.covered.files, found.covered.of) == (files - 2, files)


def test_lag_is_told_where_the_indexed_commit_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_index, "LITTLE", 0)
    desk.edit("memories/scope/gem.md", "Zerodur", "Borofloat")
    desk.git("commit", "-qa", "--amend", "-m", "Rewritten")
    desk.git("reflog", "expire", "--expire=now", "--all")
    desk.git("gc", "-q", "--prune=now")
    found = health_of(desk.folder)
    assert codes(found) == []
    assert found.lag
    assert (found.lag.commits, found.lag.text) == (-1, 1)


def test_a_small_vaults_missing_or_damaged_index_is_built(desk: Desk) -> None:
    shutil.rmtree(desk.folder / ".atocore/index")
    assert codes(health_of(desk.folder)) == []
    damage(desk)
    found = health_of(desk.folder)
    assert codes(found) == []
    assert found.candidates == 1


def damage(desk: Desk) -> None:
    (catalog,) = desk.folder.glob(".atocore/index/generation-*/catalog.db")
    catalog.write_bytes(b"nonsense" * 1000)


def test_a_large_vaults_missing_or_damaged_index_is_told_and_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_index, "LITTLE", 0)
    damage(desk)
    found = health_of(desk.folder)
    assert codes(found) == ["index-damaged"]
    shutil.rmtree(desk.folder / ".atocore/index")
    found = health_of(desk.folder)
    assert codes(found) == ["index-missing"]
    assert (found.lag, found.covered, found.candidates, found.open_conflicts_count) == (None,) * 4
    assert found.commit == desk.head()
    assert not list(desk.folder.glob(".atocore/index/generation-*"))


def test_damage_that_shows_late_is_told_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_index, "LITTLE", 0)
    desk.vault.catalog._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()
    (catalog,) = desk.folder.glob(".atocore/index/generation-*/catalog.db")
    raw = bytearray(catalog.read_bytes())
    raw[8192:] = b"\xff" * (len(raw) - 8192)
    catalog.write_bytes(raw)
    assert codes(health_of(desk.folder)) == ["index-damaged"]


def test_nobody_who_builds_or_writes_the_index_is_waited_for(desk: Desk) -> None:
    before = desk.head()
    with closing(desk.vault.catalog), desk.vault.catalog.change():
        desk.commit(NEW)
        found = health_of(desk.folder)
    assert (codes(found), found.indexed_commit) == ([], before)
    shutil.rmtree(desk.folder / ".atocore/index")
    desk.put(".atocore/index/builder.pid", "1")
    with FileLock(desk.folder / ".atocore/index/builder.lock", thread_local=False):
        assert codes(health_of(desk.folder)) == ["index-missing"]


def test_a_step_that_was_cut_short_is_left_to_the_next_command(desk: Desk) -> None:
    before = desk.head()
    desk.commit(NEW)
    desk.put(".atocore/journal", "{")
    assert health_of(desk.folder).indexed_commit == before
    assert (desk.folder / ".atocore/journal").exists()


# -- whatever is broken ---------------------------------------------------------------------------------


def test_without_a_repository_the_rest_is_told(desk: Desk) -> None:
    operations(desk).succeeded(Job.BACKUP, OLD)
    repository_gone(desk)
    found = health_of(desk.folder)
    assert codes(found) == ["repository", "backup-overdue"]
    assert (found.commit, found.branch, found.problems, found.drafts_count) == ("", None, None, None)
    assert found.disks[0].free_bytes


def test_where_there_is_no_git_it_is_not_named_as_the_remedy(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (found,) = health_of(desk.folder).reasons
    assert (found.code, found.hint) == ("repository", "install git 2.34 or later")


def test_with_a_damaged_head_the_index_tells_what_it_knows(desk: Desk) -> None:
    commit_missing(desk)
    found = health_of(desk.folder)
    assert (found.commit, found.candidates) == ("", 1)
    assert found.indexed_commit


def test_a_place_that_cannot_be_looked_at_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", "/" + "x" * 300)
    assert codes(health_of(desk.folder)) == ["backup-gone"]
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", "remote:nowhere")
    assert codes(health_of(desk.folder)) == ["settings"]


def test_a_disk_that_does_not_tell_its_space_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(_path: Path) -> None:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr(shutil, "disk_usage", stale)
    found = health_of(desk.folder)
    assert set(codes(found)) == {"disk-unknown"}
    assert found.disks[0].free_bytes is None


def test_backups_on_a_git_remote_are_not_asked_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", "https://backup.invalid/vault.git")
    found = health_of(desk.folder)
    assert (codes(found), [disk.of for disk in found.disks]) == ([], ["vault"])


def test_a_detached_head_and_a_locked_repository_are_no_reason(desk: Desk) -> None:
    desk.git("checkout", "-q", "--detach")
    desk.put(".git/index.lock", "")
    with FileLock(desk.folder / ".atocore/lock", thread_local=False):
        found = health_of(desk.folder)
    assert (codes(found), found.branch, found.commit) == ([], None, desk.head())


def test_a_branch_without_commits_is_no_reason(tmp_path: Path, desk: Desk) -> None:
    desk.git("checkout", "-q", "--orphan", "fresh")
    found = health_of(desk.folder)
    assert (codes(found), found.branch, found.commit) == ([], "fresh", "")


def test_a_local_folder_that_cannot_be_written_is_no_reason(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "access", lambda path, mode: ".atocore" not in str(path))
    operations(desk).succeeded(Job.BACKUP, OLD)
    before = sorted((path, path.stat().st_mtime_ns) for path in (desk.folder / ".atocore").rglob("*"))
    found = health_of(desk.folder)
    assert "index-missing" not in codes(found)
    assert found.candidates == 1
    assert sorted((path, path.stat().st_mtime_ns) for path in (desk.folder / ".atocore").rglob("*")) == before


def test_without_any_vault_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AtocoreError) as refused:
        health_of(tmp_path)
    assert refused.value.code == "not-a-vault"


# -- figures --------------------------------------------------------------------------------------------


def test_work_that_waits_is_a_figure(desk: Desk) -> None:
    desk.commit(
        "-- memories/scope/other.md --\nid: mem-2nd\nproject: scope\nsubject: primary mirror\n"
        "attribute: glass\nvalue: Borofloat\n--\nBorofloat.\n",
        "by hand",
        "--date",
        OLD,
    )
    desk.save(NEW)
    desk.save(BROKEN)
    found = health_of(desk.folder)
    assert codes(found) == []
    assert (found.open_conflicts_count, found.candidates, found.drafts_count) == (1, 1, 2)
    status = desk.vault.status()
    assert found.open_conflicts_count == status.open_conflicts_count
    assert found.longest_waiting
    assert status.longest_waiting
    assert found.longest_waiting.id == status.longest_waiting.id
    assert found.longest_waiting.since == status.longest_waiting.since


def untimed(health: Health) -> Health:
    """What two looks in a row have in common."""
    oldest = health.longest_waiting
    return replace(health, at="", disks=(), longest_waiting=oldest and replace(oldest, age_seconds=0))


def test_an_open_vault_tells_the_same(desk: Desk) -> None:
    found = untimed(desk.vault.health())
    desk.close()
    assert untimed(health_of(desk.folder)) == found


def test_what_the_commit_decides_is_kept_until_there_is_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = untimed(health_of(desk.folder))
    monkeypatch.setattr("atocore.app.health.committed._found", lambda *_: pytest.fail("found out anew"))
    assert untimed(health_of(desk.folder)) == first
    monkeypatch.undo()
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(desk.folder.parent / "backups"))
    desk.put(".atocore/health.json", "{")
    assert untimed(health_of(desk.folder)) == first
    file_broken(desk)
    assert codes(health_of(desk.folder)) == ["problems"]


def test_the_oldest_candidate_is_found_in_the_new_commits_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    health_of(desk.folder)
    before, asked = desk.head(), []
    between = type(desk.vault.repository).history_between

    def watched(self: Any, old: str | None, new: str) -> Any:
        asked.append(old)
        return between(self, old, new)

    monkeypatch.setattr(type(desk.vault.repository), "history_between", watched)
    desk.commit("-- memories/scope/c.md --\nid: mem-c\nstatus: candidate\n--\nA claim.\n")
    found = health_of(desk.folder)
    assert (found.candidates, asked) == (2, [before])
    assert found.longest_waiting
    assert found.longest_waiting.id.startswith("mem-mass")
