"""Why there is no vault where one was asked for: what git tells, and the command that mends it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.git import Git
from atocore.store.worktree import SETTINGS_FILE

_REFERENCES = 100
"""So many branches are looked at."""
_NAMED = 3


def missing_vault(start: Path) -> AtocoreError:
    """The refusal for a place without `atocore.yaml`, here or above. Reads git, and writes nothing."""
    if not start.exists():
        return AtocoreError(
            "not-a-vault", f"{start} does not exist", "name the vault's folder with --vault DIR"
        )
    here = start if start.is_dir() else start.parent
    asked = ("--is-bare-repository", "--is-inside-work-tree")
    answer = Git(here).ask("rev-parse", *asked)
    if answer.code == 0:
        bare, inside = answer.out.decode().split()
        if inside == "true":
            return _in_work_tree(start, here) or _nothing(start)
        if bare == "true":
            told = f"{start} is a bare repository: it has no files, only their history"
            hint = f"git clone {_quoted(start)} DIR, and open the clone: atocore --vault DIR status"
            return AtocoreError("bare-repository", told, hint)
        told = f"{start} is git's own folder"
        return AtocoreError("not-a-vault", told, "open the folder that holds the .git folder")
    return _nothing(start)


def _nothing(start: Path) -> AtocoreError:
    return AtocoreError(
        "not-a-vault",
        f"no {SETTINGS_FILE} in {start} or a folder above it",
        "make a vault with atocore init DIR, or name one with --vault DIR or ATOCORE_VAULT",
    )


def _in_work_tree(start: Path, here: Path) -> AtocoreError | None:
    """What is the case in a work tree of git's, where the vault is known to git but is not on the disk."""
    top = Path(os.fsdecode(Git(here).run("rev-parse", "--show-toplevel")).removesuffix("\n"))
    git = Git(top, top)
    folder = Path(os.path.realpath(here)).relative_to(os.path.realpath(top))
    names = [(one / SETTINGS_FILE).as_posix() for one in (folder, *folder.parents)]
    committed = _first_in(git, "HEAD", names)
    if not _has_index(git) and git.ask("rev-parse", "-q", "--verify", "HEAD").code == 0:
        told = f"{top} is a clone in which nothing is checked out yet"
        return AtocoreError("not-a-vault", told, f"git -C {_quoted(top)} checkout")
    if committed is not None:
        return _not_on_disk(git, top, committed)
    below = _below(git)
    there = [name for name in below if (top / name).is_file()]
    if there:
        vault = os.path.relpath((top / there[0]).parent, Path.cwd())
        told = f"no {SETTINGS_FILE} in {start} or a folder above it; the repository has a vault further down"
        return AtocoreError("not-a-vault", told, f"atocore --vault {_quoted(vault)} status")
    if below:
        return _not_on_disk(git, top, below[0])
    return _elsewhere(git, top, names)


def _not_on_disk(git: Git, top: Path, name: str) -> AtocoreError:
    """The file is in the commit that is checked out, and missing from the work tree."""
    place = _quoted(top)
    if git.run("ls-files", "-t", "--", name).startswith(b"S "):
        told = f"{name} is outside the sparse checkout of {top}"
        cone = git.ask("config", "--type=bool", "core.sparseCheckoutCone").out.strip() != b"false"
        add = (Path(name).parent.as_posix() if cone else f"/{name}") if "/" in name or not cone else ""
        mend = f"sparse-checkout add {_quoted(add)}" if add else "sparse-checkout reapply"
        return AtocoreError("not-a-vault", told, f"git -C {place} {mend}")
    told = f"{name} is committed in {top}, and gone from the work tree"
    return AtocoreError("not-a-vault", told, f"git -C {place} checkout HEAD -- {_quoted(name)}")


def _elsewhere(git: Git, top: Path, names: list[str]) -> AtocoreError | None:
    """The file is on another branch than the one that is checked out."""
    form = ("--format=%(refname)", f"--count={_REFERENCES}", "--sort=-committerdate")
    listed = os.fsdecode(git.run("for-each-ref", *form, "refs/heads", "refs/remotes")).split()
    found = [one for one in listed if not one.endswith("/HEAD") and _first_in(git, one, names)]
    if not found:
        return None
    locals_ = [one.removeprefix("refs/heads/") for one in found if one.startswith("refs/heads/")]
    remote = [one.removeprefix("refs/remotes/").partition("/")[2] for one in found]
    branches = list(dict.fromkeys(locals_ or remote))
    at = os.fsdecode(git.ask("symbolic-ref", "--quiet", "--short", "HEAD").out).strip()
    where = f"the branch {at}, which is checked out in {top}," if at else f"the commit checked out in {top}"
    told = f"{where} has no {SETTINGS_FILE}; it is on {', '.join(branches[:_NAMED])}"
    return AtocoreError("not-a-vault", told, f"git -C {_quoted(top)} switch {_quoted(branches[0])}")


def _first_in(git: Git, commit: str, names: list[str]) -> str | None:
    """The first of these paths that a commit holds."""
    lines = "".join(f"{commit}:{name}\n" for name in names if "\n" not in name)
    said = git.ask("cat-file", "--batch-check=%(objecttype)", stdin=os.fsencode(lines)).out.split(b"\n")
    asked = [name for name in names if "\n" not in name]
    return next((name for name, kind in zip(asked, said, strict=False) if kind == b"blob"), None)


def _has_index(git: Git) -> bool:
    return (git.cwd / os.fsdecode(git.run("rev-parse", "--git-path", "index")).removesuffix("\n")).exists()


def _below(git: Git) -> list[str]:
    """Where the index has further vaults, those nearest to the top first."""
    pattern = ("ls-files", "-z", "--", f"*/{SETTINGS_FILE}")
    found = os.fsdecode(git.run(*pattern, env={"GIT_LITERAL_PATHSPECS": "0"})).split("\0")
    return sorted(filter(None, found), key=lambda name: (name.count("/"), name))


def _quoted(path: str | Path) -> str:
    return shlex.quote(str(path))
