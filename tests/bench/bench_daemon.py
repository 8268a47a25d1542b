"""Figures with a daemon running."""

from __future__ import annotations

import random
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bench_text
import bench_vault
from bench_kit import Bench, in_process, require
from bench_measure import MEMORY, BenchError, Figure, Sample, in_turns

_AT_REST = ("tantivy", "watchdog.observers", "yaml", "click", "filelock", "platformdirs", "sqlite3")
_WITH_MODEL = (*_AT_REST, "numpy", "usearch.index", "tokenizers", "threadpoolctl")
_SEARCH = ("search", "--json", bench_vault.QUERY)
_CHANGED = 10_000
_FOLDERS = ("memories", "entities", "sources", "notes", "state")
_REST_SECONDS = 20.0
_NOTES = 250
"""So many notes of 150 words are more than the model in numpy is given."""


@contextmanager
def running(bench: Bench, vault: Path) -> Iterator[int]:
    """A daemon of the vault, once every index is in step; its process's number."""
    log = bench.scratch / "daemon.log"
    command = [str(bench.installed.atocore), "--vault", str(vault), "daemon", "--log-file", str(log)]
    with subprocess.Popen(command, env=bench.shell.env, cwd=bench.scratch) as process:
        try:
            _until_listening(process, vault, log)
            bench.inside("daemon", "sync", vault)
            yield process.pid
            process.terminate()
            require(process.wait(30) == 0, f"the daemon ended with {process.returncode}: {_end_of(log)}")
        finally:
            process.kill()


