"""backup prune on real folders: what goes, what never does, and what happens when it is cut short."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk

from atocore.app.backups.pruning import Pruned
from atocore.app.backups.restore_choice import picked
from atocore.app.clone import named_clone
from atocore.app.operations import Job, Operations
from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import FolderPlace
from atocore.store.backups.makers import partial_name
from atocore.store.backups.manifest import BUNDLE, MANIFEST, Form, Manifest, Part, Reason

START = datetime(2026, 11, 1, 3, 15, tzinfo=UTC)


def kept_at(
    place: Path, day: int, *, reason: Reason = Reason.SCHEDULED, vault: str = "vault", clone: str = ""
) -> Path:
    """A backup of the day of November 2026 whose bundle is a few bytes."""
    created = START + timedelta(days=day - 1)
    folder = place / created.strftime("%Y%m%dT%H%M%SZ")
    folder.mkdir(parents=True)
    raw = f"bundle {day}".encode()
    (folder / BUNDLE).write_bytes(raw)
    manifest = Manifest(
        stamp=folder.name,
        sequence=day,
        created=created.isoformat(),
        reason=reason,
        form=Form.VAULT,
        atocore="0",
        git="2",
        vault=vault,
        clone=clone,
        commit="0" * 40,
        files={BUNDLE: Part(len(raw), hashlib.sha256(raw).hexdigest())},
    )
    (folder / MANIFEST).write_text(manifest.to_json())
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Backups of the first six days."""
    for day in range(1, 7):
        kept_at(tmp_path / "kept", day)
    return tmp_path / "kept"


def days(place: Path) -> list[int]:
    """The days whose backups are there, whole or not."""
    return sorted(int(path.name[6:8]) for path in place.iterdir() if path.name[0] == "2")


def prune(desk: Desk, place: Path, *, last: int = 2, dry_run: bool = False) -> Pruned:
    none = {f"keep_{rule}": 0 for rule in ("daily", "weekly", "monthly", "yearly")}
    return desk.vault.backup_prune(source=str(place), keep_last=last, dry_run=dry_run, **none)


def told(found: Pruned) -> dict[int, tuple[bool, str]]:
    return {int(one.stamp[6:8]): (one.keep, ", ".join(one.reasons)) for one in found.backups}


def test_what_no_rule_keeps_goes_and_each_says_why(desk: Desk, place: Path) -> None:
    would = prune(desk, place, dry_run=True)
    assert days(place) == [1, 2, 3, 4, 5, 6]
    assert Operations(desk.folder / ".atocore").ran()[Job.PRUNE].last_success == ""
    did = prune(desk, place)
    assert days(place) == [5, 6]
    assert (would.backups, would.removed) == (did.backups, did.removed)
    assert told(did)[6] == (True, "last 2")
    assert told(did)[4] == (False, "no rule keeps it")
    assert did.freed_bytes == 4 * len(b"bundle 1")
    ran = Operations(desk.folder / ".atocore").ran()[Job.PRUNE]
    assert ran.told == {"place": str(place), "removed": 4, "kept": 2}
    assert prune(desk, place).removed == ()


def test_where_nothing_temporary_can_be_written_backups_go_all_the_same(
    desk: Desk, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", full)
    assert len(prune(desk, place).removed) == 4
    assert days(place) == [5, 6]


def test_the_settings_decide_where_no_numbers_are_given(desk: Desk, place: Path) -> None:
    found = desk.vault.backup_prune(source=str(place), keep_daily=1)
    assert days(place) == [1, 4, 5, 6]
    assert told(found)[1] == (True, "weekly 2026-W44")


def test_places_off_site_are_pruned_too_and_one_that_is_lost_stops_no_other(
    desk: Desk, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 5):
        kept_at(tmp_path / "far", day)
    (tmp_path / "lost").write_text("no folder")
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(place))
    desk.put("atocore.yaml", f"backup: {{off_site: [{tmp_path}/lost, {tmp_path}/far]}}\n")
    desk.close()
    none = {f"keep_{rule}": 0 for rule in ("daily", "weekly", "monthly", "yearly")}
    would = desk.vault.backup_prune(keep_last=1, off_site=True, dry_run=True, **none)
    assert [len(one.removed) for one in (would, *would.off_site)] == [5, 0, 3]
    assert "lost" in would.off_site[0].error
    with pytest.raises(AtocoreError, match="lost"):
        desk.vault.backup_prune(keep_last=1, off_site=True, **none)
    assert (days(place), days(tmp_path / "far")) == ([6], [4])
    assert Operations(desk.folder / ".atocore").ran()[Job.PRUNE].is_failing


