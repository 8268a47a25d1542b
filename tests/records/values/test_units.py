"""Units: factors are the units library's, cases and words count, and what is no unit is none."""

from __future__ import annotations

from fractions import Fraction

import pint
import pint_factors
import pytest

from atocore.records.values.text import undressed
from atocore.records.values.unit_factors import FACTORS
from atocore.records.values.unit_table import UNITS
from atocore.records.values.units import measures


def test_the_factors_are_what_pint_says() -> None:
    assert pint_factors.factors() == FACTORS


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("km/h", "kilometer/hour"),
        ("kWh", "kilowatt*hour"),
        ("N·mm", "newton*millimeter"),
        ("W/(m² K)", "watt/meter**2/kelvin"),
        ("mAh", "milliampere*hour"),
        ("Mibit/s", "mebibit/second"),
        ("g/cm³", "gram/centimeter**3"),
        ("lbf", "pound_force"),
        ("µm", "micrometer"),
    ],
)
def test_a_composed_unit_is_worth_what_pint_says(text: str, expression: str) -> None:
    registry = pint.UnitRegistry(non_int_type=Fraction, cache_folder=None)
    expected = registry.Quantity(Fraction(1), expression).to_root_units().magnitude
    (found,) = measures(undressed(text))
    assert found.factor == expected


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "u",
        "pint",
        "dozen",
        "k",
        "K33",
        "in stock",
        "W/m K",
        "m/s/s/s",
        "kkg",
        "e",
        "/",
        "m^",
        "(m)s",
        "",
    ],
)
def test_what_is_no_unit_for_certain_is_none(text: str) -> None:
    assert measures(text) == ()


def test_a_symbol_counts_with_its_case_and_is_open_where_only_its_case_could_tell() -> None:
    assert measures("mW") != measures("MW")
    assert set(measures("mw")) == {*measures("mW"), *measures("MW")}
    assert measures("KG") == measures("kg")


def test_no_symbol_or_word_stands_in_two_rows() -> None:
    written = [name for unit in UNITS for name in (*unit.symbols, *(word for word in unit.words))]
    rows = {name: {unit for unit in UNITS if name in (*unit.symbols, *unit.words)} for name in written}
    assert [name for name, units in rows.items() if len(units) > 1] == []
