"""Restoring where something is in the way: mounts, full disks, rights, damage, operations under way."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, files_in, refusal, run_git
from fake_embedder import FakeEmbedder
from restoring_kit import BARE, SAFE, backed_up

from atocore.app.backups.restored_answer import Options
from atocore.app.backups.restoring import restore
from atocore.errors import AtocoreError
from atocore.index.model import Model
from atocore.store.backups import target as targets
from atocore.store.backups.folder_place import part_of
from atocore.store.backups.manifest import MANIFEST, Manifest, _digest, read_manifest
from atocore.store.backups.target import mounts_below
from atocore.store.backups.validation import check_tar


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "kept")


@contextmanager
def mounted(*args: str, on: Path) -> Iterator[None]:
    """A mount for the time of a block; the test is skipped where this machine allows none."""
    done = subprocess.run(["mount", *args, str(on)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no mount is allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(on)], check=True)


@pytest.fixture
def unchanged(desk: Desk) -> Iterator[None]:
    """The vault is after the test as it is before it, and nothing is left in `.atocore`."""
    before = desk.state()
    yield
    assert desk.state() == before
    assert not (desk.folder / ".atocore/restore").exists()


# -- mounts --------------------------------------------------------------------------------------------------


def test_a_mount_point_stays_the_mount_that_it_is(desk: Desk, place: str, tmp_path: Path) -> None:
    before = files_in(desk.folder)
    stamp = backed_up(desk, place)
    desk.commit("-- notes/marker.md --\nx\n")
    (tmp_path / "mnt").mkdir()
    with mounted("--bind", str(desk.folder), on=tmp_path / "mnt"):
        inode = (tmp_path / "mnt").stat().st_ino
        done = restore(stamp, tmp_path / "mnt", source=place, options=SAFE)
        assert done.restored_integrity_ok, done.findings
        assert (tmp_path / "mnt").stat().st_ino == inode == desk.folder.stat().st_ino
        assert files_in(tmp_path / "mnt") == before
    assert files_in(desk.folder) == before


@pytest.mark.usefixtures("unchanged")
def test_a_mount_below_is_found_before_anything_is_touched(desk: Desk, place: str, tmp_path: Path) -> None:
    stamp = backed_up(desk, place)
    (tmp_path / "disk").mkdir()
    (desk.folder / "notes/a disk").mkdir()
    with mounted("--bind", str(tmp_path / "disk"), on=desk.folder / "notes/a disk"):
        with pytest.raises(AtocoreError, match="Device or resource busy") as refused:
            restore(stamp, desk.folder, source=place)
        assert "umount" in refused.value.hint
    (desk.folder / "notes/a disk").rmdir()


@pytest.mark.usefixtures("unchanged")
def test_a_mount_below_is_known_from_the_systems_list(
    desk: Desk, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = backed_up(desk, place)
    there = str(desk.folder / "a disk").replace(" ", "\\040")
    listed = tmp_path / "mountinfo"
    listed.write_text(
        f"36 35 98:0 / {desk.folder}-beside rw - ext4 x\n37 35 98:0 / {there} rw - ext4 /dev/x rw\n"
    )
    assert mounts_below(desk.folder, listed) == [str(desk.folder / "a disk")]
    monkeypatch.setattr(targets, "_MOUNTS", listed)
    monkeypatch.setattr(targets.mounts_below, "__defaults__", (listed,))
    with pytest.raises(AtocoreError, match="a disk is mounted below") as refused:
        restore(stamp, desk.folder, source=place)
    assert refusal(refused.value)[0] == "restore-refused"


# -- space and rights ---------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_the_old_vault_is_whole(desk: Desk, place: str, tmp_path: Path) -> None:
    desk.put("notes/large.txt", os.urandom(6 << 20))
    desk.commit()
    stamp = backed_up(desk, place)
    (tmp_path / "mnt").mkdir()
    with mounted("-t", "tmpfs", "-o", "size=24m", "tmpfs", on=tmp_path / "mnt"):
        small = Desk(tmp_path / "mnt/vault")
        shutil.copytree(desk.folder, small.folder, symlinks=True)
        before = small.state()
        with pytest.raises(AtocoreError, match="space") as refused:
            restore(stamp, small.folder, source=place, options=SAFE)
        assert refusal(refused.value)[0] == "read-only"
        assert small.state() == before
        assert not (small.folder / ".atocore/restore").exists()
        small.close()


@pytest.mark.parametrize("room", [12, 14, 17])
def test_a_disk_that_fills_while_it_is_written_leaves_the_old_vault_too(
    desk: Desk, place: str, tmp_path: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from atocore.app.backups import restored_aside

    monkeypatch.setattr(restored_aside, "_SPARE", -(1 << 40))
    desk.put("notes/large.txt", os.urandom(4 << 20))
    desk.commit()
    stamp = backed_up(desk, place)
    (tmp_path / "mnt").mkdir()
    with mounted("-t", "tmpfs", "-o", f"size={room}m", "tmpfs", on=tmp_path / "mnt"):
        small = Desk(tmp_path / "mnt/vault")
        shutil.copytree(desk.folder, small.folder, symlinks=True, ignore=shutil.ignore_patterns(".atocore"))
        before = small.state()
        try:
            done = restore(stamp, small.folder, source=place, options=BARE, model=Model(FakeEmbedder))
            assert done.restored_integrity_ok, done.findings
        except AtocoreError as error:
            assert error.code == "read-only", error
            assert "space" in error.message
        assert small.state() == before
        assert not (small.folder / ".atocore/restore").exists()
        small.close()


AS_NOBODY = """
import os, sys
import filelock, platformdirs, tarfile, yaml, atocore.app.vault
from atocore.app.backups.restored_answer import Options
from atocore.app.backups.restoring import restore
from atocore.errors import AtocoreError
os.setgid(65534); os.setuid(65534)
try:
    restore(sys.argv[1], sys.argv[2], source=sys.argv[3], options=Options(index=False))
