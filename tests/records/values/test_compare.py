"""Values of one slot: which mean the same, which can both be true, and which cannot."""

from __future__ import annotations

import subprocess
import sys

import pytest
from table import APART, SAME, TOGETHER, rows

from atocore.records.values.compare import agree, meaning, same


def test_the_table_is_as_large_as_promised() -> None:
    assert len(set(rows(SAME) + rows(TOGETHER))) >= 150
    assert len(set(rows(APART))) >= 150


@pytest.mark.parametrize(("one", "other"), rows(SAME))
def test_values_that_mean_the_same(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)
    assert same(other, one)
    assert agree(one, other)


@pytest.mark.parametrize(("one", "other"), rows(TOGETHER))
def test_values_that_can_both_be_true(one: str, other: str) -> None:
    assert not same(one, other)
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(("one", "other"), rows(APART))
def test_values_that_cannot_or_that_nobody_can_tell(one: str, other: str) -> None:
    assert not same(one, other)
    assert not agree(one, other)
    assert not agree(other, one)


def test_nothing_said_means_nothing() -> None:
    assert meaning("") == meaning("  ") == ""


def test_the_readers_come_in_when_two_texts_differ_and_no_units_library_does() -> None:
    code = (
        "import sys, atocore.knowledge.conflicts.disputes\n"
        "from atocore.records.values.compare import agree\n"
        "assert agree('5 kg', '5 kg') and 'atocore.records.values.reading' not in sys.modules\n"
        "assert agree('5 kg', '5000 g') and not {'pint', 'dateutil', 'packaging'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
