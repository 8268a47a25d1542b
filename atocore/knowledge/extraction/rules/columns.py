"""The columns of tables that list parts, parameters, interfaces and results, by the words of their heads.

Knows heads and cells. Must not know sections, or what is made of a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from atocore.knowledge.ingestion.outline import Block, plain

_UNIT_IN_HEAD = re.compile(r"\s*(?:[(\[]\s*(?P<unit>[^()\[\]]{1,12}?)\s*[)\]]|,\s*(?P<bare>[^\s,]{1,6}))\s*$")
_HEADS: Mapping[str, str] = {
    "part": r"(?:part|component|item|article|element|module|assembly|sub-?assembly|device"
    r"|piece)s?(?: names?)?",
    "name": r"(?:name|description|designation|title)s?",
    "amount": r"(?:qty|quantit(?:y|ies)|pcs|pieces|number (?:required|needed)|no\. ?off|units required"
    r"|(?:qty|quantity) (?:required|needed|per .{1,20}))\.?",
    "number": r"(?:(?:manufacturer|mfr|mfg|vendor|supplier|man)\.?'?s? )?(?:part|order(?:ing)?"
    r"|catalog(?:ue)?|model|article|stock|item)[ _-]?(?:numbers?|no\.?|nr\.?|#|codes?|id)|p/?n|mpn|sku",
    "vendor": r"(?:vendor|supplier|distributor|reseller|purchased from|bought from)s?(?: names?)?",
    "maker": r"(?:manufacturer|mfr|mfg|maker|brand)\.?s?(?: names?)?",
    "material": r"(?:base |raw )?(?:material|alloy)s?",
    "process": r"(?:manufacturing |fabrication |production )?(?:process|method)(?:es)?"
    r"|(?:surface )?(?:finish|treatment|coating)(?:es|s)?|heat treatment|manufacturing|fabrication",
    "parameter": r"(?:parameter|property|quantity|characteristic|attribute|specification|spec|metric"
    r"|dimension)"
    r"(?:s|ies)?(?: names?)?",
    "value": r"(?:(?:nominal|design|typical|target|rated|baseline|current|set) )?values?|nominal"
    r"|typ(?:ical|\.)?|rating",
    "least": r"min(?:imum|\.)?(?: values?)?",
    "most": r"max(?:imum|\.)?(?: values?)?",
    "unit": r"units?(?: of measure)?",
    "tolerance": r"tol(?:erance|\.)?|±|\+/-|uncertainty",
    "interface": r"(?:interface|icd|if)s?(?: ?(?:id|name|no\.?|type))?|connection|link|connector",
    "from": r"from|source|sender|provider|producer|side a|end a|a side|transmitter|driver|master",
    "to": r"to|destination|target|receiver|consumer|user|side b|end b|b side|slave",
    "carrier": r"(?:protocol|signal|bus|medium|connector|standard|physical layer|data format|voltage|cable)"
    r"(?:s|es)?(?: type)?",
    "requirement": r"(?:requirement|req(?:\.|t)?)s?(?: ?(?:ids?|no\.?|numbers?|refs?))?",
    "test": r"(?:test|test case|case|check|inspection|experiment|run|trial|configuration|sample|specimen)s?"
    r"(?: ?(?:id|no\.?|name))?",
    "measured": r"measured(?: values?)?|measurements?|actual(?: values?)?|observed(?: values?)?|results?"
    r"|as[- ]built|achieved",
    "verdict": r"verdict|pass/?fail|pass|outcome|compliance|compliant|status|results?|verified",
    "evidence": r"evidence|test report|report|verified by|verification evidence|proof|artifact|reference",
    "doing": r"functions?|purpose|responsibilit(?:y|ies)|roles?|descriptions?|what it does",
    "subsystem": r"sub-?systems?",
    "document": r"(?:document|drawing|doc|dwg|report|deliverable|artifact)s?(?: ?(?:no\.?|numbers?|ids?"
    r"|names?|titles?))?",
}
_PATTERNS = {role: re.compile(pattern, re.IGNORECASE) for role, pattern in _HEADS.items()}
_EMPTY = re.compile(r"\W*(?:n/?a|t\.?b\.?[dcas]\.?|none|unknown|various|todo|nil|see .*)?\W*", re.IGNORECASE)
_TOTAL = re.compile(r"\W*(?:sub-?)?totals?\b.*|\W*sum\b.*", re.IGNORECASE)
_PROBE = 50  # rows that are looked at


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head: its words without the unit that it names in brackets, and that unit."""

    words: str
    unit: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its heads read. Cells are plain text."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, *roles: str, but: Sequence[int] = ()) -> int:
        """The first column whose head plays one of `roles`, in their order; -1 where none does."""
        for role in roles:
            for number, head in enumerate(self.heads):
                if number not in but and _PATTERNS[role].fullmatch(head.words):
                    return number
        return -1

    def worded(self, number: int) -> bool:
        """Whether most cells of a column hold words, not numbers."""
        filled = [cells[number] for _, cells in self.rows[:_PROBE] if cells[number]]
        return bool(filled) and 2 * sum(bool(re.search(r"[^\W\d_]{2}", cell)) for cell in filled) > len(
            filled
        )

    def naming(self, *roles: str) -> int:
        """The first column that plays one of `roles` and holds words."""
        tried: list[int] = []
        while (number := self.column(*roles, but=tried)) >= 0:
            if self.worded(number):
                return number
            tried.append(number)
        return -1


def grid(block: Block) -> Grid:
    """Read a table: every row as long as its head."""
    heads = tuple(_head(plain(cell)) for cell in block.header)
    short = ("",) * len(heads)
    rows = tuple(
        (row.line, tuple(said(plain(cell)) for cell in (*row.cells, *short)[: len(heads)]))
        for row in block.rows
    )
    return Grid(heads, rows)


def said(cell: str) -> str:
    """What a cell says: "" for a dash, TBD, n/a and the like."""
    return "" if _EMPTY.fullmatch(cell) else cell.strip()


def is_total(name: str) -> bool:
    """Whether a row sums up the others."""
    return bool(_TOTAL.fullmatch(name))


def _head(text: str) -> Head:
    match = _UNIT_IN_HEAD.search(text)
    words = " ".join((text[: match.start()] if match else text).split()).strip(" :*")
    return Head(words, (match["unit"] or match["bare"]) if match else "")
