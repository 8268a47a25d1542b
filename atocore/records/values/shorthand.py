"""Short ways to write a quantity, spelled out: `4k7` on a schematic, `3V3` of a rail, `1h30`.

Each may be a name instead, so that a spelled-out reading is one more and never the only one.
"""

from __future__ import annotations

import re

_CODED = re.compile(r"(\d{1,4})([RKkMGpnuµμVv])(\d{1,3})?")  # IEC 60062, clause 6, and its like for volts
_BARE = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)( ?[kM]|K)")  # "10 K" is a temperature
_HOURS = re.compile(r"(\d{1,4}) ?h ?([0-5]\d)(?: ?m(?:in)?)?")
_UNITS = {
    **{"R": ("Ω",), "K": ("kΩ",), "k": ("kΩ",), "M": ("MΩ", "MHz"), "G": ("GΩ", "GHz")},
    **{"V": ("V",), "v": ("V",)},
    **{prefix: (f"{prefix}F", f"{prefix}H") for prefix in "pnuµμ"},
}
_TIMES = {"k": "e3", "K": "e3", "M": "e+6"}


def spelled_out(text: str) -> tuple[str, ...]:
    """What an undressed text may be short for; empty where it is no shorthand."""
    if match := _HOURS.fullmatch(text):
        return (f"{match[1]} h {match[2]} min",)
    if match := _BARE.fullmatch(text):
        number, letter = match[1].replace(",", "."), match[2].strip()
        return (*(f"{number} {unit}" for unit in _UNITS[letter]), f"{number}{_TIMES[letter]}")
    match = _CODED.fullmatch(text)
    if match is None or not (match[3] or match[2] == "R"):
        return ()
    number = f"{match[1]}.{match[3]}" if match[3] else match[1]
    thousands = (f"{number} {match[2]}",) if match[2] in _TIMES else ()
    return (*(f"{number} {unit}" for unit in _UNITS[match[2]]), *thousands)
