"""How the benchmark of conflicts judges. What it measures is not judged here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import run_conflicts

SLOT = {"slot": 'orion/barbed fitting 3/32" nipple/price'}


def _pair(label: str, one: str, other: str) -> dict[str, str]:
    return SLOT | {"label": label, "a_value": one, "b_value": other}


@pytest.mark.parametrize(
    ("one", "other", "hit"), [("5 kg", "5000 g", False), ("5 kg", "6 kg", True), ("**5 kg**", "5 kg", False)]
)
def test_two_values_of_one_slot_are_put_through_a_sweep(one: str, other: str, hit: bool) -> None:
    assert run_conflicts.flagged(_pair("conflict", one, other)) is hit


def test_what_differs_in_its_slot_is_no_conflict() -> None:
    pair = {"label": "unrelated", "a_slot": "x/1/eol", "b_slot": "y/1/eol", "a": "X is 3.", "b": "Y is 4."}
    assert run_conflicts.has_claims(pair)
    assert not run_conflicts.flagged(pair)


def test_only_numbers_that_are_near_are_a_matter_of_tolerance() -> None:
    assert run_conflicts.only_tolerance(_pair("same", "8.95 / 100", "0.09"))
    assert not run_conflicts.only_tolerance(_pair("same", "8 kg", "80 kg"))
    assert not run_conflicts.only_tolerance(_pair("same", "red", "blue"))
