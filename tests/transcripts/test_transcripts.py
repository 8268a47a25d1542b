"""The tutorial and the README's tour are run as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from runner import fits, run, steps, told

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
    "docs/extractors.md",
    "README.md",
)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_its_commands_print(name: str, tmp_path: Path) -> None:
    outcomes = run((TOP / name).read_text("utf-8"), tmp_path)
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
