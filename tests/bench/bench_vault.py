"""The bench vault: N valid records of some 150 words of real text, in one commit, the same for the same N.

Pages are made one by one and streamed into one `git fast-import`, so that a million need no more memory than
git's own. No two bodies are the same, and no folder holds more than 500 files.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bench_text import identity, pieces

from atocore.records.birth import written
from atocore.records.header import Value
from atocore.records.ids import random_id
from atocore.records.kinds import KINDS, Kind

VERSION = 2
"""Raised whenever the same N would give another vault: a cached one is then made anew."""

WORDS = 150
QUERY = "how is the file descriptor closed after an error"
"""A question of the length that people ask, whose words the vault's text has."""
AUTHOR = "Bench <bench@example.org>"

_SEED = 20261122
_PROJECTS = 20
_IN_PROJECT = 600  # records of a project at most: 360 memories, which share a folder
# Of a hundred records: what a vault in use looks like.
_SHARES = ((Kind.MEMORY, 55), (Kind.ENTITY, 20), (Kind.SOURCE, 10), (Kind.NOTE, 10), (Kind.STATE, 5))
_TYPES = {
    Kind.MEMORY: ("knowledge", "project", "episodic", "adaptation"),
    Kind.ENTITY: ("requirement", "decision", "constraint", "component", "parameter"),
    Kind.STATE: ("fact", "status", "requirement"),
}
_CLAIMING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
_PARTS = ("beam", "mirror cell", "controller", "cable", "build", "panel", "buffer", "gateway", "sensor")
_MEASURES = (("mass", "kg"), ("length", "mm"), ("voltage", "V"), ("timeout", "s"), ("size", "MB"))
_TAGS = ("optics", "network", "storage", "release", "safety", "cost", "test", "supplier")
_OVER = ("rejected", "retired")
# The step that a person took, by status; candidates come from a machine.
_STEPS = {"active": "promote", "rejected": "reject", "retired": "retire"}


def vault(records: int, cache: Path) -> Path:
    """The vault with so many records, from the cache or made now. Copy it, never write to it."""
    folder = cache / f"vault-{VERSION}-{identity()}-{records}"
    if not folder.is_dir():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        found(draft)
        pages = files(records, cache)
        commit(draft, (("atocore.yaml", b"format: 1\n"), (".gitignore", b".atocore/\n")), "Begin")
        commit(draft, pages, "Bench vault", after="refs/heads/main^0")
        git(draft, "reset", "-q", "--hard")
        draft.rename(folder)
    return folder


def copy(folder: Path, to: Path) -> Path:
    """A copy to write to, with an index that knows its files."""
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)
    git(to, "update-index", "-q", "--refresh")
    return to


def git(folder: Path, *args: str, stdin: bytes = b"") -> bytes:
    """Git, to its end; its output."""
    return subprocess.run(["git", *args], cwd=folder, input=stdin, check=True, capture_output=True).stdout


