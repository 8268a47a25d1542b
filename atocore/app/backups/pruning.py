"""backup prune: removes the backups that no rule keeps, and tells of each why it stays or goes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, NamedTuple

from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.clone import clone_name
from atocore.app.operations import Job, Operations
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.knowledge.retention import Candidate, Policy, Verdict, verdicts
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.manifest import Form, Reason
from atocore.store.backups.places import Place
from atocore.store.backups.scratch import clear_scratch
from atocore.store.rewriting.place import Place as GitPlace

RULES: Final = ("last", "daily", "weekly", "monthly", "yearly")
_STAMP_FORM: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class PrunedBackup:
    """What becomes of one backup: `keep` and the `reasons` for that; `bytes` is its size, `fault` what is
    wrong with it, "" where nothing was found."""

    stamp: str
    keep: bool
    reasons: tuple[str, ...]
    bytes: int
    path: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was (or would be) removed from a place: the stamps of that and its bytes, why of each backup, the
    newest first, and what was `cleared` of those that were cut short. `off_site` is the same of each place
    of `backup.off_site`, where they were pruned, too; `error` why that one could not be."""

    place: str
    dry_run: bool
    removed: tuple[str, ...]
    freed_bytes: int
    backups: tuple[PrunedBackup, ...]
    cleared: tuple[str, ...] = ()
    off_site: tuple[Pruned, ...] = ()
    error: str = ""


class _Wish(NamedTuple):
    """What is kept, and the clones whose backups count as this one's; `is_strict`: each has to have some."""

    policy: Policy
    adopt: tuple[str, ...]
    is_strict: bool = True


class PruneVerbs(BackupVerbs):
    """backup prune."""

    def backup_prune(
        self,
        *,
        source: str = "",
        keep_last: int | None = None,
        keep_daily: int | None = None,
        keep_weekly: int | None = None,
        keep_monthly: int | None = None,
        keep_yearly: int | None = None,
        adopt: Sequence[str] = (),
        off_site: bool = False,
        dry_run: bool = False,
    ) -> Pruned:
        """Remove what the settings do not keep, or the numbers given in their stead; `off_site`, too, where
        asked. Backups of the clones `adopt` count as this one's, those of them whose commit this vault has.
        Raises `no-backup` where the place is lost, `not-found` where a clone has no such backup there,
        `read-only` where something cannot be removed; nothing else is lost then. A place off-site that
        fails keeps no other from being pruned."""
        given = dict(zip(RULES, (keep_last, keep_daily, keep_weekly, keep_monthly, keep_yearly), strict=True))
        policy = policy_of(self.settings, given)
        place = self.backup_place(source)
        elsewhere = self.settings.texts("backup.off_site") if off_site else ()
        wish = _Wish(policy, tuple(adopt))
        if dry_run:
            found = self._verdicts_at(place, wish, named=bool(source))
            return replace(
                found, off_site=tuple(self._elsewhere(name, wish, dry_run=True) for name in elsewhere)
            )
        operations = Operations(self.local_folder())
        with operations.recorded(Job.PRUNE, self._now) as figures:
            found = self._pruned(place, wish, named=bool(source))
            found = replace(found, off_site=tuple(self._elsewhere(name, wish) for name in elsewhere))
            kept = len(found.backups) - len(found.removed)
            figures.update(place=str(place), removed=len(found.removed), kept=kept)
            if lost := [f"{one.place}: {one.error}" for one in found.off_site if one.error]:
                told = f"{place} was pruned, and not all places off-site were: {'; '.join(lost)}"
                raise AtocoreError("unreadable", told, "see the setting backup.off_site")
        return found

    def _pruned(self, place: Place, wish: _Wish, *, named: bool) -> Pruned:
        clear_scratch()
        cleared = tuple(path.name for path in place.clear())
        found = replace(self._verdicts_at(place, wish, named=named), dry_run=False, cleared=cleared)
        _remove(place, found)
        return found

    def _elsewhere(self, name: str, wish: _Wish, *, dry_run: bool = False) -> Pruned:
        wish = wish._replace(is_strict=False)
        try:
            place = self.backup_place(name)
            if dry_run:
                return self._verdicts_at(place, wish, named=False)
            return self._pruned(place, wish, named=False)
        except (AtocoreError, OSError) as error:
            return Pruned(name, dry_run, (), 0, (), error=str(error))

    def _verdicts_at(self, place: Place, wish: _Wish, *, named: bool) -> Pruned:
        backups = place.backups()
        self._refuse_lost(place, is_empty=not backups, named=named)
        adopted = self._adopted(backups, wish)
        foreign = _foreign(backups, self.vault.name, clone_name(self.local_folder()), adopted)
        faults = {kept.stamp: fault_of(kept) for kept in backups}
        judged = _judged([kept for kept in backups if kept.stamp not in foreign], faults, wish.policy)
        judged |= {stamp: Verdict(stamp, True, (why,)) for stamp, why in foreign.items()}
        told = tuple(_pruned(kept, judged[kept.stamp], faults[kept.stamp]) for kept in backups)
        goes = [one for one in told if not one.keep]
        return Pruned(
            str(place), True, tuple(one.stamp for one in goes), sum(one.bytes for one in goes), told
        )

    def _adopted(self, backups: list[Kept], wish: _Wish) -> frozenset[str]:
        """The stamps of the backups that are of an adopted clone, and of a commit that this vault has."""
        claimed = [one.manifest for one in backups if one.manifest and one.manifest.clone in wish.adopt]
        known = GitPlace(self.repository.git_dir).types(one.commit for one in claimed if one.commit)
        found = [one for one in claimed if one.commit in known]
        lacking = sorted({*wish.adopt} - {one.clone for one in found})
        if lacking and wish.is_strict:
            told = f"no backup there is of a clone {lacking[0]!r} and of a commit that this vault has"
            raise AtocoreError("not-found", told, "without --adopt, --dry-run tells the clone of each")
        return frozenset(one.stamp for one in found)

    def _refuse_lost(self, place: Place, *, is_empty: bool, named: bool) -> None:
        """A place without backups is a lost one where it was named, or the last backup was made there."""
        last = Operations(self.local_folder()).ran()[Job.BACKUP]
        if is_empty and (named or last.told.get("place") == str(place)):
            when = f": the last one was made on {last.last_success}" if last.last_success else ""
            raise AtocoreError(
                "no-backup", f"no backup is in {place}{when}", "is it mounted, and the right place?"
            )


