"""The checkouts that documents lie in: which repository a folder belongs to, and what its ignore rules hide.

Knows git and `.gitignore` files, anywhere on the machine. Must not know vaults or documents. Reads only:
other people's repositories may hold any configuration, so nothing of it is run.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.store.git import Git

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_QUIET = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
_URL_NAME = re.compile(r"([^/\\:]+?)(?:\.git)?/*\s*$")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A repository's work tree: where it begins, and the repository's name, the same in every clone that has
    the same `origin`."""

    top: Path
    name: str


def checkout_of(folder: Path) -> Checkout | None:
    """The checkout that a folder lies in; None outside of any, or where git does not trust it."""
    git = Git(folder)
    found = git.ask(*_QUIET, "rev-parse", "--path-format=absolute", "--git-common-dir", "--show-toplevel")
    lines = os.fsdecode(found.out).removesuffix("\n").split("\n")
    if found.code or len(lines) != 2:
        return None
    common, top = (Path(line) for line in lines)
    url = os.fsdecode(git.ask(*_QUIET, "config", "--get", "remote.origin.url").out)
    named = _URL_NAME.search(url.strip())
    home = common.parent.name if common.name == ".git" else top.name
    return Checkout(top, named[1] if named else home)


class Ignores:
    """What is hidden below one folder, asked folder by folder on the way down.

    In a checkout git itself answers, nested and global rules and tracked files included; a checkout within
    another asks its own. Elsewhere the `.gitignore` files below the folder count; so they do where the folder
    itself is hidden, since whoever names it means it.
    """

    def __init__(self, top: Path, stack: ExitStack) -> None:
        self._stack = stack
        self._top = top
        self._running: dict[Path, subprocess.Popen[bytes]] = {}
        self._specs: dict[Path, GitIgnoreSpec | None] = {}
        outer = checkout_of(top)
        self._outer = Path(os.path.realpath(outer.top)) if outer else None
        named = Path(os.path.realpath(top))
        if self._outer not in (None, named) and self._asked(self._outer, named):
            self._outer = None

    def hides(self, path: Path, *, folder: bool) -> bool:
        """Whether a path below the folder is hidden; everything above it was asked before, and is not."""
        home = self._home(path.parent)
        if home is not None:
            return self._asked(home, path)
        for place in (path.parent, *path.parent.parents):
            if not place.is_relative_to(self._top):
                break
            if (spec := self._spec(place)) is not None:
                name = f"{path.relative_to(place).as_posix()}{'/' if folder else ''}"
                if (hidden := spec.check_file(name).include) is not None:
                    return hidden  # the nearest rule decides
        return False

    def _home(self, folder: Path) -> Path | None:
        """The top of the innermost checkout that a folder lies in."""
        while folder != self._top:
            if (folder / ".git").exists():
                return folder
            folder = folder.parent
        return self._outer

    def _asked(self, home: Path, path: Path) -> bool:
        process = self._running.get(home)
        if process is None:
            process = self._running[home] = self._stack.enter_context(_asking(home))
        assert process.stdin
        assert process.stdout
        name = os.path.relpath(os.path.join(os.path.realpath(path.parent), path.name), home)  # noqa: PTH118
        try:
            process.stdin.write(b"./" + os.fsencode(name) + b"\0")
            process.stdin.flush()
            _, _, pattern, _ = (_field(process) for _ in range(4))
        except (OSError, EOFError):  # git refused the path: it hides nothing, and is started anew
            del self._running[home]
            return False
        return bool(pattern) and not pattern.startswith(b"!")

    def _spec(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            from pathspec import GitIgnoreSpec

            self._specs[folder] = None
            with suppress(OSError, ValueError):
                lines = (folder / ".gitignore").read_text("utf-8").splitlines()
                self._specs[folder] = GitIgnoreSpec.from_lines(lines)
        return self._specs[folder]


@contextmanager
def ignores(top: Path) -> Iterator[Ignores]:
    """The ignore rules below a folder; what answers them is ended with the block."""
    with ExitStack() as stack:
        yield Ignores(top, stack)


@contextmanager
def _asking(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    args = (*_QUIET, "check-ignore", "--stdin", "-z", "--verbose", "--non-matching")
    # check-ignore knows no literal pathspecs, and takes every path for one but for a colon at its begin
    with Git(home).started(*args, env={"GIT_LITERAL_PATHSPECS": "0"}) as process:
        yield process


def _field(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout
    found = bytearray()
    while (byte := process.stdout.read(1)) != b"\0":
        if not byte:
            raise EOFError
        found += byte
    return bytes(found)