except AtocoreError as error:
    print(error.code, error.message)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to be somebody else")
@pytest.mark.parametrize("closed", ["target", "above", "local"])
def test_where_nothing_may_be_written_nothing_is(desk: Desk, place: str, tmp_path: Path, closed: str) -> None:
    stamp = backed_up(desk, place)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    subprocess.run(["chmod", "-R", "a+rX", place, str(desk.folder)], check=True)
    target = tmp_path / "closed/new" if closed == "above" else desk.folder
    if closed == "above":
        (tmp_path / "closed").mkdir()
    if closed == "local":
        desk.folder.chmod(0o777)
    before = files_in(desk.folder)
    told = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, stamp, str(target), place],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    refused = {"read-only", "unreadable"} | ({"restore-refused"} if closed == "local" else set())
    assert told.stdout.split(" ")[0] in refused, told  # a folder of somebody else's is refused as such
    assert files_in(desk.folder) == before
    assert not target.exists() or target == desk.folder


# -- damage -------------------------------------------------------------------------------------------


def flipped(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


DAMAGES: list[tuple[str, Callable[[Path], None], str]] = [
    ("vault.bundle", flipped, "backup-checksum"),
    ("vault.bundle", truncated, "backup-truncated"),
    ("vault.bundle", Path.unlink, "backup-missing"),
    ("local.tar", Path.unlink, "backup-missing"),
    (MANIFEST, flipped, "backup-manifest"),
    (MANIFEST, Path.unlink, "backup-missing"),
]


@pytest.mark.parametrize(("name", "harm", "code"), DAMAGES)
@pytest.mark.usefixtures("unchanged")
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    desk: Desk, place: str, name: str, harm: Callable[[Path], None], code: str
) -> None:
    stamp = backed_up(desk, place)
    harm(Path(place) / stamp / name)
    with pytest.raises(AtocoreError) as refused:
        restore(stamp, desk.folder, source=place)
    assert refusal(refused.value)[0] == code
    assert len(list(Path(place).iterdir())) == 1


def retold(place: str, stamp: str, change: Callable[[Manifest], Manifest]) -> None:
    """Another manifest, with a digest that fits it."""
    path = Path(place) / stamp / MANIFEST
    path.write_text(change(read_manifest(path.read_bytes(), "it")).to_json())


@pytest.mark.usefixtures("unchanged")
def test_a_backup_of_a_newer_form_says_so(desk: Desk, place: str) -> None:
    stamp = backed_up(desk, place)
    retold(place, stamp, lambda manifest: replace(manifest, format=99))
    with pytest.raises(AtocoreError, match="format 99") as refused:
        restore(stamp, desk.folder, source=place)
    assert "upgrade" in refused.value.hint


