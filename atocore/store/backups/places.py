"""Where backups are kept, by what a person calls it: a folder, or a git remote."""

from __future__ import annotations

from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import FolderPlace
from atocore.store.backups.remote_access import address_of, is_address
from atocore.store.backups.remote_place import RemotePlace
from atocore.store.files import expanded

Place = FolderPlace | RemotePlace


def place_named(name: str, vault: Path | None = None) -> Place:
    """The place of a name: a folder's path, a URL, an scp-like address, or `remote:NAME` for a remote of the
    vault's repository. Raises `bad-value` and `not-found`; whether something is there does not matter."""
    if not name.strip() or set(name) & set("\0\n\r") or name.startswith("-"):
        told = f"{name!r} is no name of a place"
        raise AtocoreError("bad-value", told, "name a folder, a URL (ssh, https, git, file) or remote:NAME")
    if is_address(name):
        return RemotePlace(address_of(name, vault))
    folder = expanded(name).absolute()
    folder = folder.resolve() if ".." in folder.parts else folder
    if (folder / "objects").is_dir() and (folder / "refs").is_dir() and (folder / "HEAD").is_file():
        told = f"{folder} is a git repository, and a folder of backups is to be a plain one"
        raise AtocoreError("bad-value", told, f"to push backups into it: file://{folder}")
    return FolderPlace(folder)


def refuse_inside(place: Place, *folders: Path) -> None:
    """Raise `bad-path` where a place lies in one of these folders: what destroys them would destroy it."""
    if isinstance(place, FolderPlace):
        where = place.folder.resolve()
        for folder in folders:
            if where.is_relative_to(folder.resolve()):
                told = f"{where} is inside {folder}, which is what is backed up"
                raise AtocoreError("bad-path", told, "name a place outside, best on another disk")
