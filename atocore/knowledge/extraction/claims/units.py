"""What a unit measures: enough to name the attribute that "draws 18 W" or "weighs 4 kg" leaves out.

Knows the names of units. Converts none, and compares no values.
"""

from __future__ import annotations

import re

_ROWS = (
    ("mass", r"[µunmk]?g|t|tonnes?|tons?|lbs?|oz|kilograms?|grams?"),
    (
        "length",
        r"[µunmck]?m|inch(?:es)?|in|ft|mils?|microns?|(?:milli|centi|kilo)?met(?:er|re)s?",
    ),
    (
        "time",
        r"[µunm]?s|min|h|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|d"
        r"|(?:milli|micro)seconds?",
    ),
    ("voltage", r"[µmkM]?V|V\s?[DA]C|volts?"),
    ("current", r"[µunmk]?A|(?:milli)?amps?|amperes?"),
    ("power", r"[µmkMG]?W|(?:kilo)?watts?"),
    ("pressure", r"[hkMG]?Pa|m?bars?|psi|mmHg|cm\s?H2O"),
    ("temperature", r"°\s?[CFK]|K|kelvin|deg(?:rees?)?\s?C"),
    ("force", r"[mkM]?N|lbf|newtons?"),
    ("torque", r"[mk]?N[·*\s]?m"),
    ("money", r"EUR|USD|GBP|euros?|dollars?"),
    ("memory", r"[kMGT]i?B|[KMGT]B|B|bytes?"),
    ("flow", r"(?:m?[lL]|m³|k?g)/(?:s|min|h)|sccm|slpm|[lL]pm"),
    ("speed", r"(?:[mkc]?m)/(?:s|h|min)|mph|knots?"),
    ("frames", r"fps"),
    ("low frequency", r"k?Hz|hertz"),
    ("high frequency", r"[MG]Hz"),
    ("rotation", r"rpm|RPM"),
    ("volume", r"m?[lL]|litres?|liters?|gallons?|m³"),
    ("charge", r"m?Ah"),
    ("energy", r"[kM]?(?:Wh|J)"),
    ("ratio", r"%|percent"),
    ("angle", r"deg(?:rees?)?|arcsec|arcmin|m?rad|°"),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _ROWS)
_UNIT = re.compile(r"[\d.)]\s?(?P<unit>[^\W\d_]*[%°µΩ]?[^\d]{0,14})$")


def dimension(value: str) -> str:
    """What the unit at the end of a value measures: "mass" for "<= 4.5 kg"; "" where that is not known."""
    match = _UNIT.search(value)
    unit = match["unit"].strip() if match else ""
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(unit)), "")
