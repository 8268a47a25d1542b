"""Git in one git folder, bare or not: asked by `--git-dir`, and never through replacements."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from atocore.errors import AtocoreError
from atocore.store.git import Answer, Git, failure

_TRUE_OBJECTS = {"GIT_NO_REPLACE_OBJECTS": "1"}


class Place(Git):
    """Git on one git folder, wherever its work tree is, and whatever a person's settings say of bare ones."""

    def __init__(self, git_dir: Path) -> None:
        super().__init__(git_dir)
        self.git_dir = git_dir
        self._wary = (f"--git-dir={git_dir}", "-c", "core.fsync=all", "-c", "core.fsyncMethod=batch")
        self._bound = dict(_TRUE_OBJECTS)

    def object_format(self) -> str:
        """`sha1` or `sha256`."""
        return self.run("rev-parse", "--show-object-format").decode().strip()

    def common(self) -> Path:
        """The folder that all work trees of the repository share."""
        out = os.fsdecode(self.run("rev-parse", "--git-common-dir")).removesuffix("\n")
        return (self.git_dir / out).resolve()

    def types(self, oids: Iterable[str]) -> dict[str, str]:
        """The types of those of the objects that are there."""
        lines = (f"{oid}\n".encode() for oid in oids)
        found: dict[str, str] = {}
        with self.fed(
            "cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer", lines=lines
        ) as git:
            assert git.stdout
            for line in git.stdout:
                oid, _, kind = line.decode().strip().partition(" ")
                if kind in ("blob", "tree", "commit", "tag"):
                    found[oid] = kind
        return found

    def named(self, names: Iterable[str]) -> Iterator[str | None]:
        """The ids of what the names (`COMMIT:path`, say) stand for, in their order; None for nothing."""
        lines = (os.fsencode(f"{name}\n") for name in names)
        with self.fed("cat-file", "--batch-check=%(objectname)", "--buffer", lines=lines) as git:
            assert git.stdout
            for line in git.stdout:
                words = os.fsdecode(line).rstrip("\n")
                yield words if " " not in words and _is_oid(words) else None

    def versions(self, trees: Iterable[str]) -> dict[str, str]:
        """Every blob below the trees, each with one path that it has there."""
        lines = (f"{tree}\n".encode() for tree in trees)
        args = ("rev-list", "--objects", "--filter=object:type=blob", "--stdin")
        found: dict[str, str] = {}
        with self.fed(*args, lines=lines) as git:
            assert git.stdout and git.stderr
            for line in git.stdout:
                oid, _, path = os.fsdecode(line).rstrip("\n").partition(" ")
                found.setdefault(oid, path)
            if git.wait():
                raise failure(args, Answer(git.returncode, b"", os.fsdecode(git.stderr.read())))
        return found

    def objects(self, *ranges: str) -> Iterator[tuple[str, str]]:
        """Every object that the commits of ranges (`OLD..NEW`, a name, an id, `--all`) hold, each with a path
        of it ("" for commits). Raises `git-failed` where one of them is not there."""
        args = ("rev-list", "--objects", "--stdin", *(["--all"] if "--all" in ranges else []))
        lines = (os.fsencode(f"{one}\n") for one in ranges if one[:1] != "-" and "\n" not in one)
        with self.fed(*args, lines=lines) as git:
            assert git.stdout and git.stderr
            for line in git.stdout:
                oid, _, path = os.fsdecode(line).rstrip("\n").partition(" ")
                yield oid, path
            if git.wait():
                raise failure(args, Answer(git.returncode, b"", os.fsdecode(git.stderr.read())))

    def everything(self) -> Iterator[tuple[str, str, bytes]]:
        """Every object that is stored, whatever hangs on it: its type, id and bytes."""
        args = ("cat-file", "--batch-all-objects", "--unordered", "--batch", "--buffer")
        with self.fed(*args, lines=iter(())) as git:
            assert git.stdout
            while facts := git.stdout.readline().split():
                oid, kind, size = facts
                yield kind.decode(), oid.decode(), git.stdout.read(int(size) + 1)[:-1]

    def history(self, tips: Iterable[str], hidden: Iterable[str] = ()) -> list[str]:
        """The commits that the tips have and the hidden ones have not, each after its parents."""
        asked = "".join([*(f"{tip}\n" for tip in tips), *(f"^{one}\n" for one in hidden)])
        out = self.run("rev-list", "--topo-order", "--reverse", "--stdin", stdin=asked.encode())
        return out.decode().split()


def _is_oid(text: str) -> bool:
    return len(text) in (40, 64) and not set(text) - set("0123456789abcdef")


class Raw(NamedTuple):
    """One object of git's as it is stored: its type and its bytes."""

    kind: str
    content: bytes


class Asking:
    """A `cat-file` that is asked for one object after the other."""

    def __init__(self, place: Place) -> None:
        self._started = place.started("cat-file", "--batch", env={})
        self._git = self._started.__enter__()

    def close(self) -> None:
        """End the process."""
        self._started.__exit__(None, None, None)

    def get(self, oid: str) -> Raw:
        """One object; raises `git-failed` where git lacks it."""
        assert self._git.stdin and self._git.stdout
        self._git.stdin.write(f"{oid}\n".encode())
        self._git.stdin.flush()
        facts = self._git.stdout.readline().decode().split()
        if len(facts) != 3:
            told = f"git lacks the object {oid}"
            raise AtocoreError("git-failed", told, "see: git fsck; history cannot be rewritten without it")
        content = self._git.stdout.read(int(facts[2]) + 1)[:-1]
        return Raw(facts[1], content)


def settings_of(place: Place, names: Iterable[str]) -> Mapping[str, str]:
    """What the repository's configuration says of these names; what it does not say is left out."""
    answers = {name: place.ask("config", "--get", name) for name in names}
    return {name: os.fsdecode(a.out).strip() for name, a in answers.items() if a.code == 0}
