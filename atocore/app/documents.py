"""The files that an ingestion names: which of them are documents, and where each lies.

Knows folders, patterns and ignore rules. Must not know what a file says, nor sources or candidates. What is
passed over is a value with its reason, and stops nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.errors import AtocoreError
from atocore.knowledge.ingestion.restated import in_host_folder
from atocore.knowledge.ingestion.wave import Passed
from atocore.store.checkout import Ignores, checkout_of, ignores

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files of a folder are documents: patterns as in `.gitignore`, the size limits in bytes (of text,
    and of what is converted), and whose files are none (`ours` tells those of the vault itself)."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    gitignore: bool
    text_bytes: int
    coded_bytes: int
    ours: Callable[[Path], bool]


@dataclass(frozen=True, slots=True)
class Root:
    """One argument: a file or folder, the name of the folder, and where that lies: the same however it is
    reached (the repository and the path in it; outside of any repository, the folder's name)."""

    path: Path
    base: str
    place: str

    @property
    def is_folder(self) -> bool:
        """Whether all below it is meant."""
        return self.path.is_dir()


@dataclass(frozen=True, slots=True)
class File:
    """One file to be read, its path in the ingested folder and the place it has, whoever ingests it."""

    path: Path
    base: str
    origin: str
    place: str


@dataclass(slots=True)
class Found:
    """The files of an ingestion, and those passed over."""

    files: list[File] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


def roots(paths: Sequence[str | os.PathLike[str]]) -> list[Root]:
    """What the arguments name. Two folders of one name, outside of repositories, are told apart by the
    folders that they lie in. Raises `AtocoreError` not-found for what is not there."""
    found = []
    for path in dict.fromkeys(Path(given) for given in paths):
        if not path.exists():
            raise AtocoreError(
                "not-found", f"no file or folder {path}", "give the path of a document or folder"
            )
        folder = path if path.is_dir() else path.parent
        found.append(Root(path, _name(folder), _place(folder)))
    named: dict[str, set[str]] = {}
    for root in found:
        folder = root.path if root.is_folder else root.path.parent
        named.setdefault(root.place, set()).add(os.path.realpath(folder))
    return [_apart(root) if len(named[root.place]) > 1 else root for root in found]


def _name(folder: Path) -> str:
    """The name of an ingested folder; that of the current one for `.`."""
    return Path(os.path.abspath(folder)).name  # noqa: PTH100  resolve() would follow links


def _place(folder: Path) -> str:
    checkout = checkout_of(folder)
    if checkout is None:
        return in_host_folder(Path(os.path.abspath(folder)).parts) or _name(folder)  # noqa: PTH100
    inside = os.path.relpath(os.path.realpath(folder), os.path.realpath(checkout.top))
    return checkout.name if inside == "." else f"{checkout.name}/{Path(inside).as_posix()}"


def _apart(root: Root) -> Root:
    folder = root.path if root.is_folder else root.path.parent
    above = Path(os.path.abspath(folder)).parent.name  # noqa: PTH100
    return Root(root.path, root.base, f"{above}/{root.place}" if above else root.place)


def files(given: Sequence[Root], choice: Choice) -> Found:
    """Every file that the arguments name, each once, and what was passed over on the way."""
    found = Found()
    for root in given:
        if root.is_folder:
            _below(root, choice, found)
        else:
            name = root.path.name
            found.files.append(File(root.path, root.base, name, f"{root.place}/{name}"))
    named: dict[str, File] = {}
    read: set[str] = set()
    for file in found.files:
        real = os.path.join(os.path.realpath(file.path.parent), file.path.name)  # noqa: PTH118
        if real in read:
            continue  # two arguments lead to it
        read.add(real)
        if named.setdefault(file.place, file) is not file:
            found.passed.append(
                passed_over(file.origin, "another document of this pass has its folder and name")
            )
    found.files = list(named.values())
    return found


def _below(root: Root, choice: Choice, found: Found) -> None:
    top = root.path
    wanted = _Patterns(choice)

    def unreadable(error: OSError) -> None:
        shown = os.path.relpath(error.filename, top)
        found.passed.append(passed_over(shown, f"unreadable: {error.strerror}"))

    with ExitStack() as stack:
        hidden = stack.enter_context(ignores(top)) if choice.gitignore else None
        for folder, names, here in os.walk(top, onerror=unreadable):
            at = Path(folder)
            names[:] = [name for name in sorted(names) if _enters(at / name, top, wanted, hidden, found)]
            for name in sorted(here):
                path = at / name
                origin = path.relative_to(top).as_posix()
                reason = _why_not(path, origin, choice, wanted, hidden)
                if reason is None:
                    found.files.append(File(path, root.base, origin, f"{root.place}/{origin}"))
                elif reason:
                    found.passed.append(passed_over(origin, reason))


def checkouts(given: Sequence[Root]) -> list[Root]:
    """The whole checkouts that the arguments lie in: where a document of theirs may have come from."""
    folders = {root.path if root.is_folder else root.path.parent for root in given}
    found = {one.top: one for folder in sorted(folders) if (one := checkout_of(folder)) is not None}
    return [Root(Path(top), one.name, one.name) for top, one in found.items()]


def is_gone(place: str, given: Sequence[Root]) -> bool:
    """Whether the document of a place is not there any more, as far as the ingested folders tell. What cannot
    be looked at is not known to be gone."""
    for root in given:
        if root.is_folder and place.startswith(f"{root.place}/"):
            try:
                os.lstat(root.path / place.removeprefix(f"{root.place}/"))
            except (FileNotFoundError, NotADirectoryError):
                return True
            except OSError:
                return False
    return False


class _Patterns:
    """Include and exclude patterns, made ready. Names are included whatever their case."""

    def __init__(self, choice: Choice) -> None:
        self._include = _spec("include", [pattern.lower() for pattern in choice.include])
        self._exclude = _spec("exclude", choice.exclude)

    def excludes(self, origin: str, *, folder: bool = False) -> bool:
        return self._exclude.match_file(f"{origin}/" if folder else origin)

    def includes(self, origin: str) -> bool:
        return self._include.match_file(origin.lower())


def _spec(name: str, patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise AtocoreError(
            "bad-value", f"no pattern to {name}: {error}", "like: *.md, drafts/, /docs/**"
        ) from error


def _enters(folder: Path, top: Path, wanted: _Patterns, hidden: Ignores | None, found: Found) -> bool:
    origin = folder.relative_to(top).as_posix()
    if wanted.excludes(origin, folder=True):
        return False
    if folder.is_symlink():
        found.passed.append(passed_over(f"{origin}/", "a symbolic link: name its target to ingest that"))
        return False
    if hidden is not None and hidden.hides(folder, folder=True):
        found.passed.append(passed_over(f"{origin}/", "ignored by git"))
        return False
    return True


def _why_not(
    path: Path, origin: str, choice: Choice, wanted: _Patterns, hidden: Ignores | None
) -> str | None:
    """Why a file is passed over: "" where nobody asked for it, None where it is read."""
    if wanted.excludes(origin):
        return ""
    if path.is_symlink():
        return "a symbolic link: name its target to ingest that"
    if choice.ours(path):
        return "a file of this vault"
    if hidden is not None and hidden.hides(path, folder=False):
        return "ignored by git"
    if not wanted.includes(origin):
        return "not one of ingest.include"
    return None


def passed_over(origin: str, reason: str) -> Passed:
    """A row for a file that is passed over, whatever bytes its name holds."""
    return Passed(origin.encode("utf-8", "replace").decode(), reason)
