"""Every named query has an answer on the project's own vault, and one that makes sense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from queried import ask

from atocore.records.snapshot import MemorySnapshot
from atocore.views.queries.answer import Branch
from atocore.views.queries.asking import QueryAnswer
from atocore.views.queries.table import QUERIES

SENSE = {
    "system-map": ("", ["index ring", "vector index", "daemon socket", "capture hook"]),
    "trace": ("", ["The capture hook costs milliseconds", "The installed hook takes 11.5 ms"]),
    "orphan-requirements": ("", ["Assistants ask over MCP, and can only read and propose"]),
    "unverified-requirements": ("", ["A promotion from the shell takes 180 ms at 10,000 records"]),
    "decisions-on": ("store ring", ["Git is the log", "Two locks keep writers apart"]),
    "shaky-decisions": ("", ["Every figure stands beside its floor"]),
    "unsupported-claims": ("", ["The hook works within the clients themselves"]),
    "constraints-on": ("vector index", ["usearch does not save atomically"]),
    "interfaces-of": ("daemon ring", ["command line"]),
    "bill-of-materials": ("", ["tantivy", "usearch", "Unum", "Python Package Index"]),
    "parameters": ("", ["A pack has 2,000 tokens"]),
    "impact": ("journal", ["recovery", "store ring"]),
    "evidence": (
        "usearch does not save atomically",
        ["usearch does not save atomically", "Vectors live in usearch and are searched exactly"],
    ),
    "changed-since": ("2026-11-29", ["catalog", "The vault became a model of AtoCore"]),
    "stale": ("3", ["Git is the log"]),
    "decision-log": ("", ["Deciding is pure, applying is one place", "Every figure stands beside its floor"]),
    "open-questions": (
        "",
        ["A bare interpreter starts in 19 ms", "Teammates read the memory as plain pages"],
    ),
}


def titles(answer: QueryAnswer) -> set[str]:
    return {str(row["title"]) for row in answer.rows or ()} | set(_below(answer.tree or ()))


def _below(branches: Sequence[Branch]) -> Iterator[str]:
    for branch in branches:
        yield branch.title
        yield from _below(branch.branches)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_has_an_answer_that_makes_sense(snapshot: MemorySnapshot, name: str) -> None:
    argument, told = SENSE[name]
    assert set(told) <= titles(ask(snapshot, name, argument))


def test_goals_are_verified_where_they_were_met(
    snapshot: MemorySnapshot,
) -> None:
    unverified = titles(ask(snapshot, "unverified-requirements"))
    for missed in ("A short command takes 60 ms", "A search in the daemon takes 10 ms at 10,000 records"):
        assert missed in unverified
    assert "The capture hook costs milliseconds" not in unverified


def test_evidence_of_the_graduated_fact_leads_to_the_words_it_came_from(snapshot: MemorySnapshot) -> None:
    answer = ask(snapshot, "evidence", "usearch does not save atomically")
    passage = next(row for row in answer.rows or () if row["how"] == "› › passage")
    assert (passage["quote"], passage["rule"]) == (
        "- usearch's own saving is not atomic, and changing a file under a reader's mapping kills the "
        "reader.",
        "constraint-heading",
    )
    assert str(passage["place"]).startswith("docs/decisions/usearch-exact.md:")
