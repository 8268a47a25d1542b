"""Measuring: two things in turns, so that both see the same machine, and what is told of them."""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: seconds by the clock, and seconds of a processor with all processes it started."""

    seconds: float
    processor: float = 0.0


Run = Callable[[], Cost]
"""Does the thing once, and tells what it cost."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds, one for each run."""

    seconds: tuple[float, ...]
    processor: tuple[float, ...] = ()

    @classmethod
    def of(cls, costs: Sequence[Cost]) -> Sample:
        """The runs' costs."""
        return cls(tuple(cost.seconds for cost in costs), tuple(cost.processor for cost in costs))

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The 95th percentile by nearest rank: the slowest, of fewer than twenty."""
        return sorted(self.seconds)[math.ceil(0.95 * len(self.seconds)) - 1]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what was measured beside its floor in the same run, and the goal of the product (seconds)."""

    name: str
    sample: Sample
    floor_name: str
    floor: Sample
    goal: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.sample.median / self.floor.median

    @property
    def processor_ratio(self) -> float:
        """The ratio by processor time, which other work on the machine hardly changes."""
        if not self.sample.processor or not self.floor.processor:
            return self.ratio
        return statistics.median(self.sample.processor) / max(0.0001, statistics.median(self.floor.processor))


@dataclass(frozen=True, slots=True)
class Shell:
    """Starts processes as a person's shell would: bytecode allowed, a home of its own."""

    home: Path
    cwd: Path

    @property
    def env(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "ATOCORE_CACHE_DIR": str(self.home / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def timed(self, *command: str | Path, stdin: bytes = b"") -> Cost:
        """The cost of a process from its start to its end, which must be a good one."""
        args = [str(part) for part in command]
        before, start = _processor(), perf_counter()
        done = subprocess.run(args, cwd=self.cwd, env=self.env, input=stdin, capture_output=True, check=False)
        cost = Cost(perf_counter() - start, _processor() - before)
        if done.returncode:
            raise SystemExit(f"{' '.join(args)}: exit code {done.returncode}\n{done.stderr.decode()}")
        return cost

    def asked(self, *command: str | Path) -> dict[str, list[float]]:
        """What a process that measures itself prints: seconds by name."""
        args = [str(part) for part in command]
        done = subprocess.run(args, cwd=self.cwd, env=self.env, capture_output=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(args)}: exit code {done.returncode}\n{done.stderr.decode()}")
        found: dict[str, list[float]] = json.loads(done.stdout)
        return found

    def git_processes(self, *command: str | Path) -> int:
        """How many times git was started, by git's own trace."""
        folder = self.home / "trace"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        env = self.env | {"GIT_TRACE2_EVENT": str(folder)}
        subprocess.run(
            [str(part) for part in command], cwd=self.cwd, env=env, capture_output=True, check=True
        )
        return sum(1 for _ in folder.iterdir())


def _processor() -> float:
    """The processor time of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_turns(ours: Run, floor: Run, times: int, warm: int = 1) -> tuple[Sample, Sample]:
    """Both, in turns and in changing order."""
    for _ in range(warm):
        ours()
        floor()
    taken: tuple[list[Cost], list[Cost]] = ([], [])
    for number in range(times):
        for which in (0, 1) if number % 2 else (1, 0):
            taken[which].append((ours, floor)[which]())
    return Sample.of(taken[0]), Sample.of(taken[1])


def conditions(records: int, times: int) -> dict[str, object]:
    """What the figures hold for."""
    version = (
        subprocess.run(["git", "--version"], capture_output=True, check=True).stdout.decode().split()[-1]
    )
    return {
        "records": records,
        "runs": times,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": sys.version.split()[0],
        "git": version,
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 1),
    }


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, times in milliseconds."""
    head = ("figure", "median", "p95", "n", "floor", "its median", "ratio", "of processor", "goal")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [f"{figure.name}: {told}" for figure in figures if (told := _note(figure))]
    return "\n".join([*lines, "", *notes])


def _row(figure: Figure) -> tuple[str, ...]:
    sample, floor = figure.sample, figure.floor
    goal = "-" if figure.goal is None else f"{_ms(figure.goal)}{'' if sample.median <= figure.goal else ' ✗'}"
    return (
        figure.name,
        _ms(sample.median),
        _ms(sample.p95),
        str(len(sample.seconds)),
        figure.floor_name,
        _ms(floor.median),
        f"{figure.ratio:.1f}",
        f"{figure.processor_ratio:.1f}",
        goal,
    )


def _note(figure: Figure) -> str:
    parts = ", ".join(f"{name} {_ms(seconds)}" for name, seconds in figure.parts.items())
    return "; ".join(part for part in (parts, figure.note) if part)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}" if seconds < 0.1 else f"{seconds * 1000:,.0f}"


def as_json(figures: Sequence[Figure], told: Mapping[str, object]) -> str:
    """Everything, for a machine: seconds throughout."""
    rows = [
        {
            "name": figure.name,
            "median": figure.sample.median,
            "p95": figure.sample.p95,
            "seconds": figure.sample.seconds,
            "floor": figure.floor_name,
            "floor_median": figure.floor.median,
            "floor_seconds": figure.floor.seconds,
            "ratio": figure.ratio,
            "processor_ratio": figure.processor_ratio,
            "goal": figure.goal,
            "parts": dict(figure.parts),
            "note": figure.note,
        }
        for figure in figures
    ]
    return json.dumps({"conditions": dict(told), "figures": rows}, indent=2)
