"""Values that are written differently and can both be true."""

from __future__ import annotations

import pytest

from atocore.records.bounds import agree

TOGETHER = [
    ("4.2 kg", "<= 4.5 kg"),
    ("4.5 kg", "<= 4.5 kg"),
    ("4.5 kg", "≤ 4.5 kg"),
    ("4.4 kg", "< 4.5 kg"),
    (">= 2 V", "<= 5 V"),
    (">= 2 V", "<= 2 V"),
    ("7", "<= 9"),
    ("-40 °C", ">= -55 °C"),
    ("5 kg", "5.0 kg"),
    ("<= 5 kg", "<=5.0 KG."),
    ("25 ms", ">24 ms"),
    ("blue", "Blue"),
]
APART = [
    ("4.8 kg", "<= 4.5 kg"),
    ("4.5 kg", "< 4.5 kg"),
    ("4.5 kg", "> 4.5 kg"),
    (">= 6 V", "<= 5 V"),
    ("> 2 V", "<= 2 V"),
    ("<= 4.5 kg", "<= 5 kg"),
    ("<= 4.5 kg", "< 4.5 kg"),
    (">= 2 V", ">= 3 V"),
    ("4 kg", "<= 4500 g"),
    ("4 kg", "<= 5"),
    ("3 mm", "3 cm"),
    ("4,5 kg", "<= 5 kg"),
    ("1.2.3", "<= 2"),
    ("3.12", ">= 3.11"),
    ("1.10", "1.1"),
    ("5 to 7 kg", "<= 9 kg"),
    ("blue", "<= 9 kg"),
    ("yes", "no"),
]


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_values_that_can_both_be_true(one: str, other: str) -> None:
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_values_that_cannot_or_that_nobody_can_tell(one: str, other: str) -> None:
    assert not agree(one, other)
    assert not agree(other, one)