def found(folder: Path) -> None:
    """An empty repository with an identity of its own."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "Bench")
    git(folder, "config", "user.email", "bench@example.org")


def commit(
    folder: Path, pages: Iterable[tuple[str, bytes]], subject: str, branch: str = "main", after: str = ""
) -> None:
    """One commit of these pages by one fast-import; index and work tree stay as they are."""
    command = ["git", "-c", "core.compression=1", "fast-import", "--quiet", "--depth=0"]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(f"commit refs/heads/{branch}\ncommitter {AUTHOR} 1795339920 +0000\n".encode())
        process.stdin.write(b"data %d\n%s\n" % (len(subject.encode()), subject.encode()))
        if after:
            process.stdin.write(f"from {after}\n".encode())
        for path, raw in pages:
            process.stdin.write(b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(raw), raw))
    if process.returncode:
        raise RuntimeError(f"git fast-import: exit code {process.returncode}")


def files(records: int, cache: Path) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every page."""
    chance = random.Random(_SEED)
    pool = pieces(cache, 1000 if records <= 500 else None)
    projects = min(max(_PROJECTS, -(-records // _IN_PROJECT)), max(1, records // 5))
    for number in range(projects):
        yield record(chance, Kind.PROJECT, number, _project(number), "", f"Project {number}.", "active")
    for number in range(records - projects):
        yield _page(chance, pool, number, projects)


def saying(folder: Path, line: str, *folders: str) -> list[str]:
    """The paths of the pages below these folders that have this line, or one that begins with it."""
    return git(folder, "grep", "-l", "-z", f"^{line}", "--", *folders).decode().split("\0")[:-1]


def candidates(folder: Path) -> list[tuple[str, str]]:
    """Id and path of the candidate memories, by path."""
    paths = saying(folder, "status: candidate", "memories")
    return [((folder / path).read_text().split("id: ", 1)[1].split("\n", 1)[0], path) for path in paths]


def body(chance: random.Random, pool: Sequence[str], number: int) -> str:
    """Some 150 words in paragraphs; the first two pieces are no other number's."""
    size = len(pool)
    first = number % size
    second = (first * 7919 + number // size * 104_729 + 13) % size
    chosen = [pool[first], pool[second]]
    words = sum(len(text.split()) for text in chosen)
    while words < WORDS - 15:
        chosen.append(chance.choice(pool))
        words += len(chosen[-1].split())
    return "\n\n".join(" ".join(chosen[at : at + 2]) for at in range(0, len(chosen), 2))


def record(
    chance: random.Random, kind: Kind, number: int, project: str, title: str, text: str, status: str
) -> tuple[str, bytes]:
    """Path and bytes of a record as AtoCore writes one."""
    born = f"2025-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z"
    keys: dict[str, Value] = {"project": project, "title": title, "created": born}
    if kind is Kind.PROJECT:
        keys = {"name": project, "title": text, "created": born}
    if KINDS[kind].types:
        keys["type"] = chance.choice(_TYPES[kind])
    if KINDS[kind].statuses:
        keys["status"] = status
    if kind is not Kind.PROJECT and number % 3 == 0:
        keys["tags"] = tuple(sorted(chance.sample(_TAGS, 2)))
    if kind is not Kind.PROJECT and status in _STEPS and KINDS[kind].statuses:
        keys["ruling"] = _ruling("set" if kind is Kind.STATE else _STEPS[status], born)
    if status == "candidate":
        keys |= {"confidence": "0.7", "provenance": {"path": "docs/source.md", "rule": "decision-heading"}}
    if kind in _CLAIMING and number % 2:
        keys |= _claim(number)
    digest = hashlib.blake2b(f"{kind} {number}".encode(), digest_size=8).digest()
    change = written(kind, random_id(KINDS[kind].prefix, digest), keys, text, title)
    assert change.new is not None
    return change.path, change.new


def _page(chance: random.Random, pool: Sequence[str], number: int, projects: int) -> tuple[str, bytes]:
    kinds, weights = zip(*_SHARES, strict=True)
    waits = number % 10 == 9
    kind = Kind.MEMORY if waits else chance.choices(kinds, weights)[0]
    project = _project(chance.randrange(projects))
    text = body(chance, pool, number)
    title = " ".join(text.split()[:6]).strip(".,:;`'\"*#- ") or f"Page {number}"
    if kind is Kind.NOTE:
        return f"notes/{project}/page-{number:07}.md", f"# {title}\n\n{text}\n".encode()
    status = "candidate" if waits else "active" if chance.random() < 0.9 else chance.choice(_OVER)
    if kind is Kind.STATE:
        status = "active"
    return record(chance, kind, number, project, f"{title} {number}", text, status)


def _project(number: int) -> str:
    return f"p{number + 1:02}-bench"


def _claim(number: int) -> dict[str, Value]:
    """What a record claims: a slot of its own, with a value that a measurement would have."""
    attribute, unit = _MEASURES[number % len(_MEASURES)]
    value = f"{number * 37 % 9000 / 10 + 1:.1f} {unit}"
    return {"subject": f"{_PARTS[number % len(_PARTS)]} {number}", "attribute": attribute, "value": value}


def _ruling(step: str, at: str) -> Mapping[str, Value]:
    return {"step": step, "by": AUTHOR, "at": at, "why": "seen on the bench"}


def _quoted(path: str) -> bytes:
    return b'"' + path.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"'