@pytest.mark.usefixtures("unchanged")
def test_a_bundle_of_something_else_is_refused(desk: Desk, place: str) -> None:
    stamp = backed_up(desk, place)
    retold(
        place,
        stamp,
        lambda manifest: replace(manifest, refs={**manifest.refs, "refs/heads/x": manifest.commit}),
    )
    with pytest.raises(AtocoreError, match="other references") as refused:
        restore(stamp, desk.folder, source=place, options=BARE)
    assert refusal(refused.value)[0] == "backup-manifest"


def test_records_that_differ_are_found_and_the_former_contents_are_kept(desk: Desk, place: str) -> None:
    stamp = backed_up(desk, place)
    retold(
        place, stamp, lambda one: replace(one, recorded=replace(one.recorded, counts={"memory/active": 7}))
    )
    desk.commit("-- notes/marker.md --\nx\n")
    done = restore(stamp, desk.folder, source=place, options=BARE)
    assert not done.restored_integrity_ok
    assert [(finding.check, finding.code) for finding in done.findings] == [("counts", "restored-differs")]
    assert "memory/active 7 and 1" in done.findings[0].told
    assert (Path(done.former) / "notes/marker.md").read_text() == "x\n"
    assert not (desk.folder / "notes/marker.md").exists()
    assert desk.found("Zerodur")


def test_open_conflicts_are_compared_without_an_index_too(desk: Desk, place: str, tmp_path: Path) -> None:
    keys = {"project": "scope", "subject": "Primary Mirror", "attribute": "glass", "value": "ULE"}
    assert desk.vault.new("memory", "The blank is ULE.", type="knowledge", keys=keys).conflicts
    stamp = backed_up(desk, place)
    done = restore(stamp, tmp_path / "whole", source=place, options=BARE)
    assert done.restored_integrity_ok, done.findings
    assert "problems were not compared: that needs an index (atocore check tells them)" in done.notes
    retold(
        place,
        stamp,
        lambda one: replace(
            one,
            recorded=replace(one.recorded, open_conflicts=(*one.recorded.open_conflicts, "con-gone")),
        ),
    )
    done = restore(stamp, tmp_path / "new", source=place, options=BARE)
    assert [(finding.check, finding.code) for finding in done.findings] == [("conflicts", "restored-differs")]


def test_what_is_spoilt_after_it_was_made_is_found_in_place(desk: Desk, place: str) -> None:
    stamp = backed_up(desk, place)

    def on_step(name: str) -> None:
        if name == "moved-in":
            (desk.folder / "memories/scope/gem.md").write_text("spoilt")
            desk.git("update-ref", "refs/heads/main2", "HEAD")

    done = restore(stamp, desk.folder, source=place, options=SAFE, on_step=on_step)
    assert {finding.check for finding in done.findings} == {"references", "files"}
    assert done.former


def test_another_version_of_atocore_may_see_other_problems(desk: Desk, place: str, tmp_path: Path) -> None:
    stamp = backed_up(desk, place)
    retold(
        place,
        stamp,
        lambda one: replace(one, atocore="0.0.1", recorded=replace(one.recorded, problems={"dead-link": 3})),
    )
    options = Options(pre_snapshot=False)
    done = restore(stamp, tmp_path / "new", source=place, options=options, model=Model(FakeEmbedder))
    assert done.restored_integrity_ok, done.findings
    assert any("0.0.1" in note for note in done.notes)
    assert any("dead-link 3 and 0" in note for note in done.notes)


# -- what a person has under way ----------------------------------------------------------------------


def test_a_merge_under_way_is_refused_unless_it_is_let_go(desk: Desk, place: str) -> None:
    stamp = backed_up(desk, place)
    desk.git("checkout", "-q", "-b", "side")
    desk.commit("-- notes/visit.md --\nside\n")
    desk.git("checkout", "-q", "main")
    desk.commit("-- notes/visit.md --\nmain\n")
    subprocess.run(["git", "merge", "-q", "side"], cwd=desk.folder, capture_output=True, check=False)
    before = files_in(desk.folder)
    with pytest.raises(AtocoreError, match="merge is under way") as refused:
        restore(stamp, desk.folder, source=place, options=SAFE)
    assert refusal(refused.value)[0] == "git-in-progress"
    assert files_in(desk.folder) == before
    assert restore(stamp, desk.folder, source=place, options=BARE).restored_integrity_ok
    assert desk.git("status", "--porcelain") == ""


