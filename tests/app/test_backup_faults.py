"""Backups while things go wrong: kills at every step, no space, lost places, clocks, others' work."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk, run_git

from atocore import clock
from atocore.app.operations import Job, Operations
from atocore.errors import AtocoreError
from atocore.store.backups import folder_place
from atocore.store.backups.manifest import Reason
from atocore.store.backups.places import place_named

KILLED = """
import errno, os, signal, sys
from pathlib import Path
from atocore.app import Vault
from atocore.app.backups import backing_up
from atocore.records.plan import Actor

vault_folder, place, steps = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]

def unable(path, to, renamed=Path.rename):
    if path.is_dir():
        raise OSError(errno.ENOTSUP, "no renaming of folders here")
    return renamed(path, to)

for step in steps:
    child = os.fork()
    if not child:
        name, _, how = step.partition("@")
        if how:
            Path.rename = unable
        vault = Vault.open(vault_folder, actor=Actor.PERSON)
        vault.repository.on_step = lambda now: now == name and os.kill(os.getpid(), signal.SIGKILL)
        vault.backup_create(to=place)
        os._exit(7)
    print(step, os.waitpid(child, 0)[1])
"""
STEPS = ("begun", "bundle", "embeddings", "local part", "validating", "written")
MOVING = ("moving local.tar@", "moving vault.bundle@", "moving manifest.json@")


def stamps(desk: Desk, place: Path) -> list[str]:
    return [one.stamp for one in desk.vault.backup_list(source=str(place)).backups]


def test_a_kill_at_any_step_leaves_older_backups_whole_and_no_half_one(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    first = desk.vault.backup_create(to=str(place)).stamp
    desk.close()
    steps = [*STEPS, *(f"{one}never" for one in MOVING), *("in place", "moved@never")]
    args = [sys.executable, "-c", KILLED, str(desk.folder), str(place), *steps]
    done = subprocess.run(args, capture_output=True, check=False, timeout=200)
    assert done.stderr == b""
    for step, line in zip(steps, done.stdout.decode().splitlines(), strict=True):
        assert line == f"{step} {signal.SIGKILL}"
    listed = desk.vault.backup_list(source=str(place))
    assert [one.fault for one in listed.backups] == ["", "", ""]  # two were whole when they were cut short
    assert listed.backups[-1].stamp == first
    assert len(listed.unfinished) == 1  # each backup clears what the one before left
    desk.vault.backup_create(to=str(place))
    answer = desk.vault.backup_validate("all", source=str(place), read_data=True)
    assert (answer.ok, len(answer.backups)) == (True, 4), answer
    assert desk.vault.backup_list(source=str(place)).unfinished == ()
    assert list(place.rglob(".*")) == []
    assert not (desk.folder / ".atocore/backup.git").exists()


def test_what_another_process_still_makes_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    place = folder_place.FolderPlace(tmp_path)
    with place.making("20261130T031500Z") as draft:
        (draft / "manifest.json").write_text("")
        desk.vault.backup_create(to=str(tmp_path))
        assert draft.is_dir()
    foreign = tmp_path / ".partial-20261130T031501Z-abcdef-1-1"
    foreign.mkdir()
    assert place.clear() == []
    os.utime(foreign, (1_000_000_000, 1_000_000_000))
    assert place.clear() == [foreign]


def test_commits_rebases_and_gc_meanwhile_leave_each_backup_of_one_moment(desk: Desk, tmp_path: Path) -> None:
    desk.vault.catch_up()
    ended = threading.Event()
    start = desk.head()

    def work() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            name = f"memories/scope/n{number}.md"
            desk.save(f"-- {name} --\nid: mem-n{number}\n--\nNumber {number}.\n")
            run_git(desk.folder, "add", name)
            run_git(desk.folder, "commit", "-q", "-m", f"n{number}")
            if number % 3 == 0:
                run_git(desk.folder, "commit", "-q", "--amend", "-m", f"again {number}")
                run_git(desk.folder, "-c", "core.editor=true", "rebase", "-q", "--no-ff", start)
                run_git(desk.folder, "gc", "-q")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        made = [desk.vault.backup_create(to=str(tmp_path / "kept")) for _ in range(3)]
    finally:
        ended.set()
        worker.join()
    answer = desk.vault.backup_validate("all", source=str(tmp_path / "kept"), read_data=True)
    assert answer.ok, answer
    assert len({one.commit for one in made}) > 1


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of so many bytes, where the machine allows to mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {os.fsdecode(mounted.stderr)}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def bulky(desk: Desk) -> None:
    """A vault of more than a megabyte that nothing can press together, half of it a draft."""
    desk.put("notes/bulk.bin", os.urandom(600_000))
    desk.commit()
    desk.put("notes/draft.bin", os.urandom(600_000))


def test_a_full_disk_is_told_and_older_backups_stay_whole(desk: Desk, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1500k") as disk:
        first = desk.vault.backup_create(to=str(disk)).stamp
        bulky(desk)
        for left in (600_000, 1_350_000):  # the local part has no room, and then the bundle
            (disk / "ballast").write_bytes(os.urandom(left))
            with pytest.raises(AtocoreError, match="space") as refused:
                desk.vault.backup_create(to=str(disk))
            assert refused.value.code == "backup-incomplete"
            assert [path.name for path in disk.iterdir() if path.name != "ballast"] == [first]
        assert desk.vault.backup_validate(first, source=str(disk), read_data=True).ok
        ran = Operations(desk.vault.local_folder()).ran()[Job.BACKUP]
        assert (ran.is_failing, ran.told["stamp"]) == (True, first)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(AtocoreError, match=r"[Rr]ead-only") as refused:
            desk.vault.backup_create(to=str(disk))
        assert "mount it for writing" in refused.value.hint
        assert "atocore service install" in refused.value.hint


def test_a_limit_on_the_size_of_files_is_told(desk: Desk, tmp_path: Path) -> None:
    first = desk.vault.backup_create(to=str(tmp_path / "kept")).stamp
    bulky(desk)
    desk.vault.catch_up(drafts=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(AtocoreError) as refused:
            desk.vault.backup_create(to=str(tmp_path / "kept"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.code == "backup-incomplete"
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [first]


def test_places_that_take_no_backup_are_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file\n")
    cases = {
        "file": ("unreadable", "a file stands"),
        "file/below": ("unreadable", "a file stands"),
        "vault/.atocore/backups": ("bad-path", "outside"),
        "vault/backups": ("bad-path", "outside"),
        "two\nlines": ("bad-value", "name a folder"),
    }
    for name, (code, hint) in cases.items():
        with pytest.raises(AtocoreError) as refused:
            desk.vault.backup_create(to=str(tmp_path / name))
        assert (refused.value.code, hint in refused.value.hint) == (code, True), refused.value
    assert (tmp_path / "file").read_text() == "a file\n"


def test_a_place_that_lost_its_backups_is_told_and_no_scheduled_one_goes_there(
    desk: Desk, tmp_path: Path
) -> None:
    place = tmp_path / "mount" / "kept"
    made = desk.vault.backup_create(to=str(place))
    (tmp_path / "mount").rename(tmp_path / "unmounted")
    with pytest.raises(AtocoreError, match=f"had the backup {made.stamp}") as refused:
        desk.vault.backup_create(to=str(place), reason=Reason.SCHEDULED)
    assert "mount it" in refused.value.hint
    assert not place.exists()
    assert Operations(desk.vault.local_folder()).ran()[Job.BACKUP].is_failing
    again = desk.vault.backup_create(to=str(place))
    assert again.notes == (f"{place} had the backup {made.stamp}, and has none now: is it mounted?",)


def test_backups_are_ordered_by_number_whatever_the_clock_says(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = datetime(2026, 11, 30, 3, 15, tzinfo=UTC)
    made = []
    for days in (0, 0, -400, 2):
        monkeypatch.setattr(clock, "now", lambda at=start + timedelta(days=days): at)
        made.append(desk.vault.backup_create(to=str(tmp_path)).stamp)
    assert made == ["20261130T031500Z", "20261130T031500Z-2", "20251026T031500Z", "20261202T031500Z"]
    assert stamps(desk, tmp_path) == made[::-1]


def test_where_folders_cannot_be_renamed_the_manifest_comes_last(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.vault.catch_up()
    renamed, order = Path.rename, list[str]()

    def unable(path: Path, to: Path) -> Path:
        if path.is_dir():
            raise OSError(errno.EXDEV, "no renaming of folders here")
        if path.name == "vault.bundle":
            raise OSError(errno.EXDEV, "nor of this file")
        order.append(path.name)
        return renamed(path, to)

    monkeypatch.setattr(Path, "rename", unable)
    desk.vault.backup_create(to=str(tmp_path / "kept"))
    monkeypatch.undo()
    assert order == ["local.tar", "manifest.json"]
    assert list((tmp_path / "kept").rglob(".*")) == []
    assert desk.vault.backup_validate("all", source=str(tmp_path / "kept"), read_data=True).ok


def test_a_scheduled_backup_goes_off_site_and_one_place_that_fails_spoils_no_other(
    desk: Desk, tmp_path: Path
) -> None:
    run_git(tmp_path, "init", "-q", "--bare", "remote.git")
    (tmp_path / "file").write_text("")
    off = [f"{tmp_path}/file", f"{tmp_path}/synced", f"file://{tmp_path}/remote.git", "file:///nowhere.git"]
    desk.put("atocore.yaml", f"format: 1\nbackup: {{off_site: {off}}}\n")
    desk.commit()
    desk.put("notes/private.md", "not for others\n")
    desk.git("stash", "push", "-q", "-u")
    desk.close()
    kept = str(tmp_path / "kept")
    with pytest.raises(AtocoreError, match="could not be sent to all places") as refused:
        desk.vault.backup_create(to=kept, reason=Reason.SCHEDULED)
    assert all(name in refused.value.message for name in (off[0], off[3]))
    assert not any(name in refused.value.message for name in off[1:3])
    for place in (kept, *off[1:3]):
        (one,) = desk.vault.backup_list(source=place).backups
        assert one.fault == "", place
        assert ("local.tar" in one.files) == (place == kept)
        manifest = place_named(place).get(one.stamp).manifest
        assert manifest and ("refs/stash" in manifest.refs) == (place == kept), "a stash is a draft"
    assert desk.vault.backup_validate("all", source=off[2], read_data=True).ok
    assert "stash" not in run_git(tmp_path / "remote.git", "for-each-ref")
    ran = Operations(desk.vault.local_folder()).ran()[Job.BACKUP]
    assert (ran.is_failing, bool(ran.last_success)) == (True, True)
    assert desk.vault.backup_create(to=kept).off_site == ()


def test_a_dry_run_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    planned = desk.vault.backup_create(to=str(tmp_path / "kept"), dry_run=True, local=False)
    assert (planned.dry_run, planned.validated) == (True, False)
    assert planned.files == ("vault.bundle", "embeddings.sqlite")
    assert not (tmp_path / "kept").exists()
    assert not (desk.folder / ".atocore/operations.json").exists()


KILLED_VALIDATION = """
import os, signal, sys
from pathlib import Path
from atocore.app.backups import reading
from atocore.store.backups.places import place_named

reading.look_through = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
reading.validate(place_named(sys.argv[1]), "all", read_data=True)
"""


@pytest.mark.parametrize("verb", ["create", "validate", "prune"])
def test_what_a_killed_validation_of_a_remote_left_goes_with_the_next_verb(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    remote, place, temporary = tmp_path / "off.git", str(tmp_path / "kept"), tmp_path / "temporary"
    temporary.mkdir()
    run_git(tmp_path, "init", "-q", "--bare", str(remote))
    desk.vault.backup_create(to=f"file://{remote}")
    desk.vault.backup_create(to=place)
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    args = [sys.executable, "-c", KILLED_VALIDATION, f"file://{remote}"]
    killed = subprocess.run(args, capture_output=True, check=False, timeout=200)
    assert (killed.returncode, killed.stderr) == (-signal.SIGKILL, b"")
    assert len(list(temporary.iterdir())) == 1
    match verb:
        case "create":
            desk.vault.backup_create(to=place)
        case "validate":
            assert desk.vault.backup_validate("all", source=place, read_data=True).ok
        case _:
            desk.vault.backup_prune(source=place)
    assert list(temporary.iterdir()) == []
