"""Quantities: numbers, with or without a unit, as one of the forms in which engineers state them.

Pure data and what follows from it: when two can both be true. How texts become quantities: `forms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from atocore.records.values.numbers import figure
from atocore.records.values.unit_table import CODES, MONEY

_NEUTRAL = frozenset({"dc", "ac", "typ", "typ.", "typical", "nom", "nom.", "nominal", "continuous"})
Dimension = tuple[tuple[str, int], ...]


class Form(Enum):
    """How a quantity is stated."""

    EXACT = "exact"
    ABOUT = "about"
    LIMIT = "limit"
    RANGE = "range"
    TOLERANCE = "tolerance"
    SPREAD = "spread"
    """`±5 V` without a middle."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is stated, in base units. `low` and `high` are its ends, None where there is none; `middle` is the
    nominal value of a tolerance. `of` is what is counted, or what follows the unit ("widgets", "DC").
    `version` is the number as typed where it may be no number, and `grain` the worth of its last digit."""

    form: Form
    low: Fraction | None
    high: Fraction | None
    dimension: Dimension
    of: str = ""
    open_low: bool = False
    open_high: bool = False
    middle: Fraction | None = None
    version: str = ""
    grain: Fraction = Fraction(0)

    @property
    def key(self) -> str:
        """One text for all ways to state it."""
        if self.form is Form.EXACT and not self.dimension and not self.of:
            return f"number {self.version or figure(self.low or Fraction(0))}"
        parts = [self.form.value, _end(self.low, self.open_low), _end(self.high, self.open_high)]
        if self.middle is not None:
            parts.append(figure(self.middle))
        if self.version:
            parts.append(self.version)
        dimension = ".".join(f"{unit}{power}" for unit, power in self.dimension)
        return " ".join((*parts, f"[{dimension}]", self.of)).strip()


def _end(value: Fraction | None, is_open: bool) -> str:
    return "*" if value is None else f"{figure(value)}{'!' if is_open else ''}"


def compatible(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities can both be true: they are one, or one lies within what the other allows."""
    if not _one_dimension(a, b) or not _one_thing(a, b):
        return False
    if a.form is b.form and a.form not in (Form.LIMIT, Form.ABOUT):
        numbers = not (a.version or b.version) or _is_reckoned(a) or _is_reckoned(b)
        return a.form is Form.EXACT and a.low == b.low and numbers
    if _is_release(a) or _is_release(b):
        return _release_keeps(a, b)
    if not _as_numbers(a, b):
        return False
    first, second = sorted((a, b), key=lambda one: list(Form).index(one.form))
    match first.form, second.form:
        case Form.EXACT, Form.ABOUT:
            return _rounds_to(first, second)
        case Form.EXACT, Form.SPREAD:
            return False
        case Form.ABOUT, Form.ABOUT:
            return a.low == b.low and a.high == b.high
        case Form.LIMIT, Form.LIMIT:
            return _opposite(a, b) and _meet(a, b)
        case Form.EXACT | Form.ABOUT, _:
            return _meet(first, second)
        case Form.LIMIT, Form.RANGE | Form.TOLERANCE:
            return _within(second, first)
    return a.low == b.low and a.high == b.high


def _one_dimension(a: Quantity, b: Quantity) -> bool:
    """Whether units are of one kind. A price may leave out its currency; a sign may be one of several."""
    if a.dimension == b.dimension:
        return True
    if len(a.dimension) > 1 or len(b.dimension) > 1:
        return False
    one, other = (side.dimension[0] if side.dimension else ("", 1) for side in (a, b))
    if "" in (one[0], other[0]):
        return (one[0] or other[0]) in MONEY
    return one[1] == other[1] and (other[0] in CODES.get(one[0], ()) or one[0] in CODES.get(other[0], ()))


def _one_thing(a: Quantity, b: Quantity) -> bool:
    """Whether both count one thing. One may leave out what says little: `3.3 V` and `3.3 V DC`."""
    if a.of == b.of:
        return True
    return bool(a.dimension) and "" in (a.of, b.of) and (a.of or b.of) in _NEUTRAL


def _is_reckoned(one: Quantity) -> bool:
    """Whether a number was certainly no version as it was typed: a price, a price for ten, a fraction."""
    return bool(one.dimension) or (one.low is not None and not one.version and one.low.denominator > 1)


def _is_release(one: Quantity) -> bool:
    """Whether it is a version with three parts or more, and no number."""
    return one.low is None and one.high is None


def _release_keeps(a: Quantity, b: Quantity) -> bool:
    """Whether a version keeps a limit of versions: `3.11.4` and `>= 3.11`."""
    exact, limit = (a, b) if a.form is Form.EXACT else (b, a)
    end = limit.low if limit.low is not None else limit.high
    if exact.form is not Form.EXACT or limit.form is not Form.LIMIT or end is None:
        return False
    have, need = _release(exact.version), _release(limit.version or figure(end))
    if limit.low is not None:
        return have > need if limit.open_low else have >= need
    return have < need if limit.open_high else have <= need


def _as_numbers(a: Quantity, b: Quantity) -> bool:
    """Whether to compare as numbers is certain: not where both may be versions and those would differ."""
    if not (a.version and b.version):
        return True
    if a.form is b.form:
        return a.version == b.version
    ends = [(one, _release(one.version)) for one in (a, b)]
    by_number = (a.low or a.high or 0) <= (b.low or b.high or 0)
    return by_number == (ends[0][1] <= ends[1][1])


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.lstrip("+-").split(".") if part.isdigit())


def _rounds_to(exact: Quantity, about: Quantity) -> bool:
    """Whether a value is the approximate one to the digits that were written, and within a twentieth:
    `1.98` is about `2.0`, and 52 about 50, but 149 is not about 100."""
    if exact.low is None or about.low is None or about.high is None:
        return False
    low, high = (min(about.grain / 2, abs(end) / 20) for end in (about.low, about.high))
    return about.low - low <= exact.low <= about.high + high


def _opposite(a: Quantity, b: Quantity) -> bool:
    """Whether one limit is from below and the other from above."""
    return (a.low is None) is not (b.low is None)


def _meet(a: Quantity, b: Quantity) -> bool:
    """Whether two intervals have a point in common."""
    return _reaches(a, b) and _reaches(b, a)


def _reaches(a: Quantity, b: Quantity) -> bool:
    """Whether `a` does not end below where `b` begins."""
    if a.high is None or b.low is None:
        return True
    return a.high > b.low or (a.high == b.low and not (a.open_high or b.open_low))


def _within(inner: Quantity, limit: Quantity) -> bool:
    """Whether a range or a tolerance keeps a limit with all of it."""
    above = limit.high is None or (
        inner.high is not None and _keeps(limit.high - inner.high, limit.open_high)
    )
    below = limit.low is None or (inner.low is not None and _keeps(inner.low - limit.low, limit.open_low))
    return above and below


def _keeps(room: Fraction, is_open: bool) -> bool:
    return room > 0 or (room == 0 and not is_open)
