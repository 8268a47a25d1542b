"""Finders for tables that say by their heads what a row is: a part, a parameter, an interface, a result.

Knows the columns. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from atocore.knowledge.extraction.claims.reader import UNCLAIMED, Claim, of_heading, said_claim, settled
from atocore.knowledge.extraction.rules.columns import Grid, grid, is_total
from atocore.knowledge.extraction.rules.document import Document, Finding
from atocore.knowledge.extraction.rules.headings import normal_heading
from atocore.knowledge.extraction.rules.subject import subject_of
from atocore.knowledge.extraction.rules.text import only_id
from atocore.knowledge.extraction.rules.values import is_unit, measured

_LONG = 14  # words after which a name is a sentence
_PARTS_HEADING = re.compile(
    r"(?:.* )?(?:bill of materials|bom|parts? lists?|parts|components list|list of (?:parts"
    r"|components))(?: .*)?"
)
_TOOLS = re.compile(r"(?:.* )?(?:tools?|equipment|consumables|prerequisites|software|dependencies)(?: .*)?")
_VERDICT = re.compile(
    r"\W*(?P<says>pass(?:ed)?|fail(?:ed)?|verified|validated|compliant|non-?compliant|not (?:met|compliant"
    r"|verified)|met"
    r"|partially (?:met|compliant))\b(?P<more>.*)",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\bor\b|\s/\s|\?", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_CODE_HEAD = re.compile(
    r"(?:default|type|required|example|env(?:ironment)?(?: variable)?|option|flag)s?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may be read: its grid, its section, and what it is about."""

    grid: Grid
    place: int
    document: Document

    @property
    def heading(self) -> str:
        """Its section's heading, folded."""
        return normal_heading(self.document.read.sections[self.place].heading)

    def details(self, cells: Sequence[str], but: Sequence[int]) -> str:
        """The other cells of a row with their heads, one a line."""
        told = (
            f"{head.words}: {cell}{f' {head.unit}' if head.unit and re.search(r'[0-9]$', cell) else ''}"
            for number, (head, cell) in enumerate(zip(self.grid.heads, cells, strict=True))
            if number not in but and head.words and cell and not _LINK.fullmatch(cell)
        )
        return "\n\n".join(told)


Reader = Callable[[Table], Iterator[Finding]]


def rows(document: Document, reader: Reader) -> Iterator[Finding]:
    """What `reader` makes of each table that stands where something is meant."""
    for table in _tables(document):
        yield from reader(table)


@lru_cache(maxsize=2)
def _tables(document: Document) -> tuple[Table, ...]:
    """Every table of a document, read once for all rules."""
    return tuple(
        Table(grid(block), number, document)
        for number, section in enumerate(document.read.sections)
        for block in section.blocks
        if not document.grounds[number].barred
        and block.kind == "table"
        and block.rows
        and len(block.header) > 1
    )


def _part_column(read: Grid) -> int:
    return read.naming("part", "name")


def _names_parts(read: Grid) -> bool:
    had = [read.column(role) >= 0 for role in ("amount", "number", "vendor", "maker", "material")]
    return sum(had) >= 2 or (read.column("part") >= 0 and any(had))


def _parts(table: Table) -> Iterator[tuple[int, str, tuple[str, ...], int]]:
    """(line, name, cells, column of the name) of each row of a table of parts."""
    name = _part_column(table.grid)
    listed = _names_parts(table.grid) or bool(_PARTS_HEADING.fullmatch(table.heading))
    if name < 0 or not listed or _TOOLS.fullmatch(table.heading):
        return
    for line, cells in table.grid.rows:
        filled = sum(bool(cell) for cell in cells)
        if cells[name] and filled > 1 and not is_total(cells[name]) and len(cells[name].split()) <= _LONG:
            yield line, cells[name], cells, name


