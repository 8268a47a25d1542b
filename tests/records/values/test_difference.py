"""The smallest difference between values, in whole words and numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.records.values.difference import difference, marked


def _brackets(value: str, *others: str) -> str:
    return "".join(f"[{part.text}]" if part.differs else part.text for part in marked(value, others))


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("3 mm", "3 cm", "3 [mm]"),
        ("4.2 kg", "4.8 kg", "[4.2] kg"),
        ("5 mW", "5 MW", "5 [mW]"),
        ("2019 CU12", "2019 CU13", "2019 [CU12]"),
        ("Al 6061-T6", "Al 7075-T6", "Al [6061]-T6"),
        ("anodised black, matt", "Anodised black", "anodised black[, matt]"),
        ("anodised black", "anodised black, matt", "anodised black"),
        ("5 kg", "5000 g", "5 kg"),
        ("red", "blue", "[red]"),
        ("5.2 kg", "5000 g", "[5.2 kg]"),
        ("red", "", "[red]"),
        ("", "red", ""),
    ],
)
def test_what_the_other_does_not_say_there_is_marked(one: str, other: str, shown: str) -> None:
    assert _brackets(one, other) == shown


def test_of_three_what_any_other_does_not_share_is_marked() -> None:
    assert _brackets("5 kg, black", "5 kg, white", "6 kg, black") == "[5] kg, [black]"


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_parts_are_the_value(one: str, other: str) -> None:
    mine, theirs = difference(one, other)
    assert "".join(part.text for part in mine) == one
    assert "".join(part.text for part in theirs) == other


def test_a_long_value_is_marked_from_where_it_is_not_compared_any_more() -> None:
    parts = marked("same words here " * 400, ["same words here " * 400 + "not"])
    assert [part.differs for part in parts] == [False, True]
