"""The tutorial and the README's tour are run as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ready import ready
from runner import environment, fits, run, steps, told

TOP = Path(__file__).resolve().parents[2]
PAGES = (
    "docs/tutorial.md",
    "docs/capture.md",
    "docs/conflicts.md",
    "docs/diff.md",
    "docs/ingestion.md",
    "docs/handoff.md",
    "docs/graduation.md",
    "docs/mirror.md",
    "docs/backup.md",
    "docs/retention.md",
    "docs/secrets.md",
    "docs/restore.md",
    "docs/extractors.md",
    "docs/health.md",
    "docs/operations.md",
)
AS_INSTALLED = "README.md"
"""Run by the `atocore` that is installed, from nothing; the other pages by one that has imported AtoCore."""


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("ready")
    with ready(folder, environment(folder)) as path:
        yield path


@pytest.mark.parametrize("name", [*PAGES, AS_INSTALLED])
def test_the_page_shows_what_its_commands_print(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = [] if name == AS_INSTALLED else [request.getfixturevalue("fast")]
    outcomes = run((TOP / name).read_text("utf-8"), tmp_path, path)
    assert outcomes, "the page holds no transcript"
    different = told(outcomes, name)
    assert not different, f"\n{different}"


def test_a_command_may_go_on_over_lines() -> None:
    page = "text\n```console\n$ cat <<END\n> one\n>\n> END\none\n\n$ false\n[exit 1]\n```\n"
    first, second = steps(page)
    assert (first.line, first.command, first.shown) == (3, "cat <<END\none\n\nEND", ("one",))
    assert (second.command, second.shown) == ("false", ("[exit 1]",))


def test_a_transcript_is_run_in_one_shell(tmp_path: Path) -> None:
    page = "```console\n$ mkdir a && cd a\n$ pwd\n…/a\n$ false\n[exit 1]\n$ echo x >&2\nx\n```\n"
    assert told(run(page, tmp_path), "page") == ""


def test_a_wrong_transcript_is_told(tmp_path: Path) -> None:
    outcomes = run("```console\n$ echo one\ntwo\n```\n", tmp_path)
    assert told(outcomes, "page") == "page:2: $ echo one\n  shown   | two\n  printed | one"


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ((), (), True),
        ((), ("a",), False),
        (("a … c",), ("a b c",), True),
        (("a … c",), ("a b d",), False),
        (("…",), (), True),
        (("…", "c"), ("a", "b", "c"), True),
        (("a", "…"), ("b",), False),
        (("a.c",), ("abc",), False),
    ],
)
def test_an_ellipsis_fits_any_text(shown: tuple[str, ...], printed: tuple[str, ...], expected: bool) -> None:
    assert fits(shown, printed) is expected
