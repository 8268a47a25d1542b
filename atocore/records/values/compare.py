"""Whether two values of one slot mean the same, and whether both can be true. Nothing here is likeness: two
texts are one value only where that is certain.

The readers come in when the first two texts differ: their patterns cost a command as much as its start.
"""

from __future__ import annotations

import re

_UNIT_OF = re.compile(r".*[(\[]([^()\[\]]{1,20})[)\]]\s*|.* in (\S{1,12})")
_NUMBERS = re.compile(r"(?=.*\d)[\d\s.,+~<>=≤≥±–−x×-]{1,60}")


_IN_ORDER = re.compile(r"\b(?:order|sequence|priority|priorities|ranking|steps)\b", re.I)
_COMMA = re.compile(r"\s*(?:[,;](?=\s)|\band\b)\s*(?:and\b\s*)?")


def as_stated(value: str, attribute: str) -> str:
    """A value with what its attribute adds. `5` as `mass (kg)` is `5 kg`; a list as `boot order` has one."""
    if _IN_ORDER.search(attribute):
        return _COMMA.sub(" then ", value)
    match = _UNIT_OF.fullmatch(attribute) if _NUMBERS.fullmatch(value) else None
    if match is None:
        return value
    from atocore.records.values.units import measures

    unit = match[1] or match[2]
    return f"{value} {unit}" if measures(unit) else value


def meaning(value: str) -> str:
    """One text for all ways to write a value: `5 kg`, `5000 g` and `5.0 kg` have one. "" where nothing is
    said. For comparing within a process, not for files: it may change with the units that are known."""
    if not value.strip():
        return ""
    from atocore.records.values.reading import read

    return read(value).key


def same(one: str, other: str) -> bool:
    """Whether two values certainly mean the same. An equivalence."""
    return one == other or meaning(one) == meaning(other)


def agree(one: str, other: str) -> bool:
    """Whether two values of one slot can both be true: the same, a value and a limit, range or tolerance that
    it keeps, an approximate value and one that rounds to it, or a symbol that one of its readings reconciles.
    Symmetric, and no equivalence: 3 V and 4 V both keep `2 to 5 V`."""
    if same(one, other):
        return True
    from atocore.records.values.quantity import compatible
    from atocore.records.values.reading import LOOSE, read

    a, b = read(one), read(other)
    if a.key in b.also or b.key in a.also or any(key.startswith(LOOSE) for key in a.also & b.also):
        return True
    return any(compatible(x, y) for x in a.quantities for y in b.quantities)
