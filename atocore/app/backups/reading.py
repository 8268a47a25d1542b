"""Reading backups: list and validate. Where a place is named, no vault is needed: a new machine has none."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from atocore.app.backups.answers import Backups, Validated, Validation, backup_answer
from atocore.app.backups.place import place_of
from atocore.app.session import find_vault, settings_at
from atocore.config import DEFAULTS, read_settings
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import stored_path
from atocore.progress import Progress, silent
from atocore.records.codec import read
from atocore.records.record import is_page
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.manifest import BUNDLE, Form, Manifest
from atocore.store.backups.places import Place
from atocore.store.backups.scratch import scratch_folder
from atocore.store.backups.validation import Finding, check_files, check_heads, check_parts, unbundled
from atocore.store.git import Git
from atocore.store.objects import read_blobs
from atocore.store.trees import parse_tree
from atocore.store.worktree import SETTINGS_FILE

ALL = "all"
Identity = tuple[str, str, str, str, str]
"""Path, blob, id, kind and status of a file; of one that is no record the last three are ""."""


def place_from(start: Path, name: str) -> Place:
    """The place named, else that of the vault which `start` is or lies in. Raises `not-a-vault` where nothing
    is named and there is no vault."""
    try:
        vault = find_vault(start)
        settings = settings_at(vault)
    except AtocoreError:
        if not name and not os.environ.get("ATOCORE_BACKUP_FOLDER"):
            raise
        return place_of(name, start, DEFAULTS)
    return place_of(name, vault, settings)


def backups_in(place: Place) -> Backups:
    """The backups of a place, each with what is wrong with it as far as that shows without reading it."""
    told = []
    for kept in place.backups():
        wrong = next((one.message for one in check_files(kept, read=False)), "")
        told.append(backup_answer(kept, wrong))
    return Backups(str(place), tuple(told), tuple(path.name for path in place.unfinished()))


def validate(place: Place, stamp: str, *, read_data: bool = False, progress: Progress = silent) -> Validation:
    """Look whether a backup (`all` of them) is what its manifest tells: its files and their sizes, and where
    the data is read all that is in them. Raises `no-backup`."""
    chosen = place.backups() if stamp == ALL else [place.get(stamp)]
    if not chosen:
        raise AtocoreError("no-backup", f"no backup in {place}", "is it mounted, and the right place?")
    told = []
    for number, kept in enumerate(chosen):
        progress("validating", number, len(chosen))
        findings = tuple(
            dict.fromkeys(read_back(place, kept) if read_data else check_files(kept, read=False))
        )
        told.append(Validated(kept.stamp, kept.where, not findings, findings))
    progress("validating", len(chosen), len(chosen))
    return Validation(str(place), read_data, all(one.ok for one in told), tuple(told))


def read_back(place: Place, kept: Kept) -> Iterator[Finding]:
    """All that is wrong with a backup. What is known to be damaged is not looked through again."""
    findings = list(check_files(kept, read=True))
    yield from findings
    if kept.manifest is None or findings:
        return
    if not kept.address:
        yield from look_through(kept, kept.manifest)
        return
    with scratch_folder("validate") as folder:
        try:
            brought = place.bring(kept.stamp, folder)
        except AtocoreError as error:
            yield Finding(error.code, "", error.message, error.hint)
            return
        yield from look_through(replace(kept, path=brought, address=""), kept.manifest)


def look_through(kept: Kept, manifest: Manifest, *, recount: bool = True) -> Iterator[Finding]:
    """Look through the parts of a backup whose files are there: every object of the bundle, and (`recount`)
    whether its records are those that the manifest tells of."""
    if manifest.form is Form.VAULT:
        bundle = kept.path / BUNDLE
        yield from check_heads(bundle, manifest)
        with unbundled(bundle, manifest) as (git, findings):
            yield from findings
            if recount and not findings:
                yield from _recounted(git, manifest, bundle)
    yield from check_parts(kept, manifest)


def _recounted(git: Git, manifest: Manifest, bundle: Path) -> Iterator[Finding]:
    counts, digest = summed(identities_in(git, manifest.commit, manifest.prefix))
    then = manifest.recorded
    if digest != then.records_digest or counts != dict(then.counts):
        differing = sorted({*counts.items()} ^ {*then.counts.items()})[:1]
        name = f" ({differing[0][0]})" if differing else ""
        told = f"{bundle}: its records are not those that its manifest tells of{name}"
        yield Finding("backup-manifest", bundle.name, told)


def summed(identities: Iterable[Identity]) -> tuple[dict[str, int], str]:
    """How many records of each `kind/status` there are, and the digest over all files, which come by path."""
    digest = hashlib.sha256()
    counts: Counter[str] = Counter()
    for one in identities:
        digest.update("\0".join(one).encode("utf-8", "surrogateescape") + b"\n")
        if one[2]:
            counts[f"{one[3]}/{one[4]}"] += 1
    return dict(sorted(counts.items())), digest.hexdigest()


def identities_in(git: Git, commit: str, prefix: str) -> Iterator[Identity]:
    """What the catalog tells of each committed file, read from a commit without a catalog."""
    limits = ("--", prefix) if prefix else ()
    tree = parse_tree(git.run("ls-tree", "-r", "-z", "--full-tree", commit, *limits), prefix)
    pages = {path: entry.oid for path, entry in tree.items() if entry.is_file and is_page(path)}
    settings = tree.get(SETTINGS_FILE)
    limit = _limit(git, settings.oid if settings else "")
    paths = sorted(pages, key=stored_path)
    for path, blob in zip(paths, read_blobs(git, (pages[path] for path in paths)), strict=True):
        record = read(path, blob.raw or b"", max_bytes=limit).record
        known = (record.id, str(record.kind), record.status) if record else ("", "", "")
        yield path, blob.oid, *known


def _limit(git: Git, oid: str) -> int:
    """How large a file of the vault may be, by its committed settings."""
    settings = DEFAULTS
    if oid:
        with suppress(AtocoreError, UnicodeDecodeError):
            settings = read_settings(git.run("cat-file", "blob", oid).decode())
    return settings.whole("limits.file_bytes")
