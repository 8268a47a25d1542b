"""Validating backups: each kind of damage is found, told by its code, with no vault at hand."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from desk import Desk, copied_desk, run_git

from atocore.app.backups.answers import Validation
from atocore.app.backups.reading import backups_in, place_from, validate
from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import part_of
from atocore.store.backups.manifest import MANIFEST
from atocore.store.backups.places import place_named


@pytest.fixture(scope="module")
def pristine(template_vault: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with two backups. Copy it, never write to it."""
    folder = tmp_path_factory.mktemp("backups")
    desk = copied_desk(template_vault, folder / "vault")
    desk.vault.backup_create(to=str(folder / "kept"))
    desk.commit("-- notes/more.md --\nmore\n")
    desk.vault.backup_create(to=str(folder / "kept"))
    desk.close()
    return folder / "kept"


@pytest.fixture
def kept(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the place; the newest backup in it is the one to damage."""
    return shutil.copytree(pristine, tmp_path / "kept")


Damage = Callable[[Path], object]


def codes(place: Path, *, read_data: bool) -> list[str]:
    found: Validation = validate(place_named(str(place)), newest(place).name, read_data=read_data)
    return [one.code for one in found.backups[0].findings]


def newest(place: Path) -> Path:
    return max(place.iterdir(), key=lambda path: (len(path.name), path.name))


def resign(folder: Path, **news: object) -> None:
    """Write a manifest anew, with its digest and the checksums right: the work of someone who knows how."""
    told = {**json.loads((folder / MANIFEST).read_bytes()), **news}
    del told["digest"]
    for name in told["files"]:
        part = part_of(folder / name)
        told["files"][name] = {"bytes": part.bytes, "sha256": part.sha256}
    told["digest"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(told))


def flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def other_manifest(folder: Path) -> None:
    older = min(folder.parent.iterdir(), key=lambda path: (len(path.name), path.name))
    shutil.copy(older / MANIFEST, folder / MANIFEST)


def wrong_counts(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_bytes())["recorded"]
    resign(folder, recorded={**told, "counts": {**told["counts"], "memory/active": 9}})


def wrong_reference(folder: Path) -> None:
    told = json.loads((folder / MANIFEST).read_bytes())["refs"]
    resign(folder, refs={**told, "refs/heads/other": next(iter(told.values()))})


def damaged_objects(folder: Path) -> None:
    flip(folder / "vault.bundle", -200)
    resign(folder)


def damaged_database(folder: Path) -> None:
    path = folder / "embeddings.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE other (a)")
    resign(folder, files={**json.loads((folder / MANIFEST).read_bytes())["files"], path.name: {}})


def rename_in_manifest(folder: Path, name: str) -> None:
    shutil.copy(folder / "vault.bundle", folder / name)
    resign(folder, files={name: {}})


def lose(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


# what is done to it, and what is found without and with the data being read
DAMAGES: dict[str, tuple[Damage, list[str], list[str]]] = {
    "nothing": (lambda _folder: None, [], []),
    "a missing file": (lose("vault.bundle"), ["backup-missing"], ["backup-missing"]),
    "a missing manifest": (lose(MANIFEST), ["backup-missing"], ["backup-missing"]),
    "a truncated bundle": (
        lambda folder: os.truncate(folder / "vault.bundle", 100),
        ["backup-truncated"],
        ["backup-truncated"],
    ),
    "a flipped bit": (lambda folder: flip(folder / "vault.bundle", -200), [], ["backup-checksum"]),
    "one in the local part": (lambda folder: flip(folder / "local.tar", 5), [], ["backup-checksum"]),
    "one in the manifest": (
        lambda folder: flip(folder / MANIFEST, 300),
        ["backup-manifest"],
        ["backup-manifest"],
    ),
    "no JSON": (
        lambda folder: (folder / MANIFEST).write_bytes(b"\xff{"),
        ["backup-manifest"],
        ["backup-manifest"],
    ),
    "another's manifest": (
        other_manifest,
        ["backup-manifest", "backup-truncated"],
        ["backup-manifest", "backup-checksum", "backup-truncated"],
    ),
    "other counts": (wrong_counts, [], ["backup-manifest"]),
    "other references": (wrong_reference, [], ["backup-manifest"]),
    "damaged objects under a right checksum": (damaged_objects, [], ["backup-objects"]),
    "a foreign database": (damaged_database, [], ["backup-objects"]),
    "no bundle at all": (
        lambda folder: resign(folder, files={}),
        ["backup-manifest"],
        ["backup-manifest"],
    ),
    "a file elsewhere": (
        lambda folder: rename_in_manifest(folder, "../vault.bundle"),
        ["backup-manifest", "backup-manifest"],
        ["backup-manifest", "backup-manifest"],
    ),
}


@pytest.mark.parametrize(
    "changed",
    [
        {"sequence": "9"},
        {"sequence": -1},
        {"refs": ["refs/heads/main"]},
        {"refs": {"refs/heads/main\ndelete refs/heads/main": "0" * 40}},
        {"commit": 5},
        {"created": 5},
        {"vault": ["a"]},
        {"prefix": "../../"},
        {"symrefs": {"HEAD": 5}},
        {"left_out": [5]},
    ],
    ids=str,
)
def test_a_manifest_with_values_of_another_kind_is_damaged_and_spoils_no_list(
    kept: Path, changed: dict[str, object]
) -> None:
    resign(newest(kept), **changed)
    place = place_named(str(kept))
    assert codes(kept, read_data=True) == ["backup-manifest"]
    assert [bool(one.fault) for one in backups_in(place).backups] == [False, True]
    assert place.next_sequence() == 2


def test_keys_of_a_later_manifest_are_nothing_here(kept: Path) -> None:
    told = json.loads((newest(kept) / MANIFEST).read_text())
    files = {name: {**part, "later": 1} for name, part in told["files"].items()}
    resign(newest(kept), later=1, files=files, recorded={**told["recorded"], "later": {}})
    assert codes(kept, read_data=True) == []


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_is_found_and_told_by_its_code(kept: Path, name: str) -> None:
    damage, at_a_look, when_read = DAMAGES[name]
    damage(newest(kept))
    assert codes(kept, read_data=False) == at_a_look
    assert codes(kept, read_data=True) == when_read
    whole = validate(place_named(str(kept)), "all", read_data=False)
    assert whole.ok == (not at_a_look)
    assert sum(1 for one in whole.backups if one.ok) == len(whole.backups) - bool(at_a_look)


def test_a_bundle_that_lacks_an_object_is_found_out(desk: Desk, tmp_path: Path) -> None:
    """The checksums are right, git's header too: only a look at every object tells."""
    desk.commit("-- notes/one.md --\none\n")
    made = Path(desk.vault.backup_create(to=str(tmp_path / "kept"), local=False).path)
    blob = desk.git("rev-parse", "HEAD:notes/one.md").strip()
    scratch = tmp_path / "scratch.git"
    run_git(tmp_path, "clone", "-q", "--mirror", str(made / "vault.bundle"), str(scratch))
    listed = run_git(scratch, "rev-list", "--objects", "--all").splitlines()
    names = "\n".join(line.split()[0] for line in listed if not line.startswith(blob))
    (tmp_path / "names").write_text(names + "\n")
    pack = (tmp_path / "made.pack").as_posix()
    run_git(scratch, "-c", f"alias.p=!git pack-objects --stdout < {tmp_path}/names > {pack}", "p")
    head = (made / "vault.bundle").read_bytes().partition(b"\n\n")[0] + b"\n\n"
    (made / "vault.bundle").write_bytes(head + (tmp_path / "made.pack").read_bytes())
    resign(made)
    (found,) = validate(place_named(str(made.parent)), made.name, read_data=True).backups
    assert [one.code for one in found.findings] == ["backup-objects"], found


def test_no_vault_is_needed_where_a_place_is_named(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ATOCORE_BACKUP_FOLDER", raising=False)
    assert len(backups_in(place_from(tmp_path, str(kept))).backups) == 2
    with pytest.raises(AtocoreError) as refused:
        place_from(tmp_path, "")
    assert refused.value.code == "not-a-vault"
    monkeypatch.setenv("ATOCORE_BACKUP_FOLDER", str(kept))
    assert len(backups_in(place_from(tmp_path, "")).backups) == 2
    for stamp in ("20200101T000000Z", "../kept", ""):
        with pytest.raises(AtocoreError) as refused:
            validate(place_named(str(kept)), stamp)
        assert refused.value.code == "no-backup"


def test_the_vault_of_a_subfolder_and_odd_names_are_counted_again(
    template_vault: Path, tmp_path: Path
) -> None:
    top = tmp_path / "top"
    shutil.copytree(template_vault, top / "deep/vault", ignore=shutil.ignore_patterns(".git"))
    run_git(top, "init", "-q", "-b", "main")
    run_git(top, "config", "user.name", "A")
    run_git(top, "config", "user.email", "a@b.c")
    (top / "deep/vault/notes" / os.fsdecode(b"caf\xe9 %.md")).write_text("odd\n")
    run_git(top, "add", "-A")
    run_git(top, "commit", "-q", "-m", "first")
    desk = Desk(top / "deep/vault")
    made = desk.vault.backup_create(to=str(tmp_path / "kept"))
    desk.close()
    assert "uncommitted files of the repository outside deep/vault/" in made.left_out
    found = validate(place_named(str(tmp_path / "kept")), made.stamp, read_data=True)
    assert found.ok, found
