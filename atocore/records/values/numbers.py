"""Numbers as people write them, exactly: signs, separators, exponents, fractions and the small number words.

A comma before groups of three digits separates thousands, any other comma between digits is a decimal one.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

NUMBER = (
    r"[+-]?(?:"
    r"10\^[+-]?\d{1,2}|"
    r"\d{1,6}[ -]\d{1,3}[/⁄]\d{1,4}|\d{1,6}⁄\d{1,4}"  # 1 1/2, ½
    r"|\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,15})?|\d{1,3}(?:[ ']\d{3}){1,5}(?:\.\d{1,15})?(?!\d)"  # 1,000.5
    r"|\d{1,3}(?:\.\d{3}){1,5},\d{1,15}"  # 1.000,5
    r"|\d{1,18}(?:[.,]\d{1,18})?|\.\d{1,18}"
    r")(?!\d)"
    r"(?:[eE][+-]?\d{1,2}(?![\d.])| ?[xX*·⋅] ?10(?:\^|(?=[+-]))\(?[+-]?\d{1,2}\)?(?!\d)|)"
)
_EXPONENT = re.compile(r"(?:[eE]| ?[xX*·⋅] ?10\^?\(?)([+-]?\d{1,2})\)?$")
_POWER = re.compile(r"([+-]?)10\^([+-]?\d{1,2})")
_MIXED = re.compile(r"([+-]?)(?:(\d+)[ -])?(\d+)[/⁄](\d+)")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([, '])\d{3})+(?:\.\d+)?")
_CONTINENTAL = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+")
_PLAIN = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?")
_FIGURE = re.compile(NUMBER)

WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_MULTIPLES = {"thousand": 3, "million": 6, "billion": 9}


class Number(NamedTuple):
    """A number. `version` is its text where it may be a version or an id: then texts tell if two are one."""

    value: Fraction
    version: str = ""


def number_in(text: str) -> tuple[Number, str] | None:
    """The number that a text begins with, and what follows it."""
    match = _FIGURE.match(text)
    if match is not None:
        found, rest = _number(match[0]), text[match.end() :]
    else:
        word, _, rest = text.partition(" ")
        worth = WORDS.get(word.casefold())
        found, rest = (None, "") if worth is None else (Number(Fraction(worth)), rest)
    if found is None:
        return None
    many, _, after = rest.strip().partition(" ")
    power = _MULTIPLES.get(many.casefold())
    if power:
        found, rest = Number(found.value * 10**power), after
    return found, rest.strip()


def _number(text: str) -> Number | None:
    if text.lstrip("+-").startswith("10^"):
        power = _POWER.fullmatch(text)  # "10^3e1" is nothing that anybody means
        return Number(Fraction(10) ** int(power[2]) * (-1 if power[1] == "-" else 1)) if power else None
    exponent = _EXPONENT.search(text)
    mantissa = text[: exponent.start()] if exponent else text
    value = _value(mantissa)
    if value is None:
        return None
    if exponent:
        return Number(value * Fraction(10) ** int(exponent[1]), "" if _is_scientific(text) else text)
    return Number(value, _version(text))


def _is_scientific(text: str) -> bool:
    """Not `12E4`, which may be a part."""
    return "E" not in text or bool(re.search(r"[.+-]", text[1:]))


def _value(text: str) -> Fraction | None:
    if mixed := _MIXED.fullmatch(text):
        sign, whole, over, under = mixed.groups()
        if int(under) == 0:
            return None
        return (int(whole or 0) + Fraction(int(over), int(under))) * (-1 if sign == "-" else 1)
    if _CONTINENTAL.fullmatch(text):
        return Fraction(text.replace(".", "").replace(",", "."))
    if grouped := _GROUPED.fullmatch(text):
        return Fraction(text.replace(grouped[1], ""))
    return Fraction(text.replace(",", ".").replace(" ", "").replace("'", ""))


def _version(text: str) -> str:
    """The text of a number that may be something else: `1.10` a version, `007` an id, `4,5` two numbers."""
    if "," in text and not (_GROUPED.fullmatch(text) or _CONTINENTAL.fullmatch(text)):
        return text
    if _GROUPED.fullmatch(text) or _MIXED.fullmatch(text):
        return ""
    if not _PLAIN.fullmatch(text):
        return text
    decimals = text.partition(".")[2]
    return text if decimals.strip("0") else ""


def figure(value: Fraction) -> str:
    """A number in one form: `4.2`, or `2/3` where decimals have no end."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or value.denominator.bit_length() > 200:
        return str(value)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    whole, decimals = (digits[:-places], digits[-places:]) if places else (digits, "")
    return ("-" if value < 0 else "") + whole + (f".{decimals}" if decimals else "")
