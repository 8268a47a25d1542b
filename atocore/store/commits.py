"""How a step becomes a commit: a person's through `git commit`, a machine's through `git fast-import`.

A person's runs their hooks and signs as they configured. A machine's does neither, so it needs no index
and no look at the work tree, and costs the same however large the vault is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atocore.errors import AtocoreError
from atocore.records.plan import Actor, Message
from atocore.store.index import DURABLE, PrivateIndex
from atocore.store.journal import FileStep, Journal
from atocore.store.trees import blob_id

if TYPE_CHECKING:
    from atocore.store.repository import Repository

MACHINE = "atocore <atocore@localhost>"
# A person's configuration is theirs; these settings only keep it from changing what a step says or waits for.
_SETTINGS = (
    "user.useConfigOnly=true",
    "core.editor=true",
    "i18n.commitEncoding=UTF-8",
    "gc.auto=0",
    "maintenance.auto=false",
)


class HeadMovedError(Exception):
    """Another process moved, or holds, the branch between our look at it and our commit."""


class Command(NamedTuple):
    """A git command that commits: its arguments, its environment (and what must not be in it), its input."""

    args: Sequence[str]
    env: Mapping[str, str]
    stdin: bytes
    drop: Sequence[str] = ()


def by_person(repository: Repository, record: Journal, message: Message, private: PrivateIndex) -> Command:
    """`git commit --only` of the step's paths, with the private index in the place of the person's."""
    text = repository.git_dir / f"{repository.tag}.message"
    text.write_bytes(_encoded(message))
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    only = ["--only", "--quiet", "--cleanup=verbatim", "--pathspec-from-file=-", "--pathspec-file-nul"]
    # Literal by magic and not by environment, which the hooks would inherit.
    names = (os.fsencode(f":(top,literal){repository.prefix}{step.path}") + b"\0" for step in record.files)
    return Command(
        [*DURABLE, *settings, "commit", *only, f"--file={text}"],
        {**private.env, "ATOCORE_COMMIT": "1", "LC_ALL": "C.UTF-8", "LANGUAGE": "C"},
        b"".join(names),
    )


def by_machine(repository: Repository, record: Journal, message: Message, _private: PrivateIndex) -> Command:
    """`git fast-import` of one commit, which moves the branch only forward from where the step began."""
    options = ["--quiet", "--done", "--date-format=now"]
    return Command(
        [*DURABLE, "-c", "core.hooksPath=/dev/null", "fast-import", *options],
        {"LC_ALL": "C", "LANGUAGE": "C"},
        b"".join(_stream(repository, record, _encoded(message))),
    )


def _stream(repository: Repository, record: Journal, text: bytes) -> Iterator[bytes]:
    who = f"{MACHINE} now\n"
    yield f"commit {record.branch}\nauthor {who}committer {who}".encode()
    yield b"data %d\n%s\n" % (len(text), text)
    if record.head:
        yield f"from {record.head}\n".encode()
    for step in record.files:
        yield from _file(step, quoted(os.fsencode(repository.prefix + step.path)))
    yield b"done\n"


def _file(step: FileStep, path: bytes) -> Iterator[bytes]:
    if step.new_oid is None:
        yield b"D %s\n" % path
    elif step.after is not None and blob_id(step.after, step.new_oid) == step.new_oid:
        yield b"M %s inline %s\n" % (step.mode.encode(), path)
        yield b"data %d\n%s\n" % (len(step.after), step.after)
    else:  # checked out in another form: the committed one was stored when that was made
        yield b"M %s %s %s\n" % (step.mode.encode(), step.new_oid.encode(), path)


def quoted(path: bytes) -> bytes:
    """A path as `fast-import` reads it."""
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"%s"' % escaped


def _encoded(message: Message) -> bytes:
    return message.text().encode("utf-8", "surrogateescape")


def refusal(code: int, said: str, actor: Actor) -> Exception:
    """What a failed commit means: git ends with 1 after a hook's refusal, with 128 after its own errors."""
    moved = ("cannot lock ref", ".lock': File exists", "Not updating refs/")
    if any(words in said for words in moved):
        return HeadMovedError(said)
    if "empty ident" in said or "ident name" in said or "auto-detection is disabled" in said:
        return AtocoreError("no-identity", said)
    if "failed to sign" in said or "failed to write commit object" in said:
        return AtocoreError(
            "git-failed", f"the commit could not be signed: {said}", "see: git config commit.gpgSign"
        )
    if (code == 1 and actor is Actor.PERSON) or "aborted by hook" in said:
        hint = "mend what it complains about, or look at the repository's hooks"
        return AtocoreError("hook-failed", f"a hook of the repository refused the commit: {said}", hint)
    return AtocoreError("git-failed", f"git commit: {said or f'exit code {code}'}")
