"""What the unit of a vault's daemon is to hold on this machine: where everything lies that it writes."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from atocore.app.service.unit import Unit, is_writable_name, unit_name
from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.store.files import expanded
from atocore.store.repository import Repository

_KEPT = (
    "ATOCORE_BACKUP_FOLDER",
    "ATOCORE_CACHE_DIR",
    "ATOCORE_CONFIG_DIR",
    "GIT_CONFIG_GLOBAL",
    "TZ",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
)
"""What the daemon's environment takes over from the shell that installs it: where things are."""
_TEMPORARY = ("/tmp", "/var/tmp")


def planned_unit(
    vault: Path, settings: Settings, environ: Mapping[str, str], *, light: bool
) -> tuple[Unit, dict[Path, str], tuple[Path, ...]]:
    """The unit of a vault's daemon, the links that it needs, and the folders that it expects. Raises
    `bad-path` where a path cannot be told to systemd."""
    name = unit_name(vault)
    folders = tuple(_folders(vault))
    linking = _Linking(link_folder(name))
    writable = [Path(os.path.realpath(vault)), *_git_folders(vault), *folders, *_off_site(settings)]
    interpreter = Path(sys.executable)
    temporary = _is_temporary([*writable, interpreter])
    unit = Unit(
        name=name,
        vault=linking.named(os.path.realpath(vault)),
        shown=os.path.realpath(vault),
        interpreter=os.path.join(  # noqa: PTH118
            linking.named(str(interpreter.parent.parent)), interpreter.parent.name, interpreter.name
        ),
        environment={**_environment(environ, linking), **_backups(vault, folders, linking)},
        writable=tuple(
            dict.fromkeys([linking.named(str(path)) for path in _outermost(writable)] + ["/tmp"] * temporary)
        ),
        has_network=_has_network(vault, settings),
        has_own_tmp=not temporary,
        is_light=light,
    )
    return unit, linking.links, folders


def unit_file(name: str, environ: Mapping[str, str]) -> Path:
    """Where a user's unit of that name lies."""
    named = environ.get("XDG_CONFIG_HOME", "")
    config = Path(named) if os.path.isabs(named) else Path.home() / ".config"  # noqa: PTH117
    return config / "systemd" / "user" / name


def link_folder(name: str) -> Path:
    """Where the links of a unit lie."""
    import platformdirs

    return Path(platformdirs.user_data_dir("atocore")) / "services" / name.removesuffix(".service")


class _Linking:
    """Names for paths that systemd does not take: links with a number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.links: dict[Path, str] = {}

    def named(self, path: str) -> str:
        if is_writable_name(path):
            return path
        known = next((link for link, target in self.links.items() if target == path), None)
        link = known or self._folder / str(len(self.links) + 1)
        if not is_writable_name(str(link)):
            told = f"systemd takes no path like {path!r}, and {self._folder} is no better"
            raise AtocoreError("bad-path", told, "name a folder in XDG_DATA_HOME whose path is UTF-8")
        self.links[link] = path
        return str(link)


def _folders(vault: Path) -> Iterator[Path]:
    """What is AtoCore's own and written besides the vault: the embedding cache, and the place of backups."""
    from atocore.app.backups.backing_up import BackupVerbs
    from atocore.app.opening import open_with
    from atocore.index.embedding_cache import cache_folder
    from atocore.store.backups.folder_place import FolderPlace

    yield _absolute(cache_folder())
    with closing(open_with(BackupVerbs, vault)) as opened:
        place = opened.backup_place()
        if isinstance(place, FolderPlace):
            yield _absolute(place.folder)


def _off_site(settings: Settings) -> list[Path]:
    """The folders that backups are sent to. None is made: it may be where a drive is mounted."""
    return [_absolute(expanded(name)) for name in settings.texts("backup.off_site") if not _is_remote(name)]


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  a link may be what stays


def _is_remote(name: str) -> bool:
    """Whether a place is a git remote: `remote:NAME`, a URL, or `host:path`; else it is a folder."""
    return bool(re.match(r"[^/]*:", name))


def _git_folders(vault: Path) -> list[Path]:
    repository = Repository.open(vault)
    return [Path(os.path.realpath(path)) for path in (repository.git_dir, repository.common_dir)]


def _has_network(vault: Path, settings: Settings) -> bool:
    """Whether the daemon has to reach other machines: git remotes, or extractors, which may."""
    from atocore.app.extractor_file import permitted

    if any(map(_is_remote, settings.texts("backup.off_site"))):
        return True
    allowed = permitted() if settings.texts("extraction.extractors") else {}
    return any(
        name in allowed and allowed[name].may_see(vault) for name in settings.texts("extraction.extractors")
    )


def _environment(environ: Mapping[str, str], linking: _Linking) -> dict[str, str]:
    git = shutil.which("git", path=environ.get("PATH"))
    paths = [*([str(Path(git).parent)] if git else []), "/usr/local/bin", "/usr/bin", "/bin"]
    kept = {name: linking.named(environ[name]) for name in _KEPT if environ.get(name)}
    return {"PATH": ":".join(dict.fromkeys(path for path in paths if is_writable_name(path))), **kept}


def _backups(vault: Path, folders: tuple[Path, ...], linking: _Linking) -> dict[str, str]:
    """Where backups go, for a daemon that knows the vault by a link: by its name they would go elsewhere."""
    if is_writable_name(os.path.realpath(vault)):
        return {}
    return {"ATOCORE_BACKUP_FOLDER": linking.named(str(folders[-1]))}


def _is_temporary(paths: list[Path]) -> bool:
    """Whether anything that is needed lies where the service would have a /tmp of its own."""
    return any(path.is_relative_to(place) for path in paths for place in _TEMPORARY)


def _outermost(paths: list[Path]) -> list[Path]:
    """The paths without those that lie in another of them."""
    return [path for path in paths if not any(other in path.parents for other in paths)]
