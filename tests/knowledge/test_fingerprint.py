"""The hash of what was seen: it changes when, and only when, a reviewer would want to look again."""

from __future__ import annotations

import pytest
from helpers import record, reversed_order, vault_of

from atocore.knowledge.fingerprint import view_hash

CLAIM = "project: p\nsubject: mirror\nattribute: mass\n"
CANDIDATE = f"-- memories/a.md --\nid: mem-a\nstatus: candidate\n{CLAIM}value: 1\n"
FACT = f"-- memories/b.md --\nid: mem-b\n{CLAIM}value: 2\n"


def seen(blocks: str) -> str:
    vault = vault_of(blocks)
    found = view_hash(vault, record(vault, "mem-a"))
    assert found == view_hash(reversed_order(vault), record(vault, "mem-a"))
    return found


def test_it_is_short_and_the_same_each_time() -> None:
    assert seen(CANDIDATE) == seen(CANDIDATE)
    assert len(seen(CANDIDATE)) == 16


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(CANDIDATE.replace("value: 1", "value: 3") + FACT, id="the-record"),
        pytest.param(CANDIDATE.replace("value: 1", "value: 1 # looked at") + FACT, id="a-comment-in-it"),
        pytest.param(CANDIDATE + FACT.replace("value: 2", "value: 4"), id="a-fact-in-its-slot"),
        pytest.param(CANDIDATE + FACT.replace("id: mem-b", "id: mem-b\nstatus: retired"), id="one-that-left"),
        pytest.param(CANDIDATE + FACT + FACT.replace("mem-b", "mem-c").replace("/b.", "/c."), id="one-more"),
    ],
)
def test_it_changes_with_the_record_and_the_accepted_facts_of_its_slot(change: str) -> None:
    assert seen(change) != seen(CANDIDATE + FACT)


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(FACT.replace("mass", "cost"), id="another-slot"),
        pytest.param(FACT.replace("id: mem-b", "id: mem-b\nstatus: candidate"), id="another-candidate"),
        pytest.param("-- notes/n.md --\nmass\n", id="a-note"),
    ],
)
def test_it_does_not_change_with_what_counts_for_nothing_here(beside: str) -> None:
    assert seen(CANDIDATE + beside) == seen(CANDIDATE)


def test_a_record_without_a_slot_is_seen_alone() -> None:
    bare = "-- memories/a.md --\nid: mem-a\n"
    assert seen(bare) == seen(bare + FACT)
