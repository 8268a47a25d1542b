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


class BenchError(Exception):
    """A figure that could not be measured, and why."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure counts: its name, how many of the base unit it has, and which way is better."""

    name: str
    factor: float = 1.0
    digits: int = 0
    more_is_better: bool = False

    def told(self, value: float) -> str:
        """The value in this unit, with more digits where it is small."""
        scaled = value * self.factor
        return f"{scaled:,.{max(self.digits, 1 if abs(scaled) < 100 else 0)}f}"


TIME = Unit("ms", 1000.0)
MEMORY = Unit("MB")
RATE = Unit("texts/s", more_is_better=True)
SHARE = Unit("of 1", digits=3, more_is_better=True)


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: seconds by the clock, and seconds of a processor with all processes it started."""

    seconds: float
    processor: float = 0.0


Run = Callable[[], Cost]
"""Does the thing once, and tells what it cost."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What each run gave, in the figure's unit (seconds for times)."""

    values: tuple[float, ...]
    processor: tuple[float, ...] = ()

    @classmethod
    def of(cls, costs: Sequence[Cost]) -> Sample:
        """The runs' costs."""
        return cls(tuple(cost.seconds for cost in costs), tuple(cost.processor for cost in costs))

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def percentile(self, share: float) -> float:
        """By nearest rank: the slowest, where the runs are few."""
        return sorted(self.values)[math.ceil(share * len(self.values)) - 1]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: what was measured beside its floor in the same run, and the goals of the product.

    `slow_goal` is (share, value) of a percentile. A floor of None is one that there is not.
    """

    name: str
    sample: Sample
    floor_name: str
    floor: Sample | None
    goal: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    unit: Unit = TIME
    slow_goal: tuple[float, float] | None = None

    @property
    def ratio(self) -> float | None:
        return self.sample.median / self.floor.median if self.floor and self.floor.median else None

    @property
    def processor_ratio(self) -> float | None:
        """The ratio by processor time, which other work on the machine hardly changes."""
        if self.floor is None or not self.sample.processor or not self.floor.processor:
            return None
        return statistics.median(self.sample.processor) / max(0.0001, statistics.median(self.floor.processor))

    @property
    def met(self) -> bool | None:
        """Whether the goals are met; None where there is none."""
        if self.goal is None:
            return None
        if self.unit.more_is_better:
            return self.sample.median >= self.goal
        slow = self.slow_goal is None or self.sample.percentile(self.slow_goal[0]) <= self.slow_goal[1]
        return self.sample.median <= self.goal and slow


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
            "XDG_RUNTIME_DIR": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def timed(self, *command: str | Path, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> Cost:
        """The cost of a process from its start to its end, which must be a good one."""
        args = [str(part) for part in command]
        env = self.env | dict(more or {})
        before, start = _processor(), perf_counter()
        done = subprocess.run(args, cwd=self.cwd, env=env, input=stdin, capture_output=True, check=False)
        cost = Cost(perf_counter() - start, _processor() - before)
        _good(args, done)
        return cost

    def told(self, *command: str | Path, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
        """What a process printed."""
        args = [str(part) for part in command]
        env = self.env | dict(more or {})
        done = subprocess.run(args, cwd=self.cwd, env=env, input=stdin, capture_output=True, check=False)
        return _good(args, done)

    def git_processes(self, *command: str | Path) -> int:
        """How many times git was started, by git's own trace."""
        folder = self.home / "trace"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        self.told(*command, more={"GIT_TRACE2_EVENT": str(folder)})
        return sum(1 for _ in folder.iterdir())


def _good(args: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode:
        said = done.stderr.decode(errors="replace")[-2000:]
        raise BenchError(f"{' '.join(args)}: exit code {done.returncode}\n{said}")
    return done.stdout


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
    return {
        "commit": _git("describe", "--always", "--dirty") or "unknown",
        "records": records,
        "runs": times,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": sys.version.split()[0],
        "git": _git("--version").split()[-1],
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 1),
    }


def _git(*args: str) -> str:
    here = Path(__file__).parent
    return subprocess.run(["git", *args], cwd=here, capture_output=True, check=False).stdout.decode().strip()


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, and what is to be known of them."""
    head = ("figure", "unit", "median", "p95", "p99", "n", "floor", "its median", "ratio", "by cpu", "goal")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [f"- {figure.name}: {told}" for figure in figures if (told := _note(figure))]
    return "\n".join([*lines, "", *notes])


def _row(figure: Figure) -> tuple[str, ...]:
    sample, told = figure.sample, figure.unit.told
    return (
        figure.name,
        figure.unit.name,
        told(sample.median),
        told(sample.percentile(0.95)),
        told(sample.percentile(0.99)),
        str(len(sample.values)),
        figure.floor_name if figure.floor else "-",
        told(figure.floor.median) if figure.floor else "-",
        _times(figure.ratio),
        _times(figure.processor_ratio),
        _goal(figure),
    )


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}" if ratio < 2 else f"{ratio:.1f}"


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return "-"
    slow = figure.slow_goal
    also = f", p{slow[0] * 100:.0f} {figure.unit.told(slow[1])}" if slow else ""
    return f"{figure.unit.told(figure.goal)}{also}{'' if figure.met else ' ✗'}"


def _note(figure: Figure) -> str:
    parts = ", ".join(f"{name} {figure.unit.told(value)}" for name, value in figure.parts.items())
    return "; ".join(part for part in (parts, figure.note) if part)


def as_json(figures: Sequence[Figure], failed: Mapping[str, str], told: Mapping[str, object]) -> str:
    """Everything, for a machine: seconds for times, else the unit that is named."""
    rows = [
        {
            "name": figure.name,
            "unit": "s" if figure.unit is TIME else figure.unit.name,
            "median": figure.sample.median,
            "p95": figure.sample.percentile(0.95),
            "p99": figure.sample.percentile(0.99),
            "values": figure.sample.values,
            "floor": figure.floor_name if figure.floor else None,
            "floor_median": figure.floor.median if figure.floor else None,
            "floor_values": figure.floor.values if figure.floor else None,
            "ratio": figure.ratio,
            "processor_ratio": figure.processor_ratio,
            "goal": figure.goal,
            "slow_goal": figure.slow_goal,
            "met": figure.met,
            "parts": dict(figure.parts),
            "note": figure.note,
        }
        for figure in figures
    ]
    return json.dumps({"conditions": dict(told), "figures": rows, "failed": dict(failed)}, indent=2)