def policy_of(settings: Settings, given: dict[str, int | None]) -> Policy:
    """What is kept: the numbers given, else those of the settings. Raises `usage` or `bad-settings` where
    that is nothing."""
    numbers = {
        rule: settings.whole(f"backup.keep_{rule}") if number is None else number
        for rule, number in given.items()
    }
    try:
        return Policy(**numbers)
    except ValueError as error:
        if any(number is not None for number in given.values()):
            raise AtocoreError("usage", str(error), "give one a number above 0") from error
        told = f"atocore.yaml: backup.keep_*: {error}"
        raise AtocoreError("bad-settings", told, "give one of them a number above 0") from error


def fault_of(kept: Kept) -> str:
    """What is wrong with a backup as far as a look tells: the manifest, and each file's presence and size."""
    if kept.manifest is None:
        return kept.fault.message if kept.fault else "its manifest cannot be read"
    if kept.address:
        return ""
    for name, part in kept.manifest.files.items():
        try:
            size = (kept.path / name).stat().st_size
        except OSError as error:
            return f"{kept.path / name}: {error.strerror}"
        if size != part.bytes:
            return f"{kept.path / name}: {size} bytes, not {part.bytes}"
    return ""


def _foreign(backups: list[Kept], vault: str, clone: str, adopted: Collection[str]) -> dict[str, str]:
    """The backups that are, or may be, of another vault or of another clone of this one, and how to call
    that: they are not this one's to remove."""
    found = {}
    for kept in backups:
        if kept.manifest and kept.stamp not in adopted and not kept.manifest.is_of(vault, clone):
            other = f"of the vault {kept.manifest.vault}"
            alike = f"of another vault of that name, or another clone: {kept.manifest.clone}"
            found[kept.stamp] = alike if kept.manifest.vault == vault else other
    unknown = [kept.stamp for kept in backups if not kept.manifest] if found else []
    return found | dict.fromkeys(unknown, "perhaps of another vault")


def _judged(backups: list[Kept], faults: dict[str, str], policy: Policy) -> dict[str, Verdict]:
    """What becomes of each. Where something would go, the newest that counts as valid is read first: what it
    stands in for is not given up for one that is damaged. Adds to `faults` what that finds."""
    while True:
        candidates = [_candidate(kept, faults[kept.stamp]) for kept in backups]
        found = {one.stamp: one for one in verdicts(candidates, policy)}
        newest = next((one for one in backups if not faults[one.stamp] and not _is_safety(one)), None)
        if newest is None or all(one.keep for one in found.values()):
            return found
        faults[newest.stamp] = _wrong_checksum(newest)
        if not faults[newest.stamp]:
            return found


def _wrong_checksum(kept: Kept) -> str:
    assert kept.manifest
    for name, part in kept.manifest.files.items() if not kept.address else ():
        try:
            with (kept.path / name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return f"{kept.path / name}: {error.strerror}"
        if digest != part.sha256:
            return f"{kept.path / name}: not as it was written: its checksum is wrong"
    return ""


def _candidate(kept: Kept, fault: str) -> Candidate:
    found = kept.manifest
    return Candidate(
        stamp=kept.stamp,
        sequence=found.sequence if found else -1,
        created=_moment(found.created if found else "", kept.stamp),
        is_safety=_is_safety(kept),
        is_valid=not fault,
    )


def _is_safety(kept: Kept) -> bool:
    found = kept.manifest
    return found is not None and (found.reason is Reason.BEFORE_RESTORE or found.form is Form.RAW)


def _moment(created: str, stamp: str) -> datetime:
    try:
        return datetime.fromisoformat(created).astimezone(UTC)
    except ValueError:
        try:
            return datetime.strptime(stamp.partition("-")[0], _STAMP_FORM).replace(tzinfo=UTC)
        except ValueError:  # digits that are no date
            return datetime.min.replace(tzinfo=UTC)


def _pruned(kept: Kept, verdict: Verdict, fault: str) -> PrunedBackup:
    size = sum(part.bytes for part in kept.manifest.files.values()) if kept.manifest else 0
    return PrunedBackup(kept.stamp, verdict.keep, verdict.reasons, size, kept.where, fault)


def _remove(place: Place, found: Pruned) -> None:
    """Remove what no rule keeps, the oldest first."""
    for number, stamp in enumerate(reversed(found.removed)):
        try:
            place.remove(stamp)
        except OSError as error:
            told = f"cannot remove {stamp} in {place}: {error.strerror or error}; removed before it: {number}"
            hint = "see who may write there, and whether it is mounted for writing"
            raise AtocoreError("read-only", told, hint) from error
