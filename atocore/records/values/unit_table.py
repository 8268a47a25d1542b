"""The units that AtoCore is sure of: one row each: how people write it, and with which prefixes.

A symbol counts with its case (`mW` is not `MW`); a word does not. What stands in no row is no unit: words
such as "a" or "pint" must not become quantities. Factors are the units library's (`unit_factors`).
"""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """One row. `name` is the units library's expression for it or, with `own`, the name of one with a
    dimension of its own, which converts to nothing but its kin: it is `factor` of the `own` base."""

    name: str
    symbols: tuple[str, ...]
    words: tuple[str, ...] = ()
    prefixes: str = ""
    own: str = ""
    factor: int = 1


PREFIXES = {
    **{"f": -15, "p": -12, "n": -9, "µ": -6, "u": -6, "m": -3, "c": -2, "d": -1, "h": 2},
    **{"k": 3, "M": 6, "G": 9, "T": 12, "P": 15},
}
"""Powers of ten. `µ` and `μ` are one after folding."""

LONG_PREFIXES = {
    **{"femto": "f", "pico": "p", "nano": "n", "micro": "u", "milli": "m", "centi": "c", "deci": "d"},
    **{"hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P"},
}
BINARY_PREFIXES = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50}
"""Powers of two, with bits and bytes alone."""

_SMALL = "fpnum"
_DEGREES_C = ("degree celsius", "degrees celsius", "degree c", "degrees c")
_DEGREES_F = ("degree fahrenheit", "degrees fahrenheit", "degree f", "degrees f")

