"""Which branch of a repository is its default one, as far as a clone can tell."""

from __future__ import annotations

import os

from atocore.store.git import Git

_USUAL = ("main", "master")
_DERIVED = "atocore-mirror"


def default_branch(git: Git, present: str | None) -> str:
    """The branch that the remote `origin` has checked out, or the only remote, whatever it is called. Where
    no remote tells: `main` or `master`, as one is there; else the only branch, which may have no commit yet
    (`present`, the full name of what is checked out). Derived pages' own branch is none of them."""
    form = "--format=%(refname)%00%(symref)"
    told = os.fsdecode(git.run("for-each-ref", form, "refs/heads", "refs/remotes/*/HEAD")).splitlines()
    pairs = dict(line.split("\0") for line in told)
    remotes = {
        name.split("/")[2]: symref for name, symref in pairs.items() if name.startswith("refs/remotes/")
    }
    symref = remotes.get("origin") or (next(iter(remotes.values())) if len(remotes) == 1 else "")
    if symref:
        return symref.split("/", 3)[3]
    local = [name.removeprefix("refs/heads/") for name in pairs if name.startswith("refs/heads/")]
    usual = next((name for name in _USUAL if name in local), "")
    if usual:
        return usual
    names = {*local, *([present.removeprefix("refs/heads/")] if present else [])} - {_DERIVED}
    return names.pop() if len(names) == 1 else _USUAL[0]
