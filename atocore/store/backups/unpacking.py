"""A repository made anew from a bundle, aside: every reference, the stash, and exact bytes in the work tree.

Nothing of the user's own configuration takes part: no template, hook, filter or line-end rule of theirs. The
attributes that the vault itself commits do.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.backups.bundle import STASHES
from atocore.store.backups.manifest import Manifest
from atocore.store.git import Git
from atocore.store.local import refuse_local

_SETTINGS: Final = {
    "safe.directory": "*",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.autocrlf": "false",
    "checkout.workers": "0",
    "gc.auto": "0",
    "advice.detachedHead": "false",
}
_ALONE: Final[Mapping[str, str]] = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
    **{f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(_SETTINGS)},
    **{f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(_SETTINGS.values())},
    "GIT_AUTHOR_NAME": "atocore",
    "GIT_AUTHOR_EMAIL": "atocore@localhost",
    "GIT_COMMITTER_NAME": "atocore",
    "GIT_COMMITTER_EMAIL": "atocore@localhost",
}
STASH: Final = "refs/stash"


def git_alone(place: Path) -> Git:
    """Git in a folder, as if the user had configured nothing."""
    return Git(place, place, _ALONE)


def unpack(bundle: Path, place: Path, manifest: Manifest) -> Git:
    """A repository in a new folder with all that a bundle holds, and no work tree yet; git there. Raises
    `backup-objects` and `backup-manifest`."""
    place.mkdir(parents=True)
    git = git_alone(place)
    hashes = "sha256" if len(manifest.commit) == 64 else "sha1"
    git.run("init", "--quiet", "--template=", f"--object-format={hashes}", "--initial-branch=main")
    answer = git.ask("bundle", "unbundle", str(bundle))
    if answer.code:
        raise _damaged(f"{bundle.name}: {answer.err.strip()}")
    held = dict(line.split(" ", 1)[::-1] for line in os.fsdecode(answer.out).splitlines())
    if {name: oid for name, oid in held.items() if name != "HEAD"} != dict(manifest.refs):
        told = f"{bundle.name} holds other references than its manifest tells of"
        raise AtocoreError("backup-manifest", told, "use another backup")
    _set_references(git, manifest)
    return git


def _damaged(told: str) -> AtocoreError:
    if "No space left" in told:
        return AtocoreError(
            "read-only", f"no space left: {told}", "free some, or restore elsewhere: --target DIR"
        )
    return AtocoreError("backup-objects", told, "use another backup: atocore backup list")


def _set_references(git: Git, manifest: Manifest) -> None:
    own = {name: oid for name, oid in manifest.refs.items() if name != STASH and not name.startswith(STASHES)}
    git.run("update-ref", "--stdin", stdin=os.fsencode("".join(f"create {n} {o}\n" for n, o in own.items())))
    if manifest.branch:
        git.run("symbolic-ref", "HEAD", manifest.branch)
    else:
        git.run("update-ref", "--no-deref", "HEAD", manifest.commit)
    for name, meant in manifest.symrefs.items():
        if name.startswith("refs/") and meant.startswith("refs/"):
            git.run("symbolic-ref", name, meant)
    for oid in reversed(stashed(manifest)):
        date, told = os.fsdecode(git.run("log", "-1", "--format=%cd%x00%s", "--date=raw", oid)).split("\0")
        args = ("update-ref", "--create-reflog", "-m", told.strip() or "stash", STASH, oid)
        git.run(*args, env={"GIT_COMMITTER_DATE": f"@{date}"})


def stashed(manifest: Manifest) -> list[str]:
    """The commits of the stash's entries, the newest first."""
    entries = {
        int(name.removeprefix(STASHES)): oid
        for name, oid in manifest.refs.items()
        if name.startswith(STASHES)
    }
    if not entries and STASH in manifest.refs:
        return [manifest.refs[STASH]]
    return [entries[number] for number in sorted(entries)]


def tree_bytes(git: Git, prefix: str = "") -> int:
    """How many bytes the files of the commit have that is to be checked out. Raises `local-tracked` where a
    commit would bring a local folder along, for the whole or for the vault in the folder `prefix`."""
    listing = git.run("ls-tree", "-r", "-l", "-z", "--full-tree", "HEAD")
    rows = [row.partition(b"\t") for row in listing.split(b"\0") if row]
    paths = [os.fsdecode(path) for _, _, path in rows]
    refuse_local(git.cwd, paths)
    refuse_local(git.cwd / prefix, (path.removeprefix(prefix) for path in paths if path.startswith(prefix)))
    sizes = (facts.split()[3] for facts, _, _ in rows)
    return sum(int(size) for size in sizes if size != b"-")


def check_out(git: Git) -> None:
    """Write the commit's files, byte for byte. Raises `read-only`."""
    answer = git.ask("reset", "--hard", "--quiet")
    if answer.code:
        free = shutil.disk_usage(git.cwd).free
        told = f"the files could not be written: {answer.err.strip()} ({free:,} bytes of space are left)"
        raise AtocoreError("read-only", told, "see the disk, or restore elsewhere: --target DIR")


def why_damaged(git: Git) -> str:
    """What git finds missing or damaged of all that the references hold; "" where nothing is. Every object's
    content was hashed when the bundle was unpacked, so that this looks at what belongs together."""
    answer = git.ask("fsck", "--connectivity-only", "--no-dangling", "--no-progress")
    return answer.err.strip() or os.fsdecode(answer.out).strip() if answer.code else ""


def references_of(git: Git) -> dict[str, str]:
    """The references that a repository has, the stash's entries among them, as a manifest tells of them."""
    out = os.fsdecode(git.run("for-each-ref", "--format=%(objectname) %(refname)%00%(symref)"))
    found = {}
    for line in out.splitlines():
        told, _, symref = line.partition("\0")
        oid, _, name = told.partition(" ")
        if not symref:
            found[name] = oid
    if STASH in found:
        listed = git.run("log", "-g", "--format=%H", STASH).decode().split()
        found |= {f"{STASHES}{number}": oid for number, oid in enumerate(listed)}
    return found
