"""Whether a backup is what its manifest tells, without the vault it is of: its files, and what is in them.

Each thing that is wrong is a finding with the code of its kind, whose exit code tells it (`errors.ERRORS`).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.backups.bundle import empty_repository
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.manifest import BUNDLE, CONTENTS, EMBEDDINGS, LOCAL_PART, Form, Manifest, Part
from atocore.store.backups.scratch import scratch_folder
from atocore.store.git import Git

_NEEDED: Final = {Form.VAULT: BUNDLE, Form.RAW: CONTENTS}
_USE_ANOTHER: Final = "use another backup; make a new one while the vault is whole"
_WITHOUT_THEM: Final = "restore without them (--no-embeddings): they are computed anew"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: its code, the file it is about ("" for the whole), and what it is."""

    code: str
    file: str
    message: str
    hint: str = _USE_ANOTHER


def check_files(kept: Kept, *, read: bool) -> Iterator[Finding]:
    """Compare the files of a backup with its manifest: that they are there and of their size, and where they
    are `read`, their checksums."""
    if kept.fault is not None:
        yield Finding(kept.fault.code, "manifest.json", kept.fault.message, kept.fault.hint or _USE_ANOTHER)
    manifest = kept.manifest
    if manifest is None or kept.address:
        return
    if manifest.stamp != kept.stamp:
        told = f"{kept.path}: its manifest is that of {manifest.stamp}"
        yield Finding("backup-manifest", "manifest.json", told)
    needed = _NEEDED[manifest.form]
    if needed not in manifest.files:
        yield Finding("backup-manifest", "manifest.json", f"{kept.path}: its manifest names no {needed}")
    for name, part in manifest.files.items():
        if Path(name).name != name:
            yield Finding(
                "backup-manifest", name, f"{kept.path}: its manifest names a file elsewhere: {name}"
            )
        else:
            yield from _check_file(kept.path / name, part, read)


def usable(kept: Kept, *, embeddings: bool) -> list[str]:
    """What a person should know of a backup that is to be restored: embeddings that are not wanted may be
    damaged. Raises the first other thing that is wrong with its files."""
    notes = []
    for finding in check_files(kept, read=True):
        if finding.file != EMBEDDINGS or embeddings:
            raise raised(finding)
        notes.append(f"left alone: {finding.message}")
    return notes


def _check_file(path: Path, part: Part, read: bool) -> Iterator[Finding]:
    hint = _WITHOUT_THEM if path.name == EMBEDDINGS else _USE_ANOTHER
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size != part.bytes:
                told = f"{path}: {size:,} bytes, and not {part.bytes:,}"
                yield Finding("backup-truncated", path.name, told, hint)
            elif read and hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
                told = f"{path}: not the checksum in its manifest"
                yield Finding("backup-checksum", path.name, told, hint)
    except OSError as error:
        yield Finding("backup-missing", path.name, f"{path}: {error.strerror or error}", hint)


def check_heads(bundle: Path, manifest: Manifest) -> Iterator[Finding]:
    """Compare the references that a bundle names, and what it builds on, with the manifest."""
    answer = Git(bundle.parent).ask("bundle", "list-heads", str(bundle))
    if answer.code:
        told = f"{bundle}: git takes it for no bundle: {answer.err.strip()}"
        yield Finding("backup-objects", bundle.name, told)
        return
    lines = (line.partition(" ") for line in os.fsdecode(answer.out).splitlines())
    held = {name: oid for oid, _, name in lines}
    if held.pop("HEAD", manifest.commit) != manifest.commit or held != dict(manifest.refs):
        other = sorted({*held.items()} ^ {*manifest.refs.items()})[:1]
        told = f"{bundle}: it has other references than its manifest tells of"
        yield Finding("backup-manifest", bundle.name, f"{told} ({other[0][0]})" if other else told)
    with bundle.open("rb") as file:
        for line in file:
            if line in (b"\n", b""):
                return
            if line.startswith(b"-"):
                yield Finding("backup-objects", bundle.name, f"{bundle}: it needs commits it does not have")
                return


@contextmanager
def unbundled(bundle: Path, manifest: Manifest) -> Iterator[tuple[Git, list[Finding]]]:
    """A scratch repository with all that a bundle holds, every object hashed, and what is wrong with it."""
    with scratch_folder("validate") as folder:
        git = empty_repository(folder / "git", "sha256" if len(manifest.commit) == 64 else "sha1")
        yield git, [Finding("backup-objects", bundle.name, told) for told in _unbundle(git, bundle, manifest)]


def _unbundle(git: Git, bundle: Path, manifest: Manifest) -> Iterator[str]:
    answer = git.ask("bundle", "unbundle", str(bundle))
    if answer.code:
        yield f"{bundle}: its objects are not whole: {_last(answer.err)}"
        return
    wanted = "".join(f"create {name} {oid}\n" for name, oid in manifest.refs.items())
    for args, stdin in (
        (("update-ref", "--stdin"), os.fsencode(wanted)),
        (("update-ref", "--no-deref", "HEAD", manifest.commit), b""),
        (("rev-list", "--objects", "--all", "HEAD", "--quiet"), b""),
    ):
        answer = git.ask(*args, stdin=stdin, env={"GIT_NO_REPLACE_OBJECTS": "1"})
        if answer.code:
            yield f"{bundle}: objects are missing in it: {_last(answer.err)}"
            return


def _last(said: str) -> str:
    return (said.strip().splitlines() or ["git tells no reason"])[-1]


def check_tar(path: Path) -> Iterator[Finding]:
    """Read a tar file to its end."""
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                if member.issparse():
                    raise tarfile.TarError(f"{member.name!r} is sparse, as AtoCore writes none")
                file = tar.extractfile(member)
                while file and file.read(1 << 20):
                    pass
    except (tarfile.TarError, OSError, EOFError) as error:
        yield Finding("backup-objects", path.name, f"{path}: cannot be read to its end: {error}")


def check_database(path: Path) -> Iterator[Finding]:
    """Have SQLite look through a file of embeddings."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as db:
            told = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            db.execute("SELECT key, vector FROM embeddings LIMIT 1").fetchall()
    except sqlite3.Error as error:
        told = str(error)
    if told != "ok":
        yield Finding("backup-objects", path.name, f"{path}: {told}")


def check_parts(kept: Kept, manifest: Manifest) -> Iterator[Finding]:
    """Look through the parts beside the bundle."""
    for name in (LOCAL_PART, CONTENTS):
        if name in manifest.files:
            yield from check_tar(kept.path / name)
    if EMBEDDINGS in manifest.files:
        yield from check_database(kept.path / EMBEDDINGS)


def raised(finding: Finding) -> AtocoreError:
    """The refusal that a finding makes."""
    return AtocoreError(finding.code, finding.message, finding.hint)
