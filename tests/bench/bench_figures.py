"""The figures: each measures AtoCore beside its floor, in the same run."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

import bench_vault
from bench_install import Installed
from bench_measure import Cost, Figure, Run, Sample, Shell, in_turns

INSIDE = Path(__file__).with_name("bench_inside.py")
TRANSCRIPT_BYTES = 50 << 20


@dataclass(frozen=True)
class Bench:
    """What every figure is measured with. `times` is how often; slow figures are measured less often."""

    installed: Installed
    pristine: Path
    scratch: Path
    records: int
    times: int

    @cached_property
    def vault(self) -> Path:
        """A vault to write to."""
        return bench_vault.copy(self.pristine, self.scratch / "vault")

    @cached_property
    def other(self) -> Path:
        """The same repository again, for git alone."""
        return bench_vault.copy(self.pristine, self.scratch / "other")

    @cached_property
    def shell(self) -> Shell:
        home = self.scratch / "home"
        home.mkdir()
        return Shell(home, self.scratch)

    def inside(self, part: str, given: object, vault: Path | None = None) -> dict[str, list[float]]:
        """Seconds that the installation itself took for a part."""
        return self.shell.asked(self.installed.python, INSIDE, part, vault or self.vault, str(given))

    def atocore(self, *args: str) -> Run:
        """A call of the command line in the vault."""
        command = (self.installed.atocore, "--vault", self.vault, *args)
        return lambda: self.shell.timed(*command)

    def bare(self, *options: str) -> Run:
        """An interpreter that does nothing."""
        return lambda: self.shell.timed(self.installed.python, *options, "-c", "pass")

    def git_processes(self, *args: str) -> int:
        """How often a call of the command line starts git."""
        return self.shell.git_processes(self.installed.atocore, "--vault", self.vault, *args)


def version(bench: Bench) -> Figure:
    """`atocore --version` from the shell."""
    ours, floor = in_turns(
        lambda: bench.shell.timed(bench.installed.atocore, "--version"), bench.bare(), bench.times
    )
    least, _ = in_turns(bench.bare("-I", "-S"), lambda: Cost(0.0), bench.times)
    return Figure(
        "version", ours, "python -c pass", floor, 0.060, parts={"python -I -S -c pass": least.median}
    )


def words(bench: Bench) -> Figure:
    """`atocore search --words` from the shell, with nothing changed."""
    search = ("search", "--words", "--json", bench_vault.QUERY)
    bench.shell.timed(bench.installed.atocore, "--vault", bench.vault, *search)  # builds the index
    ours, floor = in_turns(bench.atocore(*search), bench.bare(), bench.times)
    inside = [bench.inside("words", bench_vault.QUERY) for _ in range(min(5, bench.times))]
    parts = {name: statistics.median(one[name][0] for one in inside) for name in inside[0]}
    note = f"{bench.git_processes(*search)} git processes; the goal is beyond catch-up (committed and saved)"
    return Figure("search --words", ours, "python -c pass", floor, 0.120, parts=parts, note=note)


def promotion(bench: Bench) -> Figure:
    """One promotion from the shell, beside a commit of one changed file by git alone."""
    waiting = iter(bench_vault.candidates(bench.vault))
    paths = _paths(bench.other)
    bench.shell.timed(bench.installed.atocore, "--vault", bench.vault, "status")
    started = bench.git_processes("promote", next(waiting))

    def commit() -> Cost:
        path = next(paths)
        place = bench.other / path
        place.write_bytes(place.read_bytes().replace(b"status: candidate", b"status: active", 1))
        return bench.shell.timed(
            "git", "-C", bench.other, "commit", "-q", "--only", "-m", "promote memory", "--", path
        )

    times = min(bench.times, _count(bench.other) - 2)
    ours, floor = in_turns(lambda: bench.atocore("promote", next(waiting))(), commit, times)
    whole = bench.inside("unchanged", min(3, bench.times))
    parts = {"committed catch-up of nothing, in this process": statistics.median(whole["committed"])}
    return Figure("promote", ours, "git commit --only", floor, 0.180, parts, f"{started} git processes")


def parse(bench: Bench) -> Figure:
    """Reading and understanding every page."""
    found = bench.inside("parse", bench.times, bench.pristine)
    figure = _inside("parse", found, "reading the files")
    rate = bench.records / figure.sample.median
    return Figure(
        "parse", figure.sample, figure.floor_name, figure.floor, note=f"{rate:,.0f} records a second"
    )


def hook(bench: Bench) -> Figure:
    """The capture hook's whole process, on a long transcript and an answer that holds a secret."""
    vault = bench.scratch / "captured"
    vault.mkdir()
    (vault / "atocore.yaml").write_text("format: 1\n")
    transcript = _transcript(bench.scratch / "transcript.jsonl", bench.pristine)
    numbers = iter(range(1_000_000))

    def capture() -> Cost:
        number = next(numbers)
        with transcript.open("ab") as file:
            file.write(_turn(number))
        given = {"session_id": "bench", "transcript_path": str(transcript), "hook_event_name": "Stop"}
        options = ("-I", "-S", bench.installed.hook, "--vault", vault)
        return bench.shell.timed(bench.installed.python, *options, stdin=json.dumps(given).encode())

    times = max(bench.times, min(25, bench.times * 3))
    ours, floor = in_turns(capture, bench.bare("-I", "-S"), times)
    kept = sum(1 for _ in (vault / "captures").rglob("*.md"))
    if kept != times + 1:
        raise SystemExit(f"the hook kept {kept} of {times + 1} turns")
    if any(b"q7Xw2Rt9Lm4Kp8Zs" in path.read_bytes() for path in (vault / "captures").rglob("*.md")):
        raise SystemExit("the hook kept a secret")
    return Figure("capture hook", ours, "python -I -S -c pass", floor, 0.025, note="95th percentile: goal 40")


