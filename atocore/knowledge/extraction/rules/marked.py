"""Rules that go by a mark in the passage itself: a label, an identifier, a column of a table."""

from __future__ import annotations

from functools import partial

from atocore.knowledge.extraction.rules.find import identified, tables, worded
from atocore.knowledge.extraction.rules.labels import labelled
from atocore.knowledge.extraction.rules.patterns import BINDING, CHOSEN_LABEL, LABELS, Y_STATEMENT
from atocore.knowledge.extraction.rules.rule import Rule
from atocore.knowledge.extraction.rules.shall import headed_by_id, shall_sentences

MARKED: tuple[Rule, ...] = (
    Rule(
        "decision-label",
        "a line that begins with `Decision:` or a relative",
        "entity",
        "decision",
        0.7,
        2,
        partial(
            labelled,
            label=LABELS["decision"],
            joined=True,
        ),
        (
            "Notes of the day.\n\nDecision: the pump housing is cast, not milled.\n",
            "- **Decision:** two bearings in an O arrangement\n- **Owner:** Ada\n",
            "**Decision**\n\n- paint the frame white\n",
            "**Decision:**\n\n- frame: RAL 9010\n- doors: RAL 7016\n",
        ),
        (
            "Decision: TBD\n",
            "> Decision: the pump housing is cast.\n",
            "Decision: do we cast the pump housing?\n",
            "```\nDecision: the pump housing is cast.\n```\n",
            "## Rejected decisions\n\nDecision: the pump housing is milled.\n",
        ),
    ),
    Rule(
        "requirement-label",
        "a line that begins with `Requirement:`",
        "entity",
        "requirement",
        0.7,
        2,
        partial(labelled, label=LABELS["requirement"]),
        (
            "Requirement: the valve shall close within 2 s.\n",
            "**Requirement R-12:** the valve shall be quiet.\n",
        ),
        ("Requirement: {what must be true}\n", "## Examples\n\nRequirement: the valve shall close.\n"),
    ),
    Rule(
        "constraint-label",
        "a line that begins with `Constraint:` or `Limitation:`",
        "entity",
        "constraint",
        0.7,
        2,
        partial(labelled, label=LABELS["constraint"]),
        (
            "**Constraint:** the rig must fit through a door.\n",
            "| Constraint | no hot work on site |\n|---|---|\n",
        ),
        ("Constraint: none\n", "Constraint: <the constraint goes here>\n"),
    ),
    Rule(
        "assumption-label",
        "a line that begins with `Assumption:`",
        "entity",
        "assumption",
        0.7,
        2,
        partial(labelled, label=LABELS["assumption"]),
        ("Assumption: the hall is heated in winter.\n", "* Assumption 2: visitors bring their own boots\n"),
        ("Assumption: is the hall heated?\n", "The assumption about heating was wrong.\n"),
    ),
    Rule(
        "chosen-option",
        "a line that begins with `Chosen option:`, outside a section that is headed so",
        "entity",
        "decision",
        0.7,
        2,
        partial(
            labelled,
            label=CHOSEN_LABEL,
            whole=True,
        ),
        ('## Housing\n\nChosen option: "sand casting", because it is cheap.\n',),
        ('Chosen option: "{title of option 1}", because {justification}\n',),
    ),
    Rule(
        "y-statement",
        "a passage of the form `In the context of …, facing …, we decided …`",
        "entity",
        "decision",
        0.7,
        2,
        partial(worded, pattern=Y_STATEMENT),
        (
            "In the context of the gate, facing strong winds, we decided for a welded frame and neglected "
            "a glued one, "
            "to achieve stiffness, accepting its weight.\n",
        ),
        (
            "In the context of <use case>, facing <concern>, we decided for <option>.\n",
            "In the context of the gate, we discussed the winds.\n",
        ),
    ),
    Rule(
        "requirement-table",
        "the rows of a table, under any heading, with a column of identifiers and one of requirements",
        "entity",
        "requirement",
        0.7,
        2,
        partial(tables, rule="requirement-table", noun="requirement"),
        ("## Valve\n\n| Requirement | Description |\n|---|---|\n| VLV-001 | The valve shall close. |\n",),
        (
            "## Valve\n\n| Requirement | Test case |\n|---|---|\n| VLV-001 | TC-7 |\n",
            "## Valve\n\n| Name | Description |\n|---|---|\n| inlet | where the water comes in |\n",
        ),
    ),
    Rule(
        "requirement-id",
        "an item or paragraph, under any heading, that opens with an identifier and says shall, must or "
        "should",
        "entity",
        "requirement",
        0.65,
        2,
        partial(identified, pattern=BINDING),
        (
            "## Valve\n\n- VLV-003: The valve shall be quiet.\n",
            "**[VLV-004]** The valve must close when the power fails.\n",
        ),
        ("- VLV-003: see the drawing\n", "UTF-8 must be used for labels.\n", "- Note: it must be quiet.\n"),
    ),
    Rule(
        "requirement-below-id",
        "the binding sentence right below a heading that opens with an identifier",
        "entity",
        "requirement",
        0.65,
        2,
        headed_by_id,
        (
            "## Rules of the yard\n\n### YR-101: Gate at night\n\n**THE GATE SHALL BE LOCKED AT NIGHT**\n",
            "### GATE-07 Wind\n\nThe gate must stay shut in a storm.\n",
        ),
        (
            "### YR-101: Gate at night\n\nThe gate has two wings.\n",
            "### TC-101: Gate at night\n\nThe tester must lock the gate.\n",
            "## Examples\n\n### YR-101: Gate at night\n\nThe gate shall be locked at night.\n",
        ),
    ),
    Rule(
        "shall-sentence",
        "a sentence of running text, under any heading, that says what something shall, MUST or, in a "
        "specification, must do or be, outside "
        "legal texts and what a standard is quoted for",
        "entity",
        "requirement",
        0.6,
        2,
        shall_sentences,
        (
            "# Gate\n\nThe gate has two wings. Each wing shall open by 90 degrees within 8 s.\n",
            "# Gate\n\nWhen the power fails, the gate shall stay where it is.\n",
            "# Gate to motor interface\n\nThe motor must answer every call within 50 ms.\n",
        ),
        (
            "# Gate\n\nThe painter must come on Tuesday.\n",
            "# Gate interface\n\nYou must lock the gate.\n",
            "# Gate\n\nShall we lock the gate?\n",
            "# Licence\n\nThe gate shall be provided as it is.\n",
            "# Gate\n\nNeither party shall be liable for the gate.\n",
            "# Gate\n\nISO 99999 states that a gate shall be painted.\n",
            "# Gate\n\n> The gate shall be painted.\n",
            "# Gate\n\nThe gate shall:\n\n```\nopen\n```\n",
            '# Gate\n\nThe word shall is to be read as in the standard: "the gate shall open".\n',
        ),
    ),
)