def test_a_backup_of_another_vault_is_nobodys_to_remove(desk: Desk, place: Path) -> None:
    kept_at(place, 10, vault="theirs")
    (kept_at(place, 11) / MANIFEST).write_text("{}")
    found = prune(desk, place, last=1)
    assert days(place) == [6, 10, 11]
    assert told(found)[10] == (True, "of the vault theirs")
    assert told(found)[11] == (True, "perhaps of another vault")


def test_a_snapshot_before_a_restore_is_no_backup_to_count_on(desk: Desk, place: Path) -> None:
    kept_at(place, 7, reason=Reason.BEFORE_RESTORE)
    prune(desk, place, last=1)
    assert days(place) == [6, 7]


@pytest.mark.parametrize("damage", ["size", "checksum", "missing", "manifest"])
def test_the_newest_valid_one_stays_when_newer_ones_are_damaged(desk: Desk, place: Path, damage: str) -> None:
    """A flipped byte is found too: the one that the others are given up for is read first."""
    for day in (5, 6):
        bundle = place / f"202611{day:02}T031500Z" / BUNDLE
        match damage:
            case "size":
                bundle.write_bytes(b"bundl")
            case "checksum":
                bundle.write_bytes(b"bundlE 9")
            case "missing":
                bundle.unlink()
            case _:
                (bundle.parent / MANIFEST).write_text("{")
    found = prune(desk, place, last=1)
    assert days(place) == [4, 5, 6]
    assert told(found)[6] == (True, "damaged, and none that is valid is newer")
    assert next(one for one in found.backups if one.stamp.startswith("20261106")).fault
    kept_at(place, 8)
    assert prune(desk, place, last=1).removed
    assert days(place) == [8], "a newer one is valid now"


def test_a_policy_that_keeps_nothing_is_refused(desk: Desk, place: Path) -> None:
    with pytest.raises(AtocoreError) as refused:
        prune(desk, place, last=0)
    assert refused.value.code == "usage"
    desk.put(
        "atocore.yaml",
        "backup:\n" + "".join(f"  keep_{r}: 0\n" for r in ("last", "daily", "weekly", "monthly", "yearly")),
    )
    desk.close()
    with pytest.raises(AtocoreError, match=r"backup\.keep_") as refused:
        desk.vault.backup_prune(source=str(place))
    assert refused.value.code == "bad-settings"
    assert days(place) == [1, 2, 3, 4, 5, 6]