def parts(table: Table) -> Iterator[Finding]:
    """One part a row, with its number where the table has a column for that."""
    number = table.grid.column("number")
    found = list(_parts(table))
    named = Counter(name.casefold() for _, name, _, _ in found)
    for line, name, cells, column in found:
        value = cells[number] if number >= 0 and number != column else ""
        alone = value and named[name.casefold()] == 1 and len(value.split()) <= 4 and not _LINK.search(value)
        claim = Claim(name, "part number", value) if alone else None
        yield Finding(name, line, line, table.place, name, more=table.details(cells, (column,)), claim=claim)


def of_part(table: Table, roles: Sequence[str], verb: str) -> Iterator[Finding]:
    """What one column says of each part: its material, its vendor. `verb` joins the two into a statement."""
    column = table.grid.column(*roles)
    found = list(_parts(table)) if column >= 0 else []
    named = Counter(name.casefold() for _, name, _, _ in found)
    for line, name, cells, own in found:
        value = _LINK.sub("", cells[column]).strip(" ,;")
        if column == own or not re.search(r"[^\W\d_]{2}", value) or len(value.split()) > _LONG // 2:
            continue
        alone = named[name.casefold()] == 1 and not _EITHER.search(value)
        claim = Claim("", "", value, name) if alone else None
        yield Finding(f"{name} {verb} {value}", line, line, table.place, claim=claim)


def processes(table: Table) -> Iterator[Finding]:
    """How each part is made or finished, where a column says so."""
    column = table.grid.column("process")
    found = list(_parts(table)) if column >= 0 else []
    named = Counter(name.casefold() for _, name, _, _ in found)
    for line, name, cells, own in found:
        value, what = cells[column], table.grid.heads[column].words.casefold()
        if value and column != own and re.search(r"[^\W\d_]{2}", value):
            claim = Claim(name, what, value) if named[name.casefold()] == 1 else None
            yield Finding(f"{name}: {what} {value}", line, line, table.place, claim=claim)


def parameters(table: Table) -> Iterator[Finding]:
    """One parameter a row: a name and a value with its unit."""
    read = table.grid
    name = read.naming("parameter", "name", "part")
    value, unit, spread = read.column("value"), read.column("unit"), read.column("tolerance")
    if name < 0 or value < 0 or name == value or any(_CODE_HEAD.fullmatch(head.words) for head in read.heads):
        return
    subject = subject_of(table.document, table.place)
    found = []
    for line, cells in read.rows:
        named = read.heads[value].unit or (cells[unit] if unit >= 0 else "")
        told = measured(cells[value], named)
        if cells[name] and told and not is_total(cells[name]) and len(cells[name].split()) <= _LONG:
            if spread >= 0 and (by := measured(cells[spread].lstrip("±+/- "), named)) and "±" not in told:
                told = f"{told} ± {by}"
            found.append((line, cells, told))
    names = Counter(cells[name].casefold() for _, cells, _ in found)
    for line, cells, told in found:
        attribute = cells[name]
        claim = _of_row(subject, attribute, told, alone=names[attribute.casefold()] == 1)
        statement = f"{subject}: {attribute} = {told}" if subject else f"{attribute} = {told}"
        more = table.details(cells, tuple(n for n in (name, value, unit, spread) if n >= 0))
        yield Finding(statement, line, line, table.place, attribute, more=more, claim=claim)


def _of_row(subject: str, name: str, value: str, *, alone: bool) -> Claim:
    """What a row claims, of what the heading names or else its own name ("Bolt torque"); nothing where
    another row has the same name.
    """
    claim = of_heading(subject, name, value) or said_claim(f"{name} = {value}")
    return claim if claim and alone else UNCLAIMED


def interfaces(table: Table) -> Iterator[Finding]:
    """One interface a row of a table that says what connects what, or how."""
    read = table.grid
    own, source, target, carrier = (read.column(role) for role in ("interface", "from", "to", "carrier"))
    joins = source >= 0 and target >= 0
    if not (joins and (own >= 0 or carrier >= 0)) and not (own >= 0 and carrier >= 0):
        return
    for line, cells in read.rows:
        ends = [cells[n] for n in (source, target) if joins and cells[n]]
        name = cells[own] if own >= 0 else ""
        if (not name and len(ends) < 2) or sum(bool(cell) for cell in cells) < 2:
            continue
        alias = only_id(name)
        between = f"from {ends[0]} to {ends[1]}" if len(ends) == 2 else ""
        text = " ".join(filter(None, ("" if alias else name, between))) or name
        left = tuple(n for n in (own, source, target) if n >= 0) if between else (own,)
        yield Finding(text, line, line, table.place, alias=alias, more=table.details(cells, left))


