"""Transcripts: `console` blocks of a Markdown page, run as they stand and compared with what they show.

In a block, `$ ` starts a command and `> ` continues it, as a shell shows them; the lines below are what it
prints on both streams. `[exit N]` as the last of them is an exit code other than 0. `…` within a line fits
any text, and a line that is only `…` fits any lines. All blocks of a page share one shell and one folder,
which is empty at first.

`python tests/transcripts/runner.py PAGE` prints what the page's commands print now.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_END = "--- end of a command: "
GIT_CONFIG = """\
[user]
	name = A Reviewer
	email = reviewer@example.org
[init]
	defaultBranch = main
"""


@dataclass(frozen=True)
class Step:
    """One command with what the page says it prints. `line` is the command's line in the page."""

    line: int
    command: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What a step's command printed; the last line tells the exit code where it is not 0."""

    step: Step
    printed: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether the page shows what was printed."""
        return fits(self.step.shown, self.printed)


def steps(page: str) -> list[Step]:
    """The commands of every `console` block of a page, in order."""
    found: list[Step] = []
    for block in _FENCE.finditer(page):
        first = page.count("\n", 0, block.start(1)) + 1
        found += _steps(block[1].splitlines(), first)
    return found


def _steps(lines: Sequence[str], first: int) -> Iterator[Step]:
    at = 0
    while at < len(lines):
        start = at
        if not lines[at].startswith("$ "):
            raise ValueError(f"line {first + at}: a command starts with `$ `, not with {lines[at]!r}")
        command = [lines[at][2:]]
        at += 1
        while at < len(lines) and (lines[at].startswith("> ") or lines[at] == ">"):
            command.append(lines[at][2:])
            at += 1
        shown = []
        while at < len(lines) and not lines[at].startswith("$ "):
            shown.append(lines[at])
            at += 1
        while shown and not shown[-1].strip():
            shown.pop()  # an empty line in front of the next command is for the eye
        yield Step(first + start, "\n".join(command), tuple(shown))


def run(page: str, folder: Path, path: Sequence[Path] = ()) -> list[Outcome]:
    """Run a page's commands in one shell, in an empty folder; `path` comes first on PATH."""
    wanted = steps(page)
    work, home = folder / "work", folder / "home"
    work.mkdir(parents=True)
    home.mkdir()
    (home / ".gitconfig").write_text(GIT_CONFIG)
    script = "".join(f"{{ {step.command}\n}} 2>&1\nprintf '\\n{_END}%d\\n' \"$?\"\n" for step in wanted)
    (folder / "script").write_text(script, "utf-8")
    done = subprocess.run(
        ["/bin/sh", str(folder / "script")],
        cwd=work,
        stdin=subprocess.DEVNULL,
        env=environment(home, path),
        capture_output=True,
        timeout=300,
        check=False,
    )
    outputs = re.split(rf"\n{re.escape(_END)}(\d+)\n", done.stdout.decode("utf-8", "replace"))
    pairs = list(zip(outputs[0::2], outputs[1::2], strict=False))
    if len(pairs) != len(wanted):
        raise ValueError(f"the shell stopped early: {done.stderr.decode('utf-8', 'replace')}")
    return [Outcome(step, _printed(out, int(code))) for step, (out, code) in zip(wanted, pairs, strict=True)]


def _printed(out: str, code: int) -> tuple[str, ...]:
    lines = [line.rstrip() for line in out.rstrip().splitlines()]
    return (*lines, *([f"[exit {code}]"] if code else []))


def environment(home: Path, path: Sequence[Path] = ()) -> dict[str, str]:
    """Nothing of the caller's: an empty home, a fixed git identity, UTC, and a path."""
    first = [*path, Path(sys.executable).parent]
    return {
        "PATH": os.pathsep.join([*map(str, first), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "ATOCORE_CACHE_DIR": str(home / "cache"),
    }


def fits(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether lines with `…` in them describe the printed ones."""
    if not shown:
        return not printed
    if shown[0].strip() == "…":
        return any(fits(shown[1:], printed[at:]) for at in range(len(printed) + 1))
    return bool(printed) and _line_fits(shown[0], printed[0]) and fits(shown[1:], printed[1:])


def _line_fits(shown: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in shown.rstrip().split("…"))
    return re.fullmatch(pattern, printed) is not None


def told(outcomes: Iterable[Outcome], name: str) -> str:
    """The steps that do not fit, as a person mends them."""
    parts = []
    for outcome in outcomes:
        if not outcome.fits:
            parts.append(f"{name}:{outcome.step.line}: $ {outcome.step.command}")
            parts += [f"  shown   | {line}" for line in outcome.step.shown]
            parts += [f"  printed | {line}" for line in outcome.printed]
    return "\n".join(parts)


def main(page: Path) -> None:
    """Print a page's transcript as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        for outcome in run(page.read_text("utf-8"), Path(folder)):
            print("$ " + outcome.step.command.replace("\n", "\n> "))
            for line in outcome.printed:
                print(line)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
