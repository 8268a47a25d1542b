"""Values as texts: what is folded, what only dresses them, and what must stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.records.values.text import normal_value, undressed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4.2 kg", "4.2  KG"),
        ("Yes", "yes."),
        ("4.2\u00a0kg", "4.2 kg"),
        ("−5 °C", "-5 °C"),
        ("5 m²", "5 m2"),
        ("10⁻⁶ m", "10^-6 m"),
        ("ﬁbre", "fibre"),
    ],
)
def test_values_that_are_one(one: str, other: str) -> None:
    assert normal_value(one) == normal_value(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 kg", "-5 kg"),
        ("5 kg", "5"),
        ("1.10", "1.1"),
        ("10⁶ cycles", "106 cycles"),
        ("1½ mm", "11⁄2 mm"),
        ("C", "C++"),
        ("yes", "no"),
    ],
)
def test_values_that_are_two(one: str, other: str) -> None:
    assert normal_value(one) != normal_value(other)


@given(st.text(max_size=30))
def test_a_value_that_is_normal_stays_as_it_is(text: str) -> None:
    assert normal_value(normal_value(text)) == normal_value(text)


@pytest.mark.parametrize(
    ("dressed", "said"),
    [
        ("**4.2 kg**", "4.2 kg"),
        ("`NATIVE_INT`", "NATIVE_INT"),
        ("* _ready_.", "ready"),
        ("(~250 cm)", "~250 cm"),
        ("\u201cblue\u201d", "blue"),
        ("<https://example.org>", "https://example.org"),
        ("`a` and `b`", "`a` and `b`"),
        ("(1) and (2)", "(1) and (2)"),
        ("-5 kg", "-5 kg"),
        ('3/32"', '3/32"'),
        ("**", "**"),
        ("()", "()"),
    ],
)
def test_what_dresses_the_whole_of_a_value_falls(dressed: str, said: str) -> None:
    assert undressed(dressed) == said


@given(st.text(max_size=40))
def test_an_undressed_value_stays_as_it_is(text: str) -> None:
    assert undressed(undressed(text)) == undressed(text)
