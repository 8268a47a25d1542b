"""The vault's pre-commit hook: a small script in git's own folder that runs `atocore check --staged`.

It is one for a repository, however many vaults lie in it. A hook of somebody else's is never touched, and
neither is a folder that `core.hooksPath` names: there a person adds the line themselves.
"""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.founding import has_merge_driver, set_merge_driver
from atocore.store.repository import Repository

STOPPED = 10
"""The exit code of `check --staged` for what no commit should hold."""
_MARK = "# AtoCore's pre-commit hook"
_TEXT = """\
#!/bin/sh
{mark}: tells problems, and new conflicts, of what is about to be committed to a vault.
# It stops a commit only for a secret or conflict markers; `git commit --no-verify` goes past it.
# Take it away with: atocore hook uninstall --git
[ -z "$ATOCORE_COMMIT" ] || exit 0
atocore={atocore}
[ -x "$atocore" ] || atocore=$(command -v atocore) || exit 0
stopped=0
look() {{
    [ -f "$1/atocore.yaml" ] || return 0
    GIT_LITERAL_PATHSPECS=1 git diff --cached --quiet --no-ext-diff -- "$1" && return 0
    "$atocore" --vault "$1" check --staged >&2
    [ $? -ne {stopped} ] || stopped=1
}}
{looks}
exit $stopped
"""


@dataclass(frozen=True, slots=True)
class GitHook:
    """Where the pre-commit hook stands, and what it is: `installed` (for this vault), `absent`, `foreign`
    (somebody else's), or `elsewhere` (`core.hooksPath` names a folder). `changed` where a call made it so;
    `told` is what a person should know or do; `merge_driver_set` where the call taught git in this clone how
    derived pages are merged, which no clone brings along."""

    path: str
    state: str
    changed: bool = False
    told: str = ""
    dry_run: bool = False
    merge_driver_set: bool = False


def state(repository: Repository) -> GitHook:
    """What stands in the place of the pre-commit hook."""
    path, configured = _place(repository)
    text = _text(path)
    if "\n" in repository.prefix:
        return GitHook(str(path), "elsewhere", told="the vault's path has a line's end in it")
    if text is not None and _is_ours(text):
        found = _look(repository) in text.splitlines()
        return GitHook(str(path), "installed" if found else "absent")
    if configured:
        told = f"core.hooksPath is set: to have it, add `{command()} check --staged` to {path}"
        return GitHook(str(path), "elsewhere", told=told)
    if text is not None:
        told = f"{path} is there already: to have both, add `{command()} check --staged` to it"
        return GitHook(str(path), "foreign", told=told)
    return GitHook(str(path), "absent")


def install(repository: Repository, *, dry_run: bool = False) -> GitHook:
    """Put the hook in place, or bring our own up to date, and set the merge of derived pages; a hook of
    somebody else's stays."""
    lacks = not has_merge_driver(repository)
    placed = _install(repository, dry_run=dry_run)
    return replace(placed, merge_driver_set=lacks and (dry_run or set_merge_driver(repository)))


def _install(repository: Repository, *, dry_run: bool) -> GitHook:
    found = state(repository)
    if found.state in ("foreign", "elsewhere"):
        return found
    path = Path(found.path)
    before = _text(path)
    looks = _looks(before or "")
    text = _rendered([*looks, *({_look(repository)} - set(looks))])
    if before == text and os.access(path, os.X_OK):
        return GitHook(found.path, "installed")
    if not dry_run:
        _write(path, text)
    return GitHook(found.path, "installed", changed=True, dry_run=dry_run)


def uninstall(repository: Repository, *, dry_run: bool = False) -> GitHook:
    """Take the hook away; where it looks at another vault too, only this one's line."""
    found = state(repository)
    if found.state != "installed":
        return found
    path = Path(found.path)
    left = [look for look in _looks(_text(path) or "") if look != _look(repository)]
    if not dry_run:
        if left:
            _write(path, _rendered(left))
        else:
            path.unlink()
    return GitHook(found.path, "absent", changed=True, dry_run=dry_run)


def command() -> str:
    """The `atocore` command of this installation, as a shell reads it."""
    return shlex.quote(str(Path(sys.executable).parent / "atocore"))


def _place(repository: Repository) -> tuple[Path, str]:
    """The hook's file, and what `core.hooksPath` says."""
    git = repository.git
    folder = os.fsdecode(git.run("rev-parse", "--git-path", "hooks")).removesuffix("\n")
    configured = os.fsdecode(git.ask("config", "--get", "core.hooksPath").out).strip()
    return Path(os.path.normpath(repository.vault / folder / "pre-commit")), configured


def _text(path: Path) -> str | None:
    if not path.exists() and not path.is_symlink():
        return None
    try:
        return path.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def _is_ours(text: str) -> bool:
    return _MARK in text.partition("\nlook()")[0] and "check --staged" in text


def _looks(text: str) -> list[str]:
    """The lines that name a vault."""
    return [line for line in text.splitlines() if line.startswith("look ")] if _is_ours(text) else []


def _look(repository: Repository) -> str:
    return f"look {shlex.quote('./' + repository.prefix.rstrip('/') if repository.prefix else '.')}"


def _rendered(looks: list[str]) -> str:
    return _TEXT.format(mark=_MARK, atocore=command(), stopped=STOPPED, looks="\n".join(sorted(looks)))


def _write(path: Path, text: str) -> None:
    """Whole or not at all: git may be running it."""
    temporary = path.with_name(f"pre-commit.atocore-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, "utf-8", "surrogateescape")
        temporary.chmod(0o755)
        temporary.replace(path)
    except OSError as error:
        raise AtocoreError("read-only", f"cannot write {path}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
