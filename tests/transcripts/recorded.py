"""Recorded sessions: `terminal` blocks of a Markdown page, played on a pseudo-terminal and compared.

In a block, the first line is `$ ` and the command; the rest is what the terminal shows. `⌨ KEY` at the end of
a line that asks is what was pressed there (`⏎` ends a typed line). `…` fits any text, as in other
transcripts. The vault is the made-up one of `reviewed.py`.

`python tests/transcripts/recorded.py PAGE` writes the page's blocks anew, with the same keys.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from reviewed import review_desk
from runner import fits
from terminal import Terminal

_BLOCK = re.compile(r"^```terminal\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"⌨ (.+)$")
_CHANGING = (
    (re.compile(r"\bin [0-9a-f]{10}\b"), "in …"),
    (re.compile(r"committed [0-9a-f]{10}"), "committed …"),
)
_TODAY = re.compile(r"\[2[0-9]{3}-[0-9]{2}-[0-9]{2}\]")


def blocks(page: str) -> list[str]:
    """The page's sessions."""
    return [found[1] for found in _BLOCK.finditer(page)]


def play(block: str, folder: Path) -> str:
    """The session as it goes now, in the form of a block."""
    first, *lines = block.splitlines()
    keys = [found[1] for line in lines if (found := _KEY.search(line))]
    questions = [_KEY.split(line)[0] for line in lines if _KEY.search(line)]
    with Terminal(folder, *first.removeprefix("$ atocore ").split()) as person:
        told = "".join(_played(person, keys, questions))
    return f"{first}\n{_settled(told)}\n"


def _played(person: Terminal, keys: list[str], questions: list[str]) -> Iterator[str]:
    yield person.asked(_question(questions[0]))
    for key, after in zip(keys, [*questions[1:], None], strict=True):
        yield f"⌨ {key}\n"
        sent = f"{key.removesuffix('⏎')}\r" if key.endswith("⏎") else key
        if after is None:
            person.leave(sent)
            yield _without_echo(person.shown, key)
        else:
            yield _without_echo(person.press(sent, _question(after)), key)


def _question(line: str) -> str:
    """What a line that asks begins with, up to what changes from day to day."""
    return "> " if line.startswith(">") else line.partition("[")[0].partition("…")[0]


def _without_echo(shown: str, key: str) -> str:
    """What was shown after a key, without what the terminal echoes of a typed line."""
    return shown.removeprefix(key.removesuffix("⏎")).lstrip("\n") if key.endswith("⏎") else shown


def _settled(told: str) -> str:
    """A session without what differs each time."""
    for pattern, instead in _CHANGING:
        told = pattern.sub(instead, told)
    told = _TODAY.sub("[…]", told)
    return "\n".join(line.rstrip() for line in told.strip("\n").splitlines())


def same(block: str, played: str) -> bool:
    """Whether a session went as the page shows it."""
    return fits(_settled(block).splitlines(), _settled(played).splitlines())


def main(page: Path) -> None:
    """Write a page's sessions as they go now, one after the other in one vault."""
    with tempfile.TemporaryDirectory() as folder:
        vault = review_desk(Path(folder) / "vault").folder
        text = page.read_text("utf-8")
        page.write_text(_BLOCK.sub(lambda m: f"```terminal\n{play(m[1], vault)}```", text), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
