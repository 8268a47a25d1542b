"""Values: a number with its unit, a range, a limit or a tolerance, told in one form whatever the words were.

Knows numbers and the names of units; converts none. Must not know sentences around a value.
"""

from __future__ import annotations

import re

NUMBER = r"[-+−]?\d(?:[\d,_]*\d)?(?:\.\d+)?(?:[eE][-+]?\d+)?"
_ONE_UNIT = (
    r"(?:%|°\s?[CFK]?|[µμunmkMGTcdh]?(?:m|g|s|A|V|W|Hz|N|Pa|J|K|B|b|bit|Ω|F|H|T|L|l|eV|bar|rad|sr|cd|lm|lx"
    r"|Wh|Ah|mol|Nm|bps|Ohm|ohm)(?:[²³]|\^?-?[123])?|[kKMGT]i?B|Kbit|V\s?DC|V\s?AC|ppm|ppb|dB[a-zA-Z]?|rpm|RPM"
    r"|psi|ksi|lbf?|lbs|inch(?:es)?|in(?=\W*$|[.,;)]|\s?[±/–-]|\sto\s)|ft|oz|mils?|arcsec|arcmin"
    r"|deg(?:rees?)?(?:\s?C)?|mmHg|cm\s?H2O|sccm|slpm|px|pixels?|bytes?|bits?|seconds?|secs?|minutes?|mins?"
    r"|hours?|hrs?|h|days?|weeks?|months?|years?|milliseconds?|microseconds?|kilograms?|grams?|tonnes?"
    r"|tons?|t|met(?:er|re)s?|millimet(?:er|re)s?|centimet(?:er|re)s?|kilomet(?:er|re)s?|microns?|volts?"
    r"|watts?|kilowatts?|amps?|amperes?|milliamps?|kelvin|litres?|liters?|gallons?|kVA|VA|k?baud|knots?|miles|mph|dpi|arcseconds?|arcminutes?|MP|percent"
    r"|[a-z]{3,12}s per (?:second|minute|hour|day|week|month|year)|euros?|dollars?|EUR|USD|GBP|cycles?|fps"
    r"|newtons?|hertz|bars?)"
)
UNIT = rf"(?-i:{_ONE_UNIT}(?:\s?[/·*]\s?{_ONE_UNIT}|\s?/\s?(?:min|h|day|s))*)(?![\w/])"
_QUANTITY = rf"(?P<number>{NUMBER})\s?(?P<unit>{UNIT})"
_LIMITS = (  # the sign, and the words for it
    (
        "<=",
        r"at most|no more than|not more than|no greater than|not greater than|up to|a maximum of|limited to"
        r"|max(?:imum|\.)?|≤|<=|less than or equal to",
    ),
    (
        ">=",
        r"at least|no less than|not less than|a minimum of|min(?:imum|\.)?|≥|>=|greater than or equal to",
    ),
    ("<", r"(?:less|lower|smaller|shorter|lighter|fewer) than|below|under|<"),
    (">", r"(?:more|greater|higher|larger|longer|heavier) than|above|over|>"),
)
LIMIT = "|".join(words for _, words in _LIMITS)
RANGE = (
    rf"(?:between |from |within )?(?P<low>{NUMBER})\s?(?P<low_unit>{UNIT})?\s?(?:\band\b|\bto\b|–|—|…"
    rf"|\.\.\.?|-)\s?(?P<high>{NUMBER})\s?(?P<high_unit>{UNIT})"
)
VALUE = (
    rf"(?:(?P<limit>{LIMIT})\s?)?{_QUANTITY}(?:\s?(?:±|\+/-|\+-)\s?(?P<spread>{NUMBER}\s?(?:{UNIT})?))?"
    rf"|{RANGE}|(?P<middle>{NUMBER})\s?(?:±|\+/-"
    rf"|\+-)\s?(?P<band>{NUMBER})\s?(?P<band_unit>{UNIT})"
)
"""Any value, with the groups that `told` reads."""

_VALUE = re.compile(VALUE, re.IGNORECASE)
_SIGNS = tuple((sign, re.compile(words, re.IGNORECASE)) for sign, words in _LIMITS)
_SOME = re.compile(rf"(?<![\w.]){NUMBER}\s?{UNIT}", re.IGNORECASE)
_NUMBER_ALONE = re.compile(rf"(?:(?P<limit>{LIMIT})\s?)?(?P<number>{NUMBER})", re.IGNORECASE)
_UNIT_ALONE = re.compile(UNIT, re.IGNORECASE)


def told(match: re.Match[str], sign: str = "") -> str:
    """A match of `VALUE` in one form: `<= 4.5 kg`, `3 V to 5 V`, `24 V ± 5 %`. `sign` is what the words
    before it say, where they say more than it does.
    """
    if match["number"]:
        limit = sign_of(match["limit"]) if match["limit"] else sign
        spread = f" ± {_spaced(match['spread'])}" if match["spread"] else ""
        return f"{limit} {match['number']} {match['unit']}{spread}".strip()
    if match["low"]:
        unit = match["high_unit"]
        return f"{match['low']} {match['low_unit'] or unit} to {match['high']} {unit}"
    unit = match["band_unit"]
    return f"{match['middle']} {unit} ± {match['band']} {unit}"


def sign_of(words: str) -> str:
    """The sign of a limit in words: `<=` for "at most"; "" where the words set none."""
    return next((sign for sign, pattern in _SIGNS if pattern.fullmatch(words.strip())), "")


def measured(text: str, unit: str = "") -> str:
    """The value that a cell or a phrase consists of, in one form; a bare number takes `unit` where that is
    one. "" for anything else.
    """
    text = " ".join(text[:80].split()).rstrip(".;")
    if match := _VALUE.fullmatch(text):
        return told(match)
    match = _NUMBER_ALONE.fullmatch(text)
    if match and unit and _UNIT_ALONE.fullmatch(unit):
        sign = sign_of(match["limit"]) if match["limit"] else ""
        return f"{sign} {match['number']} {unit}".strip()
    return ""


def is_unit(text: str) -> bool:
    """Whether a text is the name of a unit."""
    return bool(_UNIT_ALONE.fullmatch(text.strip()))


def has_quantity(text: str) -> bool:
    """Whether a number with a unit stands anywhere in a text."""
    return bool(_SOME.search(text[:2000]))


def _spaced(text: str) -> str:
    match = re.fullmatch(rf"({NUMBER})\s?(.*)", text.strip())
    return f"{match[1]} {match[2]}".strip() if match else text.strip()
