"""Guards over the two tables of what can go wrong: each row is real, and each code has a row."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

import atocore
from atocore.errors import ERRORS, AtocoreError
from atocore.records.problem import PROBLEMS, Problem, Severity

PACKAGE = Path(atocore.__file__).parent
TABLES = {PACKAGE / "errors.py", PACKAGE / "records" / "problem.py"}


@dataclass(frozen=True)
class Said:
    """What the package's code holds: every text, and its calls with their function's name."""

    texts: frozenset[str]
    calls: tuple[tuple[str, ast.Call], ...]

    def named(self, call: str, at: int) -> set[str]:
        """The texts that stand, as the given argument, in calls of that name."""
        found = (node.args[at] for name, node in self.calls if name == call and len(node.args) > at)
        return {node.value for node in found if isinstance(node, ast.Constant)}


@pytest.fixture(scope="module")
def said() -> Said:
    texts: set[str] = set()
    calls: list[tuple[str, ast.Call]] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path in TABLES or "_data" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.Call):
                calls.append((getattr(node.func, "id", getattr(node.func, "attr", "")), node))
    return Said(frozenset(texts), tuple(calls))


@pytest.fixture(scope="module")
def looked_for() -> str:
    """All that the other tests say."""
    tests = (path for path in Path(__file__).parent.rglob("test_*.py") if path != Path(__file__))
    return "\n".join(path.read_text("utf-8") for path in tests)


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_error_code_is_raised_somewhere(said: Said, code: str) -> None:
    assert code in said.texts, f"{code}: no code raises it; remove the row"


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_code_is_reported_somewhere(said: Said, code: str) -> None:
    assert code in said.texts, f"{code}: no code reports it; remove the row"


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_code_is_what_some_test_looks_for(looked_for: str, code: str) -> None:
    assert f'"{code}"' in looked_for


def test_only_codes_of_the_tables_are_raised_and_reported(said: Said) -> None:
    raised, reported = said.named("AtocoreError", 0), said.named("Problem", 2)
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