def results(table: Table) -> Iterator[Finding]:
    """One result a row: what was looked at, and the quantity that was measured."""
    read = table.grid
    column = read.column("measured")
    name = read.naming("parameter", "test", "requirement", "part", "name")
    if name < 0 or column < 0 or name == column:
        return
    subject = subject_of(table.document, table.place)
    units = read.column("unit")
    names = Counter(cells[name].casefold() for _, cells in read.rows)
    for line, cells in read.rows:
        told = measured(cells[column], read.heads[column].unit or (cells[units] if units >= 0 else ""))
        if not cells[name] or not told:
            continue
        about = f"{subject}: " if subject else ""
        more = table.details(cells, (name, column, units))
        claim = _of_row(subject, cells[name], told, alone=names[cells[name].casefold()] == 1)
        yield Finding(
            f"{about}{cells[name]} = {told}", line, line, table.place, cells[name], more=more, claim=claim
        )


def verdicts(table: Table) -> Iterator[Finding]:
    """One claim a row that a requirement or a test was met or missed."""
    read = table.grid
    name, column = read.naming("requirement", "test", "parameter"), read.column("verdict")
    if name < 0 or column < 0 or name == column:
        return
    for line, cells in read.rows:
        match = _VERDICT.match(cells[column])
        if cells[name] and match and len(match["more"].split()) < _LONG:
            text = f"{cells[name]}: {cells[column]}"
            alias = only_id(cells[name])
            more = table.details(cells, (name, column))
            yield Finding(text, line, line, table.place, alias=alias, more=more)


def subsystems(table: Table) -> Iterator[Finding]:
    """One subsystem a row of a table that says what each is for."""
    yield from _doing(table, "subsystem")


def components(table: Table) -> Iterator[Finding]:
    """One component a row of a table that says what each is for."""
    if not _names_parts(table.grid):
        yield from _doing(table, "part")


def _doing(table: Table, role: str) -> Iterator[Finding]:
    read = table.grid
    name, doing = read.column(role), read.column("doing")
    if any(_CODE_HEAD.fullmatch(head.words) for head in read.heads):
        return
    if name != 0 or doing < 0 or not re.match(r"sub|comp|part|assem", read.heads[name].words, re.IGNORECASE):
        return
    for line, cells in read.rows:
        if cells[name] and len(cells[doing].split()) > 1 and not is_total(cells[name]):
            more = table.details(cells, (name, doing))
            yield Finding(f"{cells[name]}: {cells[doing]}", line, line, table.place, cells[name], more=more)


def budgets(table: Table) -> Iterator[Finding]:
    """The mass, power or cost of each part, where a column names it with its unit."""
    read = table.grid
    name = read.naming("part", "subsystem", "name")
    if name < 0 or not (re.search(r"\bbudget\b", table.heading) or _names_parts(read)):
        return
    columns = [
        n for n, head in enumerate(read.heads) if is_unit(head.unit) and _BUDGETED.fullmatch(head.words)
    ]
    names = Counter(cells[name].casefold() for _, cells in read.rows)
    for line, cells in read.rows if len(columns) == 1 else ():
        head = read.heads[columns[0]]
        told = measured(cells[columns[0]], head.unit)
        if cells[name] and told and not is_total(cells[name]) and names[cells[name].casefold()] == 1:
            attribute = head.words.casefold()
            text = f"{cells[name]}: {attribute} = {told}"
            yield Finding(text, line, line, table.place, claim=settled(cells[name], attribute, told))


_BUDGETED = re.compile(
    r"(?:(?:unit|total|nominal|peak|average|max(?:imum)?|design) )?(?:mass|weight|power|current|voltage"
    r"|thickness|diameter"
    r"|length)(?: (?:draw|consumption))?",
    re.IGNORECASE,
)
