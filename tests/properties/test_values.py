"""Values: what holds for any two texts, and for any quantity however it is written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from table import APART, SAME, TOGETHER, rows

from atocore.records.values.compare import agree, meaning, same
from atocore.records.values.numbers import figure, number_in
from atocore.records.values.reading import read
from atocore.records.values.text import MAX_READ

_WRITTEN = [value for table in (SAME, TOGETHER, APART) for pair in rows(table) for value in pair]
_PIECES = st.sampled_from(
    (
        *("5", "4.2", "1,000", "kg", " ", "-", "+", "/", "±", "<=", "(", ")", "%", "x", "to", "~", "in", '"'),
        *(
            ",",
            ".",
            "10^3",
            "½",
            "²",
            "°C",
            "v",
            "[",
            "](",
            "**",
            "2026",
            "May",
            "e",
            "−",
            "KB",
            "$",
            "\n",
            "and",
        ),
    )
)
values = st.one_of(
    st.sampled_from(_WRITTEN), st.lists(_PIECES, max_size=14).map("".join), st.text(max_size=40)
)
numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False)
STEPS = {"µm": -6, "mm": -3, "cm": -2, "m": 0, "km": 3}


@given(values)
def test_a_value_agrees_with_itself(value: str) -> None:
    assert same(value, value)
    assert agree(value, value)


@given(values, values)
def test_the_order_of_two_values_does_not_count(one: str, other: str) -> None:
    assert same(one, other) is same(other, one)
    assert agree(one, other) is agree(other, one)
    assert not same(one, other) or agree(one, other)


@given(st.lists(values, min_size=3, max_size=3))
def test_to_mean_the_same_carries_over(three: list[str]) -> None:
    a, b, c = three
    assert not (same(a, b) and same(b, c)) or same(a, c)


@given(numbers, st.sampled_from(sorted(STEPS)), st.sampled_from(sorted(STEPS)))
def test_a_converted_quantity_is_the_same(number: Decimal, one: str, other: str) -> None:
    converted = number.scaleb(STEPS[one] - STEPS[other])
    assume(abs(converted) + 1 < 10**18)  # more digits are not read as a number
    assert same(f"{number:f} {one}", f"{converted:f} {other}")
    assert same(f"{number:f} {one}", f"{converted:e} {other}")
    assert not agree(f"{number:f} {one}", f"{converted + 1:f} {other}")


@given(numbers, numbers, st.sampled_from(sorted(STEPS)))
def test_a_value_agrees_with_a_limit_just_where_it_keeps_it(one: Decimal, limit: Decimal, unit: str) -> None:
    assert agree(f"{one:f} {unit}", f"<= {limit:f} {unit}") is (one <= limit)
    assert agree(f"{one:f} {unit}", f"more than {limit:f} {unit}") is (one > limit)


@given(st.fractions(max_denominator=1000))
def test_a_figure_is_the_number(value: Fraction) -> None:
    text = figure(value)
    assert Fraction(text) == value


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_may_be_parted(value: int) -> None:
    assert same(f"{value:,} g", f"{value} g")
    assert same(f"{value:,} g".replace(",", " "), f"{value} g")
    found = number_in(f"{value:,}")
    assert found is not None and found[0].value == value


@given(st.text())
def test_any_text_has_a_meaning(value: str) -> None:
    assert meaning(value) or not value.strip()


@pytest.mark.parametrize(
    "hostile",
    [
        *(
            "1" * 300,
            "1," * 150,
            "1 " * 150,
            "1/" * 150,
            "1." * 150,
            "(" * 300,
            "*" * 300,
            "[" * 300,
            "+-" * 150,
        ),
        *(
            "1 kg " * 60,
            "+1 -1 " * 50,
            "5 to " * 60,
            "a, " * 100,
            "_a" * 150,
            "x " * 150,
            "10 x " * 60,
            "- " * 150,
        ),
        *(
            "<=" * 150,
            "~" * 300,
            "9" * 290 + "e99",
            "1e99 km",
            "[a](" * 75,
            "http://" + "a/" * 146,
            "“" * 300,
        ),
        *(
            "1 " + "a " * 149,
            "5 V ± " * 50,
            "(1 kg " * 50,
            "1 h " * 75,
            "and " * 75,
            "kg/" * 100,
            "m^2 " * 75,
        ),
    ],
)
def test_a_hostile_text_is_read_in_few_steps(hostile: str) -> None:
    """A text is cut where prose begins, and no pattern runs away on what is shorter."""
    assert read(hostile + "!" * MAX_READ).key.startswith("text ")
    for size in range(1, 301, 23):
        assert read(hostile[:size]).key
