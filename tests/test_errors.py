"""Guards over the two tables of what can go wrong: each row is real, and each code has a row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import atocore
from atocore.errors import ERRORS, AtocoreError
from atocore.records.problem import PROBLEMS, Problem, Severity

PACKAGE = Path(atocore.__file__).parent
TABLES = {PACKAGE / "errors.py", PACKAGE / "records" / "problem.py"}


def trees() -> Iterator[ast.Module]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path not in TABLES and "_data" not in path.parts:
            yield ast.parse(path.read_text("utf-8"))


def texts(*nodes: ast.AST) -> set[str]:
    return {
        node.value
        for top in nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def named(call: str, at: int) -> set[str]:
    """The texts that stand, as the given argument, in calls of that name."""
    return {
        node.args[at].value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == call
        and len(node.args) > at
        and isinstance(node.args[at], ast.Constant)
    }


USED = {text for tree in trees() for text in texts(tree)}


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_error_code_is_raised_somewhere(code: str) -> None:
    assert code in USED, f"{code}: no code raises it; remove the row"


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_code_is_reported_somewhere(code: str) -> None:
    assert code in USED, f"{code}: no code reports it; remove the row"


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_code_is_what_some_test_looks_for(code: str) -> None:
    tests = [path for path in Path(__file__).parent.rglob("test_*.py") if path != Path(__file__)]
    assert any(f'"{code}"' in path.read_text("utf-8") for path in tests)


def test_only_codes_of_the_tables_are_raised_and_reported() -> None:
    raised, reported = named("AtocoreError", 0), named("Problem", 2)
    assert len(raised) > 10
    assert len(reported) > 10
    assert raised <= set(ERRORS)
    assert reported <= set(PROBLEMS)


def test_an_error_carries_its_row() -> None:
    error = AtocoreError("usage", "what", "how")
    assert (error.kind.exit_code, error.kind.http_status, error.hint, str(error)) == (2, 400, "how", "what")
    with pytest.raises(KeyError):
        AtocoreError("no-such-code", "x")


def test_exit_codes_and_statuses_are_legal() -> None:
    for kind in ERRORS.values():
        assert kind.exit_code in (1, 2, *range(11, 20), 130)
        assert 400 <= kind.http_status < 600
        assert kind.meaning


def test_a_problem_carries_severity_and_hint_of_its_row() -> None:
    problem = Problem("a.md", 3, "bad-value", "x")
    assert (problem.severity, problem.hint) == (Severity.WARNING, PROBLEMS["bad-value"].hint)
    assert all(row.meaning and row.hint for row in PROBLEMS.values())
