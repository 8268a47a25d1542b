"""What a unit means as it is written: its exact factor to base units and its dimension.

Knows the table of units and how they are composed. What is not certain is no unit; what a symbol may mean by
its case alone (`mw`) has several readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from atocore.records.values.unit_factors import FACTORS
from atocore.records.values.unit_table import BINARY_PREFIXES, LONG_PREFIXES, PREFIXES, UNITS, UNSURE, Unit

_TOKEN = re.compile(
    r"(?P<symbol>[°%‰$£€¥\"]?[^\W\d_]*(?:\$)?)(?:\^?(?P<power>-?\d)|\^\((?P<bracketed>-\d)\))?(?!\d)"
)
_PER = re.compile(r"\s*/\s*|\s+per\s+|^per\s+")
_TIMES = re.compile(r"\s*[·⋅*•]\s*|(?<=[^\W\d_])-(?=[^\W\d_])|\s+")
_BARE_POWERS = frozenset({"meter", "second", "foot", "inch", "yard", "mile"})
_CELSIUS = Fraction(27315, 100)
_ZERO = {"degree_Celsius": _CELSIUS, "degree_Fahrenheit": Fraction(45967, 180)}
"""What is added, in kelvin, to a temperature on a scale that does not begin at absolute zero."""


class Measure(NamedTuple):
    """A unit: what one of it is in base units, what is added where it is a temperature, and its dimension."""

    factor: Fraction
    dimension: tuple[tuple[str, int], ...]
    offset: Fraction = Fraction(0)


@lru_cache(maxsize=4096)
def measures(text: str) -> tuple[Measure, ...]:
    """Every reading of a unit as it is written, none where it is no unit that is certain."""
    if len(text) > 40 or not text:
        return ()
    whole = _atoms(text)
    if whole:
        return tuple(_measure(*atom) for atom in whole)
    return _composed(text)


class _Atom(NamedTuple):
    unit: Unit
    scale: Fraction


def _measure(unit: Unit, scale: Fraction) -> Measure:
    if unit.own:
        own = unit.own if unit.own != "1" else ""
        return Measure(scale * unit.factor, ((own, 1),) if own else ())
    factor, dimension = FACTORS[unit.name]
    return Measure(scale * Fraction(factor), dimension, _ZERO.get(unit.name, Fraction(0)))


def _atoms(symbol: str) -> tuple[_Atom, ...]:
    """The units that one symbol or word may be."""
    symbols, words, loose = _spellings()
    for name in (symbol, symbol.removesuffix(".")):
        if name in UNSURE:
            return tuple(symbols[reading] for reading in UNSURE[name])
        found = symbols.get(name) or words.get(name.casefold())
        if found is not None:
            return (found,)
    folded = symbol.casefold()
    return loose.get(folded, ()) if len(folded) > 1 or folded in ("v", "w") else ()


@cache
def _spellings() -> tuple[dict[str, _Atom], dict[str, _Atom], dict[str, tuple[_Atom, ...]]]:
    symbols = {symbol: atom for unit in UNITS for symbol, atom in _symbols(unit)}
    words = {word: atom for unit in UNITS for word, atom in _words(unit)}
    loose: dict[str, tuple[_Atom, ...]] = {}
    for symbol, atom in symbols.items():
        folded = symbol.casefold()
        if all(_measure(*atom) != _measure(*other) for other in loose.get(folded, ())):
            loose[folded] = (*loose.get(folded, ()), atom)
    return symbols, words, loose


def _words(unit: Unit) -> Iterator[tuple[str, _Atom]]:
    for word in unit.words:
        yield word.casefold(), _Atom(unit, Fraction(1))
        for long, prefix in LONG_PREFIXES.items() if " " not in word else ():
            if prefix in unit.prefixes:
                yield long + word.casefold(), _Atom(unit, Fraction(10) ** PREFIXES[prefix])


def _symbols(unit: Unit) -> Iterator[tuple[str, _Atom]]:
    for symbol in unit.symbols:
        yield symbol, _Atom(unit, Fraction(1))
        for prefix in unit.prefixes.replace("u", "uμ"):
            power = PREFIXES["u" if prefix == "μ" else prefix]
            yield prefix + symbol, _Atom(unit, Fraction(10) ** power)
        for prefix, power in BINARY_PREFIXES.items() if unit.name in ("bit", "byte") else ():
            yield prefix + symbol, _Atom(unit, Fraction(2) ** power)


def _composed(text: str) -> tuple[Measure, ...]:
    """Products and quotients: `N·m`, `m/s^2`, `W/(m K)`, `kg m^-3`, `/ m2`."""
    over, *under = _PER.split(text)
    if len(under) > 2 or (len(under) == 2 and re.search(r"[·⋅*]", text)):
        return ()
    factor, powers = Fraction(1), dict[str, int]()
    for index, part in enumerate((over, *under)):
        if not part and index == 0:
            continue
        product = _product(part.strip(), bracketed=index > 0)
        if product is None:
            return ()
        for measure, power in product:
            turned = -power if index else power
            factor *= measure.factor**turned
            for unit, exponent in measure.dimension:
                powers[unit] = powers.get(unit, 0) + exponent * turned
    dimension = tuple(sorted((unit, power) for unit, power in powers.items() if power))
    return (Measure(factor, dimension),)


def _product(text: str, *, bracketed: bool) -> list[tuple[Measure, int]] | None:
    inner = text.removeprefix("(").removesuffix(")") if text.startswith("(") and text.endswith(")") else text
    parts = _TIMES.split(inner)
    if (bracketed and len(parts) > 1 and inner == text) or len(parts) > 5 or "(" in inner:
        return None  # "W/m K": nobody can tell what the K is part of
    found = []
    for part in parts:
        match = _TOKEN.fullmatch(part)
        atoms = _atoms(match["symbol"]) if match and match["symbol"] else ()
        if match is None or len(atoms) != 1:
            return None
        power = match["power"] or match["bracketed"] or "1"
        bare = match["power"] and "^" not in part and "-" not in part
        if bare and atoms[0].unit.name not in _BARE_POWERS:
            return None  # "K33" is a part, not a kelvin
        found.append((_measure(*atoms[0]), int(power)))
    return found
