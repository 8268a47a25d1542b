"""Running git: environment hygiene, literal paths, and errors in AtoCore's words.

Knows how to start git and nothing of what is asked of it. Reads start git directly, because importing
GitPython costs more than most answers; commits and history go through GitPython's command layer.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from atocore.errors import AtocoreError

# What an outer git (a hook, an alias) sets for itself, and what would change the meaning of our arguments.
FOREIGN = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_REFLOG_ACTION",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_OPTIONAL_LOCKS",
)

_READING = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}


class Answer(NamedTuple):
    """How a git process ended: its exit code, output, and what it said on stderr."""

    code: int
    out: bytes
    err: str


class Git:
    """Git, started in one folder, for plumbing: literal paths, no prompts, no optional locks, English."""

    def __init__(
        self, cwd: Path, top: Path | None = None, env: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`top` is where the work tree begins: a repository further up is never taken for the one meant, even
        where the one meant is damaged or gone; nor is a folder that only looks like git's own. `env` is what
        every git started here is to find in its environment."""
        self.cwd = cwd
        self._wary: tuple[str, ...] = ("-c", "safe.bareRepository=explicit") if top is not None else ()
        self._bound = {"GIT_CEILING_DIRECTORIES": str(top.parent)} if top is not None else {}
        self._bound |= env

    @classmethod
    def bare(cls, place: Path) -> Git:
        """Git for a scratch repository of our own without a work tree: no hooks, no housekeeping."""
        git = cls(place)
        settings = (
            "core.hooksPath=/dev/null",
            "gc.auto=0",
            "maintenance.auto=false",
            "advice.detachedHead=0",
        )
        git._wary = (f"--git-dir={place}", *(part for one in settings for part in ("-c", one)))
        return git

    def ask(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Answer:
        """Run git to its end, whatever the exit code."""
        with self._start(args, env) as process:
            out, err = process.communicate(stdin)
        return Answer(process.returncode, out, os.fsdecode(err))

    def ask_all(self, questions: Sequence[Sequence[str]]) -> list[Answer]:
        """Run several gits beside each other, each with a short answer, and wait for all of them."""
        with ExitStack() as stack:
            running = [stack.enter_context(self._start(args)) for args in questions]
            said = [process.communicate() for process in running]
        return [
            Answer(process.returncode, out, os.fsdecode(err))
            for process, (out, err) in zip(running, said, strict=True)
        ]

    def run(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Run git to its end and return its output; raises `git-failed` for any exit code but 0."""
        answer = self.ask(*args, stdin=stdin, env=env)
        if answer.code:
            raise failure(args, answer)
        return answer.out

    def _start(self, args: Sequence[str], env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        clean = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(
                ["git", *self._wary, *args],
                cwd=self.cwd,
                env=clean | _READING | self._bound | dict(env or {}),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
            )
        except FileNotFoundError as error:
            raise AtocoreError(
                "git-failed", "git could not be started", "install git 2.34 or later"
            ) from error

    @contextmanager
    def started(self, *args: str, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
        """A running git for asking it one thing after the other; it is ended when the block is left."""
        with _ended(self._start(args, env)) as process:
            yield process

    @contextmanager
    def fed(self, *args: str, lines: Iterator[bytes]) -> Iterator[subprocess.Popen[bytes]]:
        """A running git that a thread feeds with `lines`, for reading its output as it comes.

        Feeding and reading at once is what keeps thousands of questions from filling both pipes. Git is
        ended when the block is left, early or not.
        """
        with _ended(self._start(args)) as process:
            feeder = threading.Thread(target=_feed, args=(process, lines), daemon=True)
            feeder.start()
            yield process

    def person(
        self, *args: str, env: Mapping[str, str], drop: Sequence[str] = (), quiet: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start git as a person would have it: their configuration, hooks and locale rules apply.

        GitPython adds to the process's environment and cannot take away, so `env` removes what is foreign.
        """
        import git

        foreign = [name for name in (*FOREIGN, *drop) if name in os.environ and name not in env]
        unset = ["env", *(part for name in foreign for part in ("-u", name))] if foreign else []
        watched = git.cmd.Git(self.cwd).execute(
            [*unset, "git", *self._wary, *args],
            as_process=True,
            istream=subprocess.PIPE,
            with_stdout=not quiet,
            env=dict(env),
        )
        # GitPython would end the process when its own wrapper is collected; here the caller decides.
        process, watched.proc = watched.proc, None
        assert process
        return process

    @contextmanager
    def streamed(self, *args: str) -> Iterator[subprocess.Popen[bytes]]:
        """A running git through GitPython, for reading its output as it comes."""
        process = self.person(*args, env=_READING)
        assert process.stdin
        process.stdin.close()
        with _ended(process):
            yield process


def _feed(process: subprocess.Popen[bytes], lines: Iterator[bytes]) -> None:
    assert process.stdin
    with suppress(OSError, ValueError):  # the reader stopped listening and closed the pipes
        process.stdin.writelines(lines)
        process.stdin.close()


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Stop the process when the block is left before its end, and close its pipes."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr, process.stdin):
            if pipe:
                with suppress(OSError):
                    pipe.close()


def pieces(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """The NUL-terminated pieces of a process's output, as they come."""
    assert process.stdout
    rest = b""
    while chunk := process.stdout.read(1 << 16):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def failure(args: Sequence[str], answer: Answer) -> AtocoreError:
    """The refusal for a git command that failed in a way nobody foresaw: git's own words."""
    said = answer.err.strip() or f"exit code {answer.code}"
    if "promisor remote" in said:
        why = said.splitlines()[-1]
        told = f"git {args[0]}: this partial clone lacks an object, and its remote cannot be reached: {why}"
        hint = "repeat it where the remote can be reached, or bring all that is missing: git fetch --refetch"
        return AtocoreError("git-failed", told, hint)
    return AtocoreError("git-failed", f"git {args[0]}: {said}")


class Tail:
    """The end of what a process says on stderr, read beside it.

    A hook may leave a process behind that keeps the pipe open, so nobody waits for the pipe's end: the
    process's own end counts, and a moment later the rest is left to itself.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr
        self._said = bytearray()
        self._pipe = os.dup(process.stderr.fileno())
        process.stderr.close()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            while chunk := os.read(self._pipe, 1 << 16):
                self._said = (self._said + chunk)[-65536:]
        finally:
            os.close(self._pipe)

    def text(self, lines: int = 20) -> str:
        """The last lines said."""
        self._thread.join(0.5)
        return "\n".join(os.fsdecode(bytes(self._said)).strip().splitlines()[-lines:])
