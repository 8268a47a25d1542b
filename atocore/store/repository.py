"""A vault's git repository: opening it, reading it, and the one door through which plans are applied.

Reading takes no locks, rewrites nothing of git's, and runs no command that a cloned vault could name.
All paths are relative to the vault, with `/`; names that are not UTF-8 are surrogate-escaped.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from typing import NamedTuple

from atocore.errors import AtocoreError
from atocore.records.plan import Plan
from atocore.store import head as heads
from atocore.store.default_branch import default_branch
from atocore.store.files import TEMPORARY
from atocore.store.git import Git, failure
from atocore.store.history import Commit, ancestry, ever, log, raw_date
from atocore.store.local import refuse_tracked
from atocore.store.objects import read_blobs
from atocore.store.trees import FEW_NAMES, TreeChange, TreeEntry, chosen, parse_changes, parse_tree, within

# What a folder or file in git's own folder says is under way, and how a person ends it.
IN_PROGRESS = {
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}

PURGE_JOURNAL = "atocore-purge/journal.json"
"""In git's own folder, while a purge happens."""
_IDENTITY_SECONDS = 2.0
_STATES = {"?": "added", "A": "added", "D": "deleted"}


class Situation(NamedTuple):
    """What decides whether a commit can be made now. `branch` is None on a detached HEAD; `in_progress` names
    an operation of git's that is under way; `identity` is what git would sign a person's commit with."""

    branch: str | None
    in_progress: str | None
    shallow: bool
    identity: tuple[str, str] | None


class Dirty(NamedTuple):
    """A path whose saved or staged state is not the committed one: `modified`, `added` (untracked too),
    `deleted` or `unmerged`. A path that ends in `/` is another repository inside the vault."""

    path: str
    state: str


class Recovery(NamedTuple):
    """A step that a crash left unfinished: what was found, and what was done about it."""

    step: str
    found: str
    done: tuple[str, ...]


def _ignore_step(_name: str) -> None:
    """Nobody watches."""


