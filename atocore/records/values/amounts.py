"""One number with its unit, as people write it: `4.2 kg`, `3/32 in`, `USD 5`, `16.69 / 100`, `2 h 30 min`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from atocore.records.values.numbers import NUMBER, Number, number_in
from atocore.records.values.unit_table import MONEY
from atocore.records.values.units import Measure, measures

_FRACTION = re.compile(r"([+-]?\d{1,6})/(\d{1,6})(?![\d/])\s*(.*)")
_RATE = re.compile(rf"({NUMBER})\s*(?:/|per)\s*({NUMBER})\s*(.*)")
_PACKS = re.compile(r"(?:pk|pack|packs|pkg|pcs|pc|pieces|ea|box|bag)?", re.I)
_TAIL = re.compile(r"[^\W\d_][^\d<>=±~;|,]{0,39}")
_PART = re.compile(rf"\s*(?:,|and\b)?\s*({NUMBER})\s*([^\W\d_]+|°|'|\")\.?", re.I)
_COUNT = re.compile(r"^(?:qty\.?|quantity)(?: |:) ?(?=\d)|^x ?(?=\d{1,6}$)", re.I)
_CURRENT = re.compile(r"^([kmMuµ]?V) ?(AC|DC)\b", re.I)
_SUMMED = tuple(((unit, 1),) for unit in ("second", "meter", "gram", "turn"))


class Amount(NamedTuple):
    """A number with its unit: `measure` None where the text names none that is known."""

    number: Number
    measure: Measure | None
    of: str
    grain: Fraction

    @property
    def value(self) -> Fraction:
        """The number in base units."""
        if self.measure is None:
            return self.number.value
        return self.number.value * self.measure.factor + self.measure.offset


def amounts(text: str) -> Iterator[Amount]:
    """The readings of one number with what follows it."""
    text = _COUNT.sub("", text.removeprefix("=").strip())
    money = next((sign for sign in MONEY if text.startswith(sign)), "")
    text = text.removeprefix(money).strip()
    found = _fraction(text) or _rate(text) or number_in(text)
    if found is None:
        return
    number, rest = found
    if money:
        rest = f"{money}{rest}" if rest.startswith("/") else money if not rest else "?"
    yield from _measured(number, rest, _grain(text))


def _measured(number: Number, rest: str, grain: Fraction) -> Iterator[Amount]:
    if not rest:
        yield Amount(number, None, "", grain)
        return
    known = measures(rest)
    if known:
        yield from (Amount(number, measure, "", grain * measure.factor) for measure in known)
        return
    unit, gap, of = _CURRENT.sub(r"\1 \2", rest).partition(" ")
    for _ in range(2):
        known = measures(unit.removesuffix(",")) if gap else ()
        if known and _TAIL.fullmatch(of.strip("()")):
            of = of.strip("()").casefold()
            yield from (Amount(number, measure, of, grain * measure.factor) for measure in known)
            return
        more, gap, of = of.partition(" ")
        unit = f"{unit} {more}"
    if _TAIL.fullmatch(rest):
        yield Amount(number, None, " ".join(rest.casefold().split()), grain)


def _fraction(text: str) -> tuple[Number, str] | None:
    """`3/32 in`; without a unit only in lowest terms over a power of two: "6/8" may be six of eight."""
    match = _FRACTION.fullmatch(text)
    if match is None or int(match[2]) == 0:
        return None
    value, rest = Fraction(int(match[1]), int(match[2])), match[3]
    lowest = (
        value.denominator == int(match[2]) and value.denominator.bit_count() == 1 and value.denominator > 1
    )
    unit = measures(rest) if rest else ()
    return (Number(value), rest) if unit or (lowest and not rest) else None


def _rate(text: str) -> tuple[Number, str] | None:
    """`16.69 / 100`, a price for many, and `55 / 3716 cm2`; whole numbers alone may be anything: `24/7`."""
    match = _RATE.fullmatch(text)
    if match is None:
        return None
    over, under, rest = number_in(match[1]), number_in(match[2]), match[3].strip()
    if over is None or under is None or under[0].value == 0:
        return None
    value = Number(over[0].value / under[0].value)
    if _PACKS.fullmatch(rest):
        return (value, "") if rest or "." in match[1] else None
    return (value, f"/ {rest}") if measures(f"/ {rest}") else None


def _grain(text: str) -> Fraction:
    """What one more in the last digit that counts is worth: a tenth for `4.2`, ten for `50`."""
    match = re.match(r"[+-]?(\d+)(?:\.(\d+))?", text)
    if match is None:
        return Fraction(0)
    if match[2]:
        return Fraction(1, 10 ** len(match[2]))
    return Fraction(10 ** (len(match[1]) - len(match[1].rstrip("0"))))


def summed(text: str) -> Iterator[Amount]:
    """`2 h 30 min`, `5 ft 3 in`: parts of one dimension, each smaller than the one before."""
    parts: list[tuple[Fraction, Measure]] = []
    at = 0
    while match := _PART.match(text, at):
        number, known = number_in(match[1]), measures(match[2])
        if number is None or len(known) != 1 or len(parts) > 4:
            return
        parts.append((number[0].value, known[0]))
        at = match.end()
    if at != len(text) or len(parts) < 2:
        return
    shared = {measure.dimension for _, measure in parts}
    falling = all(a.factor > b.factor for (_, a), (_, b) in pairwise(parts))
    dimension = next(iter(shared))
    if len(shared) == 1 and falling and dimension in _SUMMED:
        total = sum((value * measure.factor for value, measure in parts), Fraction(0))
        yield Amount(Number(total), Measure(Fraction(1), dimension), "", parts[-1][1].factor)
