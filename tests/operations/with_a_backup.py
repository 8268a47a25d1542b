"""What a backup can turn out to be: each kind of damage, its exit code, and the way on."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from night import GO, Night, Told

from atocore.app.backups import drill_marker, restoring
from atocore.store.backups.manifest import Sample


def _turned(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _way_on(night: Night) -> None:
    """A new one, and the damaged one is left for those who can use it."""
    night.fine("atocore backup create")
    newest = night.stamps()[0]
    assert "fine" in night.fine(f"atocore backup validate {newest} --read-data")


def file_missing(night: Night) -> Told:
    (night.backup / "vault.bundle").unlink()
    told = night("atocore backup validate all", code=11)
    _way_on(night)
    return told


def file_cut(night: Night) -> Told:
    os.truncate(night.backup / "vault.bundle", 100)
    told = night("atocore backup validate all", code=12)
    _way_on(night)
    return told


def bit_turned(night: Night) -> Told:
    _turned(night.backup / "vault.bundle")
    told = night("atocore backup validate all --read-data", code=13)
    _way_on(night)
    return told


def manifest_damaged(night: Night) -> Told:
    (night.backup / "manifest.json").write_text("{")
    told = night("atocore backup validate all", code=14)
    bundle = night.backup / "vault.bundle"
    night.fine(f"git clone {bundle} {night.folder}/new", night.folder)
    assert (night.folder / "new/atocore.yaml").exists()
    return told


def objects_damaged(night: Night) -> Told:
    _turned(night.backup / "vault.bundle")
    night.sign("vault.bundle")
    told = night("atocore backup validate all --read-data", code=15)
    night.fine("git fsck")
    _way_on(night)
    return told


def another_state(night: Night) -> Told:
    night.retell(lambda one: replace(one, recorded=replace(one.recorded, counts={"memory/active": 7})))
    told = night("atocore backup drill", code=16)
    night.fine("atocore backup create")
    night.fine("atocore backup drill")
    return told


def foreign_index(night: Night) -> Told:
    real, other = restoring.restore, night.other("other")
    (other / "notes/more.md").write_text("More.\n")
    night("git add -A && git commit -qm More", other)
    night("atocore index sync", other)

    def with_another(*args: object, **more: object) -> object:
        done = real(*args, **more)
        place = Path(done.target) / ".atocore/index"
        shutil.rmtree(place)
        shutil.copytree(other / ".atocore/index", place)
        return done

    with night.monkeypatch.context() as patch:
        patch.setattr("atocore.app.backups.drilling.restore", with_another)
        told = night("atocore backup drill", code=17)
    night.fine("atocore index rebuild")
    return told


def answers_differ(night: Night) -> Told:
    sample = Sample("search", "Zerodur", ("mem-nowhere",))
    night.retell(lambda one: replace(one, recorded=replace(one.recorded, samples=(sample,))))
    told = night("atocore backup drill", code=18)
    night.fine("atocore index rebuild")
    night.fine("atocore backup create")
    return told


def marker_still_there(night: Night) -> Told:
    real = restoring.restore

    def beside(*args: object, **more: object) -> object:
        target = Path(str(args[1]))
        kept = (target / drill_marker._SAVED).exists()
        done = real(*args, **more)
        if kept:
            (target / drill_marker._SAVED).write_text("put back by something else\n")
        return done

    with night.monkeypatch.context() as patch:
        patch.setattr("atocore.app.backups.drilling.restore", beside)
        told = night(f"atocore backup drill --scratch {night.folder}", code=19)
    return told


def embeddings_missing(night: Night) -> Told:
    (night.backup / "embeddings.sqlite").unlink()
    told = night(f"atocore backup restore latest {GO}", code=11)
    restored = night.fine(f"atocore backup restore latest --no-embeddings {GO}")
    assert "restored_integrity_ok: true" in restored
    return told


def embeddings_damaged(night: Night) -> Told:
    _turned(night.backup / "embeddings.sqlite")
    told = night(f"atocore backup restore latest {GO}", code=13)
    restored = night.fine(f"atocore backup restore latest --no-embeddings {GO}")
    assert "vectors" in restored
    return told


def raw_backup(night: Night) -> Told:
    shutil.rmtree(night.vault / ".git/objects")
    night.fine(f"atocore backup restore {night.stamp} {GO}")
    raw = next(stamp for stamp in night.stamps() if stamp != night.stamp)
    told = night(f"atocore backup restore {raw} {GO}", code=1)
    night.fine(f"mkdir {night.folder}/unpacked")
    night.fine(f"tar -xf {night.place}/{raw}/contents.tar -C {night.folder}/unpacked")
    assert (night.folder / "unpacked/atocore.yaml").exists()
    return told