class Repository:
    """The git repository that a vault is, or lies in. Make one with `open`."""

    def __init__(
        self,
        vault: Path,
        git_dir: Path,
        prefix: str,
        *,
        shallow: bool = False,
        lock_wait_seconds: float = 10.0,
        on_step: Callable[[str], None] = _ignore_step,
    ) -> None:
        self.vault = vault
        self.git_dir = git_dir
        self.common_dir = heads.common_dir(git_dir)
        self.prefix = prefix
        self.shallow = shallow
        self.lock_wait_seconds = lock_wait_seconds
        self.on_step = on_step
        self.top = vault.joinpath(*[".."] * prefix.count("/")).resolve() if prefix else vault
        self.git = Git(vault, self.top)
        self._identity: tuple[tuple[str, str] | None, float] = (None, 0.0)
        self._proven: heads.Sight | None = None
        # Two vaults in one repository must not take each other's files in git's folder for their own.
        self.tag = "atocore" + ("-" + sha1(os.fsencode(prefix)).hexdigest()[:8] if prefix else "")

    @classmethod
    def open(
        cls,
        vault: Path,
        *,
        lock_wait_seconds: float = 10.0,
        on_step: Callable[[str], None] = _ignore_step,
        unfinished: bool = False,
    ) -> Repository:
        """The repository around a vault; raises `no-repository`, `bare-repository` or `local-tracked`; and,
        unless it may be `unfinished`, `purge-unfinished` where a purge was cut short."""
        vault = vault.resolve()
        if not vault.is_dir():
            raise AtocoreError("no-repository", f"{vault} is not a folder", "make a vault: atocore init DIR")
        shallow, git_dir, prefix = _locate(Git(vault))
        repository = cls(
            vault, git_dir, prefix, shallow=shallow, lock_wait_seconds=lock_wait_seconds, on_step=on_step
        )
        if heads.designated(repository.top) != git_dir.resolve():
            told = (
                f"{git_dir} looks like git's own folder, and no .git names it: its settings may be anybody's"
            )
            raise AtocoreError("bare-repository", told, "open a vault in a work tree of git's")
        refuse_tracked(repository.git)
        if not unfinished and (repository.common_dir / PURGE_JOURNAL).exists():
            told = "a purge of this repository's history was cut short: part of it is the old one still"
            raise AtocoreError("purge-unfinished", told, "carry it on: atocore purge --continue")
        return repository

    def head(self) -> str | None:
        """The id of the commit that is checked out; None on a branch that is proven to have none.

        Raises `git-failed` where HEAD, its reference or its commit is damaged or cannot be read.
        """
        seen, known = self._look()
        if known is not None:
            return known.commit
        commit = self.tip("HEAD")
        self._prove(seen, commit)
        return commit

    def _look(self) -> tuple[heads.Sight | None, heads.Sight | None]:
        """What is seen of HEAD now, and the same where it is what git told of last."""
        seen = heads.sight(self.top, self.git_dir, self.common_dir)
        return seen, seen if seen == self._proven else None

    def _prove(self, seen: heads.Sight | None, commit: str | None) -> None:
        """Keep what git said of HEAD: as long as the same is seen there, git need not be asked again."""
        if seen is not None and seen.commit == commit:
            self._proven = seen

    def tip(self, name: str) -> str | None:
        """The commit of a full reference name; None where the branch behind it has none. As `head`."""
        args = ("rev-parse", "--verify", f"{name}^{{commit}}")
        for _ in range(2):  # the first commit may land between the question and the proof
            answer = self.git.ask(*args)
            if answer.code == 0:
                return answer.out.decode().strip()
            branch = self.branch_ref() if name == "HEAD" else name
            if branch and self._is_unborn(branch):
                return None
        said = answer.err.strip().removeprefix("fatal: ")
        raise AtocoreError("git-failed", f"the commit of {branch or name} cannot be read: {said}", "git fsck")

    def standing(self) -> tuple[str | None, str | None]:
        """`branch_ref` and `head`, asked at once, so that both are of one moment."""
        seen, known = self._look()
        if known is not None:
            return known.branch, known.commit
        answer = self.git.ask("rev-parse", "HEAD^{commit}", "--symbolic-full-name", "HEAD")
        commit, _, branch = os.fsdecode(answer.out).removesuffix("\n").partition("\n")
        if answer.code or not branch.startswith("refs/"):  # a branch without commits, a detached HEAD, damage
            return self.branch_ref(), self.head()
        self._prove(seen, commit)
        return branch, commit

    def _is_unborn(self, branch: str) -> bool:
        if (self.common_dir / "reftable").exists():  # such a git can tell a missing reference from a bad one
            return self.git.ask("show-ref", "--exists", branch).code == 2
        return heads.is_unborn(self.common_dir, branch)

    def situation(self) -> Situation:
        """Where HEAD is, what is under way, and who the user is."""
        branch = self.branch_ref()
        return Situation(
            branch=branch.removeprefix("refs/heads/") if branch else None,
            in_progress=self.in_progress(),
            shallow=self.shallow,
            identity=self.identity(),
        )

    def branch_ref(self) -> str | None:
        """The full name of the branch that is checked out, with or without commits; None if detached."""
        _, known = self._look()
        if known is not None:
            return known.branch
        args = ("symbolic-ref", "--quiet", "HEAD")
        answer = self.git.ask(*args)
        if answer.code > 1:
            raise failure(args, answer)
        return os.fsdecode(answer.out).strip() if answer.code == 0 else None

    def default_branch(self) -> str:
        """The branch that the remote `origin` (else the only one) has checked out, else `main` or `master`,
        else the only branch."""
        return default_branch(self.git, self.branch_ref())

    def in_progress(self) -> str | None:
        """The operation of git's that is under way, if there is one."""
        for name, operation in IN_PROGRESS.items():
            if (self.git_dir / name).exists():
                return operation
        try:  # between two picks only the list of what is left shows
            first = (self.git_dir / "sequencer" / "todo").read_text(errors="replace")
        except OSError:
            return None
        return "revert" if first.startswith("revert") else "cherry-pick"

    def identity(self) -> tuple[str, str] | None:
        """Name and email as configured: git's guesses from the host's name are nobody's identity.

        An answer holds for two seconds, since one step asks for it several times.
        """
        known, until = self._identity
        if time.monotonic() < until:
            return known
        found = self._ask_identity()
        self._identity = found, time.monotonic() + _IDENTITY_SECONDS
        return found

    def _ask_identity(self) -> tuple[str, str] | None:
        names = ("GIT_COMMITTER_IDENT", "GIT_AUTHOR_IDENT")
        answers = self.git.ask_all([("-c", "user.useConfigOnly=true", "var", name) for name in names])
        if any(answer.code for answer in answers):
            return None
        name, _, rest = os.fsdecode(answers[-1].out).rpartition(" <")
        return name, rest.partition("> ")[0]

    def tree(self, commit: str, *, folder: str = "", whole: bool = False) -> dict[str, TreeEntry]:
        """Every file, symbolic link and submodule of the vault (of a `folder` of it, or `whole`: of the
        repository) in a commit, by path."""
        prefix = "" if whole else self.prefix
        limits = ["--", f"{prefix}{folder and folder + '/'}"] if prefix or folder else []
        listing = self.git.run("ls-tree", "-r", "-z", "--full-tree", commit, *limits)
        return parse_tree(listing, prefix)

    def tree_changes(self, old: str, new: str) -> list[TreeChange]:
        """What differs inside the vault between two commits; a rename is an end and a birth."""
        limits = ["--", self.prefix] if self.prefix else []
        options = ("-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-relative")
        out = Git(self.top, self.top).run("diff-tree", *options, old, new, *limits)
        return list(parse_changes((piece for piece in out.split(b"\0") if piece), self.prefix))

    def touched_between(self, one: str, other: str) -> set[str] | None:
        """The paths touched by any commit that only one of the two has, a merge's against its first parent;
        None where git no longer has one of them."""
        limits = ["--", self.prefix] if self.prefix else ["--"]
        options = ("-z", "--format=", "--name-only", "--no-renames", "--diff-merges=first-parent")
        answer = Git(self.top, self.top).ask(
            "log", *options, "--no-show-signature", f"{one}...{other}", *limits
        )
        if answer.code:
            return None
        names = (name.lstrip(b"\n") for name in answer.out.split(b"\0"))
        inside = (within(os.fsdecode(name), self.prefix) for name in names if name)
        return {path for path in inside if path is not None}

    def blobs(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of blobs, in the order asked for, from one git process. Raises `not-found`."""
        for blob in read_blobs(self.git, oids):
            if blob.raw is None:
                raise AtocoreError("not-found", f"no object {blob.oid} in the repository", "run: git fsck")
            yield blob.oid, blob.raw

    def commits_between(self, old: str, new: str) -> int:
        """How many commits that touch the vault `new` has and `old` has not; -1 where git cannot tell."""
        limits = ["--", self.prefix] if self.prefix else ["--"]
        answer = Git(self.top, self.top).ask("rev-list", "--count", new, f"^{old}", *limits)
        return int(answer.out) if answer.code == 0 else -1

    def cut_at(self) -> frozenset[str]:
        """The commits at which a shallow clone's history is cut: what they changed is not known."""
        if not self.shallow:
            return frozenset()
        with suppress(FileNotFoundError):
            return frozenset((self.common_dir / "shallow").read_text().split())
        return frozenset()

    def dirty(self, paths: Collection[str] = ()) -> list[Dirty]:
        """What is not as committed, staged or not; a rename is an end and a birth. Of these paths and what
        lies below them, or (none given) of the whole vault."""
        options = (
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--ignore-submodules=dirty",
        )
        limits = paths if 0 < len(paths) <= FEW_NAMES else ["."]
        out = self.git.run("--no-optional-locks", "status", *options, "--", *limits)
        found: dict[str, Dirty] = {}
        wanted = {path.rstrip("/") for path in paths}
        for line in out.split(b"\0"):
            entry = self._dirty(os.fsdecode(line)) if line else None
            if entry and entry.path in found:  # removed from the index, and there again as an untracked file
                entry = Dirty(entry.path, "modified")
            if entry:
                found[entry.path] = entry
        return [entry for entry in found.values() if not paths or _is_below(entry.path, wanted)]

    def deleted_below(self, folder: str) -> list[str]:
        """The files below a folder that the index has and the work tree lacks."""
        options = ("--diff-filter=D", "--name-only", "-z", "--relative", "--no-ext-diff")
        out = Git(self.vault, self.top).run("diff-files", *options, "--", folder)
        return [os.fsdecode(name) for name in out.split(b"\0") if name]

    def restore(self, paths: Iterable[str]) -> None:
        """Write files that `deleted_below` told of as the index has them; none that is there is touched."""
        names = b"".join(os.fsencode(path) + b"\0" for path in paths)
        Git(self.vault, self.top).run("checkout-index", "--quiet", "-z", "--stdin", stdin=names)

    def _dirty(self, line: str) -> Dirty | None:
        index, work, path = line[0], line[1], within(line[3:], self.prefix)
        if path is None or path.startswith(".atocore/") or path.rpartition("/")[2].startswith(TEMPORARY):
            return None
        if "U" in (index, work) or index + work in ("AA", "DD"):
            return Dirty(path, "unmerged")
        decisive = work if work != " " else index
        return Dirty(path, _STATES.get("A" if index == "A" and work == "M" else decisive, "modified"))

    def history(self, *paths: str, since: str | None = None) -> Iterator[Commit]:
        """The commits that touched the paths (none: the vault), newest first; one path is followed through
        its renames. `since` is a commit that is left out with all that came before it."""
        if self.head() is None:
            return iter(())
        span = f"{self.resolve(since)}..HEAD" if since is not None else "HEAD"
        return log(Git(self.top, self.top), self.prefix, span, paths)

    def ancestry(self) -> Iterator[Commit]:
        """The commits of the vault that HEAD has, each after its last child, with its parents among them."""
        head = self.head()
        return ancestry(Git(self.top, self.top), self.prefix, head) if head is not None else iter(())

    def ever(self, *, whole: bool = False) -> Iterator[Commit]:
        """Every commit that touched the vault (`whole`: the repository) and that any reference, a stash or a
        reflog holds, each after its parents. Paths are relative to the vault, or to the repository's top."""
        return ever(Git(self.top, self.top), "" if whole else self.prefix)

    def tag_messages(self) -> Iterator[tuple[str, str]]:
        """Name and message of each annotated tag."""
        form = "--format=%(objecttype)%00%(refname)%00%(contents)%00"
        pieces = os.fsdecode(self.git.run("for-each-ref", form, "refs/tags")).split("\0")
        for kind, name, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False):
            if kind.strip() == "tag":
                yield name.removeprefix("refs/"), text

    def reference_names(self) -> list[str]:
        """The names of all branches, tags and other references."""
        return os.fsdecode(self.git.run("for-each-ref", "--format=%(refname)")).split("\n")

    def history_between(self, old: str | None, new: str) -> Iterator[Commit]:
        """The commits of the vault that `new` has and `old` has not, newest first."""
        return log(Git(self.top, self.top), self.prefix, f"{old}..{new}" if old else new, ())

    def resolve(self, name: str) -> str:
        """The commit that a person's name for it (a branch, tag, abbreviation, `HEAD~2`) stands for."""
        safe = name and not name.startswith("-") and not set(name) & {"\0", "\n"}
        found = self._commit(name) if safe else None
        if found is None:
            raise AtocoreError("not-found", f"no commit is called {name!r}", "see: git log --oneline")
        return found

    def found(self, name: str) -> str | None:
        """The commit of a reference, None where there is none."""
        return self._commit(name)

    def _commit(self, name: str) -> str | None:
        answer = self.git.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return answer.out.decode().strip() if answer.code == 0 else None

    def commit_before(self, moment: datetime) -> str | None:
        """The newest commit before a moment, on this branch's own line; None where there is none."""
        latest = f"--min-age={max(math.ceil(moment.timestamp()) - 1, 0)}"
        out = self.git.run("rev-list", "-1", "--first-parent", latest, "HEAD")
        return out.decode().strip() or None

    def merge_bases(self, one: str, other: str) -> list[str]:
        """The newest commits that both come from: several where they were merged into each other, none where
        they have nothing in common."""
        answer = self.git.ask("merge-base", "--all", one, other)
        return answer.out.decode().split() if answer.code == 0 else []

    def made_at(self, commit: str) -> datetime:
        """When a commit was made, by its committer's clock."""
        return raw_date(self.git.run("show", "-s", "--format=%cd", "--date=raw", commit).decode().strip())

    def read_at(self, commit: str, path: str) -> bytes | None:
        """A file's committed bytes; None where the commit has no regular file of that path."""
        entry = self.entries(commit, [path]).get(path)
        if entry is None or not entry.is_file:
            return None
        return self.git.run("cat-file", "blob", entry.oid)

    def entries(self, commit: str, paths: Iterable[str]) -> dict[str, TreeEntry]:
        """What a commit holds at these paths, folders included."""
        names = {os.fsencode(self.prefix + path): path for path in paths}
        if len(names) <= FEW_NAMES:
            limits = ["--", *map(os.fsdecode, names)]
            return (
                chosen(self.git.run("ls-tree", "-z", "--full-tree", commit, *limits), names) if names else {}
            )
        limits = ["--", self.prefix] if self.prefix else []
        return chosen(self.git.run("ls-tree", "-r", "-z", "--full-tree", commit, *limits), names)

    def apply(self, plan: Plan) -> str | None:
        """Write all that a plan says in one commit, or nothing; the commit's id, None where none was due."""
        from atocore.store.apply import apply

        return apply(self, plan)

    def recover(self) -> Recovery | None:
        """Finish or undo a step that a crash cut short; None if there is none, or it is just being taken."""
        from atocore.store.recovery import recover

        return recover(self)