UNITS: tuple[Unit, ...] = (
    # length
    Unit("meter", ("m",), ("meter", "metre", "meters", "metres"), "fnumcdk"),
    Unit("inch", ("in", '"'), ("inch", "inches")),
    Unit("foot", ("ft", "'"), ("foot", "feet")),
    Unit("yard", ("yd",), ("yard", "yards")),
    Unit("mile", ("mi",), ("mile", "miles")),
    Unit("nautical_mile", ("nmi",), ("nautical mile", "nautical miles")),
    Unit("thou", (), ("thou", "mil", "mils")),
    Unit("micrometer", (), ("micron", "microns")),
    Unit("angstrom", ("Å",), ("angstrom", "angstroms")),
    # mass
    Unit("gram", ("g",), ("gram", "grams", "gramme", "grammes"), "numk"),
    Unit("kilogram", ("kgs",), ("kilo", "kilos")),
    Unit("metric_ton", ("t",), ("tonne", "tonnes", "metric ton", "metric tons")),
    Unit("pound", ("lb", "lbs", "lbm"), ("pound", "pounds")),
    Unit("ounce", ("oz",), ("ounce", "ounces")),
    # time
    Unit("second", ("s", "sec", "secs"), ("second", "seconds"), _SMALL),
    Unit("minute", ("min", "mins"), ("minute", "minutes")),
    Unit("hour", ("h", "hr", "hrs"), ("hour", "hours")),
    Unit("day", ("d",), ("day", "days")),
    Unit("week", ("wk", "wks"), ("week", "weeks")),
    Unit("month", (), ("month", "months"), own="month"),
    Unit("year", ("yr", "yrs"), ("year", "years"), own="month", factor=12),
    Unit("hertz", ("Hz",), ("hertz",), "mkMGT"),
    # angle and turning
    Unit("turn", ("rev",), ("turn", "turns", "revolution", "revolutions"), own="turn", factor=1296000),
    Unit("degree", ("°", "deg"), ("degree", "degrees"), own="turn", factor=3600),
    Unit("arcminute", ("arcmin",), ("arcminute", "arcminutes"), own="turn", factor=60),
    Unit("arcsecond", ("arcsec",), ("arcsecond", "arcseconds"), own="turn", factor=1),
    Unit("radian", ("rad",), ("radian", "radians"), "num", own="radian"),
    Unit("steradian", ("sr",), ("steradian", "steradians"), own="steradian"),
    # temperature
    Unit("kelvin", ("K",), ("kelvin", "kelvins"), "num"),
    Unit(
        "degree_Celsius", ("°C", "degC", "° C", "deg C", "oC", "o C"), ("celsius", "centigrade", *_DEGREES_C)
    ),
    Unit("degree_Fahrenheit", ("°F", "degF", "° F", "deg F", "oF", "o F"), ("fahrenheit", *_DEGREES_F)),
    # electricity and magnetism
    Unit("ampere", ("A",), ("amp", "amps", "ampere", "amperes"), "pnumk"),
    Unit("volt", ("V",), ("volt", "volts"), "numkM"),
    Unit("ohm", ("Ω", "ohm", "Ohm", "ohms", "Ohms"), ("ohm", "ohms"), "numkMG"),
    Unit("farad", ("F",), ("farad", "farads"), _SMALL),
    Unit("henry", ("H",), ("henry", "henries", "henrys"), "num"),
    Unit("coulomb", ("C",), ("coulomb", "coulombs"), _SMALL),
    Unit("siemens", ("S",), ("siemens",), "num"),
    Unit("tesla", ("T",), ("tesla", "teslas"), "num"),
    Unit("weber", ("Wb",), ("weber", "webers"), "m"),
    # energy and power
    Unit("watt", ("W",), ("watt", "watts"), "pnumkMGT"),
    Unit("joule", ("J",), ("joule", "joules"), "numkMG"),
    Unit("electron_volt", ("eV",), ("electronvolt", "electronvolts"), "mkMGT"),
    Unit("watt*hour", ("Wh",), ("watt hour", "watt hours", "watt-hour", "watt-hours"), "mkMGT"),
    Unit("ampere*hour", ("Ah",), ("amp hour", "amp hours", "amp-hour", "amp-hours"), "mu"),
    Unit("volt_ampere", ("VA",), (), "mkM", own="voltampere"),
    Unit("horsepower", ("hp",), ("horsepower",), own="horsepower"),  # metric or mechanical: not said
    # force and pressure
    Unit("newton", ("N",), ("newton", "newtons"), "numkM"),
    Unit("newton*meter", ("Nm",), ("newton meter", "newton meters", "newton metre", "newton metres"), "mk"),
    Unit("newton*millimeter", ("Nmm",)),
    Unit("pound_force", ("lbf",), ("pound-force",)),
    Unit("kilogram_force", ("kgf",)),
    Unit("pascal", ("Pa",), ("pascal", "pascals"), "umhkMG"),
    Unit("bar", ("bar",), ("bar", "bars"), "um"),
    Unit("pound_force_per_square_inch", ("psi", "PSI")),
    Unit("standard_atmosphere", ("atm",), ("atmosphere", "atmospheres")),
    Unit("torr", ("Torr",), ("torr",), "m"),
    Unit("millimeter_Hg", ("mmHg", "mm Hg")),
    Unit("inch_Hg", ("inHg", "in Hg")),
    Unit("gram/centimeter**3*g_0*centimeter", ("cmH2O", "cm H2O", "cmH20", "cm H20")),
    Unit("gram/centimeter**3*g_0*millimeter", ("mmH2O", "mm H2O", "mmH20", "mm H20")),
    Unit("gram/centimeter**3*g_0*meter", ("mH2O", "m H2O", "mH20", "m H20")),
    Unit("gram/centimeter**3*g_0*inch", ("inH2O", "in H2O", "inH20", "in H20")),
    # volume, area, speed, flow
    Unit("liter", ("l", "L"), ("liter", "litre", "liters", "litres"), "numcd"),
    Unit("centimeter**3", ("cc", "ccm"), ("cubic centimeter", "cubic centimeters", "cubic centimetres")),
    Unit("meter**3", (), ("cubic meter", "cubic meters", "cubic metre", "cubic metres")),
    Unit("meter**2", ("sqm",), ("square meter", "square meters", "square metre", "square metres")),
    Unit("gallon", ("gal",), ("US gallon", "US gallons"), own="gallon"),  # US or imperial: not said
    Unit("hectare", ("ha",), ("hectare", "hectares")),
    Unit("mile/hour", ("mph",)),
    Unit("kilometer/hour", ("kph", "kmh", "kmph")),
    Unit("knot", ("kn", "kt"), ("knot", "knots")),
    Unit("liter/minute", ("lpm", "LPM", "slpm")),
    Unit("turn_per_minute", ("rpm", "RPM", "rev/min", "r/min"), ("revolutions per minute",), "k", own="rpm"),
    # light, substance
    Unit("lumen", ("lm",), ("lumen", "lumens")),
    Unit("candela", ("cd",), ("candela",), "m"),
    Unit("lux", ("lx",), ("lux",), "k"),
    Unit("mole", ("mol",), ("mole", "moles"), "num"),
    # data
    Unit("bit", ("bit", "bits", "b"), ("bit", "bits"), "kMGTP"),
    Unit("byte", ("B",), ("byte", "bytes"), "kMGTP"),
    Unit("bit/second", ("bps",), (), "kMGT"),
    Unit("byte/second", ("Bps",), (), "kMGT"),
    Unit("baud", ("baud", "Bd"), (), "kM", own="baud"),
    Unit("frame_per_second", ("fps", "FPS"), ("frames per second",), own="frame per second"),
    Unit(
        "sample_per_second",
        ("sps", "SPS", "S/s", "Sa/s"),
        ("samples per second", "samples/s"),
        "kM",
        own="sample per second",
    ),
    Unit("pixel", ("px",), ("pixel", "pixels"), own="pixel"),
    Unit("megapixel", ("MP",), ("megapixel", "megapixels"), own="pixel", factor=1000000),
    # shares and levels; a level in decibels is no number that scales
    Unit("percent", ("%",), ("percent", "per cent", "pct"), own="share", factor=10000000),
    Unit("permille", ("‰",), ("permille", "per mille"), own="share", factor=1000000),
    Unit("ppm", ("ppm",), ("parts per million",), own="share", factor=1000),
    Unit("ppb", ("ppb",), ("parts per billion",), own="share"),
    *(Unit(name, (name,), (), own=name) for name in ("dB", "dBm", "dBi", "dBc", "dBA", "dBV", "dBW", "dBFS")),
    # counted things, and money, which nobody converts
    Unit("count", ("pcs", "pc", "ea", "x"), ("piece", "pieces", "each"), own="1"),
    *(
        Unit(name, (name, *signs), words, own=name)
        for name, signs, words in (
            ("USD", ("US$",), ()),
            ("EUR", ("€",), ("euro", "euros")),
            ("GBP", (), ()),
            ("CHF", ("SFr",), ()),
            *((code, (), ()) for code in ("JPY", "CNY", "CAD", "AUD", "SEK", "NOK", "DKK", "INR", "PLN")),
            ("$", (), ()),
            ("£", (), ()),
            ("¥", (), ()),
        )
    ),
)

UNSURE = {
    "KB": ("kB", "KiB"),
    "Kb": ("kb", "Kib"),
    "C": ("°C", "C"),
    "F": ("F", "°F"),
}
"""Symbols that people use for more than one unit."""

CODES = {"$": ("USD", "CAD", "AUD"), "£": ("GBP",), "¥": ("JPY", "CNY")}
"""What a sign may stand for."""

MONEY = ("US$", "SFr", "€", "$", "£", "¥", "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "CAD", "AUD", "SEK")
"""Signs and codes that may stand before the number."""
