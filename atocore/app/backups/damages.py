"""Kinds of damage that a backup can have: how each is done to a copy, and under which code it is found.

For proving that nothing damaged passes for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from atocore.store.backups.manifest import BUNDLE, MANIFEST, Manifest, Part, read_manifest


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage: its name, what is done to a backup's folder, and the code it is found under."""

    name: str
    told: str
    code: str
    inflict: Callable[[Path], None]


def _turn_a_bit(backup: Path) -> None:
    path = backup / BUNDLE
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


def _turn_a_bit_and_sign(backup: Path) -> None:
    """Only git can tell: the checksum was taken afterwards."""
    _turn_a_bit(backup)
    found, path = _manifest(backup), backup / BUNDLE
    with path.open("rb") as file:
        part = Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    _write(backup, replace(found, files={**found.files, BUNDLE: part}))


def _remove(backup: Path) -> None:
    (backup / BUNDLE).unlink()


def _truncate(backup: Path) -> None:
    path = backup / BUNDLE
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def _edit_the_manifest(backup: Path) -> None:
    path = backup / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"sequence": ', b'"sequence": 1', 1))


def _name_another_branch(backup: Path) -> None:
    found = _manifest(backup)
    _write(backup, replace(found, refs={**found.refs, "refs/heads/drill-lost": found.commit}))


def _tell_of_another_state(backup: Path) -> None:
    found = _manifest(backup)
    counts = {**found.recorded.counts, "memory/active": found.recorded.counts.get("memory/active", 0) + 1}
    _write(backup, replace(found, recorded=replace(found.recorded, counts=counts)))


DAMAGES: Final = (
    Damage("missing file", "the bundle is removed", "backup-missing", _remove),
    Damage("truncated bundle", "the bundle loses its last third", "backup-truncated", _truncate),
    Damage("flipped bit", "a bit in the bundle is turned", "backup-checksum", _turn_a_bit),
    Damage(
        "flipped bit, signed",
        "a bit is turned before the checksum was taken",
        "backup-objects",
        _turn_a_bit_and_sign,
    ),
    Damage("edited manifest", "a number in the manifest is changed", "backup-manifest", _edit_the_manifest),
    Damage(
        "manifest of other references",
        "the manifest, well signed, tells of a branch that the bundle lacks",
        "backup-manifest",
        _name_another_branch,
    ),
    Damage(
        "manifest of another state",
        "the manifest, well signed, tells of one record more",
        "restored-differs",
        _tell_of_another_state,
    ),
)


def _manifest(backup: Path) -> Manifest:
    return read_manifest((backup / MANIFEST).read_bytes(), MANIFEST)


def _write(backup: Path, manifest: Manifest) -> None:
    (backup / MANIFEST).write_text(manifest.to_json(), "utf-8")
