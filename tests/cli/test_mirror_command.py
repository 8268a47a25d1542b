"""`atocore mirror` as it is called: what it prints, its JSON, and the exit code that CI goes by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk import Desk

Run = Callable[..., Any]


def test_check_ends_with_1_until_the_mirror_is_built(desk: Desk, spawn: Run) -> None:
    wrong = spawn("mirror", "check")
    assert wrong.code == 1
    assert "missing: mirror/index.md\n" in wrong.out
    assert "atocore mirror build" in wrong.err
    assert spawn("mirror", "check", "--json").code == 1
    done = spawn("mirror", "build", "--json")
    assert (done.code, done.json["commit"]) == (0, desk.head())
    assert "mirror/index.md" in done.json["pages"]
    right = spawn("mirror", "check", "--json")
    assert (right.code, right.json["of"]) == (0, len(done.json["pages"]))
    assert "are true" in spawn("mirror", "check").out


def test_build_tells_what_it_did_and_what_it_would_do(desk: Desk, run: Run) -> None:
    head = desk.head()
    dry = run("mirror", "build", "--dry-run")
    assert "+++ b/mirror/index.md" in dry.out
    assert "to be written" in dry.out
    assert desk.head() == head
    assert (
        run("mirror", "build").out
        == f"{dry.out.count('+++ b/')} pages written, 0 removed in {desk.head()[:10]}\n"
    )
    assert run("mirror", "build").out == "the mirror is true already\n"


def test_an_edit_is_told_with_what_to_do_and_breaks_a_check(desk: Desk, run: Run) -> None:
    run("mirror", "build")
    desk.edit("mirror/scope/state.md", "design", "production")
    told = run("mirror", "build")
    assert told.code == 0
    assert "edited: mirror/scope/state.md (not committed)\n" in told.out
    assert "correct state/scope/phase.md, and commit; then: git restore" in told.err
    assert run("mirror", "check").code == 1
    (edited,) = run("mirror", "check", "--json").json["edited"]
    assert (edited["records"], edited["saved"]) == (["state/scope/phase.md"], True)


def test_a_file_of_ones_own_is_told_and_breaks_no_check(desk: Desk, run: Run) -> None:
    run("mirror", "build")
    desk.put("mirror/mine.md", "# Mine\n")
    assert "not AtoCore's: mirror/mine.md\n" in run("mirror", "build").out
    assert run("mirror", "check").code == 0


def test_where_there_is_no_mirror_it_says_so(desk: Desk, run: Run) -> None:
    desk.put("atocore.yaml", "format: 1\nmirror: off\n")
    done = run("mirror", "check", "--json")
    assert (done.code, done.error["code"]) == (2, "usage")
    assert "mirror     off\n" in run("status").out
