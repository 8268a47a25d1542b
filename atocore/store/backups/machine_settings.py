"""Git's settings of this machine, in a repository that was made anew: the machine's own where there are
any, else those of a backup that can run no command.

A backup may come from anywhere: of its settings only names, addresses and plain choices are taken, and no
hook.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from atocore.store.git import Git

_PLAIN: Final = frozenset(
    (
        *("user.name", "user.email", "user.signingkey", "commit.gpgsign", "tag.gpgsign", "gpg.format"),
        *("pull.rebase", "pull.ff", "push.default", "push.followtags", "push.autosetupremote", "fetch.prune"),
        *("merge.conflictstyle", "core.autocrlf", "core.eol", "core.safecrlf", "core.quotepath"),
        "rerere.enabled",
    )
)
_NAMED: Final = (
    re.compile(r"remote\..+\.(url|pushurl|fetch|push|tagopt|prune|prunetags)", re.DOTALL),
    re.compile(r"branch\..+\.(remote|pushremote|merge|rebase|description)", re.DOTALL),
)
_OF_THE_REPOSITORY: Final = re.compile(
    r"core\.(repositoryformatversion|bare|filemode|symlinks|ignorecase|precomposeunicode|logallrefupdates)"
    r"|extensions\..*|merge\.atocore-mirror\..*"
)
_HELPER: Final = re.compile(r"[\w+.-]+::")
_INFO: Final = ("exclude", "attributes")
_LOST: Final = (
    "core.worktree",
    "core.sparsecheckout",
    "core.sparsecheckoutcone",
    "index.sparse",
    "extensions",
)


def keep_own(old: Path, new: Git) -> bool:
    """Have a new repository keep the settings, hooks and large files' store of the one in the git folder
    `old`; whether there were any settings that can be read."""
    there = new.cwd / ".git"
    for name in ("hooks", "info", "lfs"):
        with suppress(FileNotFoundError, NotADirectoryError):
            skipped = shutil.ignore_patterns("sparse-checkout", "refs", "grafts")
            shutil.copytree(
                old / name,
                there / name,
                symlinks=True,
                ignore=skipped,
                copy_function=_linked,
                dirs_exist_ok=True,
            )
    if new.ask("config", "--file", str(old / "config"), "--list").code or not (old / "config").exists():
        return False
    own = dict(_pairs(new, there / "config"))
    shutil.copyfile(old / "config", there / "config")
    for name, _ in _pairs(new, there / "config"):
        if name.startswith(_LOST):
            new.ask("config", "--unset-all", name)
    for name, value in own.items():
        new.run("config", "--replace-all", name, value)
    return True


def _linked(source: str, target: str) -> None:
    """A copy that shares the content where the file system can: these files are replaced, never rewritten."""
    if os.path.islink(source) or "/lfs/" not in source:  # noqa: PTH114
        shutil.copy2(source, target, follow_symlinks=False)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def take_over(settings: Mapping[str, bytes], new: Git) -> list[str]:
    """Give a new repository those settings of a backup that name no command; what a person should know of the
    others."""
    there = new.cwd / ".git"
    for name in _INFO:
        if f"git/info/{name}" in settings:
            (there / "info").mkdir(exist_ok=True)
            (there / "info" / name).write_bytes(settings[f"git/info/{name}"])
    return [*_config(settings.get("git/config", b""), new), *_hooks(settings)]


def _config(raw: bytes, new: Git) -> Iterator[str]:
    draft = new.cwd / ".git" / "config-of-the-backup"
    draft.write_bytes(raw)
    left = []
    for name, value in _pairs(new, draft):
        if is_safe(name, value):
            new.run("config", "--add", name, value)
        elif not _OF_THE_REPOSITORY.fullmatch(name):
            left.append(name)
    draft.unlink()
    if left:
        names = ", ".join(dict.fromkeys(left))
        yield f"git settings of the backup that are not taken over, since they could run a command: {names}"


def _hooks(settings: Mapping[str, bytes]) -> Iterator[str]:
    names = [name.removeprefix("git/hooks/") for name in settings if name.startswith("git/hooks/")]
    others = [name for name in names if name != "pre-commit" or not has_own_hook(settings)]
    if others:
        told = f"git hooks of the backup are not put in place: {', '.join(others)}"
        yield f"{told} (they lie in its local.tar, settings/git/hooks)"


def has_own_hook(settings: Mapping[str, bytes]) -> bool:
    """Whether a backup has AtoCore's own pre-commit hook, which its installer writes anew."""
    return b"# AtoCore's pre-commit hook" in settings.get("git/hooks/pre-commit", b"")


def is_safe(name: str, value: str) -> bool:
    """Whether a setting of git's names no command, and no way to run one."""
    if value.startswith("-") or "\n" in value or "\0" in value:
        return False
    if any(form.fullmatch(name) for form in _NAMED):
        return not (name.endswith("url") and _HELPER.match(value))
    return name.lower() in _PLAIN


def _pairs(git: Git, file: Path) -> list[tuple[str, str]]:
    """The settings in a file as git reads it, in order; none where it cannot."""
    answer = git.ask("config", "--file", str(file), "--no-includes", "--list", "-z")
    rows = (os.fsdecode(row).partition("\n") for row in answer.out.split(b"\0") if row)
    return [(name, value) for name, _, value in rows] if answer.code == 0 else []
