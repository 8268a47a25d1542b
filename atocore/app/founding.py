"""Founding a vault: the folder, its repository, and files that explain it to people who never heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

from atocore.app import git_hook as pre_commit
from atocore.app import resources
from atocore.app.git_hook import GitHook
from atocore.app.session import actor_here
from atocore.config import DEFAULTS
from atocore.config_text import settings_text
from atocore.errors import AtocoreError
from atocore.records.kinds import KINDS
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.store.files import expanded
from atocore.store.founding import repository_for, set_merge_driver
from atocore.store.unfinished import refuse_unfinished
from atocore.store.worktree import SETTINGS_FILE, files_below

IGNORED = """\
# Raw prompts are private: captures stay out of git unless atocore.yaml says `capture: {commit: true}`
# (then delete the next line).
/captures/
# All that is local and derived: deleting it loses nothing.
/.atocore/
"""
ATTRIBUTES = """\
# A record's bytes are its author's: no line-ending conversion.
*.md -text
# Derived pages: where two branches wrote one, ours stays, and `atocore mirror build` makes it true. Git hosts
# fold them in a pull request.
/mirror/** merge=atocore-mirror linguist-generated
# What was purged stays so on every branch: a merge keeps the lines of both sides.
/purged.txt merge=union
"""


@dataclass(frozen=True, slots=True)
class Founded:
    """A new vault: its folder, first commit, the files written, and those that were there and stay.

    `git_hook` is what became of the pre-commit hook, None where none was asked for."""

    vault: str
    commit: str | None
    files: tuple[str, ...]
    kept: tuple[str, ...]
    dry_run: bool = False
    git_hook: GitHook | None = None


def init(
    path: str | PathLike[str], *, example: bool = False, git_hook: bool = False, dry_run: bool = False
) -> Founded:
    """Make a vault at `path`, a new folder or one that exists; nothing that is there is overwritten.

    Where no repository is around it, one is made. `example` adds AtoCore's own decisions and requirements;
    `git_hook` puts a pre-commit hook in place, where the repository has none.
    Raises `exists` for a vault, `no-identity` where git knows no user, and whatever keeps a commit from it.
    """
    folder = expanded(path).absolute()
    refuse_unfinished(folder)
    if (folder / SETTINGS_FILE).exists():
        raise AtocoreError("exists", f"{folder} is a vault already", f"atocore --vault {path} status")
    if folder.exists() and not folder.is_dir():
        raise AtocoreError("exists", f"{folder} is a file", "name a folder")
    texts = founding_files()
    if example:
        texts.update(example_files())
    kept = tuple(name for name in texts if (folder / name).exists() or (folder / name).is_symlink())
    fresh = {name: raw for name, raw in texts.items() if name not in kept}
    if dry_run:
        return Founded(str(folder), None, tuple(fresh), kept, dry_run=True)
    actor = actor_here(DEFAULTS)
    repository = repository_for(folder, needs_identity=actor is Actor.PERSON)
    subject = f"found the AtoCore vault {folder.name}" + (" with the example" if example else "")
    message = Message(subject, "init", actor)
    plan = Plan(tuple(Change(name, None, raw) for name, raw in fresh.items()), message)
    commit = repository.apply(plan)
    set_merge_driver(repository)
    hook = pre_commit.install(repository) if git_hook else None
    return Founded(str(folder), commit, tuple(fresh), kept, git_hook=hook)


def founding_files() -> dict[str, bytes]:
    """The files of an empty vault, by path."""
    return {
        SETTINGS_FILE: settings_text().encode(),
        "README.md": readme().encode(),
        ".gitignore": IGNORED.encode(),
        ".gitattributes": ATTRIBUTES.encode(),
    }


def example_files() -> dict[str, bytes]:
    """The example's records: AtoCore's own vault, without its settings."""
    top = resources.shipped(resources.EXAMPLE)
    folders = [spec.folder for spec in KINDS.values() if spec.folder != "captures"]
    return {
        path: (top / path).read_bytes() for folder in folders for path, _ in sorted(files_below(top, folder))
    }


def readme() -> str:
    """How to review, for people who have never heard of AtoCore."""
    rows = "\n".join(f"| `{spec.folder}/` | {spec.meaning} |" for spec in KINDS.values())
    return f"""\
# What this team knows

This folder is a vault of AtoCore: the memory of a team and its AI assistants, as Markdown files in git. You
need no tool but an editor and git to read it, correct it, or decide what belongs in it.

| folder | what is in it |
| --- | --- |
{rows}
| `reports/` | what each ingestion read, found, and left alone |

## The rules

1. **What is committed counts.** A saved file is a draft; the committed version is what people and
   assistants are told.
2. **Machines propose, people decide.** A file with `status: candidate` is a proposal. It becomes knowledge
   when a person sets `status: active` and commits.
3. **Nothing is blocked.** Two active records that cannot both be true become a file in `conflicts/`; both
   stay until a person decides.

## How to review

Open a file with `status: candidate`. Its `provenance` says where it came from, with the quoted passage.

- **Right?** Change the line to `status: active`, and commit.
- **Wrong?** Change it to `status: rejected`, say why in the commit message, and commit. It is kept, so that
  the same is not proposed again.
- **Not now?** Add `review_after: 2027-01-31`, and commit.
- **Nearly right?** Correct the text first. Your formatting and comments stay as you write them.
- **No longer true?** Change `status: active` to `status: retired`, or to `status: superseded` with
  `superseded_by: ID` of what replaced it.
- **A conflict?** In its file in `conflicts/`, set `status: resolved` and `winner: ID`, or
  `status: dismissed`.
- **A mistake?** `git revert` the commit: the former state is back.

With AtoCore installed, the same in commands:

    atocore review                       # what waits, one at a time, with a key each
    atocore show ID                      # one record, with its source and history
    atocore promote ID                   # make it knowledge; atocore reject ID --reason "…" refuses it
    atocore conflicts list               # what cannot both be true
    atocore search WORDS                 # find anything, saved or committed
    atocore check                        # files that need mending

The `id` in a file never changes; its name and folder are for people and may. Settings are in
`{SETTINGS_FILE}`, each with its meaning.
"""
