"""The table of reasons: each has a meaning and a remedy, and reasons come in its order, each once."""

from __future__ import annotations

import pytest

from atocore.knowledge.health import REASONS, Reason, in_order, is_low, reason


@pytest.mark.parametrize("code", REASONS)
def test_each_reason_says_what_it_means_and_what_to_do(code: str) -> None:
    assert REASONS[code].meaning
    assert reason(code, "seen").hint == REASONS[code].remedy.replace("`", "")


def test_reasons_come_in_the_tables_order_each_once() -> None:
    found = [
        reason("disk-low", "b"),
        reason("settings", "a"),
        reason("disk-low", "b"),
        reason("disk-low", "c"),
    ]
    assert [(one.code, one.message) for one in in_order(found)] == [
        ("settings", "a"),
        ("disk-low", "b"),
        ("disk-low", "c"),
    ]


def test_a_better_hint_takes_the_remedys_place() -> None:
    assert reason("settings", "a", "do this") == Reason("settings", "a", "do this")


@pytest.mark.parametrize(
    ("free", "total", "low"), [(99, 1000, True), (100, 1000, False), (100, 2001, True), (0, 0, True)]
)
def test_either_limit_makes_a_disk_low(free: int, total: int, low: bool) -> None:
    assert is_low(free, total, least_bytes=100, least_percent=5) is low
