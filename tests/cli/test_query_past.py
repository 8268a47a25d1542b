"""Queries about the past at the command line: options that say the same as arguments, and citations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from desk import Desk

Run = Callable[..., Any]


def test_options_say_the_same_as_arguments(run: Run, desk: Desk) -> None:
    base = desk.head()
    desk.commit("-- memories/scope/new.md --\nid: mem-new\ntitle: New\n")
    asked = run("query", "changed-since", base, "--json").json
    assert [row["title"] for row in asked["rows"]] == ["New"]
    assert run("query", "changed-since", "--since", base, "--json").json == asked
    assert run("query", "stale", "--days", "3", "--json").json == run("query", "stale", "3", "--json").json


@pytest.mark.parametrize(
    "args",
    [
        ("stale", "--since", "7d"),
        ("changed-since", "--days", "3"),
        ("decision-log", "--days", "0"),
        ("changed-since", "7d", "--since", "8d"),
        ("stale", "--days", "-1"),
        ("evidence",),
        ("decision-log", "x"),
    ],
)
def test_what_an_option_or_argument_cannot_mean_is_a_usage_error(run: Run, args: tuple[str, ...]) -> None:
    ran = run("query", *args, "--json")
    assert (ran.code, ran.error["code"]) == (2, "usage")


def test_rows_about_one_record_cite_it_once(run: Run, desk: Desk) -> None:
    desk.vault.promote("mem-mass00000000", reason="weighed")
    out = run("query", "evidence", "mem-mass").out
    assert out.count("memories/scope/mass.md") == 1
    assert "weighed" in out


def test_what_is_unknown_is_refused_with_a_hint(run: Run) -> None:
    for args, code in (
        (("evidence", "nothing like that"), "not-found"),
        (("changed-since", "last tuesday"), "bad-value"),
        (("stale", "many"), "bad-value"),
    ):
        ran = run("query", *args, "--json")
        assert (ran.code != 0, ran.error["code"], bool(ran.error["hint"])) == (True, code, True)
