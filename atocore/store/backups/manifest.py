"""The manifest of a backup: what was in the vault, what is in the backup, and how each part can be checked.

Reads and writes JSON text, no file. A manifest carries the digest of itself: one that was edited, or belongs
to another backup, is found out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Final

from atocore.errors import AtocoreError
from atocore.store.backups.manifest_values import wrong_value

MANIFEST: Final = "manifest.json"
BUNDLE: Final = "vault.bundle"
EMBEDDINGS: Final = "embeddings.sqlite"
LOCAL_PART: Final = "local.tar"
CONTENTS: Final = "contents.tar"
FORMAT: Final = 1


class Reason(StrEnum):
    """Why a backup was made."""

    ASKED = "asked"
    SCHEDULED = "scheduled"
    BEFORE_RESTORE = "before-restore"


class Form(StrEnum):
    """A `vault` can be restored; `raw` holds the files of a vault that git could not read any more."""

    VAULT = "vault"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a backup: its size in bytes and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the vault answered when it was backed up, to be compared after a restore.

    `counts` of committed records by `kind/status`; `records_digest` over id, kind, status, path and blob of
    each; `problems` of the committed files by code; `open_conflicts` their ids.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    records_digest: str = ""
    problems: Mapping[str, int] = field(default_factory=dict)
    open_conflicts: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A question and what the committed part of the vault answered by words alone: the ids found by `search`,
    best first, or those cited by a `context` pack."""

    verb: str
    query: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `sequence` orders the backups of one place, whatever the clock said; `created` is
    RFC 3339 in UTC; `refs` are all references with their objects, `symrefs` those
    that stand for others (such as `refs/remotes/origin/HEAD`); `prefix` is the vault's folder in its
    repository, "" or ending in `/`; `clone` the name of the clone it was made of, "" where it had none;
    `files` are the parts by name; `left_out` what was not taken, and why."""

    stamp: str
    sequence: int
    created: str
    reason: Reason
    form: Form
    atocore: str
    git: str
    vault: str
    clone: str = ""
    prefix: str = ""
    commit: str = ""
    branch: str = ""
    refs: Mapping[str, str] = field(default_factory=dict)
    symrefs: Mapping[str, str] = field(default_factory=dict)
    recorded: Recorded = field(default_factory=Recorded)
    left_out: tuple[str, ...] = ()
    files: Mapping[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    def is_of(self, vault: str, clone: str) -> bool:
        """Whether it is of the clone of this name, of a vault of this name: a place may hold backups of
        several. Where it tells no clone, the vault's name decides."""
        return self.vault == vault and self.clone in ("", clone)

    def to_json(self) -> str:
        """The manifest's text, with its own digest."""
        told = asdict(self)
        return json.dumps({**told, "digest": _digest(told)}, indent=1) + "\n"


def read_manifest(raw: bytes, name: str) -> Manifest:
    """The manifest in a file's bytes; `name` is how to call it in a refusal.

    Raises `backup-manifest` where it is damaged, of a newer AtoCore, or not what its digest says.
    """
    try:
        told = json.loads(raw)
        newer = told["format"] > FORMAT
        digest = told.pop("digest")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise AtocoreError(
            "backup-manifest", f"{name}: no manifest of a backup", "use another backup"
        ) from error
    if newer:
        told_format = f"{name}: of format {told['format']}; this AtoCore reads up to {FORMAT}"
        raise AtocoreError("backup-manifest", told_format, "upgrade AtoCore")
    if digest != _digest(told):
        raise AtocoreError(
            "backup-manifest", f"{name}: not as it was written: its digest is wrong", "use another backup"
        )
    try:
        found = _manifest(told)
        wrong = wrong_value(found)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise AtocoreError("backup-manifest", f"{name}: a value is missing or of the wrong form") from error
    if wrong:
        told_wrong = f"{name}: its `{wrong}` is of no form that AtoCore writes"
        raise AtocoreError("backup-manifest", told_wrong, "use another backup")
    return found


def _manifest(told: dict[str, Any]) -> Manifest:
    """The manifest that a mapping tells; keys that are not known are of a later AtoCore, and nothing here."""
    recorded = told["recorded"]
    samples = tuple(Sample(one["verb"], one["query"], tuple(one["ids"])) for one in recorded["samples"])
    kept = {
        **_known(recorded, Recorded),
        "samples": samples,
        "open_conflicts": tuple(recorded["open_conflicts"]),
    }
    return Manifest(
        **{
            **_known(told, Manifest),
            "reason": Reason(told["reason"]),
            "form": Form(told["form"]),
            "recorded": Recorded(**kept),
            "left_out": tuple(told["left_out"]),
            "files": {name: Part(**_known(part, Part)) for name, part in told["files"].items()},
        }
    )


def _known(told: Mapping[str, Any], form: type) -> dict[str, Any]:
    names = {one.name for one in fields(form)}
    return {name: value for name, value in told.items() if name in names}


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
