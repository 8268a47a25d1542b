"""The answers of the backup verbs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from atocore import clock
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.validation import Finding


@dataclass(frozen=True, slots=True)
class Sent:
    """A place off-site that a backup was to be sent to: what it is called there, or why it is not there, and
    what to do about that."""

    place: str
    stamp: str = ""
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class BackupAnswer:
    """A backup: where it is, what it holds, and of which vault and clone it is. `path` is an address where it
    is not a folder; `bytes` is its size, 0 where that is not known; `age_seconds` is -1 where it is not;
    `fault` says what is wrong with it, "" where nothing was found; `validated` tells that all of it was read
    back."""

    stamp: str
    path: str
    sequence: int
    created: str
    reason: str
    form: str
    commit: str
    counts: dict[str, int]
    bytes: int
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    vault: str = ""
    clone: str = ""
    fault: str = ""
    validated: bool = False
    age_seconds: int = -1
    notes: tuple[str, ...] = ()
    off_site: tuple[Sent, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Backups:
    """The backups of a place, the newest first, and what is left of such as were cut short."""

    place: str
    backups: tuple[BackupAnswer, ...]
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validated:
    """What was found wrong with one backup."""

    stamp: str
    path: str
    ok: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found wrong with the backups of a place. `read_data` tells whether their data was read, or
    only looked at whether it is there."""

    place: str
    read_data: bool
    ok: bool
    backups: tuple[Validated, ...] = field(default=())


def backup_answer(kept: Kept, fault: str = "") -> BackupAnswer:
    """What is told of a backup."""
    found = kept.manifest
    fault = fault or (kept.fault.message if kept.fault else "")
    if found is None:
        return BackupAnswer(kept.stamp, kept.where, -1, "", "", "", "", {}, 0, (), (), fault=fault)
    return BackupAnswer(
        stamp=kept.stamp,
        path=kept.where,
        sequence=found.sequence,
        created=found.created,
        reason=found.reason,
        form=found.form,
        commit=found.commit,
        counts=dict(found.recorded.counts),
        bytes=sum(part.bytes for part in found.files.values()),
        files=tuple(found.files),
        left_out=found.left_out,
        vault=found.vault,
        clone=found.clone,
        fault=fault,
        age_seconds=_age_seconds(found.created),
    )


def _age_seconds(created: str) -> int:
    try:
        return max(0, int((clock.now() - datetime.fromisoformat(created)).total_seconds()))
    except (ValueError, TypeError):
        return -1