@pytest.mark.usefixtures("unchanged")
def test_a_safety_snapshot_that_fails_ends_it(
    desk: Desk, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = backed_up(desk, place)
    (Path(place) / "file").write_text("")

    def full(*_args: object, **_more: object) -> None:
        raise AtocoreError("backup-incomplete", "no space", "")

    from atocore.app.backups import safety

    monkeypatch.setattr(safety, "_whole", full)
    monkeypatch.setattr(safety, "_raw", full)
    with pytest.raises(AtocoreError, match="no space"):
        restore(stamp, desk.folder, source=place, options=SAFE)


def test_latest_is_never_a_safety_snapshot(desk: Desk, place: str) -> None:
    first = backed_up(desk, place)
    desk.commit("-- notes/marker.md --\nx\n")
    done = restore("latest", desk.folder, source=place, options=SAFE)
    assert done.safety is not None
    assert restore("latest", desk.folder, source=place, options=SAFE).stamp == first
    shutil.rmtree(Path(place) / first)
    with pytest.raises(AtocoreError, match="safety snapshots") as refused:
        restore("latest", desk.folder, source=place, options=SAFE)
    assert refusal(refused.value)[0] == "no-backup"


def test_the_local_part_of_a_stranger_leads_nowhere(desk: Desk, place: str, tmp_path: Path) -> None:
    stamp = backed_up(desk, place)
    tar = Path(place) / stamp / "local.tar"
    for name in (
        "drafts/../../outside",
        "drafts/.git/hooks/pre-commit",
        "captures/../x",
        "drafts/.atocore/journal",
    ):
        with tarfile.open(tar, "w") as file:
            file.addfile(tarfile.TarInfo(name), io.BytesIO(b""))
        retold(place, stamp, lambda one: replace(one, files={**one.files, "local.tar": part_of(tar)}))
        with pytest.raises(AtocoreError) as refused:
            restore(stamp, tmp_path / "new", source=place, options=BARE)
        assert refusal(refused.value)[0] == "bad-path"
        assert not (tmp_path / "new").exists()
        assert not (tmp_path / "outside").exists()


def test_what_was_purged_stays_purged(desk: Desk, place: str) -> None:
    desk.put("notes/key.md", "The key is 1234.\n")
    desk.commit()
    gone = run_git(desk.folder, "rev-parse", "HEAD:notes/key.md").strip()
    stamp = backed_up(desk, place)
    desk.put("purged.txt", f"{gone} - 2026-11-20\n")
    desk.commit()
    done = restore(stamp, desk.folder, source=place, options=SAFE)
    assert done.restored_integrity_ok, done.findings
    assert any("purged again" in note for note in done.notes)
    assert not (desk.folder / "notes/key.md").exists()
    assert gone not in desk.git("rev-list", "--all", "--objects")
    assert gone in desk.text("purged.txt")
    assert json.loads(json.dumps(done.drafts)) == ["purged.txt"]


# -- backups that somebody made up -------------------------------------------------------------------------


def remade(place: str, stamp: str, folder: Path) -> None:
    """The bundle and the manifest of a backup are those of another repository."""
    bundle = Path(place) / stamp / "vault.bundle"
    bundle.unlink()
    run_git(folder, "bundle", "create", "--quiet", str(bundle), "--all")
    commit = run_git(folder, "rev-parse", "HEAD").strip()
    branch = run_git(folder, "symbolic-ref", "HEAD").strip()
    told = {"commit": commit, "branch": branch, "refs": {branch: commit}, "symrefs": {}}
    files = {"vault.bundle": part_of(bundle)}
    retold(place, stamp, lambda one: replace(one, **told, files={**one.files, **files}))


@pytest.mark.usefixtures("unchanged")
def test_a_manifest_with_values_that_lead_elsewhere_is_refused(
    desk: Desk, place: str, tmp_path: Path
) -> None:
    stamp = backed_up(desk, place)
    path = Path(place) / stamp / MANIFEST
    whole = path.read_text()
    head = read_manifest(path.read_bytes(), "it").commit
    made_up = (
        ("prefix", "../../../../outside/"),
        ("prefix", f"{tmp_path}/outside/"),
        ("prefix", ".git/"),
        ("prefix", 5),
        ("commit", "--help"),
        ("branch", "refs/heads/nowhere"),
        ("branch", ["main"]),
        ("refs", [1]),
        ("refs", {"refs/heads/x\ndelete refs/heads/main": head}),
        ("symrefs", {"refs/heads/../../hooks/pre-commit": "refs/heads/main"}),
        ("symrefs", {"refs/heads/a": "refs/../config"}),
        ("recorded", {**json.loads(whole)["recorded"], "counts": {"memory/active": "many"}}),
        ("recorded", {**json.loads(whole)["recorded"], "counts": [3]}),
        ("files", {"vault.bundle": {"bytes": "x", "sha256": 3}}),
    )
    for name, value in made_up:
        told = {key: one for key, one in json.loads(whole).items() if key != "digest"} | {name: value}
        path.write_text(json.dumps({**told, "digest": _digest(told)}))
        with pytest.raises(AtocoreError) as refused:
            restore(stamp, desk.folder, source=place)
        assert refusal(refused.value)[0] == "backup-manifest", (name, value)


def test_a_vault_behind_a_link_of_the_commit_is_none(desk: Desk, place: str, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    desk.put("notes/begun.md", "not committed\n")
    stamp = backed_up(desk, place)
    (desk.folder / "link").symlink_to(tmp_path / "outside")
    desk.git("add", "link")
    desk.git("commit", "-qm", "a link")
    remade(place, stamp, desk.folder)
    retold(place, stamp, lambda one: replace(one, prefix="link/"))
    with pytest.raises(AtocoreError) as refused:
        restore(stamp, tmp_path / "new", source=place, options=BARE)
    assert refusal(refused.value)[0] == "backup-manifest"
    assert not (tmp_path / "new").exists()
    assert not list((tmp_path / "outside").iterdir())


def test_a_local_part_brings_nothing_that_steers_and_nothing_without_end(
    desk: Desk, place: str, tmp_path: Path
) -> None:
    stamp = backed_up(desk, place)
    tar = Path(place) / stamp / "local.tar"
    with tarfile.open(tar, "w") as file:
        for name in ("daemon.json", "operations.json", "journal", "clone"):
            file.addfile(tarfile.TarInfo(f"settings/atocore/{name}"), io.BytesIO(b""))
    retold(place, stamp, lambda one: replace(one, files={**one.files, "local.tar": part_of(tar)}))
    restore(stamp, tmp_path / "new", source=place, options=BARE)
    here = {path.name for path in (tmp_path / "new/.atocore").iterdir()}
    assert "clone" in here
    assert not here & {"daemon.json", "operations.json", "journal"}
    tar.write_bytes(_sparse("drafts/big", 8 << 30) + b"\0" * 1024)
    retold(place, stamp, lambda one: replace(one, files={**one.files, "local.tar": part_of(tar)}))
    with pytest.raises(AtocoreError) as refused:
        restore(stamp, tmp_path / "newer", source=place, options=BARE)
    assert refusal(refused.value)[0] == "bad-path"
    assert [finding.code for finding in check_tar(tar)] == ["backup-objects"]
    for listed in (b"[" * 100_000, b'{"deleted": [], "staged": {"a": "160000"}}'):
        with tarfile.open(tar, "w") as file:
            member = tarfile.TarInfo("drafts.json")
            member.size = len(listed)
            file.addfile(member, io.BytesIO(listed))
        retold(place, stamp, lambda one: replace(one, files={**one.files, "local.tar": part_of(tar)}))
        with pytest.raises(AtocoreError) as refused:
            restore(stamp, tmp_path / "newer", source=place, options=BARE)
        assert refusal(refused.value)[0] == "backup-manifest"


def _sparse(name: str, size: int) -> bytes:
    """The head of a file of that size in a tar file, of which nothing is there."""
    member = tarfile.TarInfo(name)
    member.type = tarfile.GNUTYPE_SPARSE
    head = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    head[483:495] = b"%011o\0" % (size - 1)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)