def _is_below(path: str, wanted: set[str]) -> bool:
    """Whether the path, or a folder above it, is wanted."""
    while path:
        if path in wanted:
            return True
        path = path.rpartition("/")[0]
    return False


def _locate(git: Git) -> tuple[bool, Path, str]:
    """Whether the repository is shallow, where git keeps it, and the vault's place in the work tree."""
    facts = ("--is-bare-repository", "--is-inside-work-tree", "--is-shallow-repository")
    args = ("rev-parse", *facts, "--show-cdup", "--show-prefix", "--absolute-git-dir")
    answer = git.ask(*args)
    if answer.code and "not a git repository" in answer.err:
        _refuse_damaged(git.cwd, 1)
        hint = "make one: git init, or atocore init DIR for a new vault"
        raise AtocoreError("no-repository", f"{git.cwd} is not inside a git repository", hint)
    if answer.code:
        raise failure(args, answer)
    bare, inside, shallow, rest = os.fsdecode(answer.out).removesuffix("\n").split("\n", 3)
    if bare == "true":
        hint = "clone it, and open the vault in the clone"
        raise AtocoreError("bare-repository", f"the repository of {git.cwd} is bare", hint)
    if inside != "true":
        hint = "open the folder that holds the .git folder, not one inside it"
        raise AtocoreError("no-repository", f"{git.cwd} is not in the repository's work tree", hint)
    up, rest = rest.split("\n", 1)
    depth, end = up.count("../"), 0
    for _ in range(depth):  # counted, because a folder's name may hold a line's end
        end = rest.index("/", end) + 1
    _refuse_damaged(git.cwd, depth)
    return shallow == "true", Path(rest[end + 1 :]), rest[:end]


def _refuse_damaged(vault: Path, depth: int) -> None:
    """Git passes over a repository whose HEAD it cannot read, and takes one further up for the vault's."""
    for folder in (vault, *vault.parents)[:depth]:
        if (folder / ".git").exists():
            told = f"{folder / '.git'} is there, but git takes it for no repository"
            raise AtocoreError("git-failed", told, "its HEAD may be damaged: see git fsck, or restore it")
