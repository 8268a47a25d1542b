"""Texts that state a quantity: `4.2 kg`, `<= 4.5 kg`, `2 to 5 V`, `4.2 ± 0.1 kg`, `about 50 ms`, `2 h 5 min`.

Takes undressed texts and gives every reading that is certain enough; none where the text states no quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from atocore.records.values.amounts import Amount, amounts, summed
from atocore.records.values.numbers import NUMBER
from atocore.records.values.quantity import Form, Quantity
from atocore.records.values.units import measures

_SIGNS = {
    "<=": r"<=|=<|≤|≦|⩽|(?:at most|(?:is )?no more than|not more than|up to(?: and including)?"
    r"|maximum(?: of)?|max\.?|less than or equal to|(?:must )?not exceed|not to exceed|limited to)(?!\w)",
    ">=": r">=|=>|≥|≧|⩾|(?:at least|no less than|not less than|minimum(?: of)?|min\.?"
    r"|(?:greater|more) than or equal to)(?!\w)",
    "<": r"<(?!=)|(?:less than|below|under|fewer than)\b",
    ">": r">(?!=)|(?:more than|greater than|above|over|exceeds)\b",
}
_BEFORE = [
    (sign, re.compile(rf"(?:{words}):?\s*(?=[\d.+$€£¥-]|[a-z]+ )", re.I)) for sign, words in _SIGNS.items()
]
_AFTER = [
    ("<=", re.compile(r"\s*\(?(?:or less|or below|or fewer|max(?:imum|\.)?)\)?$", re.I)),
    (
        ">=",
        re.compile(r"\s*\(?(?:or more|or above|or greater|min(?:imum|\.))\)?$|(?<=[a-zA-Z°%]) min$", re.I),
    ),
]
_LIMITING = re.compile(
    r"[<>=≤≥≦≧⩽]|least|most|max|min|more|less|exceed|up to|limited|below|above|under|over|fewer|greater", re.I
)
_ABOUT = re.compile(
    r"(?:~|≈|≅|about\b|approx(?:imately|\.)?|around\b|roughly\b|circa\b|ca\.?(?= |\d))\s*", re.I
)
_TOLERANCE = re.compile(r"(.*?)\s*(?:±|\+ ?/ ?-|\+-)\s*(.+)")
_UNEVEN = re.compile(r"(.*?)\s*[(,]?\s*(\+[^-+/,]+?)\s*[/,]?\s*(-[^-+/,)]+?)\s*(?:\)\s*(.*))?")
_UNEVEN_DOWN = re.compile(r"(.*?)\s*[(,]?\s*(-[^-+/,]+?)\s*[/,]?\s*(\+[^-+/,)]+?)\s*(?:\)\s*(.*))?")
_BETWEEN = re.compile(r"between (.+?) and (.+)|from (.+?) to (.+)", re.I)
_RANGE = re.compile(r"(.+?)\s*(?:(\bto\b|\bthrough\b|\.\.\.?|…)|-)\s*(.+)", re.I)
_NUMERIC = re.compile(rf"(?P<money>[$€£¥]|[A-Z]{{3}} |US\$)?\s?(?P<number>{NUMBER})")
_SHARE = (("share", 1),)


def quantities(text: str) -> tuple[Quantity, ...]:
    """The readings of a text as one quantity, the likeliest first."""
    for form in (_limit, _about, _exact, _tolerance, _range):
        found = tuple(dict.fromkeys(form(text)))
        if found:
            return found
    return ()


def _exact(text: str) -> Iterator[Quantity]:
    for amount in (*summed(text), *amounts(text)):
        version = amount.number.version if amount.measure is None else ""
        dimension = amount.measure.dimension if amount.measure else ()
        yield Quantity(
            Form.EXACT, amount.value, amount.value, dimension, amount.of, version=version, grain=amount.grain
        )


def _limit(text: str) -> Iterator[Quantity]:
    if not _LIMITING.search(text):
        return
    for sign, before in _BEFORE:
        if match := before.match(text):
            yield from _limits(text[match.end() :], sign)
            return
    for sign, after in _AFTER:
        if match := after.search(text):
            yield from _limits(text[: match.start()], sign)
            return


def _limits(text: str, sign: str) -> Iterator[Quantity]:
    for one in _exact(text):
        if sign[0] == "<":
            yield replace(one, form=Form.LIMIT, low=None, open_high=sign == "<")
        else:
            yield replace(one, form=Form.LIMIT, high=None, open_low=sign == ">")


def _about(text: str) -> Iterator[Quantity]:
    match = _ABOUT.match(text)
    if match is None:
        return
    inner = text[match.end() :]
    for one in (*_exact(inner), *_range(inner)):
        yield replace(one, form=Form.ABOUT, version="")


def _tolerance(text: str) -> Iterator[Quantity]:
    if match := _TOLERANCE.fullmatch(text):
        yield from _even(match[1].strip(), match[2].strip())
        return
    match, turned = _UNEVEN.fullmatch(text), False
    if match is None or not match[1]:
        match, turned = _UNEVEN_DOWN.fullmatch(text), True
    if match is None or not match[1]:
        return
    unit = (match[4] or "").strip()
    up, down = (match[3], match[2]) if turned else (match[2], match[3])
    yield from _tolerances(match[1].strip(), up, down[1:], unit)


def _even(middle: str, half: str) -> Iterator[Quantity]:
    if not middle:
        for one in _exact(half):
            if one.low is not None and one.low > 0 and one.dimension:
                yield replace(one, form=Form.SPREAD, low=-one.low, high=one.low, version="")
        return
    if middle.startswith("(") and ")" in half:
        half, _, unit = half.partition(")")
        yield from _tolerances(middle[1:], half, half, unit.strip())
    else:
        yield from _tolerances(middle, half, half, "")


def _tolerances(middle: str, up: str, down: str, unit: str) -> Iterator[Quantity]:
    """The readings of a nominal value and what it may be off by; a unit said once counts for all."""
    for nominal, above, below in _sharing((middle, up, down), unit):
        if nominal.measure is None and (nominal.of or nominal.number.version):
            continue
        if _is_share(nominal) and "%" not in middle:
            continue  # "50 ± 5 %": of what it is nobody can tell
        high, low = _deviation(nominal, above), _deviation(nominal, below)
        if high is None or low is None:
            continue
        value, dimension = nominal.value, nominal.measure.dimension if nominal.measure else ()
        yield Quantity(
            Form.TOLERANCE,
            value - low,
            value + high,
            dimension,
            nominal.of,
            middle=value,
            grain=nominal.grain,
        )


def _sharing(texts: tuple[str, ...], unit: str) -> Iterator[tuple[Amount, ...]]:
    """The amounts of several texts, where those without a unit take that of the last that has one."""
    read = [_first(text) for text in texts]
    amounts = [one for one in read if one is not None]
    if len(amounts) < len(texts):
        return
    told = [one for one in amounts if one.measure is not None or one.of]
    last = next((one for one in reversed(told) if not _is_share(one)), told[-1] if told else None)
    last = _first(f"1 {unit}") if unit else last
    yield tuple(one if last is None or one.measure or one.of else _in(one, last) for one in amounts)


def _first(text: str) -> Amount | None:
    return next(iter(amounts(text.strip())), None)


def _in(amount: Amount, unit: Amount) -> Amount:
    """A number with the unit that another one has."""
    grain = amount.grain * (unit.measure.factor if unit.measure else 1)
    return Amount(amount.number, unit.measure, unit.of, grain)


def _is_share(amount: Amount) -> bool:
    return amount.measure is not None and amount.measure.dimension == _SHARE


def _deviation(nominal: Amount, off: Amount) -> Fraction | None:
    """How far a tolerance goes, in base units: `0.1 kg`, or `5 %` of the nominal value."""
    if off.number.value < 0:
        return None
    dimension = nominal.measure.dimension if nominal.measure else ()
    if off.measure is not None and _is_share(off) and dimension != _SHARE:
        whole = measures("%")[0].factor * 100
        share = off.number.value * off.measure.factor / whole
        return abs(nominal.number.value * share) * (nominal.measure.factor if nominal.measure else 1)
    if (off.measure.dimension if off.measure else ()) != dimension:
        return None
    return off.number.value * (off.measure.factor if off.measure else 1)


def _range(text: str) -> Iterator[Quantity]:
    if match := _BETWEEN.fullmatch(text):
        low, high = (part for part in match.groups() if part)
        yield from _ranges(low, high, sure=True)
        return
    for at in _cuts(text):
        match = _RANGE.fullmatch(text, at)
        if match is not None:
            found = tuple(_ranges(text[: match.end(1)], match[3], sure=bool(match[2])))
            if found:
                yield from found
                return


def _cuts(text: str) -> Iterable[int]:
    """Where the first end of a range may end: behind its number."""
    match = _NUMERIC.match(text)
    return (max(match.end() - 1, 0),) if match else ()


def _ranges(first: str, second: str, *, sure: bool) -> Iterator[Quantity]:
    for low, high in _sharing((first, second), ""):
        one = low.measure.dimension if low.measure else ()
        other = high.measure.dimension if high.measure else ()
        if one != other or low.of != high.of or low.value > high.value:
            continue
        if not one and not (sure and not low.number.version and not high.number.version):
            continue
        yield Quantity(Form.RANGE, low.value, high.value, one, high.of, grain=min(low.grain, high.grain))
