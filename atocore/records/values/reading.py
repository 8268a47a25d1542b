"""What one value means: the first reading of its text that is certain, else the text itself.

Readings are kept: a value is read once a process.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from atocore.records.values.dates import date_key
from atocore.records.values.forms import quantities
from atocore.records.values.numbers import NUMBER, WORDS
from atocore.records.values.prose import in_one_form
from atocore.records.values.quantity import Form, Quantity
from atocore.records.values.shorthand import spelled_out
from atocore.records.values.text import MAX_READ, normal_value, text_key, undressed
from atocore.records.values.words import link, truth, version_key

_DUAL = re.compile(r"(.{2,60}?) ?(?:/ ?(?=[\d.])|\((?=[\d.]))(.{2,60}?)\)?")
_BY = re.compile(r" ?(?<=[\d\W a-zA-Z])[xX](?=[ \d]) ?| by ", re.I)
_SURE_LIST = re.compile(r";| and |\n| & ")
_SPLIT = re.compile(r"\s*(?:;|\n|,(?!\d)(?: and)?|\band\b|&(?= ))\s*")
_ORDERED = re.compile(
    r"\b(?:then|before|after|first|next|last|finally|until|between|from|either|both)\b|->|=>", re.I
)
_NAME_LIKE = re.compile(r"[A-Z][a-zà-ÿ'.-]+(?: [A-Z][a-zà-ÿ'.-]*)*")
_COUNTED = re.compile(r"(?<![\w.-])(\d+)-(?=[a-z]{3,}(?![\w-]))")  # "8-bit"
_NUMBERED = re.compile(r"([A-Za-z]{2,8})[ -]?(\d{1,8}[A-Za-z]?)")
_BYTES = re.compile(r"(\d{1,15}(?:\.\d{1,9})?) ?([kKMGT])B")
_MAX_PARTS = 30
LOOSE = "as "
"""What an `also` begins with that agrees with the same `also` of another value."""


class Reading(NamedTuple):
    """What a value means. `key` is equal for values that mean the same. `quantities` are its readings as a
    number; `also` are keys of values that it states as well: `25.4 mm (1 in)` states two."""

    key: str
    quantities: tuple[Quantity, ...] = ()
    also: frozenset[str] = frozenset()


@lru_cache(maxsize=65536)
def read(value: str) -> Reading:
    """The meaning of a value; any text has one."""
    if len(value) > MAX_READ:
        return Reading(f"text {normal_value(value)}")
    bare = _COUNTED.sub(r"\1 ", undressed(value))
    return _read(bare) or Reading(f"text {text_key(in_one_form(bare))}")


def _read(bare: str) -> Reading | None:
    if told := truth(bare):
        return Reading(f"truth {told}")
    where, words = link(bare)
    if where or words:
        return _link(where, words)
    if day := date_key(bare):
        return Reading(day)
    if _may_count(bare):
        found = _counted(bare)
        if found is not None:
            return found
    return _list(bare)


def _may_count(bare: str) -> bool:
    return any(sign.isdigit() for sign in bare) or any(w in WORDS for w in bare.casefold().split(" ", 4)[:4])


def _counted(bare: str) -> Reading | None:
    if version := version_key(bare):
        return Reading(version, quantities(bare) or _release(version))
    found = quantities(bare)
    short = tuple(one for text in spelled_out(bare) for one in quantities(text))
    if found or short:
        sure = len(found) == 1
        return Reading(found[0].key if sure else f"text {bare}", (*found, *short), _binary(bare))
    return _sides(bare) or _twice(bare) or _numbered(bare)


def _numbered(bare: str) -> Reading | None:
    """`RS-485`, `RS 485`, `RS485`: a name and its number, which may be joined in each way."""
    match = _NUMBERED.fullmatch(bare)
    if match is None:
        return None
    joined = f"{LOOSE}{match[1]}{match[2]}".casefold()
    return Reading(f"text {text_key(in_one_form(bare))}", also=frozenset({joined}))


def _binary(bare: str) -> frozenset[str]:
    """What a size in bytes is where its prefixes are powers of two, as who writes `8192 MB` means them."""
    match = _BYTES.fullmatch(bare)
    if match is None:
        return frozenset()
    size = Fraction(match[1]) * 1024 ** " KMGT".index(match[2].upper())
    return frozenset({f"{LOOSE}{size} B"})


def _release(version: str) -> tuple[Quantity, ...]:
    dotted = version.removeprefix("number ")
    return (Quantity(Form.EXACT, None, None, (), version=dotted),) if dotted != version else ()


def _link(where: str, words: str) -> Reading:
    shown = read(words).key if words else ""
    return Reading(f"link {where}", also=frozenset({shown} - {""})) if where else Reading(shown)


def _sides(bare: str) -> Reading | None:
    """`10 x 20 mm`: numbers in their order, a unit said once for all where it is a length."""
    parts = _BY.split(bare)
    if not 2 <= len(parts) <= 4 or not all(part[:1].isdigit() or part[:1] in ".+-~" for part in parts):
        return None
    read_parts = [quantities(part.strip()) for part in parts]
    if any(len(one) != 1 for one in read_parts):
        return None
    sides = [one[0] for one in read_parts]
    if any(side.of for side in sides):
        return None
    unit = _unit_behind(parts[-1])
    if sides[-1].dimension == (("meter", 1),) and not any(side.dimension for side in sides[:-1]):
        shared = [quantities(f"{part.strip()} {unit}") for part in parts[:-1]]
        sides = [*(one[0] for one in shared if len(one) == 1), sides[-1]]
    return Reading("sides " + " x ".join(side.key for side in sides)) if len(sides) == len(parts) else None


def _unit_behind(text: str) -> str:
    return re.sub(rf"^\s*[~]?\s*{NUMBER}", "", text).strip()


def _twice(bare: str) -> Reading | None:
    """`6 in / 15 cm`, `25.4 mm (1 in)`: one quantity in two units, rounded perhaps: it states either."""
    match = _DUAL.fullmatch(bare)
    if match is None:
        return None
    one, other = quantities(match[1].strip()), quantities(match[2].strip())
    if len(one) != 1 or len(other) != 1 or not _nearly(one[0], other[0]):
        return None
    keys = sorted((one[0].key, other[0].key))
    return Reading("twice " + " = ".join(keys), also=frozenset(keys))


def _nearly(a: Quantity, b: Quantity) -> bool:
    if a.form is not b.form or a.dimension != b.dimension or a.of != b.of or not a.dimension:
        return False
    ends = ((a.low, b.low), (a.high, b.high))
    return all((x is None) is (y is None) for x, y in ends) and all(
        abs(x - y) <= max(abs(x), abs(y)) * Fraction(1, 20)
        for x, y in ends
        if x is not None and y is not None
    )


def _list(bare: str) -> Reading | None:
    """`USB, UART and SPI`: the same things in any order. Not `Smith, John`, nor numbers: coordinates."""
    if not ("," in bare or _SURE_LIST.search(bare)) or _ORDERED.search(bare):
        return None
    parts = [part for part in _SPLIT.split(bare) if part]
    if not 2 <= len(parts) <= _MAX_PARTS or any(len(part) > 60 or part.count(" ") > 5 for part in parts):
        return None
    sure = _SURE_LIST.search(bare)
    if not sure and len(parts) == 2 and all(_NAME_LIKE.fullmatch(part) for part in parts):
        return None
    keys = [_part_key(part) for part in parts]
    if any(key.startswith("number ") for key in keys) or (not sure and any(map(_is_number, keys))):
        return None
    return Reading("set " + " | ".join(sorted(keys)))


def _part_key(part: str) -> str:
    bare = undressed(part)
    if day := date_key(bare):
        return day
    found = _counted(bare) if _may_count(bare) else None
    return found.key if found is not None else f"text {text_key(in_one_form(bare))}"


def _is_number(key: str) -> bool:
    return key.split(" ", 1)[0] in {form.value for form in Form}
