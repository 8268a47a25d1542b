"""Figures of whole processes, as a person or a hook starts them."""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import bench_vault
from bench_kit import Bench, nothing, require
from bench_measure import Cost, Figure, in_turns

TRANSCRIPT_BYTES = 50 << 20
_SEARCH = ("search", "--json", bench_vault.QUERY)
_WORDS = ("search", "--json", "--words", bench_vault.QUERY)
_ALONE = {"ATOCORE_NO_DAEMON": "1"}


def version(bench: Bench) -> Iterator[Figure]:
    """`atocore --version` from the shell."""
    ours, floor = in_turns(
        lambda: bench.shell.timed(bench.installed.atocore, "--version"), bench.bare(), bench.times
    )
    least, _ = in_turns(bench.bare("-I", "-S"), nothing, bench.times)
    parts = {"python -I -S -c pass": least.median}
    yield Figure("version", ours, "python -c pass", floor, 0.060, parts)


def words(bench: Bench) -> Iterator[Figure]:
    """`atocore search --words` from the shell, with nothing changed."""
    vault = bench.indexed
    ours, floor = in_turns(bench.atocore(*_WORDS, **_ALONE), bench.bare(), bench.times)
    inside = [bench.inside("parts", "words", query=bench_vault.QUERY) for _ in range(min(5, bench.times))]
    parts = {name: statistics.median(one[name][0] for one in inside) for name in inside[0]}
    started = bench.shell.git_processes(bench.installed.atocore, "--vault", vault, *_WORDS)
    note = f"{started} git processes; the goal is beyond catch-up (committed and saved)"
    yield Figure("search --words", ours, "python -c pass", floor, 0.120, parts, note)


def hybrid(bench: Bench) -> Iterator[Figure]:
    """`atocore search` by words and meaning from the shell, without a daemon."""
    filled = bench.filled
    ours, floor = in_turns(bench.atocore(*_SEARCH, **_ALONE), bench.atocore(*_WORDS, **_ALONE), bench.times)
    note = f"cheap vectors; taking {filled['vectors'][0]:,.0f} in took {filled['seconds'][0]:.1f} s"
    yield Figure("search, no daemon", ours, "search --words", floor, 0.500, note=note)


def promotion(bench: Bench) -> Iterator[Figure]:
    """One promotion from the shell, beside a commit of one changed file by git alone."""
    waiting = iter(bench_vault.candidates(bench.indexed))
    changed = iter(bench_vault.candidates(bench.other))
    first = next(waiting)[0]
    started = bench.shell.git_processes(
        bench.installed.atocore, "--vault", bench.vault, "promote", first, "--json"
    )

    def promote() -> Cost:
        return bench.atocore("promote", next(waiting)[0], "--json")()

    def commit() -> Cost:
        path = next(changed)[1]
        place = bench.other / path
        place.write_bytes(place.read_bytes().replace(b"status: candidate", b"status: active", 1))
        command = ("git", "-C", bench.other, "commit", "-q", "--only", "-m", "promote memory", "--", path)
        return bench.shell.timed(*command)

    times = min(bench.times, bench.records // 10 - 2)
    ours, floor = in_turns(promote, commit, times)
    whole = bench.inside("parts", "unchanged", times=min(3, bench.times))
    parts = {"committed catch-up of nothing, in its process": statistics.median(whole["committed"])}
    goal = bench.at(0.180, 0.400)
    yield Figure("promote", ours, "git commit --only", floor, goal, parts, f"{started} git processes")


def health(bench: Bench) -> Iterator[Figure]:
    """`atocore health` from the shell, as a monitor asks it each minute: nothing was committed since."""
    vault = bench.indexed
    ask = bench.atocore("health", "--json", **_ALONE)
    ask()  # what depends on the commit alone is found out once
    ours, floor = in_turns(ask, lambda: bench.shell.timed("git", "-C", vault, "status", "-s"), bench.times)
    started = bench.shell.git_processes(bench.installed.atocore, "--vault", vault, "health", "--json")
    yield Figure("health", ours, "git status", floor, note=f"{started} git processes")


def hook(bench: Bench) -> Iterator[Figure]:
    """The capture hook's whole process, on a long transcript and an answer that holds a secret: the script as
    it is, compiled at every run, and as `hook install` puts it in place, with its bytecode kept."""
    transcript = _transcript(bench.scratch / "transcript.jsonl", bench.pristine)
    placed = bench.scratch / "installed-hook" / "capture_stop.py"
    (placed.parent / "script").mkdir(parents=True)
    shutil.copy(bench.installed.hook, placed.parent / "script" / "capture_stop.py")
    shutil.copy(bench.installed.hook.with_name("launch.py"), placed)
    numbers = iter(range(1_000_000))
    for name, script in (("capture hook", bench.installed.hook), ("capture hook, installed", placed)):
        vault = bench.scratch / script.parent.name
        vault.mkdir(exist_ok=True)
        (vault / "atocore.yaml").write_text("format: 1\n")

        def capture(script: Path = script, vault: Path = vault) -> Cost:
            number = next(numbers)
            with transcript.open("ab") as file:
                file.write(_turn(number))
            given = {"session_id": "bench", "transcript_path": str(transcript), "hook_event_name": "Stop"}
            options = ("-I", "-S", script, "--vault", vault)
            return bench.shell.timed(bench.installed.python, *options, stdin=json.dumps(given).encode())

        times = max(bench.times, min(25, bench.times * 3))
        ours, floor = in_turns(capture, bench.bare("-I", "-S"), times)
        captures = list((vault / "captures").rglob("*.md"))
        require(len(captures) == times + 1, f"the hook kept {len(captures)} of {times + 1} turns")
        leaked = any(b"q7Xw2Rt9Lm4Kp8Zs" in path.read_bytes() for path in captures)
        require(not leaked, "the hook kept a secret")
        yield Figure(name, ours, "python -I -S -c pass", floor, 0.025, slow_goal=(0.95, 0.040))
    transcript.unlink()


def _transcript(path: Path, vault: Path) -> Path:
    """50 MB of an assistant's session: prompts, answers, and tools' long results, all real text."""
    texts = [page.read_text() for page in islice((vault / "memories").rglob("*.md"), 200)]
    with path.open("w") as file:
        number = 0
        while file.tell() < TRANSCRIPT_BYTES:
            text = texts[number % len(texts)]
            result = [{"type": "tool_result", "tool_use_id": "t", "content": text * 8}]
            file.write(_record("user", f"u{number}", result))
            file.write(_record("assistant", f"a{number}", [{"type": "text", "text": text}]))
            number += 1
    return path


def _turn(number: int) -> bytes:
    """A person's prompt and an answer of 20 KB that holds a secret in its middle."""
    lines = "The beam was measured twice, and the second reading was kept for the report.\n" * 130
    answer = f"{lines}export API_KEY=sk-q7Xw2Rt9Lm4Kp8Zsq7Xw2Rt9Lm4Kp8Zs{number}\n{lines}"
    prompt = _record("user", f"p{number}", f"What did we measure in run {number}?")
    return (prompt + _record("assistant", f"r{number}", [{"type": "text", "text": answer}])).encode()


def _record(role: str, uuid: str, content: object) -> str:
    message = {"id": uuid, "role": role, "content": content}
    base = {"type": role, "uuid": uuid, "sessionId": "bench", "timestamp": "2026-11-22T07:46:00.123Z"}
    return json.dumps(base | {"message": message}) + "\n"
