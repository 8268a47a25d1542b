"""Files of the vault: which paths may be written, and writing that survives a crash.

A reader sees the old content or the new, never half of it. Nothing here knows git.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha1
from pathlib import Path

from atocore.errors import AtocoreError

TEMPORARY = ".atocore-tmp-"


def expanded(path: str | os.PathLike[str]) -> Path:
    """A path as a person types it, with the home that its `~` stands for; that of nobody known stays."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  pathlib's raises where there is no such user


def check_paths(vault: Path, paths: Iterable[str]) -> None:
    """Refuse (`bad-path`) what is no plain file below the vault, as a name and as what stands there now."""
    seen: set[str] = set()
    for path in paths:
        parts = path.split("/")
        illegal = "\0" in path or any(part in ("", ".", "..") for part in parts)
        reserved = any(part.lower() == ".git" for part in parts) or parts[0].lower() == ".atocore"
        if illegal or reserved:
            raise AtocoreError("bad-path", f"{path!r} is no path of a file in the vault")
        _check_folders(vault, path, seen)
        with suppress(FileNotFoundError):
            if not stat.S_ISREG((vault / path).lstat().st_mode):
                raise AtocoreError("bad-path", f"{path!r} is not a regular file", "replace it by a file")


def _check_folders(vault: Path, path: str, seen: set[str]) -> None:
    """Every folder above must be one, or not be there yet: a link could lead anywhere."""
    folder = path.rpartition("/")[0]
    while folder and folder not in seen:
        seen.add(folder)
        with suppress(FileNotFoundError, NotADirectoryError):
            if not stat.S_ISDIR((vault / folder).lstat().st_mode):
                raise AtocoreError("bad-path", f"{path!r}: {folder!r} is a link or a file, and not a folder")
        folder = folder.rpartition("/")[0]


def read(path: Path) -> bytes | None:
    """The file's bytes, or None where there is no file. Raises `unreadable`."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise AtocoreError("unreadable", f"cannot read {path}: {error.strerror}") from error


def mode_of(path: Path) -> int | None:
    """The file's permission bits, or None where there is no file."""
    try:
        return stat.S_IMODE(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None


def temporary(path: Path, mark: str) -> Path:
    """The name under which a file is written before it is put in place."""
    return path.with_name(f"{TEMPORARY}{mark}-{sha1(os.fsencode(path.name)).hexdigest()[:16]}")


def write(path: Path, content: bytes, *, mark: str, mode: int | None = None, fresh: bool = False) -> None:
    """Put the bytes in place, whole or not at all, flushed to the disk (its folder is not: `settle_folders`).

    Folders are made. `mode` None leaves the permissions to the umask. A `fresh` file never replaces one that
    is there (FileExistsError). Raises `read-only` for whatever else the system refuses, a full disk too.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content, mark, mode, fresh)
    except OSError as error:
        if fresh and isinstance(error, FileExistsError):
            raise
        raise AtocoreError("read-only", f"cannot write {path}: {error.strerror}") from error


def _write(path: Path, content: bytes, mark: str, mode: int | None, fresh: bool) -> None:
    scratch = temporary(path, mark)
    remove(scratch)
    try:
        _write_scratch(scratch, content, 0o666 if mode is None else mode)
        if mode is not None:
            scratch.chmod(mode)
        if fresh:
            _put_fresh(scratch, path)
        else:
            scratch.replace(path)
    except BaseException:
        with suppress(OSError):
            scratch.unlink()
        raise


def _write_scratch(scratch: Path, content: bytes, mode: int) -> None:
    number = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(number, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(content)
        file.flush()
        os.fsync(number)


def _put_fresh(scratch: Path, path: Path) -> None:
    """Link and unlink: unlike a rename, this cannot replace a file that came meanwhile."""
    try:
        path.hardlink_to(scratch)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        scratch.replace(path)
    else:
        scratch.unlink()


def missing_folders(vault: Path, paths: Iterable[str]) -> list[str]:
    """The folders that must be made before the paths can be written, outermost first."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    missing = [folder for folder in folders if not (vault / folder).is_dir()]
    return sorted(missing, key=lambda folder: (folder.count("/"), folder))


def prune(vault: Path, path: str) -> None:
    """Remove the folders above a removed file that hold nothing any more."""
    folder = (vault / path).parent
    while folder != vault and vault in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def settle_folders(folders: Iterable[Path]) -> None:
    """Flush the folders' own entries to the disk; a folder that is gone needs none."""
    for folder in {*folders}:
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def settle_file_system(folder: Path) -> None:
    """Flush all that was written to the file system that a folder is on."""
    import ctypes

    number = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None).syncfs(number):
            os.sync()
    except AttributeError:  # a system without such a call
        os.sync()
    finally:
        os.close(number)


def remove(path: Path) -> None:
    """Remove a file that may be gone already."""
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()
