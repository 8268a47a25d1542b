"""`status` tells which candidate has waited longest, by the commit that brought it, not by the clock."""

from __future__ import annotations

import pytest
from desk import Desk
from helpers import whole


def proposal(name: str) -> str:
    keys = f"id: mem-{name}\nstatus: candidate\ncreated: 2019-01-01"
    return f"-- memories/scope/{name}.md --\n{keys}\n--\nIt is {name}.\n"


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, f"{day}T12:00:00Z")


def test_the_oldest_by_the_commit_that_brought_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.vault.reject(whole("mem-mass"), reason="weighed again")
    assert desk.vault.status().longest_waiting is None
    at(monkeypatch, "2036-03-01")
    desk.commit(proposal("a"))
    at(monkeypatch, "2036-03-04")
    desk.commit(proposal("b"))
    at(monkeypatch, "2036-03-11")
    desk.edit("memories/scope/a.md", "It is a.", "It is an a.")
    desk.commit()
    waiting = desk.vault.status().longest_waiting
    assert waiting is not None
    assert (waiting.id, waiting.since, waiting.days) == (whole("mem-a"), "2036-03-01T12:00:00Z", 10)


def test_what_is_saved_and_not_committed_does_not_wait_yet(desk: Desk) -> None:
    desk.vault.reject(whole("mem-mass"), reason="weighed again")
    desk.save(proposal("a"))
    assert desk.vault.status().longest_waiting is None
