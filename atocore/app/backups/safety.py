"""The backup of what a restore is about to replace: the vault's as any other, or all files where git is
broken."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from atocore import __version__, clock
from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.backups.place import own_place
from atocore.app.clone import clone_name
from atocore.app.session import settings_at
from atocore.config import DEFAULTS, Settings
from atocore.errors import AtocoreError
from atocore.records.plan import Actor
from atocore.store.backups.folder_place import FolderPlace, Kept, part_of
from atocore.store.backups.manifest import CONTENTS, MANIFEST, Form, Manifest, Reason
from atocore.store.backups.places import Place
from atocore.store.backups.raw import write_contents
from atocore.store.backups.target import State, Target
from atocore.store.lock import LOCAL
from atocore.store.repository import Repository

_FINAL = ("git-busy", "vault-busy", "interrupted")
"""What a second try in another form would not mend."""


def settings_there(folder: Path) -> Settings:
    """The settings of the vault in a folder; the defaults where they cannot be read."""
    with suppress(AtocoreError):
        return settings_at(folder)
    return DEFAULTS


def safe_place(place: Place, folder: Path) -> FolderPlace:
    """Where a safety snapshot goes: beside the backup; where that is a remote, which takes no drafts and no
    captures, to the vault's own folder of backups."""
    return place if isinstance(place, FolderPlace) else own_place(folder)


def keep_safe(target: Target, place: FolderPlace) -> tuple[Kept, str]:
    """Back up the vault that a folder holds with all that is uncommitted, and a word on why that is a raw
    backup ("" where it is none). Raises `backup-incomplete`: nothing is left of it then."""
    why = target.why
    if target.state is State.VAULT:
        try:
            return _whole(target.folder, place), ""
        except AtocoreError as error:
            if error.code in _FINAL:
                raise
            why = error.message
    told = f"what was there cannot be opened as a vault ({why}): its safety snapshot holds its plain files"
    return _raw(target.folder, place), told


def _whole(folder: Path, place: FolderPlace) -> Kept:
    repository = Repository.open(folder)
    with closing(BackupVerbs(folder, repository, settings_at(folder), Actor.PERSON)) as vault:
        return vault.created(place, Reason.BEFORE_RESTORE, embeddings=False, local=True)


def _raw(folder: Path, place: FolderPlace) -> Kept:
    now = clock.now()
    stamp = place.free_stamp(now.strftime("%Y%m%dT%H%M%SZ"))
    sequence = place.next_sequence()
    with place.making(stamp) as draft:
        left = write_contents(folder, draft / CONTENTS)
        manifest = Manifest(
            stamp=stamp,
            sequence=sequence,
            created=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            reason=Reason.BEFORE_RESTORE,
            form=Form.RAW,
            atocore=__version__,
            git="",
            vault=folder.name,
            clone=clone_name(folder / LOCAL),
            left_out=left,
            files={CONTENTS: part_of(draft / CONTENTS)},
        )
        (draft / MANIFEST).write_text(manifest.to_json(), "utf-8")
    return place.get(stamp)
