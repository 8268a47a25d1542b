"""Which build of AtoCore this is: the commit that the installed package, or its git checkout, is of."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.git import Git

UNKNOWN: Final = "unknown"
VARIABLE: Final = "ATOCORE_BUILD_SHA"


@dataclass(frozen=True, slots=True)
class Build:
    """The commit, and who tells: `package` (the installed distribution), `checkout` (the git checkout that
    the package lies in), `environment` (ATOCORE_BUILD_SHA), or `unknown`. `dirty` is whether the package's
    files differ from the commit; None where that cannot be told."""

    sha: str
    source: str
    dirty: bool | None = None


def build(environ: Mapping[str, str] = os.environ, package: Path | None = None) -> Build:
    """The build of the package at a folder; without one, of the package that runs."""
    folder = package or Path(__file__).resolve().parents[1]
    installed = _installed(folder)
    if installed:
        return Build(installed, "package")
    found = _checked_out(folder)
    if found is not None:
        return found
    told = environ.get(VARIABLE, "").strip()
    return Build(told, "environment") if told else Build(UNKNOWN, UNKNOWN)


def _installed(folder: Path) -> str:
    """The commit in the record of where the distribution beside the package came from (PEP 610)."""
    for record in folder.parent.glob("atocore-*.dist-info/direct_url.json"):
        try:
            told = json.loads(record.read_text("utf-8"))
            return str(told["vcs_info"]["commit_id"])
        except (ValueError, LookupError, TypeError, OSError):
            continue
    return ""


def _checked_out(folder: Path) -> Build | None:
    """The commit of the repository that has the package's own files: one that only lies around an
    installation, such as that of a project with its environment inside, says nothing of it."""
    git = Git(folder)
    try:
        head, tracked, changed = git.ask_all(
            [
                ("rev-parse", "--verify", "--quiet", "HEAD^{commit}"),
                ("ls-files", "--error-unmatch", "--", "__init__.py"),
                ("status", "--porcelain", "--untracked-files=no", "--", "."),
            ]
        )
    except (AtocoreError, OSError):
        return None
    if head.code or tracked.code:
        return None
    return Build(head.out.decode().strip(), "checkout", None if changed.code else bool(changed.out.strip()))