def _until_listening(process: subprocess.Popen[bytes], vault: Path, log: Path) -> None:
    deadline = time.monotonic() + 60
    while not (vault / ".atocore" / "daemon.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f"the daemon does not listen: {_end_of(log)}")
        time.sleep(0.02)


def _end_of(log: Path) -> str:
    return log.read_text()[-1000:] if log.exists() else "it wrote no log"


def served(bench: Bench) -> Iterator[Figure]:
    """Searches by words and meaning, from the shell and over the socket."""
    vectors = int(bench.filled["vectors"][0])
    queries = _queries(bench, 300 if bench.times >= 10 else 30)
    with running(bench, bench.vault):
        _require_answered_by_daemon(bench)
        alone = bench.atocore("search", "--json", "--words", bench_vault.QUERY, ATOCORE_NO_DAEMON="1")
        shell, words = in_turns(bench.atocore(*_SEARCH), alone, bench.times)
        found = bench.inside("daemon", "served", queries=queries, vectors=vectors)
    yield Figure("search, daemon running", shell, "search --words", words, 0.120)
    hits = sum(found["hits"]) / len(found["hits"])
    note = f"{vectors:,} cheap vectors, {len(queries)} different questions, {hits:.1f} hits each"
    slow = (0.99, 0.025 if bench.records <= 10_000 else 0.040)
    goal = bench.at(0.010, 0.015)
    floor = "query embedding + exact scan"
    yield in_process("search in the daemon", found, floor, goal, note=note, slow_goal=slow if goal else None)


def _queries(bench: Bench, count: int) -> list[str]:
    """Questions of four to eight words of real text."""
    chance, pool = random.Random(11), bench_text.pieces(bench.cache)
    chosen = (re.findall(r"[\w-]+", chance.choice(pool)) for _ in range(count))
    return [" ".join(words[: chance.randint(4, 8)]) for words in chosen]


def _require_answered_by_daemon(bench: Bench) -> None:
    """The shell must not do the work itself: then it imports the text index's library."""
    command = (bench.installed.python, "-v", bench.installed.atocore, "--vault", bench.vault, *_SEARCH)
    args = [str(part) for part in command]
    done = subprocess.run(args, env=bench.shell.env, cwd=bench.scratch, capture_output=True, check=False)
    require(done.returncode == 0, done.stderr.decode()[-1000:])
    require(b"import 'tantivy" not in done.stderr, "the daemon did not answer the shell")


def saved(bench: Bench) -> Iterator[Figure]:
    """A saved file, until searches find it by words and by meaning."""
    require(bench.filled["vectors"][0] > 0, "nothing was embedded")
    saves = _saves(bench, 30 if bench.times >= 10 else 3)
    try:
        with running(bench, bench.vault):
            found = bench.inside("daemon", "saved", saves=saves)
    finally:
        bench_vault.git(bench.vault, "checkout", "-q", "--", "memories")
    parts = {"by words": Sample(tuple(found["words"])).median}
    floor = "one embedding + tantivy commit"
    yield in_process("saved until found", found, floor, 0.150, parts=parts, note="by words and by meaning")


def _saves(bench: Bench, count: int) -> list[tuple[str, str, str, str]]:
    """Path, new text, a word of it that is nowhere else, and a sentence of it, for as many active records."""
    chance, pool = random.Random(13), bench_text.pieces(bench.cache)
    listed = bench_vault.saying(bench.vault, "status: active", "memories")
    chosen = chance.sample(listed, min(count, len(listed)))
    made = []
    for number, path in enumerate(chosen):
        header = (bench.vault / path).read_text().split("\n---\n", 1)[0]
        word, sentence = f"q{number:03}xvz", chance.choice(pool)
        text = f"Specimen {word} was weighed again. {sentence} {chance.choice(pool)}"
        made.append((path, f"{header}\n---\n{text}\n", word, f"Specimen {word} was weighed. {sentence}"))
    return made


def checkout(bench: Bench) -> Iterator[Figure]:
    """Checking out a branch that changes thousands of files, until the daemon has every index in step."""
    require(bench.filled["vectors"][0] > 0, "nothing was embedded")  # of the main branch
    vault, branches = bench.other, ["main", "other-branch"]
    count = _branch(bench, branches[1])
    before = bench.inside("meaning", "switch_and_fill", vault, branch=branches[1])
    with running(bench, vault):
        found = bench.inside("daemon", "checkout", vault, branches=branches)
    after = bench.inside("meaning", "verified", vault)
    require(after["differences"] == [0], f"{after['differences']} differences after the last checkout")
    require(after["embedded"] == before["embedded"], "texts were embedded")
    note = f"{count:,} files change; no difference to a fresh index at the end; embeddings cached, cheap ones"
    yield in_process("checkout until in step", found, "git checkout", 5.0, note=note)


def _branch(bench: Bench, name: str) -> int:
    """A branch of the second vault on which up to 10,000 records say something else."""
    paths = bench_vault.git(bench.other, "ls-files", "-z", *_FOLDERS).decode().split("\0")[:-1]
    chance, pool = random.Random(3), bench_text.pieces(bench.cache, 1000)
    chosen = paths[:_CHANGED]
    pages = (
        (path, (bench.other / path).read_bytes() + f"\n{chance.choice(pool)}\n".encode()) for path in chosen
    )
    bench_vault.commit(bench.other, pages, "Say more", branch=name, after="refs/heads/main^0")
    return len(chosen)


def memory(bench: Bench) -> Iterator[Figure]:
    """What the daemon holds: at rest, with the query model, and after it embedded in bulk."""
    require(bench.filled["vectors"][0] > 0, "nothing was embedded")
    bare, more = (_libraries(bench, names) for names in (_AT_REST, _WITH_MODEL))
    folder = bench.vault / "notes" / "new"
    try:
        with running(bench, bench.vault) as pid:
            yield _held("daemon at rest", pid, bare, 60.0)
            bench.inside("daemon", "ask", verb="search", args={"query": bench_vault.QUERY})
            yield _held("daemon, query model", pid, more, 220.0)
            _write_notes(bench, folder)
            bench.inside("daemon", "sync")
            _wait_for_rest(pid)
            yield _held("daemon after bulk embedding", pid, more, 250.0, f"{_NOTES} notes embedded")
    finally:
        bench_vault.git(bench.vault, "clean", "-q", "-f", "-d", "--", "notes")


def _libraries(bench: Bench, names: tuple[str, ...]) -> Sample:
    return Sample(tuple(bench.inside("daemon", "libraries", names=names)["rss"]))


def _held(name: str, pid: int, floor: Sample, goal: float, note: str = "") -> Figure:
    """What the daemon holds together with its children."""
    sizes = _status(pid)
    children = sum(_status(child)["VmRSS"] for child in _children(pid))
    parts = {"not shared with files": sizes["RssAnon"]} | ({"its child": children} if children else {})
    held = Sample((sizes["VmRSS"] + children,))
    return Figure(name, held, "its libraries imported", floor, goal, parts, note, unit=MEMORY)


def _status(pid: int) -> dict[str, float]:
    """The sizes in MB that the system tells of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = (line.split() for line in lines if line.endswith(" kB"))
    return {field[0].rstrip(":"): int(field[1]) * 1024 / 1e6 for field in fields}


def _write_notes(bench: Bench, folder: Path) -> None:
    chance, pool = random.Random(17), bench_text.pieces(bench.cache)
    folder.mkdir()
    for number in range(_NOTES):
        (folder / f"{number}.md").write_text(f"# Note {number}\n\n{' '.join(chance.sample(pool, 5))}\n")


def _wait_for_rest(pid: int) -> None:
    """Give the daemon time to let go of the child that embedded."""
    deadline = time.monotonic() + _REST_SECONDS
    while _children(pid) and time.monotonic() < deadline:
        time.sleep(0.2)


def _children(pid: int) -> list[int]:
    found = (place.read_text() for place in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for listed in found for child in listed.split()]