def test_backups_of_another_vault_of_that_name_are_not_its_to_prune(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    mine = named_clone(desk.folder / ".atocore")
    for day in range(1, 7):
        kept_at(place, day, clone=mine if day < 4 else "0theirs0")
    found = prune(desk, place, last=1)
    assert days(place) == [3, 4, 5, 6]
    assert {one.reasons for one in found.backups[:3]} == {
        ("of another vault of that name, or another clone: 0theirs0",)
    }
    assert picked("latest", FolderPlace(place), desk.folder)[0].stamp.startswith("20261103")
    with pytest.raises(AtocoreError, match="several vaults or clones") as unknown:
        picked("latest", FolderPlace(place), tmp_path / "elsewhere")
    assert unknown.value.code == "no-backup"


def test_backups_of_a_former_clone_are_judged_with_ones_own_where_a_person_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    place, none = str(tmp_path / "kept"), ("daily", "weekly", "monthly", "yearly")
    keep = {"keep_last": 1, **{f"keep_{rule}": 0 for rule in none}}
    former = named_clone(desk.folder / ".atocore")
    old = [desk.vault.backup_create(to=place).stamp for _ in range(2)]
    (desk.folder / ".atocore/clone").unlink()  # as a fresh clone has none
    new = desk.vault.backup_create(to=place).stamp
    kept_at(tmp_path / "kept", 5, clone="0theirs0")
    assert desk.vault.backup_prune(source=place, **keep).removed == ()
    would = desk.vault.backup_prune(source=place, adopt=[former], dry_run=True, **keep)
    assert sorted(would.removed) == sorted(old)
    assert len(list((tmp_path / "kept").iterdir())) == 4
    for name in ("0theirs0", "nobody00"):  # another history, and no backup at all
        with pytest.raises(AtocoreError, match=name) as refused:
            desk.vault.backup_prune(source=place, adopt=[former, name], **keep)
        assert refused.value.code == "not-found"
    assert desk.vault.backup_prune(source=place, adopt=[former], **keep).removed == would.removed
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {new, "20261105T031500Z"}


def test_a_lost_place_is_told(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(own))
    assert desk.vault.backup_prune().backups == (), "there never was one"
    with pytest.raises(AtocoreError) as named:
        desk.vault.backup_prune(source=str(tmp_path / "elsewhere"))
    assert named.value.code == "no-backup"
    Operations(desk.folder / ".atocore").succeeded(Job.BACKUP, "2026-11-30T03:15:00Z", place=str(own))
    own.mkdir()  # where a disk is to be mounted
    with pytest.raises(AtocoreError, match="2026-11-30") as lost:
        desk.vault.backup_prune()
    assert lost.value.code == "no-backup"
    assert "no-backup" in Operations(desk.folder / ".atocore").ran()[Job.PRUNE].error


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write there: by its rights or, for who may write everywhere, by a mount."""
    folder.chmod(0o500)
    mounted = False
    try:
        if os.access(folder, os.W_OK):
            bound = subprocess.run(["mount", "--bind", folder, folder], check=False).returncode == 0
            mounted = (
                bound
                and not subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=False).returncode
            )
            if not mounted:
                pytest.skip("this user may write everywhere, and may not mount")
        yield
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)
        folder.chmod(0o700)


def test_a_place_that_cannot_be_written_is_told_and_stays_whole(desk: Desk, place: Path) -> None:
    with read_only(place), pytest.raises(AtocoreError) as refused:
        prune(desk, place)
    assert refused.value.code == "read-only"
    assert "20261101T031500Z" in refused.value.message
    assert "read-only" in Operations(desk.folder / ".atocore").ran()[Job.PRUNE].error
    assert all(one.manifest for one in FolderPlace(place).backups())
    assert days(place) == [1, 2, 3, 4, 5, 6]


def test_what_is_being_made_is_left_alone_and_what_the_dead_left_is_cleared(desk: Desk, place: Path) -> None:
    live, dead = place / partial_name("20261107T031500Z"), place / ".partial-20261107T031500Z-"
    live.mkdir()
    moving = kept_at(place, 7)
    (moving / MANIFEST).unlink()
    (moving / live.name).touch()
    dead = place / live.name.replace(f"-{os.getpid()}-", "-4194304-")
    dead.mkdir()
    found = prune(desk, place)
    assert live.is_dir()
    assert moving.is_dir()
    assert found.cleared == (dead.name,)
    assert not dead.exists()
    assert 7 not in told(found)


def test_two_at_once_and_one_beside_a_backup(desk: Desk, place: Path) -> None:
    with Operations(desk.folder / ".atocore").running(Job.BACKUP):
        with pytest.raises(AtocoreError) as busy:
            prune(desk, place)
        assert prune(desk, place, dry_run=True).removed, "looking is no pruning"
    assert busy.value.code == "vault-busy"
    assert days(place) == [1, 2, 3, 4, 5, 6]


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from atocore.store.backups.folder_place import FolderPlace

template, target = sys.argv[1:]

def pruned(folder, number):
    left = number

    def count(event, args):
        nonlocal left
        if event in ("os.rename", "os.remove", "os.rmdir"):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    for day in ("01", "02"):
        FolderPlace(folder).remove(f"202611{day}T031500Z")
    os._exit(0)

for number in range(100):
    folder = Path(target, str(number))
    shutil.copytree(template, folder)
    child = os.fork()
    if not child:
        pruned(folder, number)
    if os.waitpid(child, 0)[1] == 0:
        break
print(number)
"""


def test_killed_at_any_step_it_leaves_whole_backups_and_the_next_one_finishes(
    desk: Desk, place: Path, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(place), str(tmp_path / "killed")],
        capture_output=True,
        text=True,
        check=True,
    )
    steps = int(ran.stdout)
    assert steps == 8, "each of two: renamed, two files and the folder removed"
    for number in range(steps):
        killed = tmp_path / "killed" / str(number)
        assert all(one.manifest for one in FolderPlace(killed).backups()), "whole, or no backup"
        found = prune(desk, killed)
        assert days(killed) == [5, 6]
        assert [path for path in killed.iterdir() if path.name.startswith(".")] == []
        assert all(name.startswith(".partial-20261") for name in found.cleared)
