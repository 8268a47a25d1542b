"""What every figure is measured with: the installation, the vaults, and how to ask them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import bench_vault
from bench_install import Installed
from bench_measure import BenchError, Cost, Figure, Run, Sample, Shell

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Bench:
    """One run of the bench. `times` is how often a figure is measured; slow ones are measured less often."""

    installed: Installed
    pristine: Path
    scratch: Path
    cache: Path
    records: int
    times: int

    @cached_property
    def vault(self) -> Path:
        """A vault to write to."""
        return bench_vault.copy(self.pristine, self.scratch / "vault")

    @cached_property
    def other(self) -> Path:
        """The same repository again: for git alone, and for what would leave the first vault changed."""
        return bench_vault.copy(self.pristine, self.scratch / "other")

    @cached_property
    def indexed(self) -> Path:
        """The vault with its indexes in step, by the verb that a person would use, without meaning."""
        self.shell.told(self.installed.atocore, "--vault", self.vault, "search", "--words", "--json", "x")
        return self.vault

    @cached_property
    def filled(self) -> Mapping[str, list[float]]:
        """What it took to give every passage of the vault a cheap vector under the model's name."""
        return self.inside("meaning", "fill")

    @cached_property
    def shell(self) -> Shell:
        home = self.scratch / "home"
        home.mkdir(mode=0o700)
        return Shell(home, self.scratch)

    def inside(
        self, script: str, part: str, vault: Path | None = None, **given: object
    ) -> Mapping[str, list[float]]:
        """What a part of `bench_inside_<script>.py` measured in the installation itself, by name."""
        place = HERE / f"bench_inside_{script}.py"
        command = (self.installed.python, place, part, vault or self.vault)
        told = self.shell.told(*command, stdin=json.dumps(given).encode())
        found: Mapping[str, list[float]] = json.loads(told)
        return found

    def atocore(self, *args: str | Path, vault: Path | None = None, **more: str) -> Run:
        """A call of the command line in the vault; `more` is added to its environment."""
        command = (self.installed.atocore, "--vault", vault or self.vault, *args)
        return lambda: self.shell.timed(*command, more=more)

    def bare(self, *options: str) -> Run:
        """An interpreter that does nothing."""
        return lambda: self.shell.timed(self.installed.python, *options, "-c", "pass")

    def at(self, small: float, large: float) -> float | None:
        """The goal at 10,000 records, or at 100,000; the product names none beyond."""
        return small if self.records <= 10_000 else large if self.records <= 100_000 else None

    def few(self, most: int) -> int:
        """Runs of what takes seconds at 10,000 records."""
        return min(self.times, most if self.records <= 10_000 else 3)


Measure = Callable[[Bench], Iterable[Figure]]


def in_process(
    name: str, found: Mapping[str, list[float]], floor: str, goal: float | None, **more: object
) -> Figure:
    """A figure from what a process told about itself: `ours` and `floor`, with their processor times."""
    ours, least = (
        Sample(tuple(found[key]), tuple(found.get(f"{key} processor", ()))) for key in ("ours", "floor")
    )
    return Figure(name, ours, floor, least, goal, **more)  # type: ignore[arg-type]


def require(good: bool, why: str) -> None:
    """Give a figure up where what it shows is not true."""
    if not good:
        raise BenchError(why)


def nothing() -> Cost:
    """A floor of nothing at all."""
    return Cost(0.0)
