"""The operator's page, read as it stands: its failures, its quick reference, its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/operations.md"
PROGRAMS = (
    "atocore",
    "git",
    "mount",
    "umount",
    "df",
    "ps",
    "kill",
    "rm",
    "mkdir",
    "tar",
    "date",
    "mountpoint",
)
_SPAN = re.compile(r"`([^`]+)`")
_BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_EXIT = re.compile(r"exit code (\d+)")
_PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b")


@dataclass(frozen=True)
class Failure:
    """A row: its name, what is seen (`…` for what differs) and with which exit code, and what to type."""

    name: str
    seen: tuple[str, ...]
    exit_code: int | None
    commands: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name as a function has it."""
        return re.sub(r"\W+", "_", self.name.lower()).strip("_")

    def lacking(self, text: str) -> list[str]:
        """What the page shows and a text does not have."""
        return [one for one in self.seen if not re.search(_pattern(one, "…", ".*"), text)]

    def not_run(self, ran: list[str]) -> list[str]:
        """The commands of the page that are none of those that were run."""
        return [one for one in self.commands if not any(is_of(one, other) for other in ran)]


def is_of(shown: str, run: str) -> bool:
    """Whether a command that was run is the one that the page shows; names in capitals stand for others."""
    pattern = _PLACEHOLDER.sub("\0", shown)
    return re.fullmatch(_pattern(pattern, "\0", r"\S+"), run) is not None


def _pattern(text: str, mark: str, meant: str) -> str:
    return meant.join(map(re.escape, text.split(mark)))


def failures(page: str) -> Iterator[Failure]:
    """The rows of the tables of failures."""
    for line in section(page, "Failures").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        named = re.match(r"\*\*(.+?)\.\*\* ", cells[0])
        if not line.startswith("|") or not named:
            continue
        assert len(cells) == 3, line
        found = _EXIT.search(cells[0])
        yield Failure(
            named[1],
            tuple(_SPAN.findall(cells[0])),
            int(found[1]) if found else None,
            tuple(commands(" ".join(cells[1:]))),
        )


def commands(text: str) -> Iterator[str]:
    """The code in a text that is typed; blocks are read by `blocks`."""
    for span in _SPAN.findall(_BLOCK.sub("", text)):
        if " " in span and span.split(" ")[0] in PROGRAMS:
            yield span


def quick_reference(page: str) -> list[str]:
    """The commands of the table at the top."""
    return list(commands(section(page, "Quick reference")))


def blocks(page: str, language: str) -> list[str]:
    """The lines of all blocks of a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [line for block in found for line in block.splitlines()]


def live_drill(page: str) -> str:
    """The line that drills a live vault."""
    (line,) = (line for line in blocks(page, "console") if "drill-marker.md" in line)
    return line.removeprefix("$ ")


def section(page: str, name: str) -> str:
    """What stands below a heading of the second order."""
    return page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