def unchanged(bench: Bench) -> Figure:
    """Catching up with a vault in which nothing changed, drafts and captures too."""
    bench.inside("unchanged", 1)
    found = bench.inside("unchanged", bench.times)
    committed = statistics.median(found["committed"])
    return _inside(
        "catch-up, unchanged",
        found,
        "a stat of every file",
        _at(bench, 0.2, 1.0),
        {"of the commit alone": committed},
    )


def build(bench: Bench) -> Figure:
    """The first index of a vault: catalog and text."""
    found = bench.inside("build", _less(bench))
    catalog = statistics.median(found["catalog"])
    return _inside("first index", found, "reading the files", _at(bench, 1.5, 15.0), {"catalog": catalog})


def hybrid(bench: Bench) -> Figure:
    """`atocore search` by words and meaning from the shell, without a daemon."""
    made = bench.inside("vectors", 1)
    search = ("search", "--json", bench_vault.QUERY)
    by_words = ("search", "--json", "--words", bench_vault.QUERY)
    ours, floor = in_turns(bench.atocore(*search), bench.atocore(*by_words), bench.times)
    note = f"the vectors of the passages are random; taking them in took {made['vectors'][0]:.1f} s"
    return Figure("search, hybrid", ours, "search --words", floor, 0.500, note=note)


FIGURES: Mapping[str, Callable[[Bench], Figure]] = {
    "version": version,
    "hook": hook,
    "parse": parse,
    "build": build,
    "unchanged": unchanged,
    "words": words,
    "promotion": promotion,
    "hybrid": hybrid,
}


def measured(bench: Bench, names: Iterable[str]) -> Iterable[Figure]:
    """The figures of these names, each told as soon as it is there."""
    for name in names:
        start = perf_counter()
        yield FIGURES[name](bench)
        print(f"{name}: {perf_counter() - start:.0f} s", flush=True)


def _inside(
    name: str,
    found: Mapping[str, list[float]],
    floor: str,
    goal: float | None = None,
    parts: Mapping[str, float] | None = None,
) -> Figure:
    ours, least = (
        Sample(tuple(found[key]), tuple(found.get(f"{key} processor", ()))) for key in ("ours", "floor")
    )
    return Figure(name, ours, floor, least, goal, parts or {})


def _at(bench: Bench, small: float, large: float) -> float:
    """The goal at 10,000 records, or at 100,000."""
    return small if bench.records <= 10_000 else large


def _less(bench: Bench) -> int:
    """Runs of what takes seconds at 10,000 records."""
    return min(bench.times, 9 if bench.records <= 10_000 else 3)


def _paths(folder: Path) -> Iterable[str]:
    listed = bench_vault.git(folder, "grep", "-l", "^status: candidate$", "--", "memories").decode().split()
    return iter(listed)


def _count(folder: Path) -> int:
    return len(bench_vault.candidates(folder))


def _transcript(path: Path, vault: Path) -> Path:
    """50 MB of an assistant's session: prompts, answers, and tools' long results, all real text."""
    texts = [page.read_text() for page in sorted((vault / "memories").rglob("*.md"))[:200]]
    with path.open("w") as file:
        number = 0
        while file.tell() < TRANSCRIPT_BYTES:
            text = texts[number % len(texts)]
            told = _record(
                "user", f"u{number}", [{"type": "tool_result", "tool_use_id": "t", "content": text * 8}]
            )
            file.write(told + _record("assistant", f"a{number}", [{"type": "text", "text": text}]))
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
