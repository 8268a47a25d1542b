"""The bench vault: N valid records of some 150 words of real text, in one commit, the same for the same N."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from bench_text import paragraphs

from atocore.records.birth import written
from atocore.records.header import Value
from atocore.records.ids import random_id
from atocore.records.kinds import KINDS, Kind

VERSION = 1
"""Raised whenever the same N would give another vault: a cached one is then made anew."""

WORDS = 150
QUERY = "how is the file descriptor closed after an error"
"""A question of the length that people ask, whose words the vault's text has."""

_SEED = 20261122
_AUTHOR = "Bench <bench@example.org>"
_PROJECTS = 20
# Of a hundred records: what a vault in use looks like.
_SHARES = ((Kind.MEMORY, 55), (Kind.ENTITY, 20), (Kind.SOURCE, 10), (Kind.NOTE, 10), (Kind.STATE, 5))
_TYPES = {
    Kind.MEMORY: ("knowledge", "project", "episodic", "adaptation"),
    Kind.ENTITY: ("requirement", "decision", "constraint", "component", "parameter"),
    Kind.STATE: ("fact", "status", "requirement"),
}
_OVER = ("rejected", "retired")
# The step that a person took, by status; candidates come from a machine.
_STEPS = {"active": "promote", "rejected": "reject", "retired": "retire"}


def vault(records: int, cache: Path) -> Path:
    """The vault with so many records, from the cache or made now. Copy it, never write to it."""
    folder = cache / f"vault-{VERSION}-{records}"
    if not folder.is_dir():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        _commit(draft, {"atocore.yaml": b"format: 1\n", ".gitignore": b".atocore/\n"} | dict(files(records)))
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


def files(records: int) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every page."""
    chance = random.Random(_SEED)
    pool = paragraphs(500 + 2 * records)
    projects = min(_PROJECTS, records // 5)
    for number in range(1, projects + 1):
        yield _record(chance, Kind.PROJECT, f"p{number:02}-bench", "", f"Project {number}.", "active")
    yield from islice(_pages(chance, pool), records - projects)


def candidates(folder: Path) -> list[str]:
    """The ids of the candidate memories, by path."""
    listed = git(folder, "grep", "-l", "^status: candidate$", "--", "memories").decode().split()
    return [(folder / path).read_text().split("id: ", 1)[1].split("\n", 1)[0] for path in listed]


def _pages(chance: random.Random, pool: list[str]) -> Iterator[tuple[str, bytes]]:
    kinds, weights = zip(*_SHARES, strict=True)
    number = 0
    while True:
        number += 1
        waits = number % 10 == 0
        kind = Kind.MEMORY if waits else chance.choices(kinds, weights)[0]
        project = f"p{chance.randint(1, _PROJECTS):02}-bench"
        text = _text(chance, pool)
        title = " ".join(text.split()[:6]).strip(".,:;`'\"*#- ") or f"Page {number}"
        if kind is Kind.NOTE:
            yield f"notes/{project}/page-{number:06}.md", f"# {title}\n\n{text}\n".encode()
            continue
        status = "candidate" if waits else "active" if chance.random() < 0.9 else chance.choice(_OVER)
        if kind is Kind.STATE:
            status = "active"
        yield _record(chance, kind, project, f"{title} {number}", text, status)


def _text(chance: random.Random, pool: list[str]) -> str:
    """Some 150 words in whole paragraphs."""
    chosen: list[str] = []
    words = 0
    while words < WORDS - 25:
        chosen.append(chance.choice(pool))
        words += len(chosen[-1].split())
    return "\n\n".join(chosen)


def _record(
    chance: random.Random, kind: Kind, project: str, title: str, body: str, status: str
) -> tuple[str, bytes]:
    keys: dict[str, Value] = {"project": project, "title": title, "created": "2026-11-22T09:12:00Z"}
    if kind is Kind.PROJECT:
        keys = {"name": project, "title": body, "created": "2026-11-22T09:12:00Z"}
    if KINDS[kind].types:
        keys["type"] = chance.choice(_TYPES[kind])
    if KINDS[kind].statuses:
        keys["status"] = status
    if kind in (Kind.MEMORY, Kind.ENTITY, Kind.STATE) and chance.random() < 0.5:
        keys |= {"subject": title, "attribute": "length", "value": f"{len(body)} characters"}
    if kind is not Kind.PROJECT and status in _STEPS and KINDS[kind].statuses:
        keys["ruling"] = _ruling("set" if kind is Kind.STATE else _STEPS[status])
    if status == "candidate":
        keys |= {"confidence": "0.7", "provenance": {"path": "docs/source.md", "rule": "decision-heading"}}
    change = written(kind, random_id(KINDS[kind].prefix, chance.randbytes(8)), keys, body, title)
    assert change.new is not None
    return change.path, change.new


def _ruling(step: str) -> Mapping[str, Value]:
    return {"step": step, "by": _AUTHOR, "at": "2026-11-22T09:12:00Z", "why": "seen on the bench"}


def _commit(folder: Path, pages: Mapping[str, bytes]) -> None:
    """A repository with these pages in one commit, written by one fast-import."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "Bench")
    git(folder, "config", "user.email", "bench@example.org")
    lines = [b"commit refs/heads/main\n", f"committer {_AUTHOR} 1795339920 +0000\n".encode()]
    lines.append(b"data 11\nBench vault\n")
    for path, raw in pages.items():
        lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (_quoted(path), len(raw), raw))
    git(folder, "fast-import", "--quiet", stdin=b"".join(lines))
    git(folder, "reset", "-q", "--hard")


def _quoted(path: str) -> bytes:
    return b'"' + path.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"'
