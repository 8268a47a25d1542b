"""Rules for tables whose heads say what a row is: parts, parameters, interfaces, results.

One row may state several things, so that these rules read side by side.
"""

from __future__ import annotations

from functools import partial

from atocore.knowledge.extraction.rules import rows as read
from atocore.knowledge.extraction.rules.find import tables
from atocore.knowledge.extraction.rules.rows import rows
from atocore.knowledge.extraction.rules.rule import Rule

_PARTS = "| Part | Qty | Part number | Material | Finish | Supplier |\n|---|---|---|---|---|---|\n"
_HINGE = "| hinge pin | 4 | HP-12 | brass | nickel plating | Acme Metals |\n"


def _table_rule(
    rule_id: str,
    type_: str,
    looks_for: str,
    prior: float,
    reader: read.Reader,
    examples: tuple[str, ...],
    counter_examples: tuple[str, ...],
) -> Rule:
    find = partial(rows, reader=reader)
    return Rule(
        rule_id, looks_for, "entity", type_, prior, 2, find, examples, counter_examples, beside="table row"
    )


def _listing_rule(type_: str, example: str, counter_example: str) -> Rule:
    looks_for = f"the rows of a table, under any heading, with a column of identifiers and one of {type_}s"
    rule_id = f"{type_}-table"
    find = partial(tables, rule=rule_id, noun=type_)
    return Rule(rule_id, looks_for, "entity", type_, 0.65, 2, find, (example,), (counter_example,))


TABLED: tuple[Rule, ...] = (
    _listing_rule(
        "decision",
        "## Log\n\n| No | Decision | Date |\n|---|---|---|\n| D-1 | The frame is welded. | 2031-02-03 |\n",
        "## Log\n\n| No | Decision | Date |\n|---|---|---|\n| D-1 | TBD | |\n",
    ),
    _listing_rule(
        "constraint",
        "## Site\n\n| ID | Constraint |\n|---|---|\n| C-1 | No hot work in the hall. |\n",
        "## Site\n\n| ID | Constraint |\n|---|---|\n| C-1 | none |\n",
    ),
    _listing_rule(
        "assumption",
        "## Site\n\n| ID | Assumption |\n|---|---|\n| A-1 | The hall is heated in winter. |\n",
        "## Examples\n\n| ID | Assumption |\n|---|---|\n| A-1 | The hall is heated in winter. |\n",
    ),
    _table_rule(
        "verification-row",
        "validation_claim",
        "rows that name a requirement or a test and say that it was passed or failed",
        0.6,
        read.verdicts,
        (
            "## Tests\n\n| Requirement | Verdict | Evidence |\n|---|---|---|\n"
            "| VLV-001 | passed | report TR-9 |\n",
        ),
        ("## Tests\n\n| Requirement | Status |\n|---|---|\n| VLV-001 | planned |\n",),
    ),
    _table_rule(
        "interface-row",
        "interface",
        "rows of a table with an interface and its ends, or with its signal, protocol or connector",
        0.6,
        read.interfaces,
        (
            "## Wiring\n\n| Interface | From | To | Protocol |\n|---|---|---|---|\n"
            "| IF-1 | gate controller | motor driver | CAN |\n",
        ),
        (
            "## Moves\n\n| From | To |\n|---|---|\n| open | closed |\n",
            "## Code\n\n| Interface | Description |\n|---|---|\n| IGate | opens the gate |\n",
        ),
    ),
    _table_rule(
        "parameter-row",
        "parameter",
        "rows of a table with a parameter and its value in a unit, with its tolerance where it is given",
        0.6,
        read.parameters,
        (
            "# Gate motor\n\n## Parameters\n\n| Parameter | Value | Unit | Tolerance |\n|---|---|---|---|\n"
            "| rated torque | 12 | N·m | 5 % |\n",
        ),
        (
            "## Options\n\n| Name | Value | Default |\n|---|---|---|\n| wait | 5 s | 3 s |\n",
            "## Paint\n\n| Parameter | Value |\n|---|---|\n| colour | green |\n",
        ),
    ),
    _table_rule(
        "result-row",
        "result",
        "rows of a table with what was tested and the quantity that was measured",
        0.6,
        read.results,
        (
            "# Gate motor\n\n## Test of the day\n\n| Test | Measured |\n|---|---|\n| stall torque | 14.2 "
            "N·m |\n",
        ),
        ("## Calls\n\n| Name | Result |\n|---|---|\n| open | a handle |\n",),
    ),
    _table_rule(
        "part-row",
        "component",
        "rows of a bill of materials or a list of parts",
        0.55,
        read.parts,
        ("## Hinge\n\n| Part | Qty | Drawing |\n|---|---|---|\n| hinge pin | 4 | D-7 |\n",),
        (
            "## Hinge\n\n| Part | Qty |\n|---|---|\n| Total | 4 |\n",
            "## Tools\n\n| Part | Qty |\n|---|---|\n| hammer | 1 |\n",
            "## Fields\n\n| Name | Description |\n|---|---|\n| inlet | where the water comes in |\n",
        ),
    ),
    _table_rule(
        "material-column",
        "material",
        "the column of a list of parts that names what each is made of",
        0.55,
        partial(read.of_part, roles=("material",), verb="is made of"),
        (_PARTS + _HINGE,),
        ("## Hinge\n\n| Material | Density |\n|---|---|\n| brass | 8.5 g/cm³ |\n",),
    ),
    _table_rule(
        "process-column",
        "process",
        "the column of a list of parts that names how each is made or finished",
        0.55,
        read.processes,
        (_PARTS + _HINGE,),
        ("## Hinge\n\n| Process | Owner |\n|---|---|\n| welding | Ada |\n",),
    ),
    _table_rule(
        "vendor-column",
        "vendor",
        "the column of a list of parts that names who supplies each",
        0.55,
        partial(read.of_part, roles=("vendor",), verb="is supplied by"),
        (_PARTS + _HINGE,),
        ("## Friends\n\n| Vendor | Contact |\n|---|---|\n| Acme Metals | by letter |\n",),
    ),
    _table_rule(
        "budget-row",
        "parameter",
        "rows of a budget, or of a list of parts, that give each one's mass, power or size in a unit",
        0.55,
        read.budgets,
        ("## Mass budget\n\n| Component | Mass (kg) |\n|---|---|\n| left wing | 12 |\n",),
        ("## Mass budget\n\n| Component | Mass (kg) |\n|---|---|\n| Total | 12 |\n",),
    ),
    _table_rule(
        "subsystem-row",
        "subsystem",
        "rows of a table of subsystems with what each is for",
        0.5,
        read.subsystems,
        ("## Gate\n\n| Subsystem | Function |\n|---|---|\n| drive | opens and closes the wings |\n",),
        ("## Gate\n\n| Subsystem | Owner |\n|---|---|\n| drive | Ada |\n",),
    ),
    _table_rule(
        "component-row",
        "component",
        "rows of a table of components with what each is for",
        0.45,
        read.components,
        ("## Drive\n\n| Component | Purpose |\n|---|---|\n| gearbox | slows the motor down |\n",),
        (
            "## Drive\n\n| Component | Owner |\n|---|---|\n| gearbox | Ada |\n",
            "## Header\n\n| Component | Required | Description |\n|---|---|---|\n| wing | yes | which of the "
            "wings |\n",
        ),
    ),
)
