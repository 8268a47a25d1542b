"""Quantities and dates inside a text, each in one form: "at 12 V" and "at 12000 mV" are one text."""

from __future__ import annotations

import re

from atocore.records.values.dates import date_key
from atocore.records.values.forms import quantities
from atocore.records.values.numbers import NUMBER
from atocore.records.values.units import measures

_QUANTITY = re.compile(
    rf"(?<![\w.,/⁄^-]){NUMBER} ?([°µμΩ]?[A-Za-zµμΩ]+(?:/[A-Za-z]+[23]?)?|[%°\"‰])(?![\w/-])"
)
_TIMES = re.compile(r"(?<=\d) ?[xX] ?(?=\d)")
_RELEASE = re.compile(r"(?<=[\w)] )(?:v|version |ver\.? )(?=\d+\.\d)", re.I)
_DATE = re.compile(
    r"(?<![\w/.-])(?:[12]\d{3}-\d{1,2}-\d{1,2}|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9}\.?,? [12]\d{3}"
    r"|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? [12]\d{3})(?![\w/-])"
)


def in_one_form(text: str) -> str:
    """An undressed text with each day, and each quantity that has one certain reading, in one form."""
    if not any(sign.isdigit() for sign in text):
        return text
    text = _RELEASE.sub("", text)
    return _QUANTITY.sub(_quantity, _DATE.sub(_day, _TIMES.sub(" x ", text)))


def _day(match: re.Match[str]) -> str:
    return f"<{key}>" if (key := date_key(match[0])) else match[0]


def _quantity(match: re.Match[str]) -> str:
    if not measures(match[1]):
        return match[0]
    found = quantities(match[0])
    sure = len(found) == 1 and found[0].dimension and not found[0].of
    return f"<{found[0].key}>" if sure else match[0]
