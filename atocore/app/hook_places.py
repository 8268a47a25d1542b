"""Where clients keep their settings, and reading and writing those: effects on files outside of any vault.

A settings file may be a link into somebody's dotfiles: it is written where the link leads, and keeps its
permissions. What was made for our entry is noted beside the installed script, so that it can be unmade.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.knowledge.hooks.clients import CLIENTS, Client
from atocore.store import files

_MADE = "made.json"


@dataclass(frozen=True, slots=True)
class Place:
    """The settings of a client in a scope: `path` as it is named, `file` where it lies when links are
    followed."""

    client: Client
    scope: str
    path: Path
    file: Path


def client_named(name: str) -> Client:
    """The client of that name. Raises `usage`."""
    if name not in CLIENTS:
        raise AtocoreError("usage", f"no client {name!r}", f"one of {', '.join(CLIENTS)}")
    return CLIENTS[name]


def client_folder(client: Client, environ: Mapping[str, str]) -> Path:
    """Where a client keeps what is the user's."""
    named = environ.get(client.home_variable, "")
    return Path(os.path.abspath(files.expanded(named))) if named else Path.home() / client.home  # noqa: PTH100


def place_of(client: Client, scope: str, folder: Path, environ: Mapping[str, str]) -> Place:
    """The settings of a scope; those of a project are looked for from `folder`. Raises `usage`, and
    `not-found` where there is no such folder."""
    if scope not in client.files:
        raise AtocoreError(
            "usage", f"{client.title} has no {scope} settings for hooks", f"one of {', '.join(client.files)}"
        )
    top = client_folder(client, environ) if scope == "user" else project_folder(folder)
    path = top / client.files[scope]
    return Place(client, scope, path, Path(os.path.realpath(path)))


def project_folder(folder: Path) -> Path:
    """The repository that a folder lies in, else the folder: a client's project. Raises `not-found`."""
    folder = Path(os.path.abspath(files.expanded(folder)))  # noqa: PTH100  resolve() would follow links
    if not folder.is_dir():
        raise AtocoreError("not-found", f"no folder {folder}", "name the project's folder with --folder DIR")
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def read_place(place: Place) -> bytes | None:
    """The settings' bytes, None where there is no file. Raises `unreadable`."""
    try:
        mode = place.file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise AtocoreError("unreadable", f"cannot read {place.path}: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise AtocoreError("unreadable", f"{place.path} is not a regular file")
    return files.read(place.file)


def text_of(place: Place, content: bytes | None) -> str:
    """The settings as text. Raises `bad-client-settings` for what is not UTF-8."""
    try:
        return (content or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        line = (content or b"").count(b"\n", 0, error.start) + 1
        raise AtocoreError(
            "bad-client-settings", f"{place.path}: line {line} is not UTF-8", "mend the file"
        ) from None


def write_place(place: Place, before: bytes | None, after: bytes | None) -> None:
    """Put new settings in place whole, or remove the file; refused where it changed since it was read."""
    if read_place(place) != before:
        raise AtocoreError(
            "changed-meanwhile", f"{place.path} has changed since", "repeat the command: nothing was written"
        )
    if after is None:
        try:
            files.remove(place.file)
            if place.scope != "user":
                with suppress(OSError):  # a folder that holds something stays
                    place.file.parent.rmdir()
        except OSError as error:
            raise AtocoreError("read-only", f"cannot remove {place.path}: {error.strerror}") from error
    else:
        files.write(place.file, after, mark="hook", mode=files.mode_of(place.file))
    files.settle_folders([place.file.parent])


# --- what is AtoCore's own ---------------------------------------------------------------------------------


def data_folder() -> Path:
    """The user's data folder for hooks: it outlives every installation of the package."""
    import platformdirs

    return Path(platformdirs.user_data_dir("atocore")) / "hooks"


def made_for(place: Place) -> tuple[str, ...]:
    """The containers of the settings that were made for our entry."""
    return tuple(_made().get(str(place.file), ()))


def note_made(place: Place, made: Collection[str]) -> None:
    """Remember which containers were made; for a file that is gone, nothing."""
    noted = {**_made(), str(place.file): list(made)}
    noted = {name: found for name, found in noted.items() if found}
    if noted != _made():
        text = json.dumps(noted, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        files.write(data_folder() / _MADE, text.encode("utf-8", "surrogateescape"), mark="made", mode=0o600)


def _made() -> dict[str, list[str]]:
    try:
        found = json.loads((data_folder() / _MADE).read_text("utf-8", "surrogateescape"))
    except (OSError, ValueError, RecursionError):
        return {}  # then nothing counts as made, and what is left empty stays
    lists = found.items() if isinstance(found, dict) else ()
    return {str(name): [str(one) for one in made] for name, made in lists if isinstance(made, list)}
