"""Whether two values can both be true although they are written differently: a limit and what lies within it.

Knows numbers with the same unit, as typed. Must not convert: another unit is another text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from atocore.records.slots import normal_value

_QUANTITY = re.compile(
    r"(?P<sign><=|>=|<|>|)\s*(?P<number>[+-]?\d{1,15}(?:\.\d{1,15})?)(?P<unit>(?![\d.,]).{0,40})"
)


class _Quantity(NamedTuple):
    sign: str
    number: Decimal
    unit: str


def agree(one: str, other: str) -> bool:
    """Whether two values of one slot can both be true: `4.2 kg` and `<= 4.5 kg`, `>= 2 V` and `<= 5 V`. Two
    limits on the same side disagree where their numbers do: both say what the limit is."""
    if normal_value(one) == normal_value(other):
        return True
    a, b = _quantity(one), _quantity(other)
    if a is None or b is None or a.unit != b.unit:
        return False
    if a.sign[:1] == b.sign[:1]:
        return a.sign == b.sign and a.number == b.number
    upper, lower = (a, b) if a.sign[:1] == "<" or b.sign[:1] == ">" else (b, a)
    strict = lower.sign == ">" or upper.sign == "<"
    return lower.number < upper.number or (lower.number == upper.number and not strict)


def _quantity(value: str) -> _Quantity | None:
    match = _QUANTITY.fullmatch(normal_value(value).replace("≤", "<=").replace("≥", ">="))
    if match is None or (not match["unit"].strip() and "." in match["number"]):
        return None  # without a unit it may be a version: 3.9 comes before 3.11
    return _Quantity(match["sign"], Decimal(match["number"]), match["unit"].strip())
