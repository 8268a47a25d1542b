"""Backup verbs: create, list, validate."""

from __future__ import annotations

from dataclasses import replace

from atocore.app.backups.answers import BackupAnswer, Backups, Validation, backup_answer
from atocore.app.backups.making import Maker, Wanted, recorded
from atocore.app.backups.place import place_of
from atocore.app.backups.reading import backups_in, validate
from atocore.app.backups.sampling import SamplingVerbs
from atocore.app.operations import Job, Operations
from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import FolderPlace, Kept
from atocore.store.backups.manifest import Reason, Recorded
from atocore.store.backups.places import Place, refuse_inside


class BackupVerbs(SamplingVerbs):
    """backup create|list|validate."""

    def backup_create(
        self,
        *,
        to: str = "",
        reason: Reason = Reason.ASKED,
        embeddings: bool | None = None,
        local: bool | None = None,
        off_site: bool | None = None,
        dry_run: bool = False,
    ) -> BackupAnswer:
        """Make a backup of the vault in a place, and validate it: with computed embeddings and what this
        machine alone holds as asked, else as the settings say. Then send it `off_site` (None: where it is a
        scheduled one).

        Raises `backup-incomplete`: nothing is left of it then, and older backups are as they were; or where
        it was made and could not be sent to all places off-site, which the message tells.
        """
        wants, maker = self._backup_parts(embeddings, local), Maker(self)
        operations = Operations(self.local_folder())
        if dry_run:
            place = self._place_to_write(to)
            notes = self._lost_place(place, reason, operations)
            return replace(maker.planned(place, reason, wants), notes=notes)
        is_sent = reason is Reason.SCHEDULED if off_site is None else off_site
        elsewhere = self.settings.texts("backup.off_site") if is_sent else ()
        with operations.recorded(Job.BACKUP, self._now) as figures:
            place = self._place_to_write(to)
            notes = self._lost_place(place, reason, operations)
            taken = maker.taken(reason)
            kept = maker.kept_in(place, taken, wants)
            sent = tuple(maker.sent(name, taken, wants) for name in elsewhere)
            answer = replace(backup_answer(kept), validated=True, notes=notes, off_site=sent)
            figures.update(stamp=answer.stamp, place=str(place), bytes=answer.bytes)
        self._refuse_unsent_backup(answer, operations)
        return answer

    def backup_list(self, *, source: str = "") -> Backups:
        """The backups of a place."""
        return backups_in(self.backup_place(source))

    def backup_validate(self, stamp: str, *, source: str = "", read_data: bool = False) -> Validation:
        """See `backup_reading.validate`."""
        return validate(self.backup_place(source), stamp, read_data=read_data, progress=self.progress)

    def backup_place(self, name: str = "") -> Place:
        """Where backups are kept: the place named, else the vault's own."""
        return place_of(name, self.vault, self.settings)

    def created(
        self,
        place: Place,
        reason: Reason,
        *,
        embeddings: bool | None = None,
        local: bool | None = None,
    ) -> Kept:
        """A new backup in a place, validated; no job is written down."""
        maker = Maker(self)
        return maker.kept_in(place, maker.taken(reason), self._backup_parts(embeddings, local))

    def recorded(self) -> Recorded:
        """What the committed part of the vault is now, for comparing it later."""
        return recorded(self)

    def _backup_parts(self, embeddings: bool | None, local: bool | None) -> Wanted:
        return Wanted(
            self.settings.flag("backup.embeddings") if embeddings is None else embeddings,
            self.settings.flag("backup.local") if local is None else local,
        )

    def _place_to_write(self, name: str) -> Place:
        """A place to write to. Raises `bad-path` where it lies in what is backed up."""
        place = self.backup_place(name)
        refuse_inside(place, self.repository.top, self.repository.common_dir)
        return place

    def _lost_place(self, place: Place, reason: Reason, operations: Operations) -> tuple[str, ...]:
        """A word on a place that had backups and has none. Raises `backup-incomplete` for a scheduled one:
        what is no longer mounted must not fill the disk below."""
        last = operations.ran()[Job.BACKUP].told
        if not isinstance(place, FolderPlace) or last.get("place") != str(place) or place.backups():
            return ()
        told = f"{place} had the backup {last.get('stamp')}, and has none now"
        if reason is Reason.SCHEDULED:
            hint = "mount it; or make one there by hand if it is right: atocore backup create"
            raise AtocoreError("backup-incomplete", told, hint)
        return (f"{told}: is it mounted?",)

    def _refuse_unsent_backup(self, answer: BackupAnswer, operations: Operations) -> None:
        failed = [one for one in answer.off_site if one.error]
        if failed:
            lost = "; ".join(f"{one.place}: {one.error}" for one in failed)
            told = f"{answer.stamp} was made in {answer.path}, and could not be sent to all places: {lost}"
            operations.failed(Job.BACKUP, self._now(), f"backup-incomplete: {told}")
            hint = next((one.hint for one in failed if one.hint), "see the setting backup.off_site")
            raise AtocoreError("backup-incomplete", told, hint)
