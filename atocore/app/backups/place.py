"""Where a vault's backups are kept. Needs no open vault, and costs little to ask."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from atocore.config import Settings
from atocore.store.backups.folder_place import FolderPlace
from atocore.store.backups.places import Place, place_named


def place_of(name: str, vault: Path, settings: Settings) -> Place:
    """Where the backups of a vault's folder are kept: the place named, else the vault's own. The folder need
    not be there."""
    chosen = name or os.environ.get("ATOCORE_BACKUP_FOLDER") or settings.text("backup.folder")
    if chosen:
        return place_named(chosen, vault.resolve())
    return own_place(vault)


def own_place(vault: Path) -> FolderPlace:
    """The folder for a vault's backups in the user's data folder, whatever the settings say."""
    import platformdirs

    vault = vault.resolve()
    mark = hashlib.sha256(os.fsencode(vault)).hexdigest()[:8]
    home = Path(platformdirs.user_data_dir("atocore"))
    return FolderPlace(home / "backups" / f"{vault.name}-{mark}")
